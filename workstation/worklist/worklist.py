"""The queue over all hubs, and what a reader does with a request: claim, release, decline.

The transaction UID of a claim is kept in the encrypted profile before the hub hears of it: an application that dies
in between finds it again and resumes its claim. Source: PS3.4 CC.2.1.2.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Final

from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.domain.identifiers import HubName, RequestId, TransactionUID, new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import Progress, Request, RequestKey, RequestState, reading_order
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import (
    AlreadyClaimed,
    HubRefused,
    RequestClosed,
    RequestsIncomplete,
    RequestsOfMirror,
    SpentClaim,
    StaleClaim,
    StandingUnknown,
)
from workstation.hub.protocol import DeclineReason, StudyQuery, decline_reason
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore, Then
from workstation.worklist.errors import NoReader, NotHeld, RequestOnSeveralHubs, UnknownReason
from workstation.worklist.queue import Queue

# A hub without work items is asked for every report that it holds, once.
LISTED_WITHIN_S: Final = 60.0
_log = logging.getLogger(__name__)


def _given(_reference: StudyReference) -> bool:
    """Of every study: the hub gives it."""
    return False


def _unmoved(request: RequestKey) -> RequestKey:
    """Of every request: its hub has the name that it had."""
    return request


class Worklist:
    """The requests of every hub of the profile. Methods block on the network; callers run them off the window."""

    def __init__(
        self,
        hubs: HubDirectory,
        claims: ClaimStore,
        requests: RequestStore,
        reader: Callable[[], Reader | None],
        audit: AuditLog,
        is_unshared: Callable[[StudyReference], bool] = _given,
        now: Callable[[RequestKey], RequestKey] = _unmoved,
    ) -> None:
        self._now = now
        self._is_unshared = is_unshared
        self._hubs = hubs
        self._claims = claims
        self._requests = requests
        self._reader = reader
        self._audit = audit
        self._listed: dict[HubName, frozenset[RequestId]] = {}

    def refresh(self, hub: HubName | None = None, cancelled: Cancelled = never) -> Queue:
        """Ask every hub at once, or one; one that does not answer is named, the others are listed all the same.

        A hub of which not everything could be read is listed as far as it was, and named too; so is one whose mirror
        was read instead: what the hub itself has said of a request stands against what the mirror lists.
        """
        found: list[Request] = []
        of_mirrors: list[Request] = []
        unreachable: list[tuple[HubName, WorkstationError]] = []
        asked = (hub,) if hub else self._hubs.names()
        answers = self._hubs.ask_each(
            lambda name: self._hubs.reading(name).requests(cancelled), LISTED_WITHIN_S, cancelled, among=asked
        )
        incomplete = tuple((name, one) for name, one in answers.items() if isinstance(one, RequestsIncomplete))
        for name, answer in answers.items():
            listed = answer.listed if isinstance(answer, RequestsIncomplete) else answer
            if isinstance(listed, WorkstationError):
                unreachable.append((name, listed))
                of_mirrors.extend(self._of_mirror(listed))
            else:
                is_whole = listed is answer
                self._requests.replace_all(name, listed, self._telling_news(name, listed), is_whole=is_whole)
                found.extend(listed)
        self._follow_renamed_hubs()
        requests = reading_order((*found, *of_mirrors))
        mine = [one for one in requests if self.is_mine(one)]
        silent = {name for name, _error in unreachable}
        lost = tuple(one for one in mine if one.hub not in silent and not self.is_held(one))
        contested = tuple(one for one in mine if one.hub not in silent and one.rivals and one not in lost)
        ours = frozenset(one.key for one in mine)
        unusable = self._hubs.unusable_mirrors()
        not_given = frozenset(one.key for one in requests if self._is_without_images(one))
        unknown = frozenset(one.key for one in of_mirrors if self._requests.request(one.key) is None)
        return Queue(
            requests, tuple(unreachable), asked, lost, contested, ours, incomplete, unusable, not_given, unknown
        )

    def shared_studies(
        self, queue: Queue, hub: HubName | None = None
    ) -> tuple[tuple[StudySummary, ...], tuple[tuple[HubName, WorkstationError], ...]]:
        """Return the studies on the reachable hubs that no request of ``queue`` names, the latest first.

        A hub that listed its requests and does not list its studies is named with why.
        """
        requested = {one.study for request in queue.requests for one in (*request.studies, *request.priors)}
        silent = {name for name, _error in queue.unreachable}
        asked = [name for name in ((hub,) if hub else self._hubs.names()) if name not in silent]
        answers = self._hubs.ask_each(
            lambda name: self._hubs.client(name).search_studies(StudyQuery()), LISTED_WITHIN_S, among=asked
        )
        found: list[StudySummary] = []
        failed: list[tuple[HubName, WorkstationError]] = []
        for name, listed in answers.items():
            if isinstance(listed, WorkstationError):
                failed.append((name, listed))
            else:
                found.extend(one for one in listed if not self._is_unshared(StudyReference(one.uid, name)))
        shared = [study for study in found if study.uid not in requested]
        return tuple(sorted(shared, key=lambda study: (study.date, study.time), reverse=True)), tuple(failed)

    def _follow_renamed_hubs(self) -> None:
        """Keep the claims of hubs that left the profile under the name by which they are there again."""
        for claimed in self._claims.claimed():
            now = self._now(claimed)
            request = self._requests.request(now) if now != claimed else None
            if request is not None and request.state is RequestState.IN_PROGRESS and not self._is_anothers(request):
                self._claims.move(claimed, now.hub)

    def _of_mirror(self, error: WorkstationError) -> Iterator[Request]:
        """Yield what a mirror lists of a hub that is silent, those that the hub knew as it stated them last itself.

        What the hub had ceased to list is answered or withdrawn, and is not waiting because a mirror is behind.
        """
        if not isinstance(error, RequestsOfMirror):
            return
        mirror = HubName(str(error.details["mirror"]))
        news = self._news(mirror, error.listed)
        if news is not None:
            self._audit.record(AuditEvent.QUERIED, actor=news[0], detail=news[1])
        dropped = {hub: self._requests.dropped(hub) for hub in {one.hub for one in error.listed}}
        for one in error.listed:
            kept = self._requests.request(one.key)
            if kept is not None or one.id not in dropped[one.hub]:
                yield kept or one

    def _is_without_images(self, request: Request) -> bool:
        """Whether the hub would give no study of a request when it was asked last."""
        return bool(request.studies) and all(self._is_unshared(one) for one in request.studies)

    def find(self, identifier: str, hub: HubName | None = None) -> Request:
        """Return one request as its hub states it now, or as it was last seen where the hub does not answer.

        Where a hub is named, no other one is asked, or waited for.

        Raises
        ------
        NoSuchRequest
            No hub lists it, or not the hub that is named, and it was never seen.
        NotAllHubsAsked, HubError
            The same, and a hub that may have it could not be asked.
        RequestOnSeveralHubs
            Several hubs have it, and none is named.
        """
        queue = self.refresh(hub)
        by_hub = {one.hub: one for one in self._requests.named(RequestId(identifier))}
        by_hub.update((one.hub, one) for one in queue.requests if one.id == identifier)
        # What a hub listed that has left the profile since does not stand against one that is there.
        present = [by_hub[name] for name in self._hubs.names() if name in by_hub] or list(by_hub.values())
        found = [one for one in present if hub in (None, one.hub)]
        if not found:
            raise queue.why_absent(hub)
        if len(found) > 1:
            raise RequestOnSeveralHubs.among(found)
        return found[0]

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
        transaction = self._claims.transaction(request.key)
        is_new = transaction is None
        transaction = transaction or TransactionUID(new_uid())
        if is_new:
            self._claims.remember(request.key, transaction)
        try:
            self._hubs.client(request.hub).claim(request, reader, transaction)
        except AlreadyClaimed as error:
            # A hub that names no holder has taken no update either: refused again, it does not prove that we lost.
            if is_new or error.holder:
                self._claims.forget(request.key)
            raise
        except RequestClosed:
            self._claims.forget(request.key)
            raise
        except SpentClaim:
            # It was given back, and the answer was lost: that is written down now, and the request claimed anew.
            self._claims.forget(request.key, self._telling(AuditEvent.RELEASED, request, reader))
            return self.claim(request)
        except (HubRefused, StaleClaim, StandingUnknown):
            # The hub has no such claim; nobody may take it for ours.
            if is_new:
                self._claims.forget(request.key)
            raise
        if is_new:
            self._audit.record(
                AuditEvent.CLAIMED, actor=reader.acts_as, object=request.id, detail=facts(hub=request.hub)
            )
        return self.confirm(request)

    def release(self, request: Request) -> None:
        """Give a request back.

        Raises
        ------
        NotHeld
            This profile does not hold it.
        """
        transaction, reader = self._held(request), self._named_reader()
        self._hubs.client(request.hub).release(request, transaction, reader)
        self._claims.forget(request.key, self._telling(AuditEvent.RELEASED, request, reader))

    def decline(self, request: Request, code: str, note: str = "") -> None:
        """End a request without an opinion; an unclaimed one is claimed first.

        Raises
        ------
        UnknownReason
            ``code`` is none of CID 9300 that readers may use.
        AlreadyClaimed
            Somebody else holds it.
        """
        reason = _reason(code)
        claimed = self.claim(request)
        transaction, reader = self._held(claimed), self._named_reader()
        self._hubs.client(claimed.hub).decline(claimed, reason, note, reader, transaction)
        self._claims.forget(claimed.key, self._telling(AuditEvent.DECLINED, claimed, reader, reason=code))

    def is_mine(self, request: Request) -> bool:
        """Whether this profile holds the claim."""
        return self._claims.transaction(request.key) is not None

    def is_held(self, request: Request) -> bool:
        """Whether this profile holds the claim by what the hub last said: a soft claim can be found lost."""
        transaction = self._claims.transaction(request.key)
        if transaction is None or self._is_anothers(request):
            return False
        try:
            return request.carrier.is_atomic or self._hubs.client(request.hub).is_ours(request, transaction)
        except WorkstationError as error:
            # A hub that was not reached since the start has contradicted nothing.
            _log.info("whether a claim holds is not known: %s", error.technical)
            return True

    def was_given(self, request: Request) -> bool:
        """Whether the hub has said that this profile holds the claim; the hub is not asked.

        A claim that found no hub is remembered as well, to be repeated, and makes nothing ours.
        """
        kept = self._requests.request(request.key)
        seen = request if kept is None else kept
        return seen.state is RequestState.IN_PROGRESS and self.is_mine(seen) and not self._is_anothers(seen)

    def confirm(self, request: Request) -> Request:
        """Return a request as its hub states it now, and keep that; as it was last seen where the hub is silent."""
        try:
            now = self._hubs.client(request.hub).look(request)
        except WorkstationError as error:
            _log.info("a request could not be asked for again: %s", error.technical)
            return request
        self._requests.keep(now)
        return now

    def known(self, hub: HubName, work_item: str) -> Request | None:
        """Return the request that a work item carries, as it was last seen."""
        return next((one for one in self._requests.all() if one.hub == hub and one.carrier_uid == work_item), None)

    def report_progress(self, request: Request, progress: Progress) -> None:
        """Tell the hub how far a claimed request is. A courtesy: what goes wrong is logged and stops nobody."""
        transaction = self._claims.transaction(request.key)
        if transaction is None:
            return
        try:
            self._hubs.client(request.hub).report_progress(request, transaction, progress)
        except WorkstationError as error:
            _log.info("the progress of a request was not told: %s", error.technical)

    def ask_cancel(self, request: Request, code: str, note: str = "") -> None:
        """Ask for the cancellation of a request, in progress elsewhere or free.

        Raises
        ------
        UnknownReason
            ``code`` is none of CID 9300 that may be given.
        RequestClosed, CancelRefused, PerformerSilent
            It cannot be cancelled any more, or its holder goes on or cannot be told.
        """
        reason, reader = _reason(code), self._named_reader()
        self._hubs.client(request.hub).ask_cancel(request, reason, note, reader)
        detail = facts(hub=request.hub, reason=code)
        self._audit.record(AuditEvent.CANCEL_ASKED, actor=reader.acts_as, object=request.id, detail=detail)

    def refuse_cancel(self, request: Request) -> None:
        """Go on with a request that somebody wishes cancelled, and let them know.

        Raises
        ------
        NotHeld
            This profile does not hold it.
        """
        transaction, reader = self._held(request), self._named_reader()
        self._hubs.client(request.hub).refuse_cancel(request, transaction, reader)

    def _telling(self, event: AuditEvent, request: Request, reader: Reader, **more: str) -> Then:
        """Return what writes the audit line of an act, in the transaction that ends it here."""
        detail = facts(hub=request.hub, **more)
        return lambda connection: self._audit.append(
            connection, event, actor=reader.acts_as, object=request.id, detail=detail
        )

    def _telling_news(self, hub: HubName, listed: tuple[Request, ...]) -> Then | None:
        """Return what writes that a hub was asked, where that brought something new."""
        news = self._news(hub, listed)
        if news is None:
            return None
        actor, detail = news
        return lambda connection: self._audit.append(connection, AuditEvent.QUERIED, actor=actor, detail=detail)

    def _news(self, hub: HubName, listed: tuple[Request, ...]) -> tuple[str, str] | None:
        """Return who asked and what for the log; a question that brings nothing new is not told again and again."""
        found = frozenset(request.id for request in listed)
        if self._listed.get(hub) == found:
            return None
        self._listed[hub] = found
        reader = self._reader()
        actor = reader.acts_as if reader is not None else ""
        return actor, facts(hub=hub, requests=len(found))

    def _is_anothers(self, request: Request) -> bool:
        holder, reader = request.holder, self._reader()
        return holder is not None and reader is not None and holder.identifier not in ("", reader.identifier)

    def _held(self, request: Request) -> TransactionUID:
        transaction = self._claims.transaction(request.key)
        if transaction is None:
            raise NotHeld("no transaction is known for the request")
        return transaction

    def _named_reader(self) -> Reader:
        reader = self._reader()
        if reader is None or not reader.is_complete:
            raise NoReader("the profile names no reader")
        return reader


def _reason(code: str) -> DeclineReason:
    reason = decline_reason(code)
    if reason is None:
        known = ", ".join(one.value.value for one in DeclineReason)
        raise UnknownReason(f"unknown reason; known are {known}", known=known)
    return reason
