"""The path of a curved picture is drawn by clicks in any plane, and its points are moved by dragging."""

import numpy as np
import pytest

from tests.viewers.tools.test_curved_pointer import VIEWPORT
from viewers.annotations.model import Annotation
from viewers.geometry.plane import AXIAL, CORONAL, Orientation, plane_about
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import Button, PointerEvent
from viewers.tools.hit import Hit
from viewers.tools.intents import Intent, SetCurve
from viewers.tools.path_drag import PATH, DrawnPath, PathGrasp, path_point_at
from viewers.tools.pointer import MouseProfile, Pointer, PointerContext
from viewers.tools.view_plane import ViewPlane, ViewTarget

TARGET = ViewTarget(SeriesUID("2.25.1"), InstanceUID("2.25.2"), 0, None)


class Hand:
    """Draws with the tool for paths on planes through the middle."""

    def __init__(self) -> None:
        self.pointer = Pointer(lambda: AnnotationId("m"), MouseProfile())
        self.pointer.tool = PATH
        self.curve = CurvedLook(span_mm=(1.0, 2.0), turned_degrees=30.0)

    def view(self, orientation: Orientation = AXIAL, at: float = 0.0) -> ViewPlane:
        centre = (0.0, 0.0, at) if orientation is AXIAL else (0.0, at, 0.0)
        return ViewPlane(TARGET, plane_about(centre, orientation, 0.5, 201, 201), 1.0)

    def take(self, intents: tuple[Intent, ...]) -> None:
        for intent in intents:
            if isinstance(intent, SetCurve):
                assert intent.viewport == VIEWPORT
                self.curve = intent.curve

    def drag(self, view: ViewPlane, start: tuple[float, float], *on: tuple[float, float]) -> None:
        context = PointerContext((), None, path=DrawnPath(VIEWPORT, self.curve))
        self.take(self.pointer.press(PointerEvent(start, view, Button.LEFT), context))
        for place in on:
            self.take(self.pointer.move(PointerEvent(place, view, Button.LEFT)))
        self.take(self.pointer.release(PointerEvent((on or (start,))[-1], view, Button.LEFT)))


def test_clicks_in_several_planes_make_one_path_in_their_order() -> None:
    hand = Hand()
    hand.drag(hand.view(), (100.0, 100.0))
    hand.drag(hand.view(at=8.0), (120.0, 100.0))
    hand.drag(hand.view(CORONAL), (140.0, 80.0))
    assert np.array(hand.curve.points_lps) == pytest.approx(np.array([(0, 0, 0), (10, 0, 8), (20, 0, 10)]))
    assert hand.curve.turned_degrees == 30.0
    assert hand.curve.span_mm is None


def test_a_point_follows_the_drag_and_the_others_stay() -> None:
    hand = Hand()
    for x in (60.0, 100.0, 140.0):
        hand.drag(hand.view(), (x, 100.0))
    hand.drag(hand.view(), (102.0, 101.0), (102.0, 90.0), (102.0, 80.0))
    assert np.array(hand.curve.points_lps) == pytest.approx(np.array([(-20, 0, 0), (0, -10.5, 0), (20, 0, 0)]))


def test_a_tremble_moves_no_point_and_throws_no_measured_length_away() -> None:
    hand = Hand()
    hand.curve = CurvedLook(((0.0, 0.0, 0.6), (20.0, 0.0, 0.0)), span_mm=(1.0, 2.0))
    before = hand.curve
    hand.drag(hand.view(), (105.0, 104.0), (106.0, 104.0))
    assert hand.curve == before
    hand.drag(hand.view(), (105.0, 104.0), (106.0, 104.0), (115.0, 104.0))
    assert np.array(hand.curve.points_lps) == pytest.approx(np.array([(5, 0, 0.6), (20, 0, 0)]))


def test_a_new_point_stays_where_it_was_pressed_until_it_is_dragged() -> None:
    hand = Hand()
    hand.drag(hand.view(), (100.0, 100.0), (101.0, 102.0))
    assert np.array(hand.curve.points_lps) == pytest.approx(np.zeros((1, 3)))
    hand.drag(hand.view(), (140.0, 100.0), (140.0, 120.0))
    assert hand.curve.points_lps[1] == pytest.approx((20, 10, 0))


def test_what_is_under_the_pointer_is_what_a_press_would_do() -> None:
    hand = Hand()
    pointer, on = hand.pointer, hand.view()
    mark = Annotation(
        AnnotationId("a"), "length", ((0.0, 0.0, 0.0), (30.0, 0.0, 0.0)), None, TARGET.series, TARGET.instance
    )
    path = DrawnPath(VIEWPORT, CurvedLook(((-20.0, 0.0, 0.0),)))
    over_mark, over_point = (PointerEvent((x, 100.0), on) for x in (100.0, 61.0))
    assert pointer.under(over_mark, PointerContext((mark,), None, path=path)) == PathGrasp(None)
    assert pointer.under(over_point, PointerContext((mark,), None, path=path)) == PathGrasp(0)
    assert pointer.under(over_mark, PointerContext((mark,), None)) == Hit(mark, 0)


def test_a_point_of_another_slice_is_not_taken_hold_of() -> None:
    hand = Hand()
    hand.drag(hand.view(), (100.0, 100.0))
    path = DrawnPath(VIEWPORT, hand.curve)
    assert path_point_at((101.0, 101.0), hand.view(), path) == 0
    assert path_point_at((101.0, 101.0), hand.view(at=5.0), path) is None
    hand.drag(hand.view(at=5.0), (101.0, 101.0))
    assert len(hand.curve.points_lps) == 2


def test_nothing_is_in_hand_after_the_release() -> None:
    hand = Hand()
    hand.drag(hand.view(), (100.0, 100.0))
    before = hand.curve
    hand.take(hand.pointer.move(PointerEvent((150.0, 150.0), hand.view(), Button.NONE)))
    assert hand.curve == before
