"""Sharing the rows of a picture between threads. The kernels hold no interpreter lock, so threads are enough."""

from collections.abc import Callable
from concurrent.futures import Executor
from itertools import pairwise
from typing import Protocol

Work = Callable[[int, int], None]

# Below this many pixels a picture is sooner done by one thread than shared.
_WORTH_SHARING = 65_536


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
    """The calling thread and ``threads`` - 1 of an executor, which is not this object's to close."""

    def __init__(self, executor: Executor, threads: int) -> None:
        self._executor = executor
        self._threads = max(1, threads)

    def run(self, work: Work, shape: tuple[int, int]) -> None:
        """Do one band here and the others on the executor."""
        if shape[0] * shape[1] < _WORTH_SHARING or self._threads == 1:
            work(0, shape[0])
            return
        edges = [shape[0] * band // self._threads for band in range(self._threads + 1)]
        others = [self._executor.submit(work, first, last) for first, last in pairwise(edges[1:])]
        try:
            work(edges[0], edges[1])
        finally:
            for other in others:
                other.result()
