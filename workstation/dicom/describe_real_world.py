"""Real world values that an image itself maps its values to: diffusion, uptake, time. Source: PS3.3 C.7.6.16.2.11."""

from viewers.image.quantity import named_quantity
from viewers.image.quantity_kinds import Conversion
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header


def real_world(frame: FrameHeader, rescale: tuple[float, float], has_table: bool) -> tuple[Conversion, ...]:
    """Return the linear map of a frame as a conversion of modality values; nothing where it has none, or several.

    The map starts from stored values, as the rescale does, so that the rescale is undone first.
    """
    items = frame.group("RealWorldValueMappingSequence")
    several = frame.top.items("RealWorldValueMappingSequence")
    item = items if items.elements else several[0] if len(several) == 1 else Header({})
    slope, intercept = item.number("RealWorldValueSlope"), item.number("RealWorldValueIntercept")
    units = item.item("MeasurementUnitsCodeSequence")
    code, meaning = units.text("CodeValue"), units.text("CodeMeaning")
    if slope is None or intercept is None or not code or slope == 0.0 or rescale[0] == 0.0 or has_table:
        return ()
    scale = slope / rescale[0]
    return (Conversion(scale, intercept - rescale[1] * scale, named_quantity(code, meaning)),)
