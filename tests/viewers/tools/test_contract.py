"""What every tool of the table must do: a new line in the table is tested here before its author writes a test."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from tests.support.viewer_volumes import ramp, spatial_volume, straight_affine
from tests.viewers.tools.views import PLACES, at, flat_view, numbered, placed, view
from viewers.annotations.archive import read, write
from viewers.annotations.errors import UnknownTool, WrongPointCount
from viewers.annotations.model import Annotation
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.identifiers import AnnotationId
from viewers.tools.base import Gesture, ToolSpec
from viewers.tools.hit import REACH, hit
from viewers.tools.intents import AddAnnotation, DeleteAnnotation, MoveHandle, SelectAnnotation, apply, inverse
from viewers.tools.placement import Placement, PlacementIntent
from viewers.tools.registry import TOOLS, measure
from viewers.tools.shapes import path_of
from viewers.tools.snap import SnapTargets
from viewers.tools.view_plane import ViewPlane

OBLIQUE = Orientation((0.8, 0.6, 0.0), (0.0, 0.0, -1.0))
every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
every_plane = pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE])


@every_tool
def test_the_key_of_a_tool_is_its_id(tool: ToolSpec) -> None:
    assert TOOLS[tool.id] is tool


@every_tool
@every_plane
def test_a_placed_mark_lies_in_its_plane_and_has_all_its_points(tool: ToolSpec, orientation: Orientation) -> None:
    on = view(orientation)
    mark = placed(tool, on)
    assert len(mark.points_lps) in tool.counts
    assert {mark.tool} == {tool.id}
    assert all(abs(on.plane.distance_mm(point)) < 1e-9 for point in mark.points_lps)
    assert on.shows(mark)


@every_tool
def test_clicks_place_as_a_drag_does(tool: ToolSpec) -> None:
    if tool.gesture is Gesture.OUTLINE:
        return
    on, machine = view(), Placement(numbered())
    said: list[PlacementIntent] = []
    for x, y in PLACES[: tool.anchors]:
        machine.move(at(x, y, on))
        said += machine.place(at(x, y, on), tool)
        said += machine.release(at(x + 1, y, on)) if not said else ()
    (added, _) = said
    assert isinstance(added, AddAnnotation)
    expected = placed(tool, on).points_lps
    shift = 0.5 if tool.anchors == 1 else 0.0
    assert np.allclose(np.subtract(added.annotation.points_lps, expected), (shift, 0.0, 0.0))


@every_tool
def test_a_double_click_leaves_no_mark_of_no_size(tool: ToolSpec) -> None:
    if tool.anchors == 1:
        return
    on, machine = view(), Placement(numbered())
    machine.place(at(100, 100, on), tool)
    machine.release(at(100, 100, on))
    assert machine.place(at(101, 101, on), tool) == ()
    assert not machine.is_busy


@every_tool
def test_a_place_that_adds_nothing_is_not_taken(tool: ToolSpec) -> None:
    if tool.gesture is Gesture.OUTLINE or tool.anchors < 3:
        return
    on, machine = view(), Placement(numbered())
    machine.place(at(100, 100, on), tool)
    machine.release(at(180, 140, on))
    assert machine.place(at(181, 141, on), tool) == ()
    machine.release(at(181, 141, on))
    assert machine.is_busy
    machine.move(at(*PLACES[2], on))
    assert machine.place(at(*PLACES[2], on), tool) != ()


@every_tool
@every_plane
def test_each_handle_follows_the_pointer(tool: ToolSpec, orientation: Orientation) -> None:
    on = view(orientation)
    mark = placed(tool, on)
    for handle in tool.handles(mark.points_lps):
        x, y = on.to_view(mark.points_lps[handle])
        machine = Placement(numbered())
        assert machine.grab(at(x, y, on), SnapTargets((mark,))) == (SelectAnnotation(mark.id),)
        machine.move(at(x + 30, y + 35, on))
        preview = machine.preview
        assert preview is not None
        assert math.dist(on.to_view(preview.points_lps[handle]), (x + 30, y + 35)) < 1e-6
        (moved,) = machine.release(at(x + 30, y + 35, on))
        assert isinstance(moved, MoveHandle)
        assert moved.before == mark
        assert any(math.dist(on.to_view(one), (x + 30, y + 35)) < 1e-6 for one in moved.after.points_lps)


@every_tool
def test_a_mark_dragged_by_its_outline_moves_whole(tool: ToolSpec) -> None:
    on = view()
    mark = placed(tool, on)
    place = outline_point(tool, mark, on)
    if place is None:
        return
    x, y = place
    machine = Placement(numbered())
    machine.grab(at(x, y, on), SnapTargets((mark,)))
    (moved,) = machine.release(at(x + 10, y - 20, on))
    assert isinstance(moved, MoveHandle)
    for before, after in zip(mark.points_lps, moved.after.points_lps, strict=True):
        assert np.subtract(after, before) == pytest.approx((5.0, -10.0, 0.0))


@every_tool
def test_undo_gives_back_what_was_before(tool: ToolSpec) -> None:
    on = view()
    mark = placed(tool, on)
    other = replace(placed(tool, view(CORONAL)), id=AnnotationId("other"))
    machine = Placement(numbered())
    machine.grab(at(*on.to_view(mark.points_lps[0]), on), SnapTargets((mark,)))
    (moved,) = machine.release(at(70, 85, on))
    assert isinstance(moved, MoveHandle)
    for intent in (moved, AddAnnotation(other), DeleteAnnotation(mark)):
        marks = (mark,)
        assert apply(inverse(intent), apply(intent, marks)) == marks


@every_tool
def test_an_archived_mark_is_drawn_and_measured_as_before(tool: ToolSpec) -> None:
    mark = placed(tool, view())
    (back,) = read(write([mark]), numbered())
    volume = spatial_volume(ramp((40, 200, 200), (1, 2, 3)), straight_affine())
    assert back == mark
    assert tool.shapes(back.points_lps) == tool.shapes(mark.points_lps)
    assert measure(back, volume) == measure(mark, volume)


@every_tool
def test_every_value_has_a_unit_and_a_concept(tool: ToolSpec) -> None:
    volume = spatial_volume(ramp((40, 200, 200), (1, 2, 3)), straight_affine())
    values = measure(placed(tool, view()), volume).values
    assert bool(tool.values) == bool(values)
    assert {value.name for value in values} <= set(tool.values)
    for value in values:
        assert value.unit_ucum
        assert value.unit_label
        assert all(value.concept)


@every_tool
def test_a_mark_can_be_selected_deleted_and_cancelled(tool: ToolSpec) -> None:
    on = view()
    mark = placed(tool, on)
    machine = Placement(numbered())
    assert machine.delete(mark.id, (mark,)) == (DeleteAnnotation(mark), SelectAnnotation(None))
    assert machine.delete(None, (mark,)) == ()
    machine.place(at(10, 10, on), tool)
    assert machine.cancel()
    assert machine.preview is None
    assert not machine.cancel()


@every_tool
def test_a_click_on_a_mark_moves_nothing(tool: ToolSpec) -> None:
    on = view()
    mark = placed(tool, on)
    machine = Placement(numbered())
    x, y = on.to_view(mark.points_lps[0])
    machine.grab(at(x, y, on), SnapTargets((mark,)))
    machine.move(at(x + 2, y, on))
    assert machine.release(at(x + 2, y, on)) == ()


@every_tool
def test_a_mark_off_the_plane_is_neither_shown_nor_hit(tool: ToolSpec) -> None:
    on = view(half_thickness_mm=1.0)
    mark = placed(tool, on)
    further = ViewPlane(on.target, on.plane.moved(1.5), on.half_thickness_mm)
    assert not further.shows(mark)
    assert hit(at(*on.to_view(mark.points_lps[0]), further), (mark,)) is None


@every_tool
def test_a_mark_in_pixels_belongs_to_its_frame_only(tool: ToolSpec) -> None:
    on = flat_view(2.0)
    mark = placed(tool, on)
    assert mark.frame_of_reference is None
    assert on.shows(mark)
    assert not view().shows(mark)


def test_a_mark_of_an_unknown_tool_or_with_too_few_points_is_refused() -> None:
    volume = spatial_volume(ramp((4, 4, 4), (1, 1, 1)), straight_affine())
    mark = placed(TOOLS["length"], view())
    with pytest.raises(UnknownTool):
        measure(Annotation(mark.id, "sextant", mark.points_lps, None, mark.series, mark.instance), volume)
    with pytest.raises(WrongPointCount):
        measure(Annotation(mark.id, "ellipse", mark.points_lps, None, mark.series, mark.instance), volume)


def outline_point(tool: ToolSpec, mark: Annotation, on: ViewPlane) -> tuple[float, float] | None:
    """A position on the outline, away from every handle; none of a mark that is all handle."""
    handles = [on.to_view(mark.points_lps[index]) for index in tool.handles(mark.points_lps)]
    lines = [[on.to_view(point) for point in path_of(shape)] for shape in tool.shapes(mark.points_lps)]
    between = [
        (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
        for line in lines
        for start, end in itertools.pairwise(line)
        for part in (0.3, 0.5, 0.7)
    ]
    return next((one for one in between if all(math.dist(one, handle) > 2 * REACH for handle in handles)), None)
