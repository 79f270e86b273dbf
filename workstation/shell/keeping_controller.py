"""Keeps the profile while the window is open: hourly backups, and what was repaired at the start."""

from collections.abc import Callable

from PySide6.QtCore import QTimer

from workstation.errors import WorkstationError
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.main_window import MainWindow
from workstation.store.profile_store import ProfileStore
from workstation.translations import Translator

_LOOK_MS = 10 * 60 * 1000


class KeepingController:
    """Makes a backup when the last one is an hour old, off the thread of the window and beside the saving of drafts."""

    def __init__(
        self, window: MainWindow, store: ProfileStore, executor: Executor, present: Callable[[], Translator]
    ) -> None:
        self._window = window
        self._store = store
        self._executor = executor
        self._present = present
        self._told_failure = ""
        self._repair = ""
        window.notices.left.connect(self._notice_left)
        window.closed.connect(self._stop)
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._back_up)

    def start(self) -> None:
        """Tell what was repaired, and look now and then whether a backup is due."""
        self._tell_repair()
        self._back_up()
        self._timer.start(_LOOK_MS)

    def _stop(self) -> None:
        self._timer.stop()

    def _tell_repair(self) -> None:
        restoration = self._store.restoration
        if restoration is None:
            return
        words = self._present()
        self._repair = " ".join(words.text(key, **details) for key, details in restoration.sentences())
        self._window.notices.show_warning(self._repair)

    def _notice_left(self, text: str, by_reader: bool) -> None:
        """Hold to be told only what the reader has closed; what another notice has covered is shown again."""
        if not self._repair:
            return
        if text != self._repair or not by_reader:
            self._window.notices.show_warning(self._repair)
            return
        self._repair = ""

        def note_told(_job: Job) -> None:
            self._store.note_told()

        self._executor.run(Pool.STORE, note_told, lambda _none: None, self._window.notices.show_error)

    def _back_up(self) -> None:
        def work(_job: Job) -> bool:
            return self._store.back_up()

        self._executor.run(Pool.COMPUTE, work, self._succeeded, self._failed)

    def _succeeded(self, _made: bool) -> None:
        self._told_failure = ""

    def _failed(self, error: WorkstationError) -> None:
        # Said once for as long as it lasts: a full disk is a full disk every ten minutes.
        if error.key == self._told_failure:
            return
        self._told_failure = error.key
        words = self._present()
        self._window.notices.show_warning(words.text("restoration.no_backup", reason=words.error(error)))
