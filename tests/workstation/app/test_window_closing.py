"""The window over a real profile: what was typed last is on the disk whatever the reader does next."""

import logging
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QTimer

from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.request import Request
from workstation.outbox.courier import Courier
from workstation.runtime.executor import Pool
from workstation.shell.case_loader import CaseLoader
from workstation.shell.prefetcher import Pause
from workstation.store.errors import StoreFull
from workstation.store.retention import Retention, write_retention
from workstation.translations import translator

pytestmark = pytest.mark.qt


def test_a_word_typed_just_before_closing_is_on_the_disk(bench: Bench) -> None:
    bench.read("r1")
    gate = threading.Event()
    bench.executor.run(Pool.STORE, lambda _job: gate.wait(10), lambda _: None, lambda _: None)
    bench.type("Nodule")
    bench.parts.editor.flush()
    bench.type(" of 8 mm")
    threading.Timer(0.3, gate.set).start()
    bench.close()
    assert bench.findings("r1") == "Nodule of 8 mm"


def test_a_case_that_is_opened_again_keeps_what_is_being_written(bench: Bench) -> None:
    bench.read("r1")
    gate = bench.gates["r1"] = threading.Event()
    session = bench.parts.case.session
    bench.open("r1")
    bench.qtbot.wait(200)
    bench.type("Nodule")
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.parts.case.session is not session, timeout=PATIENCE_MS)
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    bench.close()
    assert bench.findings("r1") == "Nodule"


def test_of_two_cases_that_are_asked_for_the_last_one_comes(bench: Bench) -> None:
    slow = bench.gates["r1"] = threading.Event()
    bench.open("r1")
    bench.read("r2")
    bench.type("Nodule")
    slow.set()
    bench.qtbot.wait(500)
    assert bench.shown("r2")
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"


def test_another_language_leaves_what_is_being_typed(bench: Bench) -> None:
    bench.read("r1")
    bench.type("Nodule")
    bench.parts.speak("fr")
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    bench.close()
    assert bench.findings("r1") == "Nodule"


def test_no_timer_outlives_the_window(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.parts.start()
    repeating = [one for one in bench.parts.window.findChildren(QTimer) if one.isActive() and not one.isSingleShot()]
    assert repeating
    with caplog.at_level(logging.WARNING, "workstation.runtime"):
        for timer in repeating:
            timer.setInterval(0)
        bench.close()
        assert [timer for timer in repeating if timer.isActive()] == []
        bench.qtbot.wait(20)
    assert "came after closing" not in caplog.text


def test_who_fetches_ahead_asks_nothing_of_a_profile_whose_window_is_closed(bench: Bench) -> None:
    prefetcher = bench.parts.prefetcher
    bench.close()
    prefetcher._is_wanted = lambda: pytest.fail("the profile was asked")
    prefetcher.resume(Pause.CASE)


def test_a_delivery_under_way_stops_when_the_window_closes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    began, stopped = threading.Event(), threading.Event()

    def deliver(_courier: Courier, *, force: bool, cancelled: Callable[[], bool]) -> int:
        began.set()
        while not cancelled():
            stopped.wait(0.01)
        stopped.set()
        return 0

    monkeypatch.setattr(Courier, "deliver", deliver)
    bench.parts.outbox.send(force=True)
    assert began.wait(10)
    bench.parts.window.close()
    assert stopped.wait(10)


def test_a_full_disk_is_told_with_the_draft_that_it_took_the_reserve_for_and_room_is_made(bench: Bench) -> None:
    write_retention(bench.core.store.settings, Retention(free_bytes=0, reserve_bytes=100_000))
    bench.core.housekeeping.run()
    bench.read("r1")

    def full() -> None:
        raise StoreFull("played")

    with pytest.raises(StoreFull):
        bench.core.store.reserve.spend(full)
    bench.type("Nodule")
    told = translator("en").text("library.reserve_spent")
    bench.qtbot.waitUntil(lambda: bench.parts.window.notices.text == told, timeout=PATIENCE_MS)
    bench.qtbot.waitUntil(lambda: bench.core.store.reserve.is_ready, timeout=PATIENCE_MS)
    bench.close()
    assert bench.findings("r1") == "Nodule"
    assert not bench.core.drafting.is_disk_full


def test_the_words_of_qt_follow_the_language_and_leave_with_the_window(bench: Bench) -> None:
    def cancel() -> str:
        return QCoreApplication.translate("QPlatformTheme", "Cancel")

    assert cancel() == "Cancel"
    bench.parts.speak("fr")
    assert cancel() == "Annuler"
    bench.parts.window.close()
    assert cancel() == "Cancel"


def test_a_cancelled_case_is_loaded_again_when_a_series_is_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.read("r1")
    asked: list[str] = []

    def load(_loader: CaseLoader, request: Request, *, offline: bool) -> None:
        asked.append(request.id)

    monkeypatch.setattr(CaseLoader, "load", load)
    page, status = bench.parts.reading_page, bench.parts.window.status
    page.series_asked.emit(StudyUID("1.2.9"), SeriesUID("1.2.9.1"))
    assert asked == []
    status.cancel.click()
    page.series_asked.emit(StudyUID("1.2.9"), SeriesUID("1.2.9.1"))
    assert asked == ["r1"]
