"""Dragging on the layer: to the right more opaque, upwards the uptake glows; with Alt, and only where there is one."""

from dataclasses import replace

import pytest

from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.viewers.tools.views import at, numbered, view
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.description import VoiFunction, Window
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import FusedLayer, ViewState, VolumeReference
from viewers.tools.intents import Intent, SetLayer, SetWindow
from viewers.tools.navigate import DragWays, LayerBasis, Navigation, WindowBasis
from viewers.tools.navigated import navigated
from viewers.tools.pointer import MouseProfile, Pointer, PointerContext

BASIS = WindowBasis(Window(40.0, 400.0), VoiFunction.LINEAR, 400.0, LayerBasis(Window(3.5, 7.0), 0.5))
ON = view()
TURNED = MouseProfile(ways=DragWays(is_level_upwards=True))


def dragged(
    right: float, down: float, basis: WindowBasis = BASIS, *, alt: bool = True, profile: MouseProfile | None = None
) -> list[Intent]:
    """What a drag of the left button says, past its threshold."""
    pointer = Pointer(numbered(), profile or MouseProfile())
    if not alt:
        pointer.tool = Navigation.LAYER
    press = replace(at(100.0, 100.0, ON), alt=alt)
    said = [*pointer.press(press, PointerContext((), basis))]
    said += pointer.move(replace(press, position=(110.0, 110.0)))
    said += pointer.move(replace(press, position=(110.0 + right, 110.0 + down)))
    said += pointer.release(press)
    return [one for one in said if isinstance(one, SetLayer | SetWindow)]


@pytest.mark.parametrize("alt", [True, False])
def test_to_the_right_it_becomes_opaque_and_stops_there(alt: bool) -> None:
    assert dragged(64.0, 0.0, alt=alt) == [SetLayer(Window(3.5, 7.0), 0.75)]
    assert dragged(9999.0, 0.0, alt=alt) == [SetLayer(Window(3.5, 7.0), 1.0)]
    assert dragged(-9999.0, 0.0, alt=alt) == [SetLayer(Window(3.5, 7.0), 0.0)]


def test_upwards_the_top_of_the_window_falls_and_its_bottom_stays() -> None:
    (up,), (down,) = dragged(0.0, -100.0), dragged(0.0, 100.0)
    assert isinstance(up, SetLayer)
    assert isinstance(down, SetLayer)
    assert up.window.width < 7.0 < down.window.width
    for window in (up.window, down.window):
        assert window.centre - window.width / 2 == pytest.approx(0.0)
    (turned,) = dragged(0.0, -100.0, profile=TURNED)
    assert isinstance(turned, SetLayer)
    assert turned.window.width == pytest.approx(down.window.width)


def test_without_a_layer_alt_changes_nothing_and_the_tool_is_idle() -> None:
    plain = replace(BASIS, layer=None)
    assert [type(one) for one in dragged(50.0, 0.0, plain)] == [SetWindow]
    assert dragged(50.0, 0.0, plain, alt=False) == []


def test_the_layer_takes_what_was_said_and_the_picture_keeps_its_window() -> None:
    volume = volume_of(axial_grid([0.0, 1.0]), smooth)
    state = ViewState(
        ViewportId("a"), window=Window(40.0, 400.0), fused=FusedLayer(VolumeReference(SeriesUID("2.25.7")))
    )
    shown = resolve(state, volume, ViewportSize(50, 50))
    after = navigated(state, shown, volume, SetLayer(Window(5.0, 10.0), 0.8))
    assert after.window == Window(40.0, 400.0)
    assert after.fused is not None
    assert (after.fused.window, after.fused.opacity) == (Window(5.0, 10.0), 0.8)
    bare = replace(state, fused=None)
    assert navigated(bare, shown, volume, SetLayer(Window(5.0, 10.0), 0.8)) == bare
