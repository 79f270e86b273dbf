"""What every kind of viewport keeps to: the table alone says which there are."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, oblique_grid, smooth, volume_of
from viewers.geometry.frame import Vector3, as_vector
from viewers.geometry.orientation import letters, opposite
from viewers.identifiers import ViewportId
from viewers.image.errors import NoSpace
from viewers.image.slices import corners_lps
from viewers.image.volume import Volume
from viewers.state.kinds.base import Kind
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.scroll import scrolled, scrolled_mm
from viewers.state.view_state import ViewKind, ViewState

GAPPED = volume_of(axial_grid([*range(0, 20), *range(30, 45)]), smooth)
OBLIQUE = volume_of(oblique_grid(), smooth)
VOLUMES = pytest.mark.parametrize("volume", [GAPPED, OBLIQUE], ids=["gapped", "oblique"])
WITH_VOLUME = {name: kind for name, kind in KINDS.items() if kind.has_volume}
EVERY = pytest.mark.parametrize("kind", WITH_VOLUME.values(), ids=list(WITH_VOLUME))
SIZES = (ViewportSize(1, 1), ViewportSize(37, 500), ViewportSize(640, 480), ViewportSize(1000, 1000))
FAR = 100_000


def state_of(kind: Kind, volume: Volume) -> ViewState:
    corners = corners_lps(volume)
    middle, reach = corners.mean(axis=0), np.ptp(corners, axis=0)
    # A path through the body, for the kind that needs one.
    path = tuple(as_vector(middle + reach * share) for share in (-0.2, -0.05, 0.1, 0.25))
    state = ViewState(ViewportId("a"), kind.id, slice_index=len(volume.sources) // 2)
    return replace(state, curve=replace(state.curve, points_lps=path))


def test_the_table_has_each_kind_once_under_its_own_name() -> None:
    assert set(KINDS) == set(ViewKind)
    assert all(kind.id is name for name, kind in KINDS.items())


@EVERY
@VOLUMES
def test_it_resolves_to_the_size_of_its_viewport_and_to_the_same_again(kind: Kind, volume: Volume) -> None:
    state = state_of(kind, volume)
    for size in SIZES:
        view = resolve(state, volume, size)
        assert (view.plane.width, view.plane.height, view.kind) == (size.width, size.height, kind.id)
        assert view == resolve(state, volume, size)
        assert view.slice_index == kind.slice_index(state, volume)


@EVERY
@VOLUMES
def test_scrolling_ends_at_both_ends_and_comes_back(kind: Kind, volume: Volume) -> None:
    corners = corners_lps(volume)
    for go in (lambda state, by: scrolled(state, volume, by), lambda state, by: scrolled_mm(state, volume, by)):
        state = state_of(kind, volume)
        if kind.point(state, volume) is None:
            assert resolve(go(state, 3), volume, SIZES[2]).plane.width == SIZES[2].width
            continue
        first, last = go(state, -FAR), go(state, FAR)
        assert first != last
        assert (go(first, -1), go(last, 1)) == (first, last)
        assert go(first, 1) != first
        for end in (first, last):
            point = kind.point(end, volume)
            assert point is not None
            assert (np.array(point) >= corners.min(axis=0) - 1e-6).all()
            assert (np.array(point) <= corners.max(axis=0) + 1e-6).all()


@EVERY
@VOLUMES
def test_one_notch_there_and_back_shows_the_same_picture(kind: Kind, volume: Volume) -> None:
    state = state_of(kind, volume)
    there = scrolled(state, volume, 1)
    assert resolve(there, volume, SIZES[2]) != resolve(state, volume, SIZES[2])
    back = resolve(scrolled(there, volume, -1), volume, SIZES[2]).plane
    assert back.origin_lps == pytest.approx(resolve(state, volume, SIZES[2]).plane.origin_lps)


@EVERY
@VOLUMES
def test_it_shows_the_point_that_it_is_sent_to(kind: Kind, volume: Volume) -> None:
    state = state_of(kind, volume)
    if kind.point(state, volume) is None:
        return
    corners = corners_lps(volume)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (low + high) / 2
    point: Vector3 = (float(middle[0]), float(middle[1]), float(middle[2] + 3.0))
    sent = kind.through(state, volume, point)
    shown = kind.point(sent, volume)
    assert shown is not None
    assert abs(resolve(sent, volume, SIZES[2]).plane.distance_mm(shown)) < 1e-6
    assert np.linalg.norm(np.subtract(shown, point)) <= 12.0


@EVERY
@VOLUMES
def test_the_letters_are_those_of_the_picture_however_it_is_flipped_and_turned(kind: Kind, volume: Volume) -> None:
    for across, down, turn in product((False, True), (False, True), (0, 90, 180, 270)):
        state = replace(
            state_of(kind, volume), flipped_horizontally=across, flipped_vertically=down, rotation_degrees=turn
        )
        view = resolve(state, volume, SIZES[2])
        if view.curved is not None:
            # Its letters are those of its path, not of the plane that it is laid straight on.
            continue
        assert view.edges is not None
        right, bottom = _directions(view)
        assert (view.edges.right, view.edges.left) == (letters(right), opposite(letters(right)))
        assert (view.edges.bottom, view.edges.top) == (letters(bottom), opposite(letters(bottom)))


def _directions(view: ResolvedView) -> tuple[Vector3, Vector3]:
    """Where the right and the bottom of the screen lead in the patient, by what the pixels of the plane are."""
    plane = view.plane
    middle = np.array(plane.pixel_to_lps(100.0, 100.0))
    right = np.array(plane.pixel_to_lps(101.0, 100.0)) - middle
    down = np.array(plane.pixel_to_lps(100.0, 101.0)) - middle
    across = right / np.linalg.norm(right)
    below = down / np.linalg.norm(down)
    return (
        (float(across[0]), float(across[1]), float(across[2])),
        (float(below[0]), float(below[1]), float(below[2])),
    )


@EVERY
def test_what_has_no_place_in_the_patient_is_shown_or_refused_in_words(kind: Kind) -> None:
    placeless = replace(GAPPED, is_spatial=False)
    state = state_of(kind, placeless)
    assert kind.point(state, placeless) is None
    if kind.slice_index(state, placeless) is not None:
        assert resolve(state, placeless, SIZES[2]).edges is None
        return
    with pytest.raises(NoSpace):
        resolve(state, placeless, SIZES[2])


@EVERY
def test_what_can_be_linked_shows_a_point(kind: Kind) -> None:
    places = {LinkKind.CROSSHAIR, LinkKind.POSITION}
    assert not (places & kind.links) or kind.point(state_of(kind, GAPPED), GAPPED) is not None


def test_a_kind_without_a_volume_resolves_none_and_follows_nothing() -> None:
    for kind in KINDS.values():
        if not kind.has_volume:
            state = state_of(kind, GAPPED)
            assert not kind.links
            assert not kind.cuts_others
            assert kind.point(state, GAPPED) is None
            with pytest.raises(NoSpace):
                resolve(state, GAPPED, SIZES[2])
