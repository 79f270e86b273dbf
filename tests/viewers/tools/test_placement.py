"""What single tools add to the contract: outlines by hand and by corners, axes that stay right, what keys draw to."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.viewers.tools.views import PLACES, at, numbered, placed, round_about, view
from viewers.annotations.model import Annotation
from viewers.annotations.outline import crossing
from viewers.geometry.frame import dot, subtracted
from viewers.geometry.plane import CORONAL
from viewers.identifiers import AnnotationId
from viewers.tools.base import Button, PointerEvent
from viewers.tools.crossing import crossings
from viewers.tools.hit import hit
from viewers.tools.intents import AddAnnotation, MoveHandle, SelectAnnotation
from viewers.tools.placement import Placement
from viewers.tools.pointer import MouseProfile, Pointer, PointerContext
from viewers.tools.registry import TOOLS
from viewers.tools.snap import SnapTargets
from viewers.tools.view_plane import PixelPosition, ViewPlane

ON = view()
FREEHAND, BIDIRECTIONAL, LENGTH, ANGLE = (TOOLS[one] for one in ("freehand", "bidirectional", "length", "angle"))


def clicked(machine: Placement, *places: PixelPosition, tool: str = "freehand") -> Annotation | None:
    for place in places:
        machine.move(at(*place, ON))
        said = machine.place(at(*place, ON), TOOLS[tool])
        machine.release(at(*place, ON))
        if said:
            assert isinstance(said[0], AddAnnotation)
            return said[0].annotation
    return None


def on_screen(mark: Annotation, on: ViewPlane = ON) -> list[PixelPosition]:
    return [on.to_view(point) for point in mark.points_lps]


def test_an_outline_follows_the_hand() -> None:
    mark = placed(FREEHAND, ON)
    drawn = round_about()
    shown = on_screen(mark)
    assert all(min(math.dist(one, other) for other in drawn) < 1e-9 for one in shown)
    assert all(min(math.dist(one, other) for other in shown) < 6.0 for one in drawn)


def test_corners_are_clicked_and_a_click_on_the_first_closes() -> None:
    machine = Placement(numbered())
    mark = clicked(machine, *PLACES, (103.0, 98.0))
    assert mark is not None
    assert np.allclose(on_screen(mark), PLACES)


def test_a_double_click_closes_at_the_last_corner() -> None:
    machine = Placement(numbered())
    mark = clicked(machine, *PLACES[:3], PLACES[2])
    assert mark is not None
    assert np.allclose(on_screen(mark), PLACES[:3])


def test_an_outline_of_two_corners_is_none_yet() -> None:
    machine = Placement(numbered())
    assert clicked(machine, PLACES[0], PLACES[1], PLACES[1]) is None
    assert machine.is_busy


def test_a_stroke_of_a_hair_is_no_outline() -> None:
    machine = Placement(numbered())
    machine.place(at(100, 100, ON), FREEHAND)
    assert machine.release(at(105, 100, ON)) == ()
    assert not machine.is_busy


def test_an_outline_drawn_past_its_start_is_cut_where_it_met_itself() -> None:
    turns = [math.radians(5.0 * step) for step in range(76)]
    # A spiral inwards by a little: it passes its start on the inside, and its tail crosses its beginning.
    drawn = [(150 + (50 - 3 * math.sin(turn / 2)) * math.cos(turn), 120 + 50 * math.sin(turn)) for turn in turns]
    drawn += [(drawn[3][0] + 8.0, drawn[3][1])]
    machine = Placement(numbered())
    machine.place(at(*drawn[0], ON), FREEHAND)
    for place in drawn[1:]:
        machine.move(at(*place, ON))
    (new, _) = machine.release(at(*drawn[-1], ON))
    assert isinstance(new, AddAnnotation)
    assert crossing(new.annotation.points_lps) is None
    assert max(x for x, _ in on_screen(new.annotation)) < drawn[-1][0] - 4.0


def test_both_axes_are_at_a_right_angle_and_each_end_keeps_them_so() -> None:
    mark = placed(BIDIRECTIONAL, ON)
    for handle in range(4):
        x, y = ON.to_view(mark.points_lps[handle])
        machine = Placement(numbered())
        machine.grab(at(x, y, ON), SnapTargets((mark,)))
        (moved,) = machine.release(at(x + 17, y - 9, ON))
        assert isinstance(moved, MoveHandle)
        for points in (mark.points_lps, moved.after.points_lps):
            long, short = subtracted(points[1], points[0]), subtracted(points[3], points[2])
            assert dot(long, short) == pytest.approx(0.0, abs=1e-6)
            assert math.dist(*points[:2]) >= math.dist(*points[2:])


def test_axes_on_pixels_that_are_not_square_are_right_on_the_screen() -> None:
    on = view(aspect=2.0)
    mark = placed(BIDIRECTIONAL, on)
    first, second, third, fourth = on_screen(mark, on)
    long, short = np.subtract(second, first), np.subtract(fourth, third)
    assert float(long @ short) == pytest.approx(0.0, abs=1e-6)


def test_a_long_axis_drawn_short_becomes_the_short_one() -> None:
    machine = Placement(numbered())
    machine.place(at(100, 100, ON), BIDIRECTIONAL)
    machine.release(at(130, 100, ON))
    machine.move(at(115, 160, ON))
    (new, _) = machine.place(at(115, 160, ON), BIDIRECTIONAL)
    assert isinstance(new, AddAnnotation)
    points = new.annotation.points_lps
    assert math.dist(*points[:2]) == pytest.approx(60.0)
    assert math.dist(*points[2:]) == pytest.approx(15.0)


def test_a_short_axis_on_the_long_one_is_not_taken() -> None:
    machine = Placement(numbered())
    machine.place(at(100, 100, ON), BIDIRECTIONAL)
    machine.release(at(200, 100, ON))
    assert machine.place(at(130, 101, ON), BIDIRECTIONAL) == ()
    assert machine.is_busy


@pytest.mark.parametrize(("pointer", "drawn"), [((190, 107), (190, 100)), ((104, 30), (100, 30)), ((170, 160), None)])
def test_shift_draws_to_straight_directions(pointer: PixelPosition, drawn: PixelPosition | None) -> None:
    machine = Placement(numbered())
    machine.place(at(100, 100, ON), LENGTH)
    machine.release(at(100, 100, ON))
    held = PointerEvent(pointer, ON, shift=True)
    machine.move(held)
    assert machine.preview is not None
    x, y = ON.to_view(machine.preview.points_lps[1])
    if drawn is None:
        assert x - 100 == pytest.approx(y - 100)
    else:
        assert (x, y) == pytest.approx(drawn)


def test_shift_draws_the_second_leg_to_a_right_angle() -> None:
    machine = Placement(numbered())
    for place in ((100.0, 100.0), (180.0, 130.0)):
        machine.place(at(*place, ON), ANGLE)
        machine.release(at(*place, ON))
    machine.move(PointerEvent((160.0, 190.0), ON, shift=True))
    assert machine.preview is not None
    start, vertex, end = on_screen(machine.preview)
    assert float(np.subtract(start, vertex) @ np.subtract(end, vertex)) == pytest.approx(0.0, abs=1e-6)


def test_control_draws_to_the_handle_of_another_mark_and_only_when_near() -> None:
    other = placed(LENGTH, ON)
    x, y = ON.to_view(other.points_lps[1])
    machine = Placement(numbered())
    machine.place(at(20, 20, ON), LENGTH, SnapTargets((other,)))
    for near, place in ((True, (x + 6, y - 5)), (False, (x + 16, y))):
        machine.move(PointerEvent(place, ON, control=True))
        assert machine.preview is not None
        reached = ON.to_view(machine.preview.points_lps[1])
        assert reached == pytest.approx((x, y) if near else place)
    machine.move(at(x + 6, y - 5, ON))
    assert machine.preview is not None
    assert ON.to_view(machine.preview.points_lps[1]) == pytest.approx((x + 6, y - 5))


def test_control_draws_to_the_edge_where_no_handle_is_near() -> None:
    machine = Placement(numbered())
    machine.place(at(20, 20, ON), LENGTH, SnapTargets(edge=lambda position: (round(position[0], -1), 50.0)))
    machine.move(PointerEvent((83.0, 47.0), ON, control=True))
    assert machine.preview is not None
    assert ON.to_view(machine.preview.points_lps[1]) == pytest.approx((80.0, 50.0))


def test_a_dragged_end_is_drawn_to_a_handle_but_never_to_its_own() -> None:
    mark, other = placed(LENGTH, ON), replace(placed(ANGLE, ON), id=AnnotationId("other"))
    x, y = ON.to_view(mark.points_lps[1])
    machine = Placement(numbered())
    machine.grab(at(x + 2, y, ON), SnapTargets((mark,)))
    machine.move(PointerEvent((x + 9, y), ON, control=True))
    assert machine.preview is not None
    assert ON.to_view(machine.preview.points_lps[1]) == pytest.approx((x + 7, y))
    goal = ON.to_view(other.points_lps[2])
    machine.cancel()
    machine.grab(at(x, y, ON), SnapTargets((other, mark)))
    (moved,) = machine.release(PointerEvent((goal[0] + 5, goal[1] + 5), ON, control=True))
    assert isinstance(moved, MoveHandle)
    assert moved.after.points_lps[1] == pytest.approx(other.points_lps[2])


def test_a_mark_is_met_in_the_planes_that_it_crosses_and_not_moved_there() -> None:
    mark = placed(TOOLS["ellipse"], ON)
    through = view(CORONAL)
    across = ViewPlane(through.target, through.plane.moved(-15.0), through.half_thickness_mm)
    assert not across.shows(mark)
    machine = Placement(numbered())
    centre = np.mean([across.to_view(point) for point in mark.points_lps], axis=0)
    assert hit(at(float(centre[0]), float(centre[1]), across), (mark,)) is None
    left = min(across.to_view(point)[0] for point in mark.points_lps)
    found = [
        one
        for x in np.arange(left - 5, left + 200, 2.0)
        if (one := hit(at(float(x), float(centre[1]), across), (mark,))) is not None
    ]
    assert found
    assert all(one.is_crossing for one in found)
    x = next(float(x) for x in np.arange(left - 5, left + 200) if hit(at(float(x), float(centre[1]), across), (mark,)))
    assert machine.grab(at(x, float(centre[1]), across), SnapTargets((mark,))) == (SelectAnnotation(mark.id),)
    assert not machine.is_busy


def test_a_measuring_tool_begins_where_a_mark_only_crosses_and_with_control_at_a_handle() -> None:
    mark = placed(TOOLS["ellipse"], ON)
    through = view(CORONAL)
    across = ViewPlane(through.target, through.plane.moved(-15.0), through.half_thickness_mm)
    met = across.to_view(crossings(mark, across)[0])
    handle = ON.to_view(mark.points_lps[0])
    context = PointerContext((mark,), None)
    for position, on, control, begins in (
        (met, across, False, True),
        (handle, ON, False, False),
        ((handle[0] + 5, handle[1] + 3), ON, True, True),
    ):
        pointer = Pointer(numbered(), MouseProfile())
        pointer.tool = "length"
        event = PointerEvent(position, on, Button.LEFT, control=control)
        assert (pointer.under(event, context) is None) == begins
        pointer.press(event, context)
        assert pointer.preview is not None
        assert (pointer.preview.tool == "length") == begins
        if control:
            assert pointer.preview.points_lps[0] == pytest.approx(mark.points_lps[0])
    looking = Pointer(numbered(), MouseProfile())
    assert looking.press(PointerEvent(met, across, Button.LEFT), context) == (SelectAnnotation(mark.id),)
    assert looking.preview is None
