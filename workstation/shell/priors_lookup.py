"""Searches the priors of the requests of the queue, one request at a time, so that nothing else has to wait for it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from workstation.domain.request import Request, RequestKey
from workstation.errors import WorkstationError
from workstation.reading.priors import FoundPriors, PriorSearch
from workstation.runtime.executor import Executor, Job, Pool


class PriorsLookup(QObject):
    """Knows what was found by request; ``found`` carries the key of a request of which that is known now."""

    found = Signal(object)

    def __init__(
        self,
        search: PriorSearch,
        executor: Executor,
        failed: Callable[[WorkstationError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._executor = executor
        self._failed = failed
        self._known: dict[RequestKey, FoundPriors | None] = {}
        self._waiting: list[Request] = []
        self._job: Job | None = None
        self._is_closed = False

    @property
    def counts(self) -> Mapping[RequestKey, int]:
        """How many priors there are, by request."""
        return {key: len(one.priors) for key, one in self._known.items() if one is not None}

    def of(self, request: Request) -> FoundPriors | None:
        """Return what was found, nothing while it is searched or could not be."""
        return self._known.get(request.key)

    def follow(self, requests: Sequence[Request]) -> None:
        """Search for the requests of the queue of which nothing is known yet, in its order."""
        self._waiting = [one for one in requests if one.key not in self._known]
        self._next()

    def look_at(self, request: Request) -> None:
        """Search for the chosen request before others, and again where a hub was silent."""
        known = self._known.get(request.key)
        if request.key not in self._known or (known is not None and known.silent):
            self._waiting = [request, *(one for one in self._waiting if one.key != request.key)]
            self._next()

    def look_anew(self) -> None:
        """Search again, at the next turn, what could not be searched in full."""
        self._known = {name: one for name, one in self._known.items() if one is not None and not one.silent}

    def close(self) -> None:
        """Search no more and drop what is under way."""
        self._is_closed = True
        if self._job is not None:
            self._job.cancel()

    def _next(self) -> None:
        if self._is_closed or self._job is not None or not self._waiting:
            return
        request = self._waiting.pop(0)

        def ended(found: FoundPriors | None) -> None:
            self._job = None
            self._known[request.key] = found
            self.found.emit(request.key)
            self._next()

        def missed(error: WorkstationError) -> None:
            # Said once: the queue is followed every few seconds.
            self._failed(error)
            ended(None)

        def work(job: Job) -> FoundPriors:
            return self._search.of(request, lambda: job.is_cancelled)

        self._job = self._executor.run(Pool.NETWORK, work, ended, missed)
