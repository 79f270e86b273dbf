"""Sharing the rows of a picture between threads. The kernels hold no interpreter lock, so threads are enough."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import pairwise
from typing import Protocol

Work = Callable[[int, int], None]

# Below this many pixels a picture is sooner done by one thread than shared.
_WORTH_SHARING = 65_536
_BANDS_PER_THREAD = 4


Rows = tuple[int, int]


class Bands(Protocol):
    """Calls ``work(first, last)`` for ranges of rows that cover a picture of ``shape`` (rows, columns) once."""

    def run(self, work: Work, shape: tuple[int, int]) -> None:
        """Return when every row is done; an exception of one band is raised here."""


class OneBand:
    """Everything on the calling thread."""

    def run(self, work: Work, shape: tuple[int, int]) -> None:
        """Do all rows at once."""
        work(0, shape[0])


class ThreadBands:
    """The calling thread and ``threads`` - 1 of an executor, which is not this object's to close.

    Each takes the next rows as soon as it has done its last ones, so that a thread which the machine keeps waiting
    holds up nobody.
    """

    def __init__(self, executor: Executor, threads: int) -> None:
        self._executor = executor
        self._threads = max(1, threads)

    def run(self, work: Work, shape: tuple[int, int]) -> None:
        """Do rows here and on the executor until none is left; all of them here once it was shut down."""
        if shape[0] * shape[1] < _WORTH_SHARING or self._threads == 1:
            work(0, shape[0])
            return
        count = min(self._threads * _BANDS_PER_THREAD, shape[0])
        left = deque(pairwise([shape[0] * band // count for band in range(count + 1)]))

        def take() -> None:
            while (rows := _next_rows(left)) is not None:
                work(*rows)

        others = self._asked(take)
        try:
            take()
        finally:
            for other in others:
                if not other.cancel():
                    other.result()

    def _asked(self, take: Callable[[], None]) -> list[Future[None]]:
        try:
            return [self._executor.submit(take) for _ in range(self._threads - 1)]
        except RuntimeError:
            # Shut down: the window paints once more while it closes.
            return []


def _next_rows(left: deque[Rows]) -> Rows | None:
    """Return the next rows to be done, ``None`` when there are none; to be asked from several threads."""
    try:
        return left.popleft()
    except IndexError:
        return None
