"""What all objects of one report share: their identifiers, and the modules around their content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pydicom.dataset import Dataset

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.dicom.header import Header
from workstation.report.model import Report
from workstation.report.structured.identity import copy_identity
from workstation.report.structured.part10 import IMPLEMENTATION_VERSION
from workstation.report.structured.words import LONG_STRING, one_line

MANUFACTURER = "Requis"
UTF_8 = "ISO_IR 192"
LATIN_1 = "ISO_IR 100"


@dataclass(frozen=True, slots=True)
class ObjectUids:
    """Where one object goes: its own series, and its identifier."""

    series: SeriesUID
    instance: InstanceUID


@dataclass(frozen=True, slots=True)
class ReportUids:
    """The identifiers of all objects of one report; a new signature takes new ones."""

    report: ObjectUids
    key_images: ObjectUids
    document: ObjectUids
    presentation_series: SeriesUID
    presentations: tuple[InstanceUID, ...]

    @classmethod
    def fresh(cls, presentation_count: int, new_uid: Callable[[], str]) -> "ReportUids":
        """Draw all identifiers from ``new_uid``."""

        def pair() -> ObjectUids:
            return ObjectUids(SeriesUID(new_uid()), InstanceUID(new_uid()))

        presentations = tuple(InstanceUID(new_uid()) for _ in range(presentation_count))
        return cls(pair(), pair(), pair(), SeriesUID(new_uid()), presentations)


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """One kind of object: SOP class, modality of its series, number and description of that series."""

    sop_class: str
    modality: str
    series_number: int
    series_description: str


def start_object(report: Report, uids: ObjectUids, kind: ObjectKind, number: int = 1, charset: str = UTF_8) -> Dataset:
    """Begin an object: SOP common, patient, study, series and equipment modules.

    Source: PS3.3 C.12.1, C.7.1.1, C.7.2.1, C.7.3.1, C.7.5.1.
    """
    header = report.main_header.header
    written = in_zone_of(header, report.written)
    dataset = Dataset()
    dataset.SpecificCharacterSet = charset
    dataset.SOPClassUID = kind.sop_class
    dataset.SOPInstanceUID = uids.instance
    dataset.InstanceCreationDate = written.strftime("%Y%m%d")
    dataset.InstanceCreationTime = written.strftime("%H%M%S")
    dataset.TimezoneOffsetFromUTC = written.strftime("%z")
    copy_identity(header, dataset)
    dataset.Modality = kind.modality
    dataset.SeriesInstanceUID = uids.series
    dataset.SeriesNumber = kind.series_number
    dataset.SeriesDescription = one_line(kind.series_description)
    dataset.InstanceNumber = number
    dataset.Manufacturer = MANUFACTURER
    dataset.ManufacturerModelName = MANUFACTURER
    dataset.SoftwareVersions = IMPLEMENTATION_VERSION
    dataset.InstitutionName = one_line(report.author.organisation, LONG_STRING)
    return dataset


def set_content_time(dataset: Dataset, report: Report) -> None:
    """Set content date and time to when the report was written."""
    written = in_zone_of(report.main_header.header, report.written)
    dataset.ContentDate = written.strftime("%Y%m%d")
    dataset.ContentTime = written.strftime("%H%M%S")


def date_time(report: Report) -> str:
    """Return when the report was written as DT with its offset, without a fraction (dcmpschk refuses both together)."""
    return in_zone_of(report.main_header.header, report.written).strftime("%Y%m%d%H%M%S%z")


def in_zone_of(header: Header, moment: datetime) -> datetime:
    """Return ``moment`` in the zone that the study states, so that the copied study time stays true beside ours."""
    stated = header.text("TimezoneOffsetFromUTC").strip()
    if len(stated) != 5 or stated[0] not in "+-" or not stated[1:].isdigit():
        return moment
    offset = timedelta(hours=int(stated[1:3]), minutes=int(stated[3:]))
    return moment.astimezone(timezone(-offset if stated[0] == "-" else offset))
