"""Locks the window and opens it again: what is on the screen goes first, what must be written follows.

What stays in memory while the window is locked, because work goes on behind it (drafts, the outbox, the queue): the
keys of the database and of the object store, and the decoded pictures of the open case. Connections to hubs, with what
signs in to them, are given up, and again after each look at the queue; a transfer that is under way ends first.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workstation.errors import WorkstationError
from workstation.logs import describe
from workstation.runtime.executor import Executor, Pool
from workstation.shell.curtain import Curtain
from workstation.shell.lock_page import LockPage, LockReason
from workstation.shell.main_window import MainWindow
from workstation.translations import Translator

_log = logging.getLogger(__name__)


class LockKeeper(Protocol):
    """What the profile does about a lock; methods block."""

    @property
    def asks(self) -> bool:
        """Whether a passphrase is asked for."""

    def keep_locked(self, reason: str) -> None:
        """Write that the window is locked, and drop what signs in to hubs."""

    def drop_sign_ins(self) -> None:
        """Drop what signs in to hubs."""

    def check(self, passphrase: str) -> None:
        """Return when the passphrase is the right one."""

    def keep_open(self) -> None:
        """Write that the reader is back."""


class LockController(QObject):
    """The one who decides whether the window is locked."""

    locked = Signal()
    unlocked = Signal()

    def __init__(
        self,
        window: MainWindow,
        keeper: LockKeeper,
        save: Callable[[], None],
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._keeper = keeper
        self._save = save
        self._executor = executor
        self._words = words
        self._curtain = Curtain(window)
        self._focus: QWidget | None = None
        self.page = LockPage(words(), asks=keeper.asks)
        self.is_locked = False
        self.page.unlock_asked.connect(self._try)
        window.lock_asked.connect(lambda: self.lock(LockReason.ASKED))

    def lock(self, reason: LockReason) -> None:
        """Save what is being written, then hide everything."""
        if self.is_locked:
            return
        self.is_locked = True
        try:
            self._save()
        except Exception as error:
            # Whatever keeps the draft from being taken, the screen must not stay open.
            _log.critical("what was typed could not be taken before the lock: %s", describe(error))
        self._focus = self._window.focusWidget()
        self.page.retranslate(self._words())
        self._window.cover(self.page)
        self._curtain.draw()
        self.page.show_reason(reason)
        self._run(lambda: self._keeper.keep_locked(reason.value))
        self.locked.emit()

    def show_immediate(self, waiting: int) -> None:
        """Tell how many immediate requests wait; while locked, hubs forget this computer again after each look."""
        self.page.show_immediate(waiting)
        if self.is_locked:
            self._run(self._keeper.drop_sign_ins)

    def close(self) -> None:
        """Let go of the program's windows; a lock stays until the end."""
        self._curtain.remove()

    def _try(self, passphrase: str) -> None:
        self._executor.run(
            Pool.COMPUTE, lambda _job: self._keeper.check(passphrase), lambda _none: self._open(), self._refused
        )

    def _refused(self, error: WorkstationError) -> None:
        self.page.show_problem(self._words().error(error))

    def _open(self) -> None:
        self.is_locked = False
        self._window.uncover()
        self._curtain.open()
        if self._focus is not None:
            self._focus.setFocus()
        self._focus = None
        self._run(self._keeper.keep_open)
        self.unlocked.emit()

    def _run(self, work: Callable[[], None]) -> None:
        self._executor.run(Pool.STORE, lambda _job: work(), lambda _none: None, self._window.notices.show_error)
