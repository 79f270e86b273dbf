"""What every tool of the table must do in a real viewport, with real events; a new line in the table is tested here."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.drawn_marks import place_mark, pointed
from tests.support.viewer_volumes import flat_volume, oblique_affine, ramp, spatial_volume, straight_affine
from tests.viewers.qt.stage import STACK, Stage, grabbed
from tests.viewers.tools.views import at, placed, view
from viewers.annotations.archive import read, write
from viewers.annotations.errors import ForeignSpace
from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.frame import as_vector, cross, index_to_lps, unit
from viewers.geometry.plane import CORONAL, SAGITTAL, Orientation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.mark_labels import MarkLabel
from viewers.qt.marks import DrawnMark, draw_marks
from viewers.qt.overlay import view_plane
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import ViewKind, ViewState
from viewers.tools.base import ToolSpec
from viewers.tools.hit import REACH, Hit, hit
from viewers.tools.intents import AddAnnotation, DeleteAnnotation, MoveHandle, SelectAnnotation, apply, inverse
from viewers.tools.registry import TOOLS, measure
from viewers.tools.view_plane import ViewPlane

pytestmark = pytest.mark.qt

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
WIDE = Window(0.0, 4000.0)
TILTED = Orientation((0.8, 0.6, 0.0), unit(cross(unit((0.3, -0.4, 1.2)), (0.8, 0.6, 0.0))))
every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
# Voxels about (20, 24, 10), as (i, j): the ends of a long axis, then of a short one at a right angle.
MARKED = ((12, 24), (28, 24), (20, 19), (20, 29))


def place(stage: Stage, tool: ToolSpec) -> Annotation:
    """A mark placed with the mouse."""
    stage.widget.set_tool(tool.id)
    place_mark(stage.widget, tool)
    return stage.marks[-1]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, spatial_volume(ramp((20, 100, 100), (1, 2, 3)), straight_affine()), STACK)


@every_tool
def test_it_is_placed_dragged_undone_done_again_and_removed(tool: ToolSpec, stage: Stage) -> None:
    mark = place(stage, tool)
    assert (mark.tool, stage.selected) == (tool.id, mark.id)
    assert measure(mark, stage.volume).refusal == ""
    for handle in tool.handles(mark.points_lps):
        (before,) = stage.marks
        start = pointed(stage.position(before.points_lps[handle]))
        end = start + QPoint(9, 7)
        QTest.mousePress(stage.widget, LEFT, NONE, start)
        QTest.mouseMove(stage.widget, end)
        QTest.mouseRelease(stage.widget, LEFT, NONE, end)
        moved = stage.said[-1]
        assert isinstance(moved, MoveHandle)
        assert stage.marks == (moved.after,)
        # The pointer went to whole pixels from within half a pixel of the handle.
        reached = (stage.position(point) for point in moved.after.points_lps)
        assert min(math.dist(one, (end.x(), end.y())) for one in reached) < 1.0
        assert apply(inverse(moved), stage.marks) == (before,)
        assert apply(moved, apply(inverse(moved), stage.marks)) == stage.marks
    QTest.keyClick(stage.widget, Qt.Key.Key_Delete)
    assert stage.marks == ()
    removed = next(one for one in reversed(stage.said) if isinstance(one, DeleteAnnotation))
    assert apply(inverse(removed), ()) == (removed.annotation,)


@every_tool
def test_another_button_between_ends_no_part_of_it(tool: ToolSpec, stage: Stage) -> None:
    wanted = place(stage, tool)
    QTest.keyClick(stage.widget, Qt.Key.Key_Delete)
    place_mark(stage.widget, tool, between=Qt.MouseButton.RightButton)
    (mark,) = stage.marks
    assert mark.points_lps == wanted.points_lps
    start = pointed(stage.position(mark.points_lps[tool.handles(mark.points_lps)[0]]))
    stage.said.clear()
    QTest.mousePress(stage.widget, LEFT, NONE, start)
    QTest.mouseMove(stage.widget, start + QPoint(9, 7))
    QTest.mouseClick(stage.widget, Qt.MouseButton.MiddleButton, NONE, start + QPoint(9, 7))
    assert [type(one) for one in stage.said] == [SelectAnnotation]
    QTest.mouseRelease(stage.widget, LEFT, NONE, start + QPoint(9, 7))
    assert isinstance(stage.said[-1], MoveHandle)


@every_tool
def test_it_is_dropped_with_escape_before_it_is_whole(tool: ToolSpec, stage: Stage) -> None:
    stage.widget.set_tool(tool.id)
    QTest.mousePress(stage.widget, LEFT, NONE, QPoint(100, 100))
    QTest.mouseMove(stage.widget, QPoint(130, 110))
    QTest.keyClick(stage.widget, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.widget, LEFT, NONE, QPoint(130, 110))
    assert not [one for one in stage.said if isinstance(one, AddAnnotation)]


@every_tool
def test_from_its_archive_it_is_drawn_as_before(tool: ToolSpec, stage: Stage) -> None:
    place(stage, tool)
    before = grabbed(stage.widget)
    stage.marks = read(write(stage.marks), lambda: AnnotationId("none"))
    stage.show()
    assert np.array_equal(grabbed(stage.widget), before)
    stage.marks = ()
    stage.show()
    assert not np.array_equal(grabbed(stage.widget), before)


@every_tool
def test_it_is_refused_on_another_space(tool: ToolSpec) -> None:
    if not tool.values:
        return
    volume, mark = spatial_volume(ramp((20, 100, 100), (1, 2, 3)), straight_affine()), placed(tool, view())
    measure(mark, volume)
    with pytest.raises(ForeignSpace):
        measure(replace(mark, frame_of_reference=FrameOfReferenceUID("9.9")), volume)
    with pytest.raises(ForeignSpace):
        measure(replace(mark, frame_of_reference=None, instance=InstanceUID("9")), volume)


def lit(volume: Volume, i: int, j: int, k: int) -> Volume:
    voxels = volume.voxels.copy()
    voxels[k, j, i] = 1900
    return replace(volume, voxels=voxels)


def dark(volume_of: str) -> Volume:
    voxels = np.full((21, 48, 40), -1900, np.int16)
    if volume_of == "flat":
        volume = flat_volume(voxels[0], None)
        return replace(volume, passport=replace(volume.passport, pixel_aspect=1.5), windows=(WIDE,))
    affine = oblique_affine() if volume_of == "oblique" else straight_affine((0.9, 1.3, 1.1))
    return replace(spatial_volume(voxels, affine), windows=(WIDE,))


STATES = {
    "as it is": ("straight", STACK),
    "enlarged and panned": ("straight", replace(STACK, zoom=3.0, pan=(0.4, -0.3))),
    "small": ("straight", replace(STACK, zoom=0.5)),
    "flipped": ("straight", replace(STACK, flipped_horizontally=True, zoom=1.7)),
    "turned": ("straight", STACK.turned(90)),
    "flipped and turned": ("oblique", replace(STACK.turned(270), flipped_vertically=True)),
    "pixels that are not square": ("flat", replace(STACK, zoom=1.3)),
    "axial": ("oblique", ViewState(ViewportId("stack"), ViewKind.MPR, zoom=2.0)),
    "coronal": ("straight", ViewState(ViewportId("stack"), ViewKind.MPR, orientation=CORONAL)),
    "sagittal": ("oblique", ViewState(ViewportId("stack"), ViewKind.MPR, orientation=SAGITTAL, zoom=1.5)),
    "tilted": ("straight", ViewState(ViewportId("stack"), ViewKind.MPR, orientation=TILTED, zoom=2.0)),
}


def marked_points(volume: Volume, k: int) -> tuple[PointLps, ...]:
    if not volume.is_spatial:
        return tuple((float(i), float(j), 0.0) for i, j in MARKED)
    return tuple(as_vector(index_to_lps(volume.affine, np.array((i, j, k)))) for i, j in MARKED)


def grey(stage: Stage) -> NDArray[np.float64]:
    return grabbed(stage.widget).astype(np.float64).sum(axis=2)


@pytest.mark.parametrize(("volume_of", "state"), STATES.values(), ids=STATES.keys())
def test_marks_lie_where_the_picture_shows_what_they_mark(volume_of: str, state: ViewState, qtbot: QtBot) -> None:
    empty = dark(volume_of)
    k = 10 if empty.is_spatial else 0
    points = marked_points(empty, k)
    stage = Stage(qtbot, empty, replace(state, slice_index=k))
    background = grey(stage)
    for (i, j), point in tuple(zip(MARKED, points, strict=True))[1::2]:
        if state.kind is ViewKind.MPR:
            stage.states[state.viewport] = replace(state, centre_lps=point)
        stage.volume = empty
        stage.show()
        background = grey(stage)
        stage.volume = lit(empty, i, j, k)
        stage.show()
        seen = np.maximum(grey(stage) - background, 0.0)
        rows, columns = np.indices(seen.shape) + 0.5
        shown_at = (float((columns * seen).sum() / seen.sum()), float((rows * seen).sum() / seen.sum()))
        for tool in TOOLS.values():
            chosen = (point, *(one for one in points if one != point))[: max(tool.counts.start, 1)]
            mark = Annotation(
                AnnotationId("a"), tool.id, chosen, empty.frame_of_reference, empty.series, empty.sources[k].instance
            )
            on = view_of(stage)
            shown_handle = on.to_view(mark.points_lps[0])
            assert math.dist(shown_handle, shown_at) <= 1.0, tool.id
            if on.shows(mark):
                assert hit(at(*shown_at, on), (mark,)) == Hit(mark, 0), tool.id


def view_of(stage: Stage) -> ViewPlane:
    content = ViewportContent(stage.volume, stage.resolved())
    return view_plane(content, stage.widget.devicePixelRatioF())


def painted(mark: Annotation, on: ViewPlane, size: tuple[int, int], is_selected: bool) -> NDArray[np.bool_]:
    """Which pixels a mark without a label covers."""
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_marks(painter, QRectF(0, 0, *size), on, [DrawnMark(mark, MarkLabel(), is_selected)], ())
    painter.end()
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return np.asarray(flat[..., 3] > 128)


@every_tool
def test_what_is_drawn_is_hit_and_what_is_hit_is_drawn(tool: ToolSpec, stage: Stage) -> None:
    mark = place(stage, tool)
    on = view_of(stage)
    drawn = painted(mark, on, (400, 400), is_selected=True)
    places = np.argwhere(drawn)
    assert len(places) > 20
    for row, column in places[:: max(1, len(places) // 100)]:
        assert hit(at(float(column) + 0.5, float(row) + 0.5, on), (mark,)) is not None
    for row, column in away_from(drawn):
        assert hit(at(float(column), float(row), on), (mark,)) is None


def away_from(drawn: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Positions on a coarse grid that lie further from every drawn pixel than a press may miss."""
    places = np.argwhere(drawn)
    for row in range(5, 400, 21):
        for column in range(5, 400, 21):
            if np.hypot(places[:, 0] - row, places[:, 1] - column).min() > REACH + 3.0:
                yield row, column


def test_a_second_quick_click_goes_on_with_the_mark_in_hand(stage: Stage) -> None:
    widget: ViewportWidget = stage.widget
    asked: list[str] = []
    widget.maximise_requested.connect(lambda: asked.append("maximise"))
    widget.set_tool("angle")
    QTest.mousePress(widget, LEFT, NONE, QPoint(100, 100))
    QTest.mouseMove(widget, QPoint(160, 120))
    QTest.mouseRelease(widget, LEFT, NONE, QPoint(160, 120))
    QTest.mouseDClick(widget, LEFT, NONE, QPoint(160, 120))
    assert (asked, stage.marks) == ([], ())
    QTest.mouseClick(widget, LEFT, NONE, QPoint(120, 180))
    assert [one.tool for one in stage.marks] == ["angle"]


def test_control_draws_to_the_edge_of_what_is_seen(qtbot: QtBot) -> None:
    voxels = np.full((5, 100, 100), -1000, np.int16)
    voxels[:, :, 60:] = 900
    stage = Stage(qtbot, spatial_volume(voxels, straight_affine((1.0, 1.0, 1.0))), STACK)
    stage.widget.set_tool("length")
    grabbed(stage.widget)
    edge = stage.position((-50.0 + 59.5, -10.0, -30.0))
    start = pointed((edge[0] - 120, edge[1]))
    QTest.mousePress(stage.widget, LEFT, NONE, start)
    end = pointed((edge[0] + 6, edge[1]))
    QTest.mouseMove(stage.widget, end)
    QTest.mouseRelease(stage.widget, LEFT, Qt.KeyboardModifier.ControlModifier, end)
    (mark,) = stage.marks
    assert mark.points_lps[1][0] == pytest.approx(9.5, abs=0.5)
    QTest.mousePress(stage.widget, LEFT, NONE, start + QPoint(0, 60))
    even = start + QPoint(40, 60)
    QTest.mouseMove(stage.widget, even)
    QTest.mouseRelease(stage.widget, LEFT, Qt.KeyboardModifier.ControlModifier, even)
    assert stage.position(stage.marks[1].points_lps[1]) == pytest.approx((even.x(), even.y()), abs=1e-6)
