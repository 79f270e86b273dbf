"""A case whose study is closed since images of someone else came for it: an alarm, and no image."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from tests.support.instances import store
from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from tests.workstation.retrieval.desk import SERIES, series_of
from tests.workstation.store.samples import HUB, STUDY, make_request
from viewers.identifiers import ViewportId
from workstation.audit.events import AuditEvent
from workstation.domain.contradiction import Contradiction
from workstation.domain.hub import HubSettings
from workstation.domain.identity import Trait
from workstation.domain.request import Request
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import AlreadyClaimed
from workstation.reading.opening import OpenedCase
from workstation.shell.admission_dialog import AdmissionDialog
from workstation.shell.confirm_dialog import ConfirmDialog
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

pytestmark = pytest.mark.qt

ALARM = translator("en").text("shell.banner.barred")


def open_closed(bench: Bench, folder: Path, found: Contradiction | None = None) -> ReadingPage:
    """Open a case whose study is held and closed."""
    for number, part10 in enumerate(series_of(3)):
        (folder / f"{number}.dcm").write_bytes(part10)
    assert bench.core.importer.import_paths(sorted(folder.glob("*.dcm"))).is_complete
    bench.core.store.bars.bar(STUDY, found)
    bench.open("r1")
    page = bench.parts.reading_page
    bench.qtbot.waitUntil(lambda: ALARM in page.banner.text, timeout=PATIENCE_MS)
    return page


def test_a_barred_study_is_an_alarm_and_no_image_until_a_person_admits_it(bench: Bench, tmp_path: Path) -> None:
    page = open_closed(bench, tmp_path)
    assert page.board.contents == {}
    assert bench.parts.window.notices.text == translator("en").text("errors.store.study_barred")
    bench.core.store.bars.admit(STUDY)
    bench.open("r2")
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=PATIENCE_MS)
    assert ALARM not in page.banner.text


def test_the_alarm_ends_when_the_study_is_there_again_in_the_open_case(bench: Bench, tmp_path: Path) -> None:
    page = open_closed(bench, tmp_path)
    bench.core.store.bars.admit(STUDY)
    page.series_asked.emit(STUDY, SERIES)
    bench.qtbot.waitUntil(lambda: ALARM not in page.banner.text, timeout=PATIENCE_MS)
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=PATIENCE_MS)


def test_what_was_said_of_a_case_goes_with_it(bench: Bench, tmp_path: Path) -> None:
    open_closed(bench, tmp_path)
    assert bench.parts.window.notices.text == translator("en").text("errors.store.study_barred")
    bench.parts.case.close()
    assert bench.parts.window.notices.text == ""


def test_why_one_request_was_not_opened_is_no_news_of_the_next(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(_request: Request) -> OpenedCase:
        raise AlreadyClaimed("held elsewhere", holder="Lecteur Bravo")

    with monkeypatch.context() as patch:
        patch.setattr(bench, "opened", taken)
        bench.open("r1")
        bench.qtbot.waitUntil(lambda: "Lecteur Bravo" in bench.parts.window.notices.text, timeout=10_000)
        bench.parts.queue_page.selected.emit(make_request("r2"))
        assert bench.parts.window.notices.text == ""
        bench.open("r1")
        bench.qtbot.waitUntil(lambda: "Lecteur Bravo" in bench.parts.window.notices.text, timeout=10_000)
    bench.open("r2")
    assert bench.parts.window.notices.text == ""
    bench.qtbot.waitUntil(lambda: bench.shown("r2"), timeout=10_000)


def ask_to_admit(bench: Bench) -> AdmissionDialog:
    bench.parts.reading_page.acts.act("admit_study")
    bench.qtbot.waitUntil(lambda: bench.parts.admission.dialog is not None, timeout=PATIENCE_MS)
    dialog = bench.parts.admission.dialog
    assert dialog is not None
    return dialog


def test_the_reader_compares_and_admits_a_closed_study_and_its_images_are_shown(bench: Bench, tmp_path: Path) -> None:
    found = Contradiction((Trait.BIRTH_DATE,), ("19000101",), ("19660412",))
    page = open_closed(bench, tmp_path, found)
    dialog = ask_to_admit(bench)
    told = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"1900-01-01", "1966-04-12", translator("en").text("identity.trait.birth_date")} <= told
    assert any("Un ESSAI" in one or "ESSAI Un" in one for one in told)
    assert dialog.back.isDefault()
    dialog.back.click()
    assert bench.core.store.bars.studies() == {STUDY}
    bench.parts.admission.dialog = None
    ask_to_admit(bench).confirm.click()
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=PATIENCE_MS)
    assert ALARM not in page.banner.text
    assert bench.core.store.holdings.admitted(STUDY) == {found}
    lines = bench.core.store.audit.lines()
    assert [one.detail for one in lines if one.event == AuditEvent.STUDY_ADMITTED] == ["asked birth_date"]
    page.acts.act("admit_study")
    assert bench.parts.window.notices.text == translator("en").text("errors.acts.no_closed_study")


def test_an_admitted_study_is_erased_and_comes_anew_only_while_its_hub_lists_it(bench: Bench, tmp_path: Path) -> None:
    acts, words = bench.parts.reading_page.acts, translator("en")
    found = Contradiction((Trait.BIRTH_DATE,), ("19000101",), ("19660412",))
    open_closed(bench, tmp_path, found)
    acts.act("fetch_anew")
    bench.qtbot.waitUntil(
        lambda: bench.parts.window.notices.text == words.text("errors.acts.no_admitted_study"), timeout=PATIENCE_MS
    )
    bench.core.store.bars.admit(STUDY, (found,))
    notices, holdings = bench.parts.window.notices, bench.core.store.holdings

    def ask() -> ConfirmDialog:
        bench.parts.refetch.dialog = None
        acts.act("fetch_anew")
        bench.qtbot.waitUntil(lambda: bench.parts.refetch.dialog is not None, timeout=PATIENCE_MS)
        assert bench.parts.refetch.dialog is not None
        return bench.parts.refetch.dialog

    assert ask().back.isDefault()
    with RunningHub(tmp_path / "hub") as hub:
        bench.core.store.settings.add_hub(HubSettings(HUB, hub.url))
        ask().confirm.click()
        bench.qtbot.waitUntil(lambda: notices.text == words.text("errors.hub.not_on_hub", hub=HUB), timeout=PATIENCE_MS)
        store(hub.url, *series_of(2)).raise_for_status()
        ask().confirm.click()
        lacking = words.text("errors.acts.not_all_on_hub", hub=HUB, count=1)
        bench.qtbot.waitUntil(lambda: notices.text == lacking, timeout=PATIENCE_MS)
        assert len(holdings.instances(STUDY)) == 3
        store(hub.url, *series_of(3)).raise_for_status()
        with bench.qtbot.waitSignal(bench.parts.case.opened, timeout=PATIENCE_MS):
            ask().confirm.click()
    assert (holdings.study(STUDY), holdings.admitted(STUDY)) == (None, frozenset())
