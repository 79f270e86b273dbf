"""Saves the draft at each change, in order, on the store's thread; says "saved" only when the disk has it."""

from collections.abc import Callable
from datetime import datetime

from workstation.domain.report import Draft
from workstation.errors import WorkstationError
from workstation.reading.drafting import Drafting
from workstation.runtime.executor import Executor, Pool

Saved = Callable[[datetime], None]
Failed = Callable[[WorkstationError], None]


class DraftSaver:
    """Keeps only the newest of the drafts that wait: while one is being written, later ones replace each other."""

    def __init__(self, drafting: Drafting, executor: Executor, saved: Saved, failed: Failed) -> None:
        self._drafting = drafting
        self._executor = executor
        self._saved = saved
        self._failed = failed
        self._waiting: Draft | None = None
        self._writing = False

    @property
    def is_idle(self) -> bool:
        """Whether everything that was given is on the disk, or failed and was told."""
        return not self._writing and self._waiting is None

    def save(self, draft: Draft) -> None:
        """Save a draft, after what is being written."""
        self._waiting = draft
        if not self._writing:
            self._next()

    def _next(self) -> None:
        draft, self._waiting = self._waiting, None
        if draft is None:
            return
        self._writing = True
        self._executor.run(
            Pool.STORE,
            lambda _job: self._drafting.save(draft),
            lambda _none: self._written(draft.saved),
            self._refused,
        )

    def _written(self, moment: datetime) -> None:
        self._writing = False
        self._saved(moment)
        self._next()

    def _refused(self, error: WorkstationError) -> None:
        self._writing = False
        self._failed(error)
        self._next()
