import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.viewer_volumes import flat_volume, ramp, spatial_volume, straight_affine
from viewers.geometry.plane import CORONAL
from viewers.identifiers import ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState
from viewers.tools.intents import MoveCrosshair, PanBy, ScrollBy, SetWindow, ZoomBy
from viewers.tools.navigated import navigated

SIZE = ViewportSize(400, 300)
VOLUME = spatial_volume(ramp((30, 60, 80), (1, 1, 1)), straight_affine())
FLAT = flat_volume(np.zeros((50, 80), np.int16), (0.2, 0.1))
STACK = ViewState(ViewportId("v1"), slice_index=10, rotation_degrees=90, flipped_horizontally=True)
MPR = ViewState(ViewportId("v1"), ViewKind.MPR, orientation=CORONAL)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(("state", "volume"), [(STACK, VOLUME), (MPR, VOLUME), (STACK, FLAT)])
@given(factor=st.floats(0.3, 3.0), x=st.floats(0, 200), y=st.floats(0, 150))
def test_zooming_keeps_what_is_under_the_anchor(
    state: ViewState, volume: Volume, ratio: float, factor: float, x: float, y: float
) -> None:
    before = resolve(state, volume, SIZE)
    after = resolve(navigated(state, before, volume, ZoomBy(factor, (x, y)), ratio), volume, SIZE)
    under = (x * ratio - 0.5, y * ratio - 0.5)
    assert after.plane.lps_to_pixel(before.plane.pixel_to_lps(*under)) == pytest.approx(under, abs=1e-6)
    assert before.plane.spacing_mm / after.plane.spacing_mm == pytest.approx(factor)


@pytest.mark.parametrize(("state", "volume"), [(STACK, VOLUME), (MPR, VOLUME), (STACK, FLAT)])
def test_panning_moves_the_picture_with_the_pointer(state: ViewState, volume: Volume) -> None:
    before = resolve(state, volume, SIZE)
    after = resolve(navigated(state, before, volume, PanBy(10.0, -7.0), 2.0), volume, SIZE)
    assert after.plane.lps_to_pixel(before.plane.pixel_to_lps(50, 60)) == pytest.approx((70, 46))


def test_zooming_stays_within_limits() -> None:
    before = resolve(STACK, VOLUME, SIZE)
    assert navigated(STACK, before, VOLUME, ZoomBy(1e9, (0, 0))).zoom == 50.0
    assert navigated(STACK, before, VOLUME, ZoomBy(1e-9, (0, 0))).zoom == 0.1


def test_window_scroll_and_crosshair_go_into_the_state() -> None:
    before = resolve(STACK, VOLUME, SIZE)
    window = Window(1.0, 2.0)
    assert navigated(STACK, before, VOLUME, SetWindow(window)).window == window
    assert navigated(STACK, before, VOLUME, ScrollBy(3)).slice_index == 13
    point = (0.0, 0.0, -30.0 + 2.0 * 17 + 0.4)
    assert navigated(STACK, before, VOLUME, MoveCrosshair(point)).slice_index == 17
    assert navigated(MPR, before, VOLUME, MoveCrosshair(point)).centre_lps == point
    assert navigated(STACK, before, FLAT, MoveCrosshair(point)) == STACK
    assert math.isclose(resolve(MPR, VOLUME, SIZE).plane.aspect, 1.0)
