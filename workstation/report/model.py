"""A report, frozen: what the SR, the key images, the presentation states and the PDF are all made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import InstanceUID, SeriesUID
from viewers.image.description import Window
from workstation.dicom.code import Code
from workstation.domain.patient import Patient
from workstation.domain.reader import Reader
from workstation.domain.report import Agreement, CriticalResult
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference, StudySummary
from workstation.report.context import FirstReport, StoredHeader


class ReportStatus(StrEnum):
    """A preliminary report is never verified; a final one is verified by its author's signature."""

    PRELIMINARY = "preliminary"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class ReportField:
    """One value of the template as it is printed; ``number`` is there where it is one, with its UCUM unit."""

    id: str
    label: str
    text: str
    number: float | None = None
    unit_ucum: str = ""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One section as it stands in the report; lines of accepted gaps are part of the text of the limits."""

    id: str
    title: str
    code: Code
    item: Code
    text: str
    fields: tuple[ReportField, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportImage:
    """A key image, resolved: its header is in the evidence. ``frame_index`` counts from 0."""

    stored: StoredHeader
    frame_index: int
    text: str

    @property
    def key(self) -> tuple[InstanceUID, int]:
        """What pictures of key images are looked up by."""
        return self.stored.reference.instance, self.frame_index


@dataclass(frozen=True, slots=True)
class Report:
    """The report as it will be signed. ``written`` carries the reader's zone; ``language`` is of the program's.

    ``audit`` is the head of the audit log when it was signed, for whoever checks later that the log was not cut short.
    """

    template: str
    title: str
    document: Code
    language: str
    status: ReportStatus
    patient: Patient
    study: StudySummary
    author: Reader
    written: datetime
    sections: tuple[ReportSection, ...]
    agreement: Agreement | None
    critical: CriticalResult | None
    evidence: tuple[StoredHeader, ...]
    request: Request | None = None
    addendum: str = ""
    key_images: tuple[ReportImage, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    first_reports: tuple[FirstReport, ...] = ()
    predecessors: tuple[InstanceReference, ...] = ()
    windows: Mapping[SeriesUID, Window] | None = None
    demonstration: bool = False
    audit: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the report is verified by its author."""
        return self.status is ReportStatus.FINAL

    @property
    def current(self) -> tuple[StoredHeader, ...]:
        """The evidence of the reported study."""
        return tuple(one for one in self.evidence if one.reference.study == self.study.uid)

    @property
    def main_header(self) -> StoredHeader:
        """The instance whose patient and study attributes the report's objects carry."""
        images = [one for one in self.current if one.is_image]
        return (images or list(self.current))[0]

    def section(self, section_id: str) -> ReportSection | None:
        """Return one section, if the report has it."""
        return next((one for one in self.sections if one.id == section_id), None)
