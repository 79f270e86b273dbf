"""What tells frames of one series apart that may lie at one position: echo, b-value, phase, reconstruction.

All that is stated is given; whether a key is used is decided where the positions are known, since some of them, such
as a trigger time, also change from slice to slice within one volume.
"""

from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header

_SIEMENS_B_VALUE = "0019100C"
_GE_B_VALUE = "00431039"
_GE_B_VALUE_OFFSET = 1_000_000_000

# (name, functional group, attribute), the most telling first.
_NUMBERS = (
    ("echo_number", "", "EchoNumbers"),
    ("echo_time", "MREchoSequence", "EffectiveEchoTime"),
    ("echo_time", "", "EchoTime"),
    ("inversion_time", "MRModifierSequence", "InversionTimes"),
    ("inversion_time", "", "InversionTime"),
    ("temporal_position", "TemporalPositionSequence", "TemporalPositionTimeOffset"),
    ("temporal_position", "FrameContentSequence", "TemporalPositionIndex"),
    ("temporal_position", "", "TemporalPositionIdentifier"),
    ("cardiac_phase", "CardiacSynchronizationSequence", "NominalPercentageOfCardiacPhase"),
    ("trigger_time", "CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime"),
    ("cardiac_phase", "", "NominalPercentageOfCardiacPhase"),
    ("trigger_time", "", "TriggerTime"),
    ("acquisition_number", "FrameContentSequence", "FrameAcquisitionNumber"),
    ("acquisition_number", "", "AcquisitionNumber"),
    ("kvp", "CTExposureSequence", "KVP"),
    ("kvp", "", "KVP"),
)
_TEXTS = (
    ("sequence_name", "", "SequenceName"),
    ("stack", "FrameContentSequence", "StackID"),
    ("kernel", "CTReconstructionSequence", "ConvolutionKernel"),
    ("kernel", "", "ConvolutionKernel"),
    ("image_type", "MRImageFrameTypeSequence", "FrameType"),
    ("image_type", "CTImageFrameTypeSequence", "FrameType"),
    ("image_type", "", "ImageType"),
    ("complex_component", "MRImageFrameTypeSequence", "ComplexImageComponent"),
    ("complex_component", "", "ComplexImageComponent"),
    ("frame_time", "FrameContentSequence", "FrameReferenceDateTime"),
    ("acquisition_time", "", "AcquisitionTime"),
    ("content_time", "", "ContentTime"),
)
# What the frames of nuclear medicine count, frame by frame. Source: PS3.3 C.8.4.8.
_VECTORS = (
    ("energy_window", "EnergyWindowVector"),
    ("detector", "DetectorVector"),
    ("phase", "PhaseVector"),
    ("rotation", "RotationVector"),
    ("time_slot", "TimeSlotVector"),
)
# Dimensions along which a volume itself extends: stack, position in it, position and orientation in the patient.
_DIMENSIONS_OF_SPACE = frozenset({"00209056", "00209057", "00200032", "00200037", "00209113", "00209116"})


def split_key(frame: FrameHeader, index: int = 0) -> tuple[tuple[str, str], ...]:
    """Return name and value of all that the frame states, numbers in their shortest form.

    ``index`` is the place of the frame in its object, which the vectors of nuclear medicine count by.
    """
    found: dict[str, str] = {}
    b_value = _b_value(frame)
    if b_value is not None:
        found["b_value"] = f"{b_value:g}"
    direction = frame.group("MRDiffusionSequence").item("DiffusionGradientDirectionSequence")
    gradient = direction.numbers("DiffusionGradientOrientation") or frame.top.numbers("DiffusionGradientOrientation")
    if gradient:
        found["gradient"] = "\\".join(f"{value:.4f}" for value in gradient)
    for name, group, keyword in _NUMBERS:
        values = _at(frame, group).numbers(keyword)
        if values and name not in found:
            found[name] = f"{values[0]:g}"
    for name, group, keyword in _TEXTS:
        texts = _at(frame, group).texts(keyword)
        if any(texts) and name not in found:
            found[name] = "\\".join(texts)
    found.update(_dimensions(frame))
    for name, keyword in _VECTORS:
        vector = frame.top.numbers(keyword)
        if index < len(vector):
            found[name] = f"{vector[index]:g}"
    return tuple(found.items())


def _dimensions(frame: FrameHeader) -> dict[str, str]:
    """Return the indices of the dimensions that the object declares, those of space left out.

    Source: PS3.3 C.7.6.17.
    """
    pointers = [item.text("DimensionIndexPointer").upper() for item in frame.top.items("DimensionIndexSequence")]
    values = frame.group("FrameContentSequence").numbers("DimensionIndexValues")
    return {
        f"dimension_{pointer}": f"{value:g}"
        for pointer, value in zip(pointers, values, strict=False)
        if pointer and pointer not in _DIMENSIONS_OF_SPACE
    }


def _at(frame: FrameHeader, group: str) -> Header:
    return frame.group(group) if group else frame.top


def _b_value(frame: FrameHeader) -> float | None:
    """Return the b-value, also from where two makers kept it before the standard had a place for it."""
    stated = frame.number("MRDiffusionSequence", "DiffusionBValue")
    if stated is not None:
        return stated
    if "SIEMENS" in frame.top.text("Manufacturer").upper():
        return _private(frame.top, _SIEMENS_B_VALUE)
    if frame.top.text("Manufacturer").upper().startswith("GE "):
        value = _private(frame.top, _GE_B_VALUE)
        return value % _GE_B_VALUE_OFFSET if value is not None else None
    return None


def _private(header: Header, tag: str) -> float | None:
    element = header.at(tag)
    values = element.get("Value", []) if isinstance(element, dict) else []
    try:
        return float(values[0]) if isinstance(values, list) and values else None
    except (TypeError, ValueError):
        return None
