"""A hub that speaks DICOMweb, composed of search, retrieve, store and one desk for requests."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from viewers.identifiers import SeriesUID, StudyUID
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
from workstation.hub.door import Cancelled, Door, never
from workstation.hub.manifest_source import ManifestSource
from workstation.hub.news import HubNews
from workstation.hub.orthanc_index import OrthancIndex, SeriesNames
from workstation.hub.protocol import (
    OPEN_STATES,
    DeclineReason,
    HubCapabilities,
    RequestDesk,
    StoreOutcome,
    StudyQuery,
)
from workstation.hub.retrieve import Retrieve
from workstation.hub.search import Search
from workstation.hub.sign_in.kind import Browser
from workstation.hub.store import store

Probe = Callable[[], HubCapabilities]
Check = Callable[[], HubFindings]
Desks = Callable[[Carrier], RequestDesk]


class DicomWebClient:
    """One hub. It is asked what carries its requests on the first need, so that it can be opened while it is down."""

    def __init__(
        self,
        settings: HubSettings,
        door: Door,
        search: Search,
        retrieve: Retrieve,
        index: OrthancIndex,
        probe: Probe,
        check: Check,
        desks: Desks,
    ) -> None:
        self._settings = settings
        self._door = door
        self._search = search
        self._retrieve = retrieve
        self._index = index
        self._probe = probe
        self._check = check
        self._desks = desks
        self._found: RequestDesk | None = None
        self._lock = threading.Lock()

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""
        return self._settings

    @property
    def stand_ins(self) -> tuple[HubName, ...]:
        """The mirrors that have answered in its place: none."""
        return ()

    @property
    def heard_at(self) -> float:
        """When something came last from the hub, in seconds of the monotonic clock."""
        return self._door.heard_at

    @property
    def carrier(self) -> Carrier:
        """What carries requests on this hub."""
        return self._desk().carrier

    def capabilities(self) -> HubCapabilities:
        """Ask the hub what it can do."""
        return self._probe()

    def check(self) -> HubFindings:
        """Find out what the hub can do and how fast."""
        return self._check()

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        """Return where the hub lists less of a study than it says it has."""
        return self._search.shortfalls(study, listed, cancelled)

    def sign_in(self, browser: Browser, cancelled: Cancelled = never) -> None:
        """Let the person sign in in the browser."""
        self._door.sign_in(browser, cancelled)

    def close(self) -> None:
        """Close the connections."""
        self._door.close()

    def search_studies(
        self, query: StudyQuery, limit: int = 200, cancelled: Cancelled = never
    ) -> tuple[StudySummary, ...]:
        """Return at most ``limit`` studies."""
        return self._search.studies(query, limit, cancelled)

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        """Return whose study the hub says that it is."""
        return self._search.patient_of(study, cancelled)

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return all series of a study."""
        return self._search.series(study, cancelled)

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return all instances of a series."""
        return self._search.instances(study, series, cancelled)

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        """Whether the hub may have more of a series than it listed last, which no count tells."""
        return self._search.may_have_more(study, series)

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never
    ) -> SeriesNames | None:
        """Return what the hub calls the instances of a series in an index of its own."""
        return self._index.names_of(study, series, patient_id, cancelled) if self._search.is_one(series) else None

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never
    ) -> InstanceReference | None:
        """Return the instance at a place, from 0, in the hub's own order of a series; ``None`` where none is told."""
        return self._search.instance(study, series, place, cancelled)

    def of_manifest(self, manifest: Manifest) -> ManifestSource:
        """Return what a manifest lists as a hub to pull from."""
        return ManifestSource(self._door, self._retrieve, manifest)

    def retrieve_study(self, study: StudyUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield each instance of a study while the transfer runs."""
        return self._retrieve.study(study, cancelled)

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield each instance of a series while the transfer runs."""
        return self._retrieve.series(study, series, cancelled)

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance as Part 10 bytes."""
        return self._retrieve.instance(reference, cancelled)

    def retrieve_preview(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes | None:
        """Return one instance with lossy pixels, or nothing."""
        return self._retrieve.preview(reference, cancelled)

    def store(self, part10s: Sequence[bytes]) -> StoreOutcome:
        """Store Part 10 objects."""
        return store(self._door, part10s)

    def requests(self, states: Sequence[RequestState] = OPEN_STATES) -> tuple[Request, ...]:
        """Return the requests in the given states."""
        return self._desk().requests(states)

    def place(self, request: Request) -> None:
        """Put a request on the hub."""
        self._desk().place(request)

    def claim(self, request: Request, reader: Reader, transaction: TransactionUID) -> None:
        """Take a request."""
        self._desk().claim(request, reader, transaction)

    def release(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Give a claimed request back."""
        self._desk().release(request, transaction, reader)

    def decline(
        self, request: Request, reason: DeclineReason, note: str, reader: Reader, transaction: TransactionUID
    ) -> None:
        """End a request without an opinion."""
        self._desk().decline(request, reason, note, reader, transaction)

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
        self._desk().report_output(request, transaction, outputs, reader, started, ended)

    def complete(self, request: Request, transaction: TransactionUID) -> None:
        """End a request that is answered."""
        self._desk().complete(request, transaction)

    def look(self, request: Request) -> Request:
        """Return one request as the hub states it now."""
        return self._desk().look(request)

    def is_ours(self, request: Request, transaction: TransactionUID) -> bool:
        """Whether what the hub stated of a request agrees with our claim."""
        return self._desk().is_ours(request, transaction)

    def report_progress(self, request: Request, transaction: TransactionUID, progress: Progress) -> None:
        """Tell how far a claimed request is."""
        self._desk().report_progress(request, transaction, progress)

    def ask_cancel(self, request: Request, reason: DeclineReason, note: str, reader: Reader) -> None:
        """Ask for the cancellation of a request."""
        self._desk().ask_cancel(request, reason, note, reader)

    def refuse_cancel(self, request: Request, transaction: TransactionUID, reader: Reader) -> None:
        """Go on with a request that somebody wishes cancelled."""
        self._desk().refuse_cancel(request, transaction, reader)

    def listen(self, subscriber: str, told: Callable[[HubNews], None], cancelled: Cancelled) -> None:
        """Tell what happens on the hub until ``cancelled``."""
        self._desk().listen(subscriber, told, cancelled)

    def _desk(self) -> RequestDesk:
        with self._lock:
            known = self._found
        if known is not None:
            return known
        # Not under the lock: those who wait for a hub that hangs would each wait for all before them.
        desk = self._desks(self._probe().carrier)
        with self._lock:
            self._found = self._found or desk
            return self._found
