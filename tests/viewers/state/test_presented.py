"""A presentation state reaches the images that it names, by reference, and the letters stay right after its turns."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, left_marker, volume_of
from viewers.graphics.model import ImagePlace
from viewers.graphics.presentation import Presentation, PresentationState
from viewers.identifiers import ViewportId
from viewers.image.description import Window
from viewers.image.display import display_slice
from viewers.image.lookup import LookupTable
from viewers.image.shutter import Shutter
from viewers.state.presented import PresentedVolumes, presented
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

SIZE = ViewportSize(200, 200)
STATE = ViewState(ViewportId("v1"), slice_index=4)
VOLUME = volume_of(axial_grid([2.0 * k for k in range(20)], size=50), left_marker)


def applied(shown: Presentation, k: int = 4) -> PresentationState:
    place = ImagePlace(VOLUME.sources[k].instance)
    return PresentationState("2.25.1", "P", ((place, shown),))


def view(shown: Presentation, state: ViewState = STATE, k: int = 4) -> ResolvedView:
    return resolve(presented(state, VOLUME, SIZE, applied(shown, k)), VOLUME, SIZE)


def test_only_the_image_that_is_named_is_changed() -> None:
    shown = Presentation(window=Window(5.0, 7.0), rescale=(VOLUME.slope, VOLUME.intercept), rotation_degrees=90)
    assert view(shown).window == Window(5.0, 7.0)
    for k in (3, 5):
        other = replace(STATE, slice_index=k)
        assert presented(other, VOLUME, SIZE, applied(shown)) is other
    planes = replace(STATE, kind=ViewKind.MPR)
    assert presented(planes, VOLUME, SIZE, applied(shown)) is planes
    assert presented(STATE, VOLUME, SIZE, None) is STATE


@pytest.mark.parametrize(("degrees", "flipped"), list(product((0, 90, 180, 270), (False, True))))
def test_letters_are_right_after_turn_and_flip(degrees: int, flipped: bool) -> None:
    edges = view(Presentation(rotation_degrees=degrees, flipped_horizontally=flipped)).edges
    around = ["A", "L", "P", "R"]  # up, right, down, left of an axial picture
    turned = around[-(degrees // 90) :] + around[: -(degrees // 90)] if degrees else around
    up, right, down, left = turned
    if flipped:
        right, left = left, right
    assert edges is not None
    assert (edges.top, edges.right, edges.bottom, edges.left) == (up, right, down, left)


def test_the_reader_turns_and_windows_on_top() -> None:
    shown = Presentation(window=Window(5.0, 7.0), rescale=(VOLUME.slope, VOLUME.intercept), rotation_degrees=90)
    mine = replace(STATE, rotation_degrees=270, window=Window(40.0, 400.0))
    found = view(shown, mine)
    assert found.window == Window(40.0, 400.0)
    assert found.edges == resolve(STATE, VOLUME, SIZE).edges


@pytest.mark.parametrize("inverted", [False, True])
def test_the_state_says_what_is_white_whatever_the_image_says(inverted: bool) -> None:
    of_the_image = replace(VOLUME, inverted=inverted)
    found = presented(STATE, of_the_image, SIZE, applied(Presentation(is_inverted=True)))
    assert resolve(found, of_the_image, SIZE).inverted


@pytest.mark.parametrize(("degrees", "flipped"), list(product((0, 90), (False, True))))
def test_the_displayed_area_fills_the_viewport(degrees: int, flipped: bool) -> None:
    area = (9.5, 19.5, 29.5, 39.5)
    found = view(Presentation(rotation_degrees=degrees, flipped_horizontally=flipped, area=area))
    assert found.image_to_viewport is not None
    a, b, c, d, e, f = found.image_to_viewport
    corners = [(a * x + b * y + c, d * x + e * y + f) for x, y in ((9.5, 19.5), (29.5, 39.5))]
    assert np.sort(np.array(corners), axis=0) == pytest.approx(np.array([[-0.5, -0.5], [199.5, 199.5]]), abs=1e-6)


def test_a_shutter_and_a_table_are_painted_on_the_named_slice_alone() -> None:
    volumes = PresentedVolumes()
    table = LookupTable(0, 8, np.arange(255, -1, -1).astype("<u2").tobytes())
    state = applied(Presentation(shutter=Shutter(box=(10, 20, 10, 20)), table=table))
    painted = volumes.of(STATE, VOLUME, state)
    assert volumes.of(STATE, VOLUME, state) is painted, "one volume, so that the picture is computed once"
    assert volumes.of(replace(STATE, slice_index=5), VOLUME, state) is VOLUME
    window = Window(40.0, 400.0)
    plain, shown = display_slice(VOLUME, 4, window), display_slice(painted, 4, window)
    assert (shown[0, 0], shown[30, 30]) == (0, 0)
    assert np.array_equal(shown[10:21, 10:21], 255 - plain[10:21, 10:21])
    assert volumes.of(STATE, VOLUME, None) is VOLUME
