"""What a test of this room works with: the store, the workers, studies, and a hub that can be made to lie."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pydicom

from tests.support.hub_clients import sleep_not
from tests.workstation.decoding.objects import CT, image, part10
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.pool import DecoderPool
from workstation.domain.contradiction import Contradiction
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.listing import Shortfall
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.hub.errors import NotOnHub, TransferCut
from workstation.hub.orthanc_index import SeriesNames
from workstation.retrieval.held_objects import HeldObjects
from workstation.retrieval.importer import Importer
from workstation.retrieval.patience import Patience
from workstation.retrieval.ports import Cancelled, HubLike, never
from workstation.retrieval.pull import Retrieval
from workstation.store.catalogue import Catalogue
from workstation.store.objects import ObjectStore
from workstation.translations import translator

STUDY = StudyUID("1.2.3")
SERIES = SeriesUID("1.2.3.4")
PLAYED = HubSettings(HubName("played"), "http://127.0.0.1:9/dicom-web")


@dataclass(frozen=True, slots=True)
class Desk:
    """The collaborators of this room."""

    catalogue: Catalogue
    objects: ObjectStore
    pool: DecoderPool
    strangers: list[StudyUID] = field(default_factory=list)

    @property
    def retrieval(self) -> Retrieval:
        return Retrieval(
            self.catalogue, self.objects, self.pool, translator("en"), Patience(sleep=sleep_not), self.note
        )

    def note(self, study: StudyUID, _found: Contradiction | None) -> None:
        self.strangers.append(study)

    def held(self, *hubs: HubLike) -> HeldObjects:
        """Return the held objects of a profile with these hubs."""
        return HeldObjects(self.catalogue, self.objects, self.pool, lambda: iter(hubs), translator("en"))

    @property
    def importer(self) -> Importer:
        return Importer(self.catalogue, self.objects, self.pool, translator("en"), on_strangers=self.strangers.append)

    def is_empty(self) -> bool:
        return not self.catalogue.studies() and self.objects.size_bytes() == 0


def slice_of(number: int, *, series: str = SERIES, meta_instance: str | None = None, **attributes: object) -> bytes:
    """Return slice ``number`` of a series, all its values being that number, 2 mm apart."""
    placed = {
        "SeriesInstanceUID": series,
        "SOPInstanceUID": f"{series}.{number}",
        "InstanceNumber": number,
        "FrameOfReferenceUID": "1.2.9",
        "ImagePositionPatient": [0, 0, 2.0 * number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [0.5, 0.5],
        "SliceThickness": 2,
        "RescaleSlope": 1,
        "RescaleIntercept": -1024,
    }
    return part10(image(np.full((8, 8), number, "<i2"), **{**placed, **attributes}), meta_instance=meta_instance)


def series_of(count: int) -> list[bytes]:
    return [slice_of(number) for number in range(1, count + 1)]


class LinkCut(TransferCut):
    """The played link broke."""


@dataclass(slots=True)
class PlayedHub:
    """A hub with one series. ``stated`` is what it says it has; ``cut_after`` breaks each transfer after so many."""

    part10s: list[bytes]
    stated: int | None = None
    cut_after: int | None = None
    study: StudyUID = STUDY
    series: SeriesUID = SERIES
    whole: int = 0
    single: list[InstanceUID] = field(default_factory=list)
    on_yield: Callable[[], None] | None = None
    on_sent: Callable[[bytes], object] = len
    is_dead: bool = False
    settings: HubSettings = PLAYED
    stand_ins: tuple[HubName, ...] = ()

    def check(self) -> HubFindings:
        return HubFindings(datetime.now(UTC), self.settings.url, "")

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        return ()

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        return None

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        return (SeriesSummary(self.series, "CT", 1, "Thorax", self.stated),) if study == self.study else ()

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        return tuple(InstanceReference(study, series, uid, CT) for uid in self.objects())

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        return False

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never
    ) -> SeriesNames | None:
        return None

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never
    ) -> InstanceReference | None:
        return dict(enumerate(self.search_instances(study, series))).get(place)

    def objects(self) -> dict[InstanceUID, bytes]:
        """Return what it has, the first of each identifier."""
        found: dict[InstanceUID, bytes] = {}
        for data in self.part10s:
            header = pydicom.dcmread(BytesIO(data), stop_before_pixels=True)
            found.setdefault(InstanceUID(str(header.SOPInstanceUID)), data)
        return found

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[bytes]:
        self.whole += 1
        for number, data in enumerate(self.part10s):
            if self.cut_after is not None and number >= self.cut_after:
                raise LinkCut("played", hub="played")
            self.on_sent(data)
            yield data
            if self.on_yield is not None:
                self.on_yield()

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        if self.is_dead:
            raise LinkCut("played", hub="played")
        self.single.append(reference.instance)
        if reference.instance not in self.objects():
            raise NotOnHub("played", hub="played")
        part10 = self.objects()[reference.instance]
        self.on_sent(part10)
        return part10
