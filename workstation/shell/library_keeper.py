"""Keeps the library in order while the window is open: now and then, and when the disk is full."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from workstation.errors import WorkstationError
from workstation.retrieval.housekeeping import Housekeeping, Tidied
from workstation.runtime.executor import Executor, Pool
from workstation.shell.case_controller import CaseController
from workstation.shell.main_window import MainWindow
from workstation.translations import Translator

_FIRST_AFTER_MS = 20_000
_EVERY_MS = 600_000


class LibraryKeeper(QObject):
    """Runs the housekeeping where it delays neither pictures nor drafts, and tells what was found damaged."""

    def __init__(
        self,
        window: MainWindow,
        case: CaseController,
        housekeeping: Housekeeping,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._case = case
        self._housekeeping = housekeeping
        self._executor = executor
        self._words = words
        self._is_running = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tidy)
        case.room_wanted.connect(self.tidy)

    def start(self) -> None:
        """Begin a little after the start, when the first case is likely open."""
        self._timer.start(_FIRST_AFTER_MS)

    def close(self) -> None:
        """Begin nothing more."""
        self._timer.stop()

    def tidy(self) -> None:
        """Bring the library in order now, unless that is under way."""
        if self._is_running:
            return
        self._is_running = True
        if self._timer.isActive():
            self._timer.start(_EVERY_MS)
        open_now = self._case.studies
        self._executor.run(
            Pool.NETWORK,
            lambda job: self._housekeeping.run(open_now, lambda: job.is_cancelled),
            self._tidied,
            self._failed,
        )

    def _tidied(self, done: Tidied) -> None:
        self._is_running = False
        if done.lost:
            self._window.notices.show_warning(self._words().text("library.lost", count=done.lost))

    def _failed(self, error: WorkstationError) -> None:
        self._is_running = False
        self._window.notices.show_error(error)
