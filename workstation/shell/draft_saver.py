"""Saves the draft at each change, in order, on the store's thread; says "saved" only when the disk has it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEventLoop, QTimer

from workstation.domain.report import Draft
from workstation.errors import WorkstationError
from workstation.reading.drafting import Drafting
from workstation.runtime.executor import Executor, Pool

Saved = Callable[[datetime], None]
Failed = Callable[[WorkstationError], None]
_LOOK_MS = 5


class DraftSaver:
    """Keeps only the newest of the drafts that wait: while one is being written, later ones replace each other."""

    def __init__(self, drafting: Drafting, executor: Executor, saved: Saved, failed: Failed) -> None:
        self._drafting = drafting
        self._executor = executor
        self._saved = saved
        self._failed = failed
        self._waiting: Draft | None = None
        self._writing = 0
        self.failure: WorkstationError | None = None

    @property
    def is_idle(self) -> bool:
        """Whether everything that was given is on the disk, or failed and was told."""
        return not self._writing and self._waiting is None

    def save(self, draft: Draft) -> None:
        """Save a draft, after what is being written."""
        if self._waiting is not None and self._waiting.id != draft.id:
            self.hand_over()
        self._waiting = draft
        if not self._writing:
            self._next()

    def hand_over(self) -> None:
        """Give what waits to the store's thread now: nobody may be left to do it when the earlier one is written."""
        if self._waiting is not None:
            self._next()

    def wait(self) -> None:
        """Return once everything that was given is on the disk or failed; the window is drawn, but takes no input."""
        if self.is_idle:
            return
        loop, timer = QEventLoop(), QTimer()

        def look() -> None:
            if self.is_idle:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(_LOOK_MS)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        timer.stop()

    def _next(self) -> None:
        draft, self._waiting = self._waiting, None
        if draft is None:
            return
        self._writing += 1
        self._executor.run(
            Pool.STORE,
            lambda _job: self._drafting.save(draft),
            lambda _none: self._written(draft.saved),
            self._refused,
        )

    def _written(self, moment: datetime) -> None:
        self._writing -= 1
        self.failure = None
        self._saved(moment)
        self._continue()

    def _refused(self, error: WorkstationError) -> None:
        self._writing -= 1
        self.failure = error
        self._failed(error)
        self._continue()

    def _continue(self) -> None:
        if not self._writing:
            self._next()
