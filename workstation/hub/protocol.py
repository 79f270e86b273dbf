"""What the rest of the workstation may ask of a hub, whatever its kind."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.code import Code
from workstation.dicom.header import Header
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.identifiers import HubName, TransactionUID
from workstation.domain.listing import Shortfall
from workstation.domain.manifest import Manifest
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.domain.reader import Reader
from workstation.domain.request import Carrier, Progress, Request, RequestState
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.hub.door import Cancelled, never
from workstation.hub.manifest_source import ManifestSource
from workstation.hub.news import HubNews
from workstation.hub.orthanc_index import SeriesNames
from workstation.hub.sign_in.kind import Browser

Inspect = Callable[[bytes], Header]
OPEN_STATES: Final = (RequestState.SCHEDULED, RequestState.IN_PROGRESS)


class DeclineReason(Enum):
    """Why a reader declines; the codes are of CID 9300 and are told to the requester. Source: PS3.16 CID 9300."""

    INSUFFICIENT_QUALITY = Code("110531", "DCM", "Insufficient quality for interpretation")
    SPECIALIST_REQUIRED = Code("110532", "DCM", "Interpretation requires specialist expertise")
    REJECTED = Code("110530", "DCM", "Workitem assignment rejected by assigned resource")
    EXPIRED = Code("110533", "DCM", "Workitem expired")
    DUPLICATE = Code("110510", "DCM", "Duplicate order")
    INCORRECT_SIDE = Code("110512", "DCM", "Incorrect side ordered")
    OBJECTS_INCOMPLETE = Code("110523", "DCM", "Object Set incomplete")
    INCORRECT_PROCEDURE = Code("110502", "DCM", "Incorrect procedure ordered")
    UNSPECIFIED = Code("110513", "DCM", "Discontinued for unspecified reason")
    REQUESTER_CANCELLED = Code("110500", "DCM", "Doctor canceled procedure")


def decline_reason(code_value: str) -> DeclineReason | None:
    """Return the reason with one code value, such as ``110531``."""
    return next((reason for reason in DeclineReason if reason.value.value == code_value), None)


@dataclass(frozen=True, slots=True)
class StudyQuery:
    """What to look for; empty fields match everything, ``*`` matches any text, dates are YYYYMMDD."""

    patient_id: str = ""
    patient_name: str = ""
    birth_date: str = ""
    accession: str = ""
    date_from: str = ""
    date_to: str = ""
    modality: str = ""
    description: str = ""
    study: str = ""


@dataclass(frozen=True, slots=True)
class HubCapabilities:
    """What a hub can do, as found by asking it; ``latency_ms`` is that of one small question."""

    carrier: Carrier
    latency_ms: float
    server: str = ""

    @property
    def has_atomic_claims(self) -> bool:
        """Whether two readers can never hold the same request."""
        return self.carrier is Carrier.WORK_ITEM


@dataclass(frozen=True, slots=True)
class StoreFailure:
    """An instance that a hub did not take; ``reason`` is its Failure Reason (0008,1197), 0 when not told."""

    instance: InstanceUID
    reason: int


@dataclass(frozen=True, slots=True)
class StoreOutcome:
    """What a hub says about a store. It is a claim, not a proof: only reading back proves storage."""

    stored: tuple[InstanceUID, ...]
    failed: tuple[StoreFailure, ...]


class RequestDesk(Protocol):
    """Where requests are placed, taken and answered on one hub."""

    @property
    def carrier(self) -> Carrier:
        """What carries requests on this hub."""

    def requests(self, states: Sequence[RequestState] = OPEN_STATES) -> tuple[Request, ...]:
        """Return the requests in the given states, in no order.

        Raises
        ------
        RequestsIncomplete
            The hub holds more about requests than could be read; those that were found come with it.
        """

    def place(self, request: Request) -> None:
        """Put a request on the hub, as a requester does."""

    def claim(self, request: Request, reader: Reader, transaction: TransactionUID) -> None:
        """Take a request; repeating it with the same transaction is harmless.

        Raises
        ------
        AlreadyClaimed
            Another reader, or this one elsewhere, holds it.
        RequestClosed
            It is completed or cancelled.
        StandingUnknown
            Whether it is free could not be found out; no claim is left on the hub.
        ClaimUnsettled
            A claim is left on the hub, and whether it holds could not be found out: the transaction must be kept.
        SpentClaim
            It is free, and what was claimed under this transaction was given back: another one is needed.
        """

    def release(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Give a claimed request back, so that others can take it; its ``id`` stays. Repeating it is harmless."""

    def decline(
        self, request: Request, reason: DeclineReason, note: str, reader: Reader, transaction: TransactionUID
    ) -> None:
        """End a request without an opinion, telling the requester why."""

    def report_output(
        self,
        request: Request,
        transaction: TransactionUID,
        outputs: Sequence[InstanceReference],
        reader: Reader,
        started: datetime,
        ended: datetime,
    ) -> None:
        """Tell which objects answer the request."""

    def complete(self, request: Request, transaction: TransactionUID) -> None:
        """End a request that is answered; repeating it is harmless."""

    def look(self, request: Request) -> Request:
        """Return one request as the hub states it now.

        Raises
        ------
        NotOnHub
            The hub does not have it any more.
        """

    def is_ours(self, request: Request, transaction: TransactionUID) -> bool:
        """Whether what the hub stated of ``request`` agrees with our claim; nothing is asked.

        A work item is given once, so that only a soft claim can be found lost.
        """

    def report_progress(self, request: Request, transaction: TransactionUID, progress: Progress) -> None:
        """Tell how far a claimed request is, where the hub can be told."""

    def ask_cancel(self, request: Request, reason: DeclineReason, note: str, reader: Reader) -> None:
        """Ask for the cancellation of a request that this profile need not hold; its holder decides.

        Raises
        ------
        RequestClosed
            It is completed or cancelled.
        CancelRefused, PerformerSilent
            Its holder goes on, or cannot be told.
        """

    def refuse_cancel(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Say that a claimed request is gone on with, although somebody wishes it cancelled."""

    def listen(self, subscriber: str, told: Callable[[HubNews], None], cancelled: Cancelled) -> None:
        """Tell what happens on the hub until ``cancelled``; the first news is that it is listened to.

        Raises
        ------
        NotOffered
            The hub tells nothing by itself.
        TransferCut
            The channel was lost; what happened since is not known.
        """


class HubClient(RequestDesk, Protocol):
    """One hub: search, retrieve, store, and its requests. Methods may be called from several threads.

    A question or a transfer that is ``cancelled`` ends within a moment, in ``TransferCancelled``.
    """

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""

    @property
    def stand_ins(self) -> tuple[HubName, ...]:
        """The mirrors that have answered in its place: none, a client speaks with one hub."""

    @property
    def heard_at(self) -> float:
        """When something came last from the hub, of whatever answer, in seconds of the monotonic clock."""

    def capabilities(self) -> HubCapabilities:
        """Ask the hub what it can do."""

    def check(self) -> HubFindings:
        """Find out what the hub can do and how fast, by a short bounded probe on a small series of its own."""

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        """Return where the hub lists less of a study than it says it has."""

    def search_studies(
        self, query: StudyQuery, limit: int = 200, cancelled: Cancelled = never
    ) -> tuple[StudySummary, ...]:
        """Return at most ``limit`` studies.

        Raises
        ------
        AnsweredOfAnother
            One study was asked for, and the answer is about another.
        """

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        """Return whose study the hub says that it is; ``None`` where it lists no such study.

        Raises
        ------
        AnsweredOfAnother
            The answer is about another study.
        """

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return all series of a study."""

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return all instances of a series."""

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        """Whether the hub may have more of a series than it listed last, which no count tells. Nothing is asked."""

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never
    ) -> SeriesNames | None:
        """Return what the hub calls the instances of a series in an index of its own; ``None`` where it has none."""

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never
    ) -> InstanceReference | None:
        """Return the instance at a place, from 0, in the hub's own order of a series; ``None`` where none is told."""

    def of_manifest(self, manifest: Manifest) -> ManifestSource:
        """Return what a manifest lists as a hub to pull from, with this hub's sign-in.

        Raises
        ------
        ManifestElsewhere
            The manifest states an address that leads away from this hub.
        """

    def retrieve_study(self, study: StudyUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield each instance of a study, as Part 10 bytes, while the transfer runs.

        Raises
        ------
        TransferCut
            The transfer ended early; what was yielded is complete.
        """

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield each instance of a series, like ``retrieve_study``."""

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance as Part 10 bytes."""

    def retrieve_preview(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes | None:
        """Return one instance with lossy pixels, or nothing where the hub gives it in no lossy syntax."""

    def store(self, part10s: Sequence[bytes]) -> StoreOutcome:
        """Store Part 10 objects and return what the hub says about each."""

    def sign_in(self, browser: Browser, cancelled: Cancelled = never) -> None:
        """Let the person sign in in the browser.

        Raises
        ------
        NotOffered
            This hub is signed in by its settings.
        SignInFailed, OtherPerson
            It did not succeed.
        """

    def close(self) -> None:
        """Close the connections."""
