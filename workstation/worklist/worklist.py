"""The queue over all hubs, and what a reader does with a request: claim, release, decline.

The transaction UID of a claim is kept in the encrypted profile before the hub hears of it: an application that dies
in between finds it again and resumes its claim. Source: PS3.4 CC.2.1.2.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.domain.identifiers import HubName, RequestId, TransactionUID, new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import Request, reading_order
from workstation.domain.study import StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import AlreadyClaimed, HubRefused, RequestClosed, StaleClaim
from workstation.hub.protocol import DeclineReason, StudyQuery, decline_reason
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore, Then
from workstation.worklist.errors import NoReader, NoSuchRequest, NotHeld, UnknownReason


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests in reading order, and the hubs that could not be asked."""

    requests: tuple[Request, ...]
    unreachable: tuple[tuple[HubName, WorkstationError], ...] = ()


class Worklist:
    """The requests of every hub of the profile. Methods block on the network; callers run them off the window."""

    def __init__(
        self,
        hubs: HubDirectory,
        claims: ClaimStore,
        requests: RequestStore,
        reader: Callable[[], Reader | None],
        audit: AuditLog,
    ) -> None:
        self._hubs = hubs
        self._claims = claims
        self._requests = requests
        self._reader = reader
        self._audit = audit
        self._listed: dict[HubName, frozenset[RequestId]] = {}

    def refresh(self, hub: HubName | None = None) -> Queue:
        """Ask every hub, or one; a hub that does not answer is named, the others are listed all the same."""
        found: list[Request] = []
        unreachable: list[tuple[HubName, WorkstationError]] = []
        for name in [hub] if hub else self._hubs.names():
            try:
                listed = self._hubs.client(name).requests()
            except WorkstationError as error:
                unreachable.append((name, error))
            else:
                self._requests.replace_all(name, listed, self._telling_news(name, listed))
                found.extend(listed)
        return Queue(reading_order(tuple(found)), tuple(unreachable))

    def shared_studies(self, queue: Queue, hub: HubName | None = None) -> tuple[StudySummary, ...]:
        """Return the studies on the reachable hubs that no request of ``queue`` names, the latest first."""
        requested = {one.study for request in queue.requests for one in (*request.studies, *request.priors)}
        silent = {name for name, _error in queue.unreachable}
        found: list[StudySummary] = []
        for name in [hub] if hub else self._hubs.names():
            if name not in silent:
                found.extend(self._hubs.client(name).search_studies(StudyQuery()))
        shared = [study for study in found if study.uid not in requested]
        return tuple(sorted(shared, key=lambda study: (study.date, study.time), reverse=True))

    def find(self, identifier: str) -> Request:
        """Return one request as its hub states it now, or as it was last seen where the hub does not answer.

        Raises
        ------
        NoSuchRequest
            No hub lists it, and it was never seen.
        """
        queue = self.refresh()
        for request in queue.requests:
            if request.id == identifier:
                return request
        known = self._requests.request(RequestId(identifier))
        if known is None:
            raise NoSuchRequest("no hub lists the request")
        return known

    def claim(self, request: Request) -> Request:
        """Take a request for this profile's reader, or resume the claim that the profile already has.

        Raises
        ------
        AlreadyClaimed
            Somebody else holds it.
        NoReader
            The profile has no reader.
        """
        reader = self._named_reader()
        transaction = self._claims.transaction(request.id)
        is_new = transaction is None
        transaction = transaction or TransactionUID(new_uid())
        if is_new:
            self._claims.remember(request.id, request.hub, transaction)
        try:
            self._hubs.client(request.hub).claim(request, reader, transaction)
        except (AlreadyClaimed, StaleClaim, RequestClosed):
            self._claims.forget(request.id)
            raise
        except HubRefused:
            # The hub has said no to a claim that it never had; nobody may take it for ours.
            if is_new:
                self._claims.forget(request.id)
            raise
        if is_new:
            self._audit.record(
                AuditEvent.CLAIMED, actor=reader.acts_as, object=request.id, detail=facts(hub=request.hub)
            )
        return self.find(request.id)

    def release(self, request: Request) -> None:
        """Give a request back.

        Raises
        ------
        NotHeld
            This profile does not hold it.
        """
        transaction, reader = self._held(request), self._named_reader()
        self._hubs.client(request.hub).release(request, transaction, reader)
        self._claims.forget(request.id, self._telling(AuditEvent.RELEASED, request, reader))

    def decline(self, request: Request, code: str, note: str = "") -> None:
        """End a request without an opinion; an unclaimed one is claimed first.

        Raises
        ------
        UnknownReason
            ``code`` is none of CID 9300 that readers may use.
        AlreadyClaimed
            Somebody else holds it.
        """
        reason = decline_reason(code)
        if reason is None:
            known = ", ".join(one.value.value for one in DeclineReason)
            raise UnknownReason(f"unknown reason; known are {known}", known=known)
        claimed = self.claim(request)
        transaction, reader = self._held(claimed), self._named_reader()
        self._hubs.client(claimed.hub).decline(claimed, reason, note, reader, transaction)
        self._claims.forget(claimed.id, self._telling(AuditEvent.DECLINED, claimed, reader, reason=code))

    def is_mine(self, request: Request) -> bool:
        """Whether this profile holds the claim."""
        return self._claims.transaction(request.id) is not None

    def _telling(self, event: AuditEvent, request: Request, reader: Reader, **more: str) -> Then:
        """Return what writes the audit line of an act, in the transaction that ends it here."""
        detail = facts(hub=request.hub, **more)
        return lambda connection: self._audit.append(
            connection, event, actor=reader.acts_as, object=request.id, detail=detail
        )

    def _telling_news(self, hub: HubName, listed: tuple[Request, ...]) -> Then | None:
        """Return what writes that a hub was asked; a question that brings nothing new is not told again and again."""
        found = frozenset(request.id for request in listed)
        if self._listed.get(hub) == found:
            return None
        self._listed[hub] = found
        reader = self._reader()
        actor = reader.acts_as if reader is not None else ""
        detail = facts(hub=hub, requests=len(found))
        return lambda connection: self._audit.append(connection, AuditEvent.QUERIED, actor=actor, detail=detail)

    def _held(self, request: Request) -> TransactionUID:
        transaction = self._claims.transaction(request.id)
        if transaction is None:
            raise NotHeld("no transaction is known for the request")
        return transaction

    def _named_reader(self) -> Reader:
        reader = self._reader()
        if reader is None or not reader.is_complete:
            raise NoReader("the profile names no reader")
        return reader
