"""Tells a request which objects answer it, and completes it, once all of them are sent."""

from collections.abc import Callable

from workstation.domain.clock import Clock
from workstation.domain.delivery import Completion, CompletionState
from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestKey
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import AlreadyClaimed, HubRefused, RequestClosed, StaleClaim
from workstation.outbox.backoff import wait_after
from workstation.outbox.errors import RequestForgotten
from workstation.outbox.wording import reason_of_failure
from workstation.store.completions import CompletionStore
from workstation.store.requests import ClaimStore, RequestStore
from workstation.translations import Translator


class Completer:
    """Completes what is due. Methods block on the network."""

    def __init__(
        self,
        store: CompletionStore,
        requests: RequestStore,
        claims: ClaimStore,
        hubs: HubDirectory,
        reader: Callable[[], Reader | None],
        clock: Clock,
        words: Translator,
    ) -> None:
        self._store = store
        self._requests = requests
        self._claims = claims
        self._hubs = hubs
        self._reader = reader
        self._clock = clock
        self._words = words

    def complete(self, *, force: bool = False) -> int:
        """Try every completion that is due, and return how many requests were completed."""
        return sum(self._attempt(one) for one in self._store.due(self._clock(), force=force))

    def _attempt(self, completion: Completion) -> bool:
        key = RequestKey(completion.request, completion.hub)
        request = self._requests.request(key)
        reader = self._reader()
        if request is None or reader is None:
            self._record(completion, CompletionState.BLOCKED, RequestForgotten("no such request or reader"))
            return False
        reached = completion.state
        try:
            if reached is not CompletionState.AGAIN or self._is_open_again(completion, request, reader):
                if reached is not CompletionState.UPDATED:
                    self._report(completion, request, reader)
                    reached = CompletionState.UPDATED
                self._hubs.client(completion.hub).complete(request, completion.transaction)
        except (AlreadyClaimed, HubRefused, StaleClaim, RequestClosed) as error:
            self._record(completion, CompletionState.BLOCKED, error)
            return False
        except WorkstationError as error:
            self._record(completion, reached, error)
            return False
        self._store.step(completion.draft, completion.request, CompletionState.COMPLETED)
        self._claims.forget(key)
        return True

    def _is_open_again(self, completion: Completion, request: Request, reader: Reader) -> bool:
        """Take up the claim of a request that was completed, on a hub that may have forgotten both."""
        try:
            self._hubs.client(completion.hub).claim(request, reader, completion.transaction)
        except RequestClosed:
            return False
        return True

    def _report(self, completion: Completion, request: Request, reader: Reader) -> None:
        self._hubs.client(completion.hub).report_output(
            request, completion.transaction, completion.outputs, reader, completion.started, completion.ended
        )
        self._store.step(completion.draft, completion.request, CompletionState.UPDATED)

    def _record(self, completion: Completion, state: CompletionState, error: WorkstationError) -> None:
        now = self._clock()
        later = now + wait_after(error, completion.attempts, now)
        reason = reason_of_failure(error, self._words)
        self._store.step(completion.draft, completion.request, state, reason, next_attempt_at=later)
