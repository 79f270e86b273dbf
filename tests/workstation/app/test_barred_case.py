"""A case whose study is closed since images of someone else came for it: an alarm, and no image."""

from pathlib import Path

import pytest

from tests.workstation.app.bench import Bench
from tests.workstation.retrieval.desk import SERIES, series_of
from tests.workstation.store.samples import STUDY
from viewers.identifiers import ViewportId
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

pytestmark = pytest.mark.qt

ALARM = translator("en").text("shell.banner.barred")


def open_closed(bench: Bench, folder: Path) -> ReadingPage:
    """Open a case whose study is held and closed."""
    for number, part10 in enumerate(series_of(3)):
        (folder / f"{number}.dcm").write_bytes(part10)
    assert bench.core.importer.import_paths(sorted(folder.glob("*.dcm"))).is_complete
    bench.core.store.bars.bar(STUDY)
    bench.open("r1")
    page = bench.parts.reading_page
    bench.qtbot.waitUntil(lambda: ALARM in page.banner.text, timeout=10_000)
    return page


def test_a_barred_study_is_an_alarm_and_no_image_until_a_person_admits_it(bench: Bench, tmp_path: Path) -> None:
    page = open_closed(bench, tmp_path)
    assert page.board.contents == {}
    assert bench.parts.window.notices.text == translator("en").text("errors.store.study_barred")
    bench.core.store.bars.admit(STUDY)
    bench.open("r2")
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=10_000)
    assert ALARM not in page.banner.text


def test_the_alarm_ends_when_the_study_is_there_again_in_the_open_case(bench: Bench, tmp_path: Path) -> None:
    page = open_closed(bench, tmp_path)
    bench.core.store.bars.admit(STUDY)
    page.series_asked.emit(STUDY, SERIES)
    bench.qtbot.waitUntil(lambda: ALARM not in page.banner.text, timeout=10_000)
    bench.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=10_000)
