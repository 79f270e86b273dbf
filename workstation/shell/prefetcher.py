"""Fetches the studies of the next requests while the reader opens nothing; stops at once when a case is opened."""

import time
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer

from workstation.domain.reader import Reader
from workstation.domain.study import StudyReference
from workstation.errors import WorkstationError
from workstation.reading.opening import Opening
from workstation.retrieval.result import PullResult
from workstation.retrieval.unshared import LASTS_S
from workstation.runtime.executor import Executor, Job, Pool
from workstation.worklist.ahead import studies_ahead
from workstation.worklist.queue import Queue

# The queue is shown and the hub has been looked at before anything is fetched unasked.
_WAIT_MS = 3_000


class Pause(Enum):
    """Why nothing is fetched ahead."""

    CASE = auto()
    LOCK = auto()
    END = auto()


class Prefetcher(QObject):
    """Fetches one study at a time, each once for as long as the program runs; what failed is tried again later.

    A failure is told by the opening.
    """

    def __init__(
        self,
        opening: Opening,
        executor: Executor,
        reader: Callable[[], Reader | None],
        is_wanted: Callable[[], bool],
        parent: QObject | None = None,
        *,
        wait_ms: int = _WAIT_MS,
        again_s: float = LASTS_S,
    ) -> None:
        super().__init__(parent)
        self._opening = opening
        self._executor = executor
        self._reader = reader
        self._is_wanted = is_wanted
        self._waiting: tuple[StudyReference, ...] = ()
        self._again_s = again_s
        self._done: set[StudyReference] = set()
        self._failed_at: dict[StudyReference, float] = {}
        self._job: Job | None = None
        self._pauses: set[Pause] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(wait_ms)
        self._timer.timeout.connect(self._fetch_next)

    @property
    def is_fetching(self) -> bool:
        """Whether a study is under way."""
        return self._job is not None

    def offer(self, queue: Queue) -> None:
        """Take note of the requests as they are now."""
        reader = self._reader()
        self._waiting = studies_ahead(queue.requests, reader) if reader is not None else ()
        self._go_on()

    def allow(self, is_wanted: bool) -> None:
        """Begin or end fetching ahead, at once."""
        self._is_wanted = lambda: is_wanted
        if is_wanted:
            self._go_on()
        else:
            self._stop()

    def pause(self, why: Pause) -> None:
        """Fetch nothing for a while; what was under way is taken up again later."""
        self._pauses.add(why)
        self._stop()

    def resume(self, why: Pause) -> None:
        """Go on, unless there is another reason to wait."""
        self._pauses.discard(why)
        self._go_on()

    def close(self) -> None:
        """Fetch nothing more."""
        self._waiting = ()
        self.pause(Pause.END)

    def _stop(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _go_on(self) -> None:
        # Whether it is wanted stands in the profile, which is closed when the window has been.
        if not self._pauses and self._job is None and not self._timer.isActive() and self._is_wanted():
            self._timer.start()

    def _fetch_next(self) -> None:
        following = next((one for one in self._waiting if self._is_due(one)), None)
        if following is None:
            return

        def work(job: Job) -> PullResult:
            return self._opening.receive(following, lambda _progress: None, lambda: job.is_cancelled)

        self._job = self._executor.run(
            Pool.NETWORK, work, lambda _result: self._ended(following), lambda error: self._failed(error, following)
        )

    def _is_due(self, study: StudyReference) -> bool:
        """Whether a study was not fetched, and not refused a short while ago: its images may come late."""
        failed_at = self._failed_at.get(study)
        return study not in self._done and (failed_at is None or time.monotonic() - failed_at >= self._again_s)

    def _ended(self, study: StudyReference) -> None:
        self._job = None
        self._done.add(study)
        self._go_on()

    def _failed(self, _error: WorkstationError, study: StudyReference) -> None:
        # The executor has logged it; who opens the case meets the same failure and is told.
        self._job = None
        self._failed_at[study] = time.monotonic()
        self._go_on()
