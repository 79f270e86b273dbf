"""Cases as they are known: what a hub lists, and what headers tell."""

from viewers.identifiers import FrameOfReferenceUID, SeriesUID, StudyUID
from viewers.image.acquisition import Acquisition
from viewers.state.view_state import VolumeReference
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.reading.protocols.facts import CaseFacts, Knowledge, VolumeFacts
from workstation.reading.protocols.model import Protocol
from workstation.reading.protocols.schema import read_protocol
from workstation.reading.protocols.shelf import shipped

PATIENT = Patient("42", PersonName("TEST", "ALPHA"), birth_date="19600102", sex="F")
SPACE = FrameOfReferenceUID("2.25.9")


def series(uid: str, description: str, modality: str = "CT", images: int = 100, part: str = "") -> SeriesSummary:
    return SeriesSummary(SeriesUID(uid), modality, int(uid), description, images, part)


def study(*listed: SeriesSummary, description: str = "", date: str = "20260110", uid: str = "1") -> StudySummary:
    modalities = tuple(sorted({one.modality for one in listed}))
    return StudySummary(StudyUID(uid), PATIENT, date, "", description, "", modalities, None, listed)


def volume(uid: str, plane: str = "axial", index: int = 0, images: int = 100, *acquired: Acquisition) -> VolumeFacts:
    acquisitions = acquired if len(acquired) > 1 else (acquired or (Acquisition(),)) * images
    return VolumeFacts(VolumeReference(SeriesUID(uid), index), len(acquisitions), plane, 1.0, SPACE, acquisitions)


def case(studies: list[StudySummary], *known: VolumeFacts) -> CaseFacts:
    knowledge = Knowledge()
    knowledge.take(known)
    return knowledge.case(studies)


def named(protocol_id: str) -> Protocol:
    return next(one for one in shipped() if one.id == protocol_id)


def protocol(text: str) -> Protocol:
    return read_protocol("own.toml", text, is_own=True)
