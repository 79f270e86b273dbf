"""Objects as a worker would report them, without any pixels."""

from dataclasses import dataclass

from tests.workstation.store.samples import STUDY
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header, element, elements
from workstation.domain.digest import Digest


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a worker would report of one object."""

    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    transfer_syntax: str
    header: Header
    digest: Digest
    frames: int


def inspected(
    number: int = 1, *, series: str = "1.2.3.4", study: str = STUDY, patient: str = "DEMO-1", name: str = "DEMO^UN"
) -> Inspected:
    header = Header(
        elements(
            (
                ("StudyInstanceUID", element("UI", study)),
                ("SeriesInstanceUID", element("UI", series)),
                ("PatientID", element("LO", patient)),
                ("PatientName", element("PN", name)),
                ("Modality", element("CS", "CT")),
                ("SeriesNumber", element("IS", 2)),
                ("SeriesDescription", element("LO", "Thorax")),
                ("InstanceNumber", element("IS", number)),
            )
        )
    )
    return Inspected(
        StudyUID(study),
        SeriesUID(series),
        InstanceUID(f"{series}.{number}"),
        "1.2.840.10008.5.1.4.1.1.2",
        "1.2.840.10008.1.2.1",
        header,
        Digest(str(number).encode()),
        1,
    )
