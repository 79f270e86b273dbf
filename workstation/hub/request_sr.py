"""Requests on a hub without UPS-RS: structured reports in the study, claimed softly.

Nothing on such a hub is atomic. A claim is a small report; after a moment all claims are read again, the lowest
(time, UID) holds the request and the loser is told. The reader is shown that such a claim is soft. The bytes of reports
are parsed by ``inspect``, which runs in a worker process.

A report that cannot be read may be somebody's claim. While one of the request's studies has such a report, or the hub
may not list them all, nothing is claimed; a claim whose neighbours cannot be read afterwards is given back at once. Who
holds a request by what can be read keeps it. The queue lists what could be read and names the hub as incomplete.

The UID of a claim follows from its transaction, so that a claim and its release can be repeated after a lost answer. A
claim that was given back stays so: the request is claimed again under another transaction.
"""

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from viewers.identifiers import StudyUID
from workstation.dicom.code import Code
from workstation.dicom.header import Header
from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import TransactionUID, new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import CLOSED_STATES, Carrier, Progress, Request, RequestState
from workstation.domain.study import InstanceReference
from workstation.hub import report_outline as outline
from workstation.hub.door import Cancelled
from workstation.hub.errors import (
    AlreadyClaimed,
    ClaimUnsettled,
    HubRefused,
    NotOffered,
    NotOnHub,
    RequestClosed,
    RequestsIncomplete,
    SpentClaim,
    StaleClaim,
    StandingUnknown,
    StoreRefused,
)
from workstation.hub.news import HubNews
from workstation.hub.protocol import OPEN_STATES, DeclineReason, Inspect, StoreOutcome
from workstation.hub.report_outline import Status, StatusKind
from workstation.hub.report_reading import Standing, is_signed, read_request, read_status, standing_of, title_of
from workstation.hub.report_shelf import Reports, ReportShelf
from workstation.hub.report_writing import build_request_sr, build_status_sr
from workstation.hub.retrieve import Retrieve
from workstation.hub.search import Search

SETTLE_S = 2.0
Store = Callable[[Sequence[bytes]], StoreOutcome]


class RequestSrRequests:
    """The requests of a hub that only stores objects."""

    carrier: ClassVar[Carrier] = Carrier.REQUEST_SR

    def __init__(
        self,
        search: Search,
        retrieve: Retrieve,
        store: Store,
        inspect: Inspect,
        settings: HubSettings,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._search = search
        self._retrieve = retrieve
        self._store = store
        self._inspect = inspect
        self._hub = settings.name
        self._clock = clock
        self._sleep = sleep
        self._shelf = ReportShelf(search, retrieve, inspect, settings.name)

    def requests(self, states: Sequence[RequestState] = OPEN_STATES) -> tuple[Request, ...]:
        """Return the requests in the given states.

        Raises
        ------
        RequestsIncomplete
            Not every report could be read, or the hub may not list them all.
        """
        reports = self._shelf.reports()
        statuses, finals = _statuses(reports.read), [report for report in reports.read if is_signed(report)]
        asked = [report for report in reports.read if title_of(report).is_same(outline.REQUEST)]
        standings = [standing_of(report.uid("SOPInstanceUID"), statuses, finals) for report in asked]
        pairs = zip(asked, standings, strict=True)
        found = tuple(read_request(report, self._hub, stand) for report, stand in pairs if stand.state in states)
        if not reports.is_whole:
            technical = f"{len(reports.unread)} reports not read, list cut: {reports.may_be_cut}"
            raise RequestsIncomplete(technical, found, hub=self._hub)
        return found

    def place(self, request: Request) -> None:
        """Store the request report of a request in its first study."""
        study = request.studies[0].study
        series = self._search.series(study)
        instances = self._search.instances(study, series[0].uid) if series else ()
        if not instances:
            raise NotOnHub("no instance of the study", hub=self._hub)
        template = self._inspect(self._retrieve.instance(instances[0]))
        self._put(build_request_sr(request, template, self._clock()))

    def claim(self, request: Request, reader: Reader, transaction: TransactionUID) -> None:
        """Take a request softly: write a claim, wait, and see whether it holds."""
        if self._is_ours_or_free(request, transaction, reader):
            return
        self._state(request, transaction, StatusKind.CLAIMED, reader)
        self._sleep(SETTLE_S)
        try:
            self._hold_or_give_back(request, transaction, reader)
        except (HubRefused, StoreRefused) as error:
            raise ClaimUnsettled(error.technical, hub=self._hub) from error

    def release(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Give a claimed request back, or a claim that another one goes before; one given back before is left so."""
        claim = claim_uid(request.id, transaction)
        standing, is_certain = self._standing(request)
        if claim in standing.given_back:
            return
        if claim not in standing.claims:
            self._check_certain(is_certain=is_certain)
            raise StaleClaim(f"state {standing.state.value}", hub=self._hub)
        self._check_open(standing)
        self._state(request, transaction, StatusKind.RELEASED, reader)

    def decline(
        self, request: Request, reason: DeclineReason, note: str, reader: Reader, transaction: TransactionUID
    ) -> None:
        """Claim the request if it is free, then say why it is declined."""
        self.claim(request, reader, transaction)
        self._state(request, transaction, StatusKind.DECLINED, reader, reason=reason.value, note=note)

    def report_output(
        self,
        request: Request,
        transaction: TransactionUID,
        outputs: Sequence[InstanceReference],
        reader: Reader,
        started: datetime,
        ended: datetime,
    ) -> None:
        """Say which objects answer the request; the signed report among them has closed it already."""
        standing = self._held_standing(request, transaction)
        if standing.state is RequestState.CANCELED:
            raise RequestClosed("it was declined", hub=self._hub)
        note = f"{started.isoformat()}/{ended.isoformat()}"
        self._state(request, transaction, StatusKind.ANSWERED, reader, note=note, outputs=tuple(outputs))

    def complete(self, request: Request, transaction: TransactionUID) -> None:
        """Say that the request is answered, in the name of its holder."""
        standing, _is_certain = self._standing(request)
        if standing.state is RequestState.COMPLETED:
            return
        self._check_ours(request, transaction)
        holder = standing.holder
        reader = Reader(holder.name, holder.identifier, "") if holder else Reader("", "", "")
        self._state(request, transaction, StatusKind.COMPLETED, reader)

    def look(self, request: Request) -> Request:
        """Return one request as the reports on the hub state it now."""
        reports = self._reports_about(request)
        asked = next((report for report in reports.read if report.uid("SOPInstanceUID") == request.id), None)
        if asked is None:
            self._check_certain(is_certain=not reports.may_hide(request.id, _studies(request)))
            raise NotOnHub("no such request report", hub=self._hub)
        return read_request(asked, self._hub, _standing_among(reports, request.id))

    def is_ours(self, request: Request, transaction: TransactionUID) -> bool:
        """Whether the claim that holds ``request`` is the one of ``transaction``; a claim can be found lost later."""
        holder = request.holder
        return holder is None or holder.claim in ("", claim_uid(request.id, transaction))

    def report_progress(self, request: Request, transaction: TransactionUID, progress: Progress) -> None:
        """Tell nothing: a report for each step would fill the study, and the claim says that it is being read."""
        del request, transaction, progress

    def ask_cancel(self, request: Request, reason: DeclineReason, note: str, reader: Reader) -> None:
        """Leave a wish in the study; whoever holds the request sees it, and nobody takes a free one any more."""
        standing, is_certain = self._standing(request)
        self._check_open(standing)
        self._check_certain(is_certain=is_certain)
        self._tell(request, StatusKind.CANCEL_ASKED, reader, new_uid(), standing.claim, reason=reason.value, note=note)

    def refuse_cancel(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Say in the study that the reader goes on."""
        self._check_ours(request, transaction)
        claim = claim_uid(request.id, transaction)
        self._tell(request, StatusKind.CANCEL_DECLINED, reader, new_uid(), claim)

    def listen(self, subscriber: str, told: Callable[[HubNews], None], cancelled: Cancelled) -> None:
        """Refuse: such a hub tells nothing by itself and is asked from time to time."""
        del subscriber, told, cancelled
        raise NotOffered("no events without work items", hub=self._hub)

    def _is_ours_or_free(self, request: Request, transaction: TransactionUID, reader: Reader) -> bool:
        """Return whether the claim already holds; raise when the request cannot be had."""
        claim = claim_uid(request.id, transaction)
        standing, is_certain = self._standing(request)
        self._check_open(standing)
        if standing.claim == claim:
            return True
        self._check_certain(is_certain=is_certain)
        if claim in standing.claims:
            # Left there, it would hold the request again one day, and nobody would know.
            self._state(request, transaction, StatusKind.RELEASED, reader)
        if standing.state is RequestState.IN_PROGRESS:
            self._refuse(standing)
        if claim in standing.given_back:
            raise SpentClaim("it was given back", hub=self._hub)
        return False

    def _hold_or_give_back(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Go on where a claim that was written holds; else give it back and say why."""
        standing, is_certain = self._standing(request)
        if standing.claim != claim_uid(request.id, transaction) or not is_certain:
            self._state(request, transaction, StatusKind.RELEASED, reader)
            self._check_certain(is_certain=is_certain)
            self._refuse(standing)

    def _check_ours(self, request: Request, transaction: TransactionUID) -> None:
        self._check_open(self._held_standing(request, transaction))

    def _check_open(self, standing: Standing) -> None:
        if standing.state in CLOSED_STATES:
            raise RequestClosed(f"state {standing.state.value}", hub=self._hub)

    def _held_standing(self, request: Request, transaction: TransactionUID) -> Standing:
        """Return how a request stands that our claim holds, by all that could be read."""
        standing, is_certain = self._standing(request)
        if standing.claim != claim_uid(request.id, transaction):
            self._check_certain(is_certain=is_certain)
            raise StaleClaim(f"state {standing.state.value}", hub=self._hub)
        return standing

    def _check_certain(self, *, is_certain: bool) -> None:
        if not is_certain:
            raise StandingUnknown("reports about the request were not read", hub=self._hub)

    def _refuse(self, standing: Standing) -> None:
        holder = standing.holder
        raise AlreadyClaimed(
            "held elsewhere", holder.name if holder else "", holder.since if holder else None, hub=self._hub
        )

    def _reports_about(self, request: Request) -> Reports:
        return self._shelf.reports(_studies(request))

    def _standing(self, request: Request) -> tuple[Standing, bool]:
        """Return how a request stands by what could be read, and whether that was all that is said of it."""
        reports = self._reports_about(request)
        return _standing_among(reports, request.id), not reports.may_hide(request.id, _studies(request))

    def _state(
        self,
        request: Request,
        transaction: TransactionUID,
        kind: StatusKind,
        reader: Reader,
        *,
        reason: Code | None = None,
        note: str = "",
        outputs: tuple[InstanceReference, ...] = (),
    ) -> None:
        """Write what happens under one claim; a repetition has the same UID."""
        uid = _status_uid(request, transaction, kind)
        claim = claim_uid(request.id, transaction)
        self._tell(request, kind, reader, uid, claim, reason=reason, note=note, outputs=outputs)

    def _tell(
        self,
        request: Request,
        kind: StatusKind,
        reader: Reader,
        uid: str,
        claim: str,
        *,
        reason: Code | None = None,
        note: str = "",
        outputs: tuple[InstanceReference, ...] = (),
    ) -> None:
        template = self._shelf.known(request.id)
        if template is None:
            raise NotOnHub("no such request report", hub=self._hub)
        moment, who = self._clock(), reader.identifier
        status = Status(uid, request.id, kind, reader.name, who, moment, claim, reason, note, outputs)
        self._put(build_status_sr(status, template))

    def _put(self, part10: bytes) -> None:
        outcome = self._store([part10])
        if not outcome.stored:
            raise StoreRefused("a report was not stored", hub=self._hub)


def _studies(request: Request) -> frozenset[StudyUID]:
    return frozenset(one.study for one in request.studies)


def _standing_among(reports: Reports, request: str) -> Standing:
    return standing_of(request, _statuses(reports.read), [report for report in reports.read if is_signed(report)])


def _statuses(reports: Sequence[Header]) -> list[Status]:
    read = (read_status(report) for report in reports if title_of(report).is_same(outline.STATUS))
    return [status for status in read if status is not None]


def claim_uid(request: str, transaction: TransactionUID) -> str:
    """Return the UID of the soft claim that is made under a transaction."""
    return _uid_of(request, transaction, StatusKind.CLAIMED)


def _status_uid(request: Request, transaction: TransactionUID, kind: StatusKind) -> str:
    return _uid_of(request.id, transaction, kind)


def _uid_of(request: str, transaction: TransactionUID, kind: StatusKind) -> str:
    """Return the UID of a status, the same at each repetition. Source: PS3.5 B.2."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{request}/{transaction}/{kind.value.value}').int}"
