"""The pointer over a curved picture: what each button and tool does, and what is refused."""

import pytest

from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.tools.base import Button
from viewers.tools.curved_pointer import CurvedPointer, PathPlace
from viewers.tools.intents import Intent, MoveCrosshair, PanBy, SetCurve, ZoomBy
from viewers.tools.navigate import Navigation
from viewers.tools.registry import TOOLS

VIEWPORT = ViewportId("v4")
CURVE = CurvedLook(((0.0, 0.0, 0.0), (10.0, 0.0, 0.0)), 20.0)


def place(x: float, y: float) -> PathPlace:
    return PathPlace((x, y), x / 10, (x, y, 0.0))


def dragged(pointer: CurvedPointer, button: Button, start: PathPlace, end: PathPlace) -> tuple[Intent, ...]:
    said = (*pointer.press(start, button, CURVE), *pointer.move(end))
    assert not pointer.release(button)
    return said


def test_a_drag_turns_about_the_path_and_never_drifts() -> None:
    pointer = CurvedPointer(VIEWPORT)
    (said,) = dragged(pointer, Button.LEFT, place(50, 50), place(50, 90))
    assert isinstance(said, SetCurve)
    assert said.curve.turned_degrees == pytest.approx(40.0)
    pointer.press(place(50, 50), Button.LEFT, CURVE)
    pointer.move(place(50, 90))
    (back,) = pointer.move(place(50, 50))
    assert isinstance(back, SetCurve)
    assert back.curve.turned_degrees == pytest.approx(20.0)


def test_the_tool_for_lengths_tells_a_stretch_of_the_path() -> None:
    pointer = CurvedPointer(VIEWPORT)
    pointer.tool = "length"
    (said,) = dragged(pointer, Button.LEFT, place(50, 10), place(120, 90))
    assert isinstance(said, SetCurve)
    assert said.curve.span_mm == (5.0, 12.0)
    assert not pointer.is_refused


@pytest.mark.parametrize("tool", sorted(set(TOOLS) - {"length"}))
def test_every_other_measurement_is_refused(tool: str) -> None:
    pointer = CurvedPointer(VIEWPORT)
    pointer.tool = tool
    assert (*pointer.press(place(50, 10), Button.LEFT, CURVE), *pointer.move(place(120, 90))) == ()
    assert pointer.is_refused
    pointer.tool = Navigation.WINDOW
    pointer.press(place(50, 10), Button.LEFT, CURVE)
    assert not pointer.is_refused


def test_the_crosshair_goes_to_the_place_in_the_patient() -> None:
    pointer = CurvedPointer(VIEWPORT)
    pointer.tool = Navigation.CROSSHAIR
    assert pointer.press(place(50, 10), Button.LEFT, CURVE) == (MoveCrosshair((50, 10, 0.0)),)
    assert pointer.move(place(90, 10)) == (MoveCrosshair((90, 10, 0.0)),)


def test_the_other_buttons_move_and_zoom_and_a_click_is_a_click() -> None:
    pointer = CurvedPointer(VIEWPORT)
    assert dragged(pointer, Button.MIDDLE, place(50, 10), place(60, 40)) == (PanBy(10, 30),)
    (said,) = dragged(pointer, Button.RIGHT, place(50, 10), place(50, 40))
    assert isinstance(said, ZoomBy)
    assert said.factor < 1.0
    pointer.press(place(50, 10), Button.RIGHT, CURVE)
    assert pointer.release(Button.RIGHT)


def test_another_button_begins_and_ends_nothing_while_one_is_held() -> None:
    pointer = CurvedPointer(VIEWPORT)
    pointer.tool = "length"
    pointer.press(place(50, 10), Button.LEFT, CURVE)
    assert pointer.press(place(50, 10), Button.RIGHT, CURVE) == ()
    assert not pointer.release(Button.RIGHT)
    (said,) = pointer.move(place(120, 90))
    assert isinstance(said, SetCurve)
    assert said.curve.span_mm == (5.0, 12.0)
    pointer.release(Button.LEFT)
    assert not pointer.is_busy
