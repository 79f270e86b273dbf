"""Studies that a manifest lists, into the store: counted by the manifest, fetched where it says from a known hub."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_patient
from workstation.dicom.errors import NotAManifest
from workstation.dicom.header import Header
from workstation.dicom.manifest import read_manifest
from workstation.domain.contradiction import Contradiction
from workstation.domain.identifiers import HubName
from workstation.domain.manifest import Manifest
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.domain.study import StudyReference
from workstation.hub.errors import HubError, Withdrawn
from workstation.retrieval.errors import ManifestWithoutAddress, SomeoneElsesImages
from workstation.retrieval.ownership import is_same_patient
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, HubLike, never
from workstation.retrieval.pull import Retrieval
from workstation.retrieval.result import PullResult, SeriesResult
from workstation.retrieval.transfer import OnDropped, OnProgress, OnReceived
from workstation.translations import Translator

_log = logging.getLogger(__name__)


class ManifestHubLike(HubLike, Protocol):
    """A study of a manifest, as a hub to pull from."""

    @property
    def name(self) -> str:
        """The name of the hub that gives it."""

    @property
    def withdrawn(self) -> list[SeriesUID]:
        """The series that the hub shares no longer."""


@dataclass(frozen=True, slots=True)
class ManifestSources:
    """Finds the hub of a manifest: by an address that it states, or by the name given.

    ``hub_at`` knows hubs by the identifier of a source, where the profile says so.
    """

    by_address: Callable[[Manifest, str], ManifestHubLike]
    by_name: Callable[[Manifest, HubName], ManifestHubLike]
    hub_at: Callable[[str], HubName | None]


class Manifests:
    """Reads manifests and fetches what they list."""

    def __init__(
        self,
        retrieval: Retrieval,
        sources: ManifestSources,
        catalogue: CatalogueLike,
        decoder: DecoderLike,
        words: Translator,
    ) -> None:
        self._retrieval = retrieval
        self._sources = sources
        self._catalogue = catalogue
        self._decoder = decoder
        self._words = words
        self._read: dict[InstanceUID, Manifest | None] = {}

    def read(self, part10: Octets) -> Manifest:
        """Return the manifest that a Part 10 object is.

        Raises
        ------
        NotAManifest
            It is another object, or lists nothing.
        DecodingError
            It cannot be read.
        """
        return read_manifest(self._decoder.inspect(part10).header)

    def of_study(self, study: StudyUID) -> tuple[Manifest, ...]:
        """Return the held manifests that list objects of a study; none of another patient than the held study's."""
        held = self._catalogue.study(study)
        found = (one for one in self._held() if one.of(study))
        return tuple(one for one in found if held is None or self._is_of(one, study, held.patient))

    def beside(self, studies: Collection[StudyUID], patient: Patient, hub: HubName) -> tuple[StudyReference, ...]:
        """Return the other studies of the held manifests of a patient that list one of ``studies``.

        Each is where its manifest says, at ``hub`` where it says nothing; what lies on no hub of the profile is left.
        """
        manifests = [one for one in self._held() if any(map(one.of, studies)) and patient.is_same_person(one.patient)]
        found = ((manifest, study) for manifest in manifests for study in manifest.studies if study not in studies)
        places = {study: self._place(manifest, study, hub) for manifest, study in found}
        return tuple(StudyReference(study, place) for study, place in places.items() if place is not None)

    def _held(self) -> Iterator[Manifest]:
        """Yield the held manifests; what is held never changes, and is read once."""
        for uid in self._catalogue.selections():
            if uid not in self._read:
                held = self._catalogue.instance(uid)
                self._read[uid] = None if held is None else _readable(held.header)
            manifest = self._read[uid]
            if manifest is not None:
                yield manifest

    def _place(self, manifest: Manifest, study: StudyUID, hub: HubName) -> HubName | None:
        try:
            return HubName(self._source(manifest, study, None).name)
        except ManifestWithoutAddress:
            return hub
        except HubError as error:
            _log.info("a study of a manifest cannot be had: %s", error.technical)
            return None

    def is_missing(self, manifest: Manifest, study: StudyUID) -> bool:
        """Whether a manifest lists objects of a study that are not held."""
        known = {one.reference.instance for one in self._catalogue.instances(study)}
        return any(listed.instance not in known for series in manifest.of(study) for listed in series.instances)

    def name_all(self, study: StudyUID, manifests: Iterable[Manifest]) -> bool:
        """Whether manifests list all that is held of a study besides manifests, and all that was ever counted of it."""
        listed = {one.instance for manifest in manifests for series in manifest.of(study) for one in series.instances}
        held = {one.reference.instance for one in self._catalogue.instances(study)}
        counted = sum(self._catalogue.expected(study).values())
        return held.difference(self._catalogue.selections()) <= listed and counted <= len(listed)

    def pull(
        self,
        manifest: Manifest,
        study: StudyUID,
        hub: HubName | None = None,
        on_progress: OnProgress | None = None,
        cancelled: Cancelled = never,
        on_received: OnReceived | None = None,
        on_dropped: OnDropped | None = None,
    ) -> PullResult:
        """Take over what is missing of one study of a manifest.

        Without ``hub``, the address that the manifest states must be of a hub of the profile, or its source known.

        Raises
        ------
        ManifestElsewhere
            It is of none; nothing was sent there.
        ManifestWithoutAddress
            It states none, and its source is not known: the hub must be named.
        Withdrawn
            The hub shares nothing of it any more.
        SomeoneElsesImages
            What came is of another patient than the manifest.
        """
        source = self._source(manifest, study, hub)

        def check(received: ReceivedInstance, part10: Octets) -> None:
            patient = describe_patient(received.header)
            if not self._is_of(manifest, study, patient):
                found = Contradiction.between(manifest.patient, patient)
                raise SomeoneElsesImages("another patient than the manifest", found)
            if on_received is not None:
                on_received(received, part10)

        result = self._retrieval.pull(
            source, study, on_progress, cancelled, check, is_choice=True, on_dropped=on_dropped
        )
        return self._told(result, source)

    def _is_of(self, manifest: Manifest, study: StudyUID, patient: Patient) -> bool:
        """Whether the patient of a study, or of an object of it, is that of a manifest, or admitted as such."""
        one = manifest.patient
        return is_same_patient(one, patient) or Contradiction.between(one, patient).is_among(
            self._catalogue.admitted(study)
        )

    def _source(self, manifest: Manifest, study: StudyUID, hub: HubName | None) -> ManifestHubLike:
        """Return where to fetch: the hub given, else that of an address, else that of the source's identifier."""
        series = manifest.of(study)
        address = next((one.url for one in series if one.url), "")
        if hub is None and address:
            return self._sources.by_address(manifest, address)
        located = (self._sources.hub_at(one.location) for one in series)
        found = hub or next((name for name in located if name is not None), None)
        if found is None:
            raise ManifestWithoutAddress("neither an address nor a known source")
        return self._sources.by_name(manifest, found)

    def _told(self, result: PullResult, source: ManifestHubLike) -> PullResult:
        gone = [one for one in result.series if one.uid in source.withdrawn]
        if gone and not any(one.received for one in result.series):
            raise Withdrawn("every series of the manifest", hub=source.name)
        sentences = tuple(self._sentence(one) for one in gone if not one.is_complete)
        return replace(result, shortfalls=sentences)

    def _sentence(self, series: SeriesResult) -> str:
        return self._words.text("manifest.withdrawn", modality=series.modality, count=series.expected or 0)


def _readable(header: Header) -> Manifest | None:
    """Return the manifest that a Key Object Selection is; one that lists nothing asks for nothing."""
    try:
        return read_manifest(header)
    except NotAManifest:
        return None
