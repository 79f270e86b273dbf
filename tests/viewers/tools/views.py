"""Views for the tool tests: a plane of patient space as a viewport shows it, and pointer events on it."""

from collections.abc import Callable
from itertools import count

from tests.support.viewer_volumes import SERIES, SPACE
from viewers.geometry.plane import AXIAL, ImagePlane, Orientation, plane_about
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID
from viewers.tools.base import Button, PointerEvent
from viewers.tools.view_plane import ViewPlane, ViewTarget

INSTANCE = InstanceUID(f"{SERIES}.1")


def view(
    orientation: Orientation = AXIAL, mm_per_pixel: float = 0.5, half_thickness_mm: float = 1.0, aspect: float = 1.0
) -> ViewPlane:
    about = plane_about((10.0, 20.0, 30.0), orientation, mm_per_pixel, 401, 301)
    plane = ImagePlane(about.origin_lps, about.row_direction, about.column_direction, mm_per_pixel, 401, 301, aspect)
    return ViewPlane(ViewTarget(SERIES, INSTANCE, 0, SPACE), plane, half_thickness_mm)


def flat_view(pixels_per_pixel: float = 1.0, space: FrameOfReferenceUID | None = None) -> ViewPlane:
    """A frame without patient space: its points are (column, row, 0)."""
    plane = ImagePlane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), pixels_per_pixel, 400, 300)
    return ViewPlane(ViewTarget(SERIES, INSTANCE, 0, space), plane, 1.0)


def at(x: float, y: float, on: ViewPlane, button: Button = Button.LEFT) -> PointerEvent:
    return PointerEvent((x, y), on, button)


def numbered() -> Callable[[], AnnotationId]:
    numbers = count(1)
    return lambda: AnnotationId(f"mark-{next(numbers)}")
