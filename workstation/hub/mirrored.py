"""A hub and its mirrors as one hub to read from. Nothing is written through it: writing has the hub itself.

The hub itself is asked as long as it is well; then its mirrors, in the order of the profile, until it is well again. A
hub that hangs is left for a mirror within seconds, one that is slow and one without a mirror that is well are waited
for. Where no mirror then gives an answer, a hub that was left for its silence is asked once more, and waited for. A
mirror that does not have a study says so: it is not taken for a study that does not exist.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.listing import Shortfall
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.beside import begin
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import (
    HubRefused,
    HubUnreachable,
    NotOnHub,
    NotOnMirror,
    RequestsIncomplete,
    RequestsOfMirror,
    TransferCancelled,
)
from workstation.hub.health import Health, Silence, is_illness
from workstation.hub.orthanc_index import SeriesNames
from workstation.hub.protocol import HubClient, StudyQuery

_LOOK_S: Final = 0.1
Result = TypeVar("Result")
Ask = Callable[[HubClient, Cancelled], Result]


@dataclass(frozen=True, slots=True)
class Site:
    """One place that gives the same studies."""

    client: HubClient
    health: Health

    @property
    def name(self) -> HubName:
        """The name of the hub."""
        return self.client.settings.name


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a site is asked; ``is_awaited`` after it was left for its silence: then it is waited for."""

    site: Site
    is_awaited: bool = False


class MirroredHub:
    """Reads of one hub, which move to its mirrors and come back. Methods may be called from several threads."""

    def __init__(self, primary: Site, mirrors: Sequence[Site] = ()) -> None:
        self._primary = primary
        self._mirrors = tuple(mirrors)
        self._served_by: dict[HubName, None] = {}
        self._latest = primary

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""
        return self._primary.client.settings

    @property
    def served_by(self) -> tuple[HubName, ...]:
        """The hubs that have given an answer, in the order in which they first did."""
        return tuple(self._served_by)

    @property
    def stand_ins(self) -> tuple[HubName, ...]:
        """The mirrors among them."""
        return tuple(name for name in self._served_by if name != self._primary.name)

    def check(self) -> HubFindings:
        """Find out what the hub itself can do and how fast."""
        return self._primary.client.check()

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        """Return where the one that answers lists less of a study than it says it has."""
        return self._read(lambda client, stop: client.shortfalls(study, listed, stop), cancelled)

    def search_studies(
        self, query: StudyQuery, limit: int = 200, cancelled: Cancelled = never
    ) -> tuple[StudySummary, ...]:
        """Return at most ``limit`` studies."""
        return self._read(lambda client, stop: client.search_studies(query, limit, stop), cancelled)

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        """Return whose study it is said to be."""
        return self._read(lambda client, stop: client.patient_of(study, stop), cancelled)

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return all series of a study.

        Raises
        ------
        NotOnMirror
            The hub does not answer, and the mirror that does has no such study.
        """

        def search(client: HubClient, stop: Cancelled) -> tuple[SeriesSummary, ...]:
            found = client.search_series(study, stop)
            if not found and client is not self._primary.client:
                raise NotOnHub("no series", hub=client.settings.name)
            return found

        return self._read(search, cancelled)

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return all instances of a series."""
        return self._read(lambda client, stop: client.search_instances(study, series, stop), cancelled)

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        """Whether one that has listed a series may have more of it, which no count tells."""
        return any(site.client.may_have_more(study, series) for site in (self._primary, *self._mirrors))

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never
    ) -> SeriesNames | None:
        """Return what the instances of a series are called in an index of the one that answered last."""
        return self._latest.client.names_of(study, series, patient_id, cancelled)

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never
    ) -> InstanceReference | None:
        """Return the instance at a place, from 0, in the hub's own order of a series; ``None`` where none is told."""
        return self._read(lambda client, stop: client.search_instance(study, series, place, stop), cancelled)

    def requests(self, cancelled: Cancelled = never) -> tuple[Request, ...]:
        """Return the open requests of the hub.

        Raises
        ------
        RequestsOfMirror
            The hub does not answer, and a mirror that does lists some.
        RequestsIncomplete
            Not all that the hub holds could be read.
        """
        primary = self._primary

        def ask(client: HubClient, stop: Cancelled) -> tuple[Request, ...]:
            if client is primary.client:
                return _awaited(begin(client.requests), stop, client.settings.name)
            try:
                listed = _awaited(begin(client.requests), stop, client.settings.name)
            except RequestsIncomplete as error:
                listed = error.listed
            raise self._of_mirror(client.settings.name, listed)

        try:
            return self._read(ask, cancelled)
        except RequestsOfMirror as error:
            if error.listed:
                raise
        # A mirror for images lists none, which says nothing of the hub's: it is waited for like one without a mirror.
        listed = _awaited(begin(primary.client.requests), cancelled, primary.name)
        self._served(primary)
        return listed

    def _of_mirror(self, mirror: HubName, listed: Sequence[Request]) -> RequestsOfMirror:
        """Return what a mirror lists as requests of the hub itself, to which all that is written goes."""
        hub = self._primary.name
        requests = tuple(one.moved_to(hub) for one in listed)
        return RequestsOfMirror("listed by a mirror", requests, hub=hub, mirror=mirror)

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the instances of a series; a transfer that has begun ends with its hub, and the next one moves."""
        turns = self._turns()
        while turns:
            turn = turns.popleft()
            site, has_begun, stop = turn.site, False, _stop(turn, turns, cancelled)
            try:
                for part10 in site.client.retrieve_series(study, series, stop):
                    has_begun = True
                    self._served_by.setdefault(site.name)
                    yield part10
            except WorkstationError as error:
                self._go_on(turn, turns, error, stop, has_begun=has_begun)
            else:
                self._served(site)
                return

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance as Part 10 bytes."""
        return self._read(lambda client, stop: client.retrieve_instance(reference, stop), cancelled)

    def retrieve_preview(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes | None:
        """Return one instance with lossy pixels, or nothing where it is given in no lossy syntax."""
        return self._read(lambda client, stop: client.retrieve_preview(reference, stop), cancelled)

    def _read(self, ask: Ask[Result], cancelled: Cancelled) -> Result:
        turns = self._turns()
        while turns:
            turn = turns.popleft()
            site, stop = turn.site, _stop(turn, turns, cancelled)
            try:
                answer = ask(site.client, stop)
            except WorkstationError as error:
                self._go_on(turn, turns, error, stop)
            else:
                self._served(site)
                return answer
        raise LookupError("no site")

    def _turns(self) -> deque[Turn]:
        """Return who is asked: the well ones, the hub before its mirrors; then the ill ones."""
        every = (self._primary, *self._mirrors)
        for site in every:
            site.health.ask_again()
        return deque(Turn(site) for site in sorted(every, key=lambda site: not site.health.is_well))

    def _go_on(
        self, turn: Turn, turns: deque[Turn], error: WorkstationError, stop: Cancelled, *, has_begun: bool = False
    ) -> None:
        """Note a failure, and raise what it says unless the next of ``turns`` is asked instead."""
        told = _meaning(turn.site, error, stop)
        is_silent = told is not error
        # A mirror that refuses is no better place than a hub that may only be slow.
        is_no_better = isinstance(told, HubRefused) and any(one.is_awaited for one in turns)
        goes_on = self._moves_on(turn.site, told, turns) or is_silent or is_no_better
        if is_silent:
            turns.append(replace(turn, is_awaited=True))
        if has_begun or not goes_on or not turns:
            raise self._as_told(turn.site, told) from error

    def _moves_on(self, site: Site, error: WorkstationError, others: Sequence[Turn]) -> bool:
        """Note a failure, and return whether another one is asked instead."""
        if not is_illness(error):
            return False
        site.health.failed(error)
        if any(one.site.health.is_well for one in others):
            site.health.doubt()
        return not site.health.is_well

    def _served(self, site: Site) -> None:
        self._latest = site
        site.health.worked()
        self._served_by.setdefault(site.name)

    def _as_told(self, site: Site, error: WorkstationError) -> WorkstationError:
        if site is not self._primary and isinstance(error, NotOnHub):
            return NotOnMirror(error.technical, hub=self._primary.name, mirror=site.name)
        return error


def _awaited(future: "Future[Result]", stop: Cancelled, hub: HubName) -> Result:
    """Return an answer, or what it raises, unless it is awaited no longer before."""
    while not wait((future,), _LOOK_S).done:
        if stop():
            raise TransferCancelled("cancelled", hub=hub)
    return future.result()


def _stop(turn: Turn, others: Sequence[Turn], cancelled: Cancelled) -> Cancelled:
    """Return what ends a reading: the reader alone where no other place is well, silence too where one is."""
    site = turn.site
    if turn.is_awaited or not any(one.site.health.is_well for one in others):
        return cancelled
    return site.health.silence(lambda: site.client.heard_at, cancelled)


def _meaning(site: Site, error: WorkstationError, stop: Cancelled) -> WorkstationError:
    """Return what a failure says of its hub: a reading that was ended for its silence was not cancelled."""
    is_silent = isinstance(stop, Silence) and stop.is_too_long and isinstance(error, TransferCancelled)
    return HubUnreachable("silent", hub=site.name) if is_silent else error
