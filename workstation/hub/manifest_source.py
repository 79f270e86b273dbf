"""One study of a manifest as a hub to pull from: the manifest lists it, the hub gives it. Source: IHE RAD TF-2 4.107.

Each series is asked for at the address that the manifest states, with the hub's sign-in and the manifest's identifier;
the door refuses an address that leads elsewhere. A series without an address is asked for below the hub's root.
"""

from collections.abc import Iterator

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.identifiers import HubName
from workstation.domain.manifest import Manifest, ManifestSeries
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.hub.addresses import origin_words
from workstation.hub.answers import segment
from workstation.hub.door import Cancelled, Door, never
from workstation.hub.errors import ForeignOrigin, ManifestElsewhere, NotOnHub, Withdrawn
from workstation.hub.retrieve import Retrieve

MANIFEST_HEADER = "KOS-SOPInstanceUID"


class ManifestSource:
    """What a manifest shares. ``withdrawn`` are the series that the hub shares no longer."""

    def __init__(self, door: Door, retrieve: Retrieve, manifest: Manifest) -> None:
        self._door = door
        self._retrieve = retrieve
        self._headers = {MANIFEST_HEADER: segment(manifest.instance, door.hub)}
        for one in manifest.series:
            _check_origin(door, one.url)
        self._patient = manifest.patient
        self._series = {(one.study, one.uid): one for one in manifest.series}
        self.withdrawn: list[SeriesUID] = []

    @property
    def name(self) -> str:
        """The name of the hub that gives it."""
        return self._door.hub

    @property
    def stand_ins(self) -> tuple[HubName, ...]:
        """The mirrors that have answered in its place: none, a manifest is one."""
        return ()

    def patient_of(self, study: StudyUID, _cancelled: Cancelled = never) -> Patient | None:
        """Return whose study the manifest says that it is."""
        return self._patient if self.search_series(study) else None

    def search_series(self, study: StudyUID, _cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return the series of a study as the manifest counts them."""
        listed = (one for one in self._series.values() if one.study == study)
        return tuple(SeriesSummary(one.uid, one.modality, None, "", len(one.instances)) for one in listed)

    def search_instances(
        self, study: StudyUID, series: SeriesUID, _cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return the instances of a series that the manifest lists."""
        return self._one(study, series).instances

    def may_have_more(self, _study: StudyUID, _series: SeriesUID) -> bool:
        """Whether the manifest may list more: never, it is here whole."""
        return False

    def names_of(self, _study: StudyUID, _series: SeriesUID, _patient_id: str, _cancelled: Cancelled = never) -> None:
        """Return no names: the manifest itself is the list."""
        return

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, _cancelled: Cancelled = never
    ) -> InstanceReference | None:
        """Return the instance at a place in the manifest."""
        listed = self._one(study, series).instances
        return listed[place] if place < len(listed) else None

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the instances of a series as they arrive; none of one that was withdrawn.

        A hub that knows a listed series no more has withdrawn it: some answer 404 then, and not 410.
        """
        try:
            yield from self._retrieve.at(self._address(study, series), self._headers, cancelled)
        except NotOnHub:
            self._withdraw(series)

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance."""
        uid = segment(reference.instance, self._door.hub)
        address = f"{self._address(reference.study, reference.series)}/instances/{uid}"
        try:
            received = list(self._retrieve.at(address, self._headers, cancelled))
        except Withdrawn:
            self._withdraw(reference.series)
            raise
        if len(received) != 1:
            raise NotOnHub(f"{len(received)} parts for one instance", hub=self._door.hub)
        return bytes(received[0])

    def _withdraw(self, series: SeriesUID) -> None:
        if series not in self.withdrawn:
            self.withdrawn.append(series)

    def _one(self, study: StudyUID, series: SeriesUID) -> ManifestSeries:
        found = self._series.get((study, series))
        if found is None:
            raise NotOnHub("not in the manifest", hub=self._door.hub)
        return found

    def _address(self, study: StudyUID, series: SeriesUID) -> str:
        stated = self._one(study, series).url.rstrip("/")
        hub = self._door.hub
        return stated or f"studies/{segment(study, hub)}/series/{segment(series, hub)}"


def _check_origin(door: Door, url: str) -> None:
    """Refuse a manifest before anything is asked for, where one of its addresses leads away."""
    if not url:
        return
    try:
        door.rewrite(url)
    except ForeignOrigin as error:
        raise ManifestElsewhere(error.technical, origin=origin_words(url)) from error
