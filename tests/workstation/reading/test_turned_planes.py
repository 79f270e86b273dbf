"""Oblique planes in an open case: turned in one viewport, shown in another, kept with the draft, and turned back."""

import json
import math
from dataclasses import replace

import pytest

from tests.workstation.reading.test_views import V1, V2, V3, VOLUME, state_of, views_of
from viewers.geometry.frame import dot
from viewers.geometry.orientation import edge_letters
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.geometry.turning import turned
from viewers.image.sampling import Projection, Slab
from viewers.state.framing import displayed
from viewers.state.turning import undisplayed
from viewers.tools.intents import MoveCrosshair, ScrollBy, ScrollTo, SetSlab, TurnPlane
from workstation.reading.arrangement import Arrangement
from workstation.reading.views import Views

FLIPS = [(False, False), (True, False), (False, True), (True, True)]
OBLIQUE = turned(CORONAL, AXIAL.normal, math.radians(35.0))


@pytest.fixture
def views() -> Views:
    found = views_of(VOLUME)
    found.arrange(Arrangement.MPR)
    return found


def test_a_plane_turned_from_another_viewport_keeps_point_and_scale_on_the_screen(views: Views) -> None:
    views.navigate(V1, MoveCrosshair((15.0, -8.0, 12.0)))
    before = views.resolved(V2)
    views.navigate(V1, TurnPlane(V2, OBLIQUE))
    after = views.resolved(V2)
    assert before is not None
    assert after is not None
    assert state_of(views, V1).orientation == AXIAL
    assert dot(after.plane.normal, OBLIQUE.normal) == pytest.approx(1.0)
    assert after.plane.spacing_mm == pytest.approx(before.plane.spacing_mm)
    assert after.plane.lps_to_pixel((15.0, -8.0, 12.0)) == pytest.approx(before.plane.lps_to_pixel((15.0, -8.0, 12.0)))
    assert edge_letters(after.plane).right == "LP"


def test_reset_planes_hangs_every_plane_as_before(views: Views) -> None:
    views.navigate(V1, MoveCrosshair((15.0, -8.0, 12.0)))
    before = [state_of(views, viewport) for viewport in (V1, V2, V3)]
    for degrees in (10.0, 25.0, -70.0):
        for viewport, hung in ((V2, CORONAL), (V3, SAGITTAL)):
            views.navigate(V1, TurnPlane(viewport, turned(hung, AXIAL.normal, math.radians(degrees))))
    views.reset_planes(V3)
    for viewport, was in zip((V1, V2, V3), before, strict=True):
        now = state_of(views, viewport)
        assert now.orientation == was.orientation
        assert now.turned_from is None
        assert now.zoom == pytest.approx(was.zoom)
        assert now.pan == pytest.approx(was.pan, abs=1e-9)


def test_turned_planes_and_slabs_come_back_with_the_draft(views: Views) -> None:
    views.navigate(V1, TurnPlane(V2, OBLIQUE))
    views.navigate(V1, SetSlab(V3, Slab(10.0, Projection.MINIMUM)))
    again = views_of(VOLUME)
    assert again.restore(views.archive())
    assert state_of(again, V2) == state_of(views, V2)
    assert state_of(again, V3).slab == Slab(10.0, Projection.MINIMUM)
    again.reset_planes(V1)
    assert state_of(again, V2).orientation == CORONAL
    views.change(V1, lambda state: replace(state, step_mm=5.0))
    assert again.restore(views.archive())
    assert state_of(again, V1).step_mm == 5.0
    older = json.loads(views.archive())
    for state in older["states"]:
        del state["turned_from"], state["step_mm"]
    assert again.restore(json.dumps(older))


@pytest.mark.parametrize("flips", FLIPS)
def test_planes_are_scrolled_by_millimetres_where_the_reader_wants_it_and_to_slices_by_the_bar(
    views: Views, flips: tuple[bool, bool]
) -> None:
    views.navigate(V2, MoveCrosshair((0.0, 0.0, 12.0)))
    views.change(
        V2,
        lambda state: replace(state, step_mm=5.0, flipped_horizontally=flips[0], flipped_vertically=flips[1]),
    )
    before = views.resolved(V2)
    views.navigate(V2, ScrollBy(-2))
    after = views.resolved(V2)
    assert before is not None
    assert after is not None
    assert abs(after.plane.distance_mm(before.plane.origin_lps)) == pytest.approx(10.0)
    for wanted in (7, 3, 12):
        views.navigate(V2, ScrollTo(wanted))
        reached = views.resolved(V2)
        assert reached is not None
        assert reached.corners.slice_number == wanted + 1


@pytest.mark.parametrize("flips", FLIPS)
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_what_is_displayed_is_held_by_the_state_it_came_from(
    views: Views, flips: tuple[bool, bool], degrees: int
) -> None:
    state = replace(
        state_of(views, V2), flipped_horizontally=flips[0], flipped_vertically=flips[1], rotation_degrees=degrees
    )
    back = undisplayed(displayed(OBLIQUE, state), state)
    assert _same(back, OBLIQUE)


def _same(one: Orientation, other: Orientation) -> bool:
    pairs = ((one.row_direction, other.row_direction), (one.column_direction, other.column_direction))
    return all(dot(a, b) == pytest.approx(1.0) for a, b in pairs)
