"""What every tool of the table must do: a new line in the table is tested here before its author writes a test."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.support.viewer_volumes import ramp, spatial_volume, straight_affine
from tests.viewers.tools.views import at, flat_view, numbered, view
from viewers.annotations.archive import read, write
from viewers.annotations.errors import UnknownTool, WrongPointCount
from viewers.annotations.model import Annotation
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.identifiers import AnnotationId
from viewers.tools.base import ToolSpec
from viewers.tools.hit import hit
from viewers.tools.intents import AddAnnotation, DeleteAnnotation, MoveHandle, SelectAnnotation, apply, inverse
from viewers.tools.placement import Placement
from viewers.tools.registry import TOOLS, measure
from viewers.tools.view_plane import ViewPlane

OBLIQUE = Orientation((0.8, 0.6, 0.0), (0.0, 0.0, -1.0))
every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
every_plane = pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE])


def placed(tool: ToolSpec, on: ViewPlane) -> Annotation:
    machine = Placement(numbered())
    assert machine.place(at(100, 100, on), tool) == ()
    machine.move(at(150, 120, on))
    intents = machine.release(at(180, 140, on))
    assert isinstance(intents[0], AddAnnotation)
    assert intents[1] == SelectAnnotation(intents[0].annotation.id)
    assert not machine.is_busy
    return intents[0].annotation


@every_tool
def test_the_key_of_a_tool_is_its_id(tool: ToolSpec) -> None:
    assert TOOLS[tool.id] is tool


@every_tool
@every_plane
def test_a_placed_mark_lies_in_its_plane_and_has_all_its_points(tool: ToolSpec, orientation: Orientation) -> None:
    on = view(orientation)
    mark = placed(tool, on)
    assert len(mark.points_lps) == tool.point_count
    assert all(abs(on.plane.distance_mm(point)) < 1e-9 for point in mark.points_lps)
    assert on.shows(mark)


@every_tool
def test_two_clicks_place_as_one_drag_does(tool: ToolSpec) -> None:
    on, machine = view(), Placement(numbered())
    machine.place(at(100, 100, on), tool)
    assert machine.release(at(101, 100, on)) == ()
    assert machine.is_busy
    machine.move(at(180, 140, on))
    (added, _) = machine.place(at(180, 140, on), tool)
    assert isinstance(added, AddAnnotation)
    assert added.annotation.points_lps == placed(tool, on).points_lps


@every_tool
def test_a_double_click_leaves_no_mark_of_no_size(tool: ToolSpec) -> None:
    on, machine = view(), Placement(numbered())
    machine.place(at(100, 100, on), tool)
    machine.release(at(100, 100, on))
    assert machine.place(at(101, 101, on), tool) == ()
    assert not machine.is_busy


@every_tool
@every_plane
def test_each_handle_follows_the_pointer(tool: ToolSpec, orientation: Orientation) -> None:
    on = view(orientation)
    mark = placed(tool, on)
    for handle, point in enumerate(mark.points_lps):
        x, y = on.to_view(point)
        machine = Placement(numbered())
        assert machine.grab(at(x, y, on), (mark,)) == (SelectAnnotation(mark.id),)
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
    x, y = outline_point(mark, on)
    machine = Placement(numbered())
    machine.grab(at(x, y, on), (mark,))
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
    machine.grab(at(*on.to_view(mark.points_lps[0]), on), (mark,))
    (moved,) = machine.release(at(60, 70, on))
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
    assert (tool.concept is None) == (values == ())
    for value in values:
        assert value.unit_ucum
        assert value.unit_label
        assert all(value.concept)
    if values:
        assert values[0].concept == tool.concept


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
    machine.grab(at(x, y, on), (mark,))
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


def outline_point(mark: Annotation, on: ViewPlane) -> tuple[float, float]:
    """A position on the outline, away from every handle."""
    if mark.tool == "ellipse":
        centre = np.mean([on.to_view(point) for point in mark.points_lps], axis=0)
        first, second = (np.subtract(on.to_view(mark.points_lps[end]), centre) for end in (1, 3))
        x, y = centre + (first + second) * math.sqrt(0.5)
    else:
        x, y = np.mean([on.to_view(point) for point in mark.points_lps], axis=0)
    return float(x), float(y)
