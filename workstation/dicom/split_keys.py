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
)
_TEXTS = (
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
)


def split_key(frame: FrameHeader) -> tuple[tuple[str, str], ...]:
    """Return name and value of all that the frame states, numbers in their shortest form."""
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
    return tuple(found.items())


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
    element = header.elements.get(tag)
    values = element.get("Value", []) if isinstance(element, dict) else []
    try:
        return float(values[0]) if isinstance(values, list) and values else None
    except (TypeError, ValueError):
        return None
