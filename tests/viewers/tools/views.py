"""Views for the tool tests: a plane of patient space as a viewport shows it, and pointer events on it."""

import math
from collections.abc import Callable
from itertools import count

from tests.support.viewer_volumes import SERIES, SPACE
from viewers.annotations.model import Annotation
from viewers.geometry.plane import AXIAL, ImagePlane, Orientation, plane_about
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID
from viewers.tools.base import Button, Gesture, PointerEvent, ToolSpec
from viewers.tools.intents import AddAnnotation, SelectAnnotation
from viewers.tools.placement import Placement
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


# Where the reader points for a tool that wants so many places: far apart, and never on one line.
PLACES = ((100.0, 100.0), (180.0, 140.0), (120.0, 170.0), (60.0, 150.0), (90.0, 60.0))


def round_about() -> tuple[tuple[float, float], ...]:
    """A way round in steps as a hand makes them; it crosses nothing and ends near its start."""
    turns = [2 * math.pi * step / 60 for step in range(59)]
    return tuple(
        (130.0 + 40.0 * math.cos(turn), 120.0 + (30.0 + 6.0 * math.cos(3 * turn)) * math.sin(turn)) for turn in turns
    )


def placed(tool: ToolSpec, on: ViewPlane) -> Annotation:
    """A mark of the tool, placed with the button held as far as that goes and by clicks for the rest."""
    machine = Placement(numbered())
    drawn = round_about() if tool.gesture is Gesture.OUTLINE else PLACES[: min(tool.anchors, 2)]
    assert machine.place(at(*drawn[0], on), tool) == ()
    for position in drawn[1:]:
        machine.move(at(*position, on))
    intents = machine.release(at(*drawn[-1], on))
    for position in () if intents else PLACES[2 : tool.anchors]:
        machine.move(at(*position, on))
        intents = machine.place(at(*position, on), tool)
        machine.release(at(*position, on))
    (new, selected) = intents
    assert isinstance(new, AddAnnotation)
    assert selected == SelectAnnotation(new.annotation.id)
    assert not machine.is_busy
    return new.annotation
