"""The widget of a curved picture: real events, letters, what is told and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.phantoms import axial_grid, volume_of
from tests.viewers.qt.stage import grabbed
from viewers.errors import ReaderError
from viewers.geometry.centreline import centreline
from viewers.geometry.frame import FloatArray, Vector3
from viewers.geometry.orientation import EdgeLetters
from viewers.identifiers import ViewportId
from viewers.image.bands import Work
from viewers.image.description import Window
from viewers.image.errors import WindowRefused
from viewers.qt import curved_picture
from viewers.qt.content import ViewportContent
from viewers.qt.curved_viewport import CurvedViewport
from viewers.qt.labels import ViewportLabels
from viewers.state.curved_look import CurvedLook
from viewers.state.resolve import resolve
from viewers.state.resolved import Mark, ResolvedView
from viewers.state.view_state import ViewKind, ViewState
from viewers.tools.intents import MoveCrosshair, NavigationIntent
from viewers.tools.navigate import Navigation
from viewers.tools.navigated import navigated

pytestmark = pytest.mark.qt

NOTHING = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
BEND = 20.0
HALF_CIRCLE: tuple[Vector3, ...] = tuple(
    (BEND * math.cos(angle), BEND * math.sin(angle), 0.0) for angle in np.linspace(0.0, math.pi, 9)
)


def tube(places: FloatArray) -> FloatArray:
    away = np.hypot(np.hypot(places[..., 0], places[..., 1]) - BEND, places[..., 2])
    return np.where(away < 3.0, 1000.0, 0.0)


class Halves:
    """Does the rows of a picture in two parts and notes its shape."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def run(self, work: Work, shape: tuple[int, int]) -> None:
        self.shapes.append(shape)
        work(0, shape[0] // 2)
        work(shape[0] // 2, shape[0])


class Desk:
    """Holds the state of one viewport and lets its intents change it."""

    def __init__(self, qtbot: QtBot, points: tuple[Vector3, ...]) -> None:
        self.bands = Halves()
        self.widget = CurvedViewport(ViewportId("v4"), ViewportLabels(), self.bands)
        qtbot.addWidget(self.widget)
        self.widget.resize(320, 240)
        self.volume = volume_of(axial_grid([float(z) for z in range(-15, 16)]), tube)
        self.state = ViewState(
            ViewportId("v4"), ViewKind.CURVED, window=Window(500.0, 1000.0), curve=CurvedLook(points)
        )
        self.said: list[NavigationIntent] = []
        self.widget.intent.connect(self.receive)
        self.widget.show()
        self.show()

    @property
    def resolved(self) -> ResolvedView:
        return resolve(self.state, self.volume, self.widget.size_in_pixels())

    def show(self) -> None:
        self.widget.show_content(ViewportContent(self.volume, self.resolved))

    def receive(self, intent: NavigationIntent) -> None:
        self.said.append(intent)
        self.state = navigated(self.state, self.resolved, self.volume, intent)
        self.show()

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        QTest.mousePress(self.widget, LEFT, NOTHING, QPoint(*start))
        QTest.mouseMove(self.widget, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
        QTest.mouseMove(self.widget, QPoint(*end))
        QTest.mouseRelease(self.widget, LEFT, NOTHING, QPoint(*end))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, HALF_CIRCLE)


def test_a_bent_tube_is_painted_straight_from_edge_to_edge(desk: Desk) -> None:
    pixels = grabbed(desk.widget)[:, :, 1].astype(int)
    spacing = desk.resolved.plane.spacing_mm
    for column in (60, 110, 210, 260):
        bright = np.nonzero(pixels[100:145, column] > 127)[0]
        assert len(bright) * spacing == pytest.approx(6.0, abs=1.0)
        assert bright.mean() + 100 == pytest.approx(119.5, abs=2.0)


def test_the_rows_of_the_picture_and_of_the_section_are_shared(desk: Desk) -> None:
    curve = desk.state.curve
    desk.state = replace(desk.state, curve=replace(curve, pointed_mm=20.0))
    desk.show()
    grabbed(desk.widget)
    assert (240, 320) in desk.bands.shapes
    assert any(shape[0] == shape[1] for shape in desk.bands.shapes)


def test_letters_stand_at_both_ends_and_beside_only_where_they_hold_all_along(desk: Desk) -> None:
    # Along the half circle from the patient's left: first towards the back, at last towards the front.
    assert desk.resolved.edges == EdgeLetters(left="A", right="A", top="H", bottom="F")
    desk.state = replace(desk.state, curve=desk.state.curve.turned(90.0))
    edges = desk.resolved.edges
    assert edges is not None
    assert (edges.left, edges.right, edges.top, edges.bottom) == ("A", "A", "", "")


def test_a_drag_turns_the_wheel_turns_and_control_with_it_zooms(desk: Desk) -> None:
    desk.drag((100, 100), (100, 140))
    assert desk.state.curve.turned_degrees == pytest.approx(20.0)
    assert desk.state.curve.points_lps == HALF_CIRCLE


def test_another_button_ends_no_drag_and_opens_no_menu(desk: Desk, qtbot: QtBot) -> None:
    QTest.mousePress(desk.widget, LEFT, NOTHING, QPoint(100, 100))
    QTest.mouseMove(desk.widget, QPoint(100, 120))
    with qtbot.assertNotEmitted(desk.widget.menu_requested):
        QTest.mouseClick(desk.widget, Qt.MouseButton.RightButton, NOTHING, QPoint(100, 120))
    QTest.mouseMove(desk.widget, QPoint(100, 140))
    QTest.mouseRelease(desk.widget, LEFT, NOTHING, QPoint(100, 140))
    assert desk.state.curve.turned_degrees == pytest.approx(20.0)
    with qtbot.waitSignal(desk.widget.menu_requested):
        QTest.mouseClick(desk.widget, Qt.MouseButton.RightButton, NOTHING, QPoint(100, 120))


def test_the_length_of_a_stretch_is_the_length_in_the_patient(desk: Desk) -> None:
    desk.widget.set_tool("length")
    desk.drag((40, 100), (280, 130))
    span = desk.state.curve.span_mm
    assert span is not None
    # 240 of 319 pixels of the half circle.
    assert abs(span[1] - span[0]) == pytest.approx(math.pi * BEND * 240 / 319, rel=0.01)


def test_another_tool_is_refused_on_the_picture_in_words(desk: Desk) -> None:
    before = grabbed(desk.widget)
    desk.widget.set_tool("ellipse")
    desk.drag((40, 100), (280, 130))
    told = grabbed(desk.widget)
    orange = (told[:, :, 0].astype(int) - told[:, :, 2]) > 120
    assert orange[200:, 160:].sum() > ((before[:, :, 0].astype(int) - before[:, :, 2]) > 120)[200:, 160:].sum()


def test_the_pointer_shows_its_place_and_the_section_across(qtbot: QtBot, desk: Desk) -> None:
    before = grabbed(desk.widget)
    QTest.mouseMove(desk.widget, QPoint(160, 30))
    QTest.mouseMove(desk.widget, QPoint(160, 40))
    pointed = desk.state.curve.pointed_mm
    assert pointed == pytest.approx(math.pi * BEND / 2, abs=0.3)
    line = centreline(HALF_CIRCLE)
    assert line is not None
    assert line.point_at(pointed) == pytest.approx((0.0, BEND, 0.0), abs=0.3)
    assert (grabbed(desk.widget)[110:200, 230:] != before[110:200, 230:]).any()


def test_a_section_that_cannot_be_made_is_told_in_place_of_the_picture(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise WindowRefused("no window")

    failed: list[ReaderError] = []
    desk.widget.failed.connect(failed.append)
    whole = grabbed(desk.widget)
    monkeypatch.setattr(curved_picture, "sample_window", refuse)
    QTest.mouseMove(desk.widget, QPoint(160, 30))
    QTest.mouseMove(desk.widget, QPoint(160, 40))
    assert (grabbed(desk.widget) != whole)[100:140].any()
    assert {type(one) for one in failed} == {WindowRefused}


def test_a_scroll_that_runs_on_after_the_pointer_has_left_turns_nothing(desk: Desk) -> None:
    at, none = QPointF(100.0, 100.0), Qt.MouseButton.NoButton

    def scroll(phase: Qt.ScrollPhase) -> None:
        event = QWheelEvent(at, at, QPoint(0, -40), QPoint(0, -240), none, NOTHING, phase, False)
        QApplication.sendEvent(desk.widget, event)

    scroll(Qt.ScrollPhase.ScrollUpdate)
    scroll(Qt.ScrollPhase.ScrollMomentum)
    assert len(desk.said) == 2
    QApplication.sendEvent(desk.widget, QEvent(QEvent.Type.Leave))
    before = desk.state
    scroll(Qt.ScrollPhase.ScrollMomentum)
    assert desk.state == before


def test_the_crosshair_is_put_on_the_place_in_the_patient(desk: Desk) -> None:
    desk.widget.set_tool(Navigation.CROSSHAIR)
    QTest.mouseClick(desk.widget, LEFT, NOTHING, QPoint(160, 120))
    (said,) = [one for one in desk.said if isinstance(one, MoveCrosshair)]
    assert said.point == pytest.approx((0.0, BEND, 0.0), abs=0.5)


def test_without_a_path_it_says_what_to_do(qtbot: QtBot) -> None:
    desk = Desk(qtbot, HALF_CIRCLE[:1])
    assert desk.resolved.edges is None
    assert grabbed(desk.widget)[100:140].max() > 100


def test_a_picture_that_a_gap_reaches_says_so(desk: Desk) -> None:
    assert Mark.PARTIAL not in desk.resolved.marks
    desk.volume = volume_of(axial_grid([float(z) for z in range(-15, 16) if abs(z) > 2]), tube)
    assert Mark.PARTIAL in desk.resolved.marks
