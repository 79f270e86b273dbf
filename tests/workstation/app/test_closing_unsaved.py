"""A draft that the disk does not take: neither closing nor another case lets go of it in silence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.support.patience import PATIENCE_MS
from tests.workstation.app.bench import Bench
from workstation.domain.report import Draft
from workstation.reading.drafting import Drafting
from workstation.shell.closing import Choice, UnsavedDialog
from workstation.store.errors import StoreUnwritable

pytestmark = pytest.mark.qt


@pytest.fixture
def heal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let the disk refuse every draft, until the test calls what it is given."""

    def refuse(_drafting: Drafting, _draft: Draft) -> None:
        raise StoreUnwritable("played")

    with monkeypatch.context() as refusing:
        refusing.setattr(Drafting, "save", refuse)
        yield refusing.undo


@contextmanager
def answering(*answers: Callable[[UnsavedDialog], None]) -> Iterator[list[UnsavedDialog]]:
    """Answer the dialogs that come, one after the other; give those that came."""
    seen: list[UnsavedDialog] = []
    timer = QTimer()

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, UnsavedDialog) and dialog not in seen:
            seen.append(dialog)
            answers[len(seen) - 1](dialog)

    timer.timeout.connect(look)
    timer.start(10)
    yield seen
    timer.stop()


def pressing(choice: Choice) -> Callable[[UnsavedDialog], None]:
    return lambda dialog: dialog.buttons[choice].click()


def test_the_window_stays_open_while_the_disk_refuses_and_closes_once_it_takes(
    bench: Bench, heal: Callable[[], None]
) -> None:
    bench.read("r1")
    bench.type("Nodule")

    def healed_and_again(dialog: UnsavedDialog) -> None:
        heal()
        dialog.buttons[Choice.RETRY].click()

    with answering(pressing(Choice.STAY), lambda dialog: dialog.reject()) as seen:
        assert not bench.parts.window.close()
        assert not bench.parts.window.close()
    assert len(seen) == 2
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    with answering(pressing(Choice.RETRY), healed_and_again) as seen:
        assert bench.parts.window.close()
    assert len(seen) == 2
    bench.close()
    assert bench.findings("r1") == "Nodule"


def test_a_reader_may_close_and_lose_what_cannot_be_saved(bench: Bench, heal: Callable[[], None]) -> None:
    bench.read("r1")
    bench.type("Nodule")
    with answering(pressing(Choice.LEAVE)) as seen:
        assert bench.parts.window.close()
    assert len(seen) == 1
    heal()
    bench.close()
    assert bench.findings("r1") == ""


def test_another_case_does_not_take_the_place_of_one_that_is_not_saved(bench: Bench, heal: Callable[[], None]) -> None:
    bench.read("r1")
    bench.type("Nodule")
    bench.open("r2")
    bench.qtbot.waitUntil(lambda: bench.parts.window.notices.text != "", timeout=PATIENCE_MS)
    bench.qtbot.wait(100)
    assert bench.shown("r1")
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    heal()
    bench.read("r2")
    bench.close()
    assert bench.findings("r1") == "Nodule"
