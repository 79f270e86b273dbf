"""The display shutter of a frame. Source: PS3.3 C.7.6.11, C.7.6.15, C.7.6.16.2.16."""

from viewers.image.shutter import Box, Shutter
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header

_GREATEST_LEVEL = 65535
_WHITE = 255


def shutter(frame: FrameHeader) -> Shutter | None:
    """Return what covers a frame; ``None`` without a shutter that is understood. Rows and columns count from 1."""
    own = frame.group("FrameDisplayShutterSequence")
    header = own if own.has("ShutterShape") else frame.top
    shapes = {shape.strip().upper() for shape in header.texts("ShutterShape")}
    level = header.integer("ShutterPresentationValue") or 0
    found = Shutter(
        box=_box(header) if "RECTANGULAR" in shapes else None,
        circle=_circle(header) if "CIRCULAR" in shapes else None,
        polygon=_polygon(header) if "POLYGONAL" in shapes else (),
        overlay_group=header.integer("ShutterOverlayGroup") if "BITMAP" in shapes else None,
        level=round(min(max(level, 0), _GREATEST_LEVEL) / _GREATEST_LEVEL * _WHITE),
    )
    return None if found == Shutter(level=found.level) else found


def _box(header: Header) -> Box | None:
    edges = [
        header.integer(f"Shutter{edge}Edge")
        for edge in ("UpperHorizontal", "LowerHorizontal", "LeftVertical", "RightVertical")
    ]
    known = [edge - 1 for edge in edges if edge is not None]
    return (known[0], known[1], known[2], known[3]) if len(known) == len(edges) else None


def _circle(header: Header) -> tuple[int, int, int] | None:
    centre, radius = header.numbers("CenterOfCircularShutter"), header.integer("RadiusOfCircularShutter")
    if len(centre) != 2 or radius is None or radius <= 0:
        return None
    return int(centre[0]) - 1, int(centre[1]) - 1, radius


def _polygon(header: Header) -> tuple[tuple[int, int], ...]:
    numbers = [int(value) - 1 for value in header.numbers("VerticesOfThePolygonalShutter")]
    corners = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    return corners if len(corners) >= 3 and len(numbers) % 2 == 0 else ()
