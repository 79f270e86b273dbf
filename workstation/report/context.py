"""Everything a report is made from besides the draft: headers that were read, gaps, priors, first reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from viewers.annotations.model import Measurement
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.description import FrameDescription
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header
from workstation.domain.contradiction import Contradiction
from workstation.domain.display import DisplayShortfall
from workstation.domain.patient import Patient
from workstation.domain.reader import Reader
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference, StudySummary


@dataclass(frozen=True, slots=True)
class StoredHeader:
    """One received instance: where it belongs, its header without pixels, how it was transferred."""

    reference: InstanceReference
    header: Header
    transfer_syntax: str = ""

    @property
    def is_lossy(self) -> bool:
        """Whether the pixels went through a lossy compression. Source: PS3.3 C.7.6.1.1.5."""
        return any(frame.lossy for frame in describe_frames(self.header, self.transfer_syntax)[:1])

    @property
    def is_image(self) -> bool:
        """Whether the instance has pixels."""
        return self.header.has("Rows") and self.header.has("Columns")

    @property
    def frames(self) -> int:
        """How many frames the instance has."""
        return self.header.integer("NumberOfFrames") or 1

    def frame(self, frame_index: int) -> FrameDescription:
        """Describe one frame, counted from 0."""
        return describe_frames(self.header, self.transfer_syntax)[frame_index]


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The report whose reading is being reviewed: the object, and what is quoted of it."""

    reference: InstanceReference
    author: str = ""
    date: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """The facts around one draft.

    ``evidence`` holds the current study's instances and those of the priors that were read. ``expected`` is the count
    of instances by series that the hub stated; ``unlisted`` are instances that are held and that it does not list,
    ``uncompared`` counts those that were not compared with its list, ``conflicting`` those that came with two contents,
    ``refused`` those that came and could not be read;
    ``slices_missing`` the positions at which its volumes have no slice though those around have;
    ``priors`` the earlier studies found, ``unreachable_hubs`` the hubs that could not be asked for them. ``shown`` says
    of each series how many images were painted of how many, ``below_floor`` which modalities were painted on displays
    that are not good enough for them; nothing where the draft was not read in the window.
    ``admitted`` is how images differ that a person took for this patient's all the same.
    ``identities_confirmed`` are studies whose identity differs and that the reader took for the patient's.
    """

    patient: Patient
    study: StudySummary
    reader: Reader
    evidence: Sequence[StoredHeader]
    request: Request | None = None
    measurements: tuple[Measurement, ...] = ()
    expected: Mapping[SeriesUID, int] = field(default_factory=dict)
    unlisted: frozenset[InstanceUID] = frozenset()
    uncompared: int = 0
    conflicting: int = 0
    refused: int = 0
    slices_missing: int = 0
    priors: tuple[StudySummary, ...] = ()
    unreachable_hubs: tuple[str, ...] = ()
    first_reports: tuple[FirstReport, ...] = ()
    first_report_read: bool = True
    predecessors: tuple[InstanceReference, ...] = ()
    predecessor_signed_at: datetime | None = None
    shown: Mapping[SeriesUID, tuple[int, int]] = field(default_factory=dict)
    below_floor: tuple[DisplayShortfall, ...] = ()
    identities_confirmed: tuple[StudyUID, ...] = ()
    admitted: frozenset[Contradiction] = frozenset()
    demonstration: bool = False

    @property
    def current(self) -> tuple[StoredHeader, ...]:
        """The instances of the study that is reported."""
        return tuple(one for one in self.evidence if one.reference.study == self.study.uid)

    @property
    def modalities(self) -> tuple[str, ...]:
        """The modalities of the reported study's images, those of the headers and those of the summary."""
        found = {one.header.text("Modality") for one in self.current if one.is_image}
        return tuple(sorted((found | set(self.study.modalities)) - {""}))

    @property
    def missing(self) -> int:
        """How many instances the hub stated that were not received, over all series."""
        received: dict[SeriesUID, int] = {}
        for one in self.current:
            if one.reference.instance in self.unlisted:
                continue
            received[one.reference.series] = received.get(one.reference.series, 0) + 1
        return sum(max(0, count - received.get(series, 0)) for series, count in self.expected.items())

    def header_of(self, instance: InstanceUID) -> StoredHeader | None:
        """Return the header of one instance of the evidence."""
        return next((one for one in self.evidence if one.reference.instance == instance), None)
