"""A header to how its frames were acquired."""

from collections.abc import Mapping

from viewers.image.acquisition import Acquisition
from workstation.dicom.functional_groups import FrameHeader

# The views of mammography by their codes. Source: PS3.16 CID 4014.
_VIEWS = {
    "399162004": "CC",
    "R-10242": "CC",
    "399368009": "MLO",
    "R-10226": "MLO",
    "399260004": "ML",
    "R-10224": "ML",
    "399352003": "LM",
    "R-10228": "LM",
    "399192008": "SIO",
    "R-102D0": "SIO",
}
_LETTERS = frozenset("APRLHF")


def acquisition(
    frame: FrameHeader, image_type: tuple[str, ...], apart: Mapping[str, str], thickness_mm: float | None
) -> Acquisition:
    """Return what the header says of one frame; ``apart`` is its split key."""
    top, anatomy = frame.top, frame.group("FrameAnatomySequence")
    return Acquisition(
        body_part=top.text("BodyPartExamined") or anatomy.item("AnatomicRegionSequence").text("CodeMeaning"),
        protocol=top.text("ProtocolName"),
        sequence=apart.get("sequence_name", ""),
        image_type=image_type,
        kernel=apart.get("kernel", ""),
        contrast=top.text("ContrastBolusAgent") or top.item("ContrastBolusAgentSequence").text("CodeMeaning"),
        laterality=_laterality(frame),
        view=_view(frame),
        patient_orientation=_patient_orientation(frame),
        b_value=_number(apart, "b_value"),
        echo_time_ms=_number(apart, "echo_time"),
        repetition_time_ms=frame.number("MRTimingAndRelatedParametersSequence", "RepetitionTime"),
        thickness_mm=thickness_mm,
    )


def _number(apart: Mapping[str, str], name: str) -> float | None:
    try:
        return float(apart[name])
    except (KeyError, ValueError):
        return None


def _laterality(frame: FrameHeader) -> str:
    stated = frame.group("FrameAnatomySequence").text("FrameLaterality")
    return stated or frame.top.text("ImageLaterality") or frame.top.text("Laterality")


def _view(frame: FrameHeader) -> str:
    code = frame.top.item("ViewCodeSequence").text("CodeValue")
    return _VIEWS.get(code) or frame.top.text("ViewPosition").upper()


def _patient_orientation(frame: FrameHeader) -> tuple[str, str] | None:
    stated = tuple(letters.strip().upper() for letters in frame.top.texts("PatientOrientation"))
    if len(stated) != 2 or not all(letters and _LETTERS.issuperset(letters) for letters in stated):
        return None
    return stated[0], stated[1]
