"""Links: same space only, no echo, refusals told."""

from dataclasses import replace

import pytest

from tests.support.moved_volumes import turn
from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.geometry.plane import AXIAL, CORONAL
from viewers.geometry.rigid import IDENTITY, RigidTransform, translation
from viewers.identifiers import FrameOfReferenceUID, SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.quantity import SUV_LEAN_MASS
from viewers.image.volume import Volume
from viewers.state.link_kind import LinkKind
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind, space_of
from viewers.sync.bridging import Bridges, bridges_now
from viewers.sync.errors import DifferentQuantities, DifferentSpaces, IdentityUnconfirmed
from viewers.sync.rules import RULES
from viewers.sync.shown import Shown
from viewers.sync.synchroniser import Link, Synchroniser

NONE = Bridges()
A, B, C = ViewportId("a"), ViewportId("b"), ViewportId("c")
HERE = volume_of(axial_grid([2.0 * k for k in range(30)], size=16), ramp)
THERE = replace(
    volume_of(
        axial_grid([5.0 * k for k in range(12)], size=16), ramp, frame_of_reference=FrameOfReferenceUID("2.25.9")
    ),
    series=SeriesUID("2.25.104"),
)


def stack(viewport: ViewportId, volume: Volume, slice_index: int = 0) -> Shown:
    return Shown(ViewState(viewport, slice_index=slice_index), volume)


def mpr(viewport: ViewportId, volume: Volume) -> Shown:
    return Shown(ViewState(viewport, ViewKind.MPR, orientation=AXIAL, centre_lps=(1.0, 2.0, 20.0)), volume)


def test_a_stack_follows_to_the_slice_at_the_same_place_not_of_the_same_number() -> None:
    thick = volume_of(axial_grid([5.0 * k for k in range(12)], size=16), ramp)
    found = RULES[LinkKind.POSITION](stack(A, HERE, 10), stack(B, thick), NONE)
    assert found.slice_index == 4


def test_the_crosshair_is_one_point() -> None:
    target = Shown(ViewState(B, ViewKind.MPR, orientation=CORONAL), HERE)
    assert RULES[LinkKind.CROSSHAIR](mpr(A, HERE), target, NONE).centre_lps == (1.0, 2.0, 20.0)


def test_planes_across_each_other_do_not_scroll_together() -> None:
    target = Shown(ViewState(B, ViewKind.MPR, orientation=CORONAL, centre_lps=(0.0, 0.0, 0.0)), HERE)
    assert RULES[LinkKind.POSITION](mpr(A, HERE), target, NONE) == target.state


def joined(transform: RigidTransform, kind: BridgeKind = BridgeKind.REGISTRATION) -> Bridges:
    """A way from HERE to THERE."""
    return Bridges((Bridge(kind, space_of(HERE), space_of(THERE), transform),))


@pytest.mark.parametrize("kind", [LinkKind.CROSSHAIR, LinkKind.ORIENTATION, LinkKind.POSITION])
def test_two_spaces_are_not_linked_without_an_offset(kind: LinkKind) -> None:
    with pytest.raises(DifferentSpaces):
        RULES[kind](stack(A, HERE), stack(B, THERE), NONE)
    RULES[kind](stack(A, HERE), stack(B, THERE), joined(IDENTITY))


def test_spaces_without_a_name_are_not_one_space() -> None:
    nameless = volume_of(axial_grid([0.0, 1.0], size=16), ramp, frame_of_reference=None)
    other = replace(nameless, series=SeriesUID("2.25.102"))
    with pytest.raises(DifferentSpaces):
        RULES[LinkKind.CROSSHAIR](stack(A, nameless), stack(B, other), NONE)
    RULES[LinkKind.CROSSHAIR](stack(A, nameless), stack(B, nameless), NONE)


def test_a_place_is_carried_there_and_back_over_a_turn_and_a_shift() -> None:
    moved = turn((0.3, 0.2, 0.9), 25.0).then(translation((4.0, -3.0, 12.0)))
    source = mpr(A, HERE)
    there = RULES[LinkKind.CROSSHAIR](source, Shown(ViewState(B, ViewKind.MPR), THERE), joined(moved))
    assert there.centre_lps == pytest.approx(moved.point((1.0, 2.0, 20.0)))
    back = RULES[LinkKind.CROSSHAIR](Shown(there, THERE), mpr(A, HERE), joined(moved))
    assert back.centre_lps == pytest.approx((1.0, 2.0, 20.0))


def test_a_plane_is_shown_in_the_same_plane_of_the_other_space() -> None:
    moved = turn((1.0, 0.0, 0.0), 15.0).then(translation((0.0, 0.0, 5.0)))
    target = Shown(ViewState(B, ViewKind.MPR, orientation=CORONAL), THERE)
    found = RULES[LinkKind.ORIENTATION](mpr(A, HERE), target, joined(moved))
    assert found.orientation.normal == pytest.approx(moved.direction(AXIAL.normal))
    assert found.centre_lps == pytest.approx(moved.point((1.0, 2.0, 20.0)))
    flat = stack(B, THERE)
    assert RULES[LinkKind.ORIENTATION](mpr(A, HERE), flat, joined(moved)) == flat.state


def test_scrolled_together_by_hand_carries_mm_along_the_slices_and_no_place_in_them() -> None:
    shown = {A: stack(A, HERE, 5), B: stack(B, THERE, 7)}
    (way,) = bridges_now(BridgeKind.POSITION, shown, A)
    assert way.transform.shift_mm == pytest.approx((0.0, 0.0, 25.0))
    bridges = NONE.with_(way)
    there = RULES[LinkKind.POSITION](stack(A, HERE, 10), shown[B], bridges)
    assert there.slice_index == 9
    back = RULES[LinkKind.POSITION](Shown(there, THERE), stack(A, HERE), bridges)
    assert back.slice_index == 10
    with pytest.raises(DifferentSpaces):
        RULES[LinkKind.CROSSHAIR](stack(A, HERE), stack(B, THERE), bridges)


def test_points_that_the_reader_marked_in_both_are_laid_on_each_other() -> None:
    pointed = {
        A: Shown(ViewState(A, slice_index=5, centre_lps=(3.0, 1.0, 10.0)), HERE),
        B: Shown(ViewState(B, slice_index=4, centre_lps=(-2.0, 0.0, 20.0)), THERE),
    }
    (way,) = bridges_now(BridgeKind.POINTS, pointed, A)
    assert way.transform.point((3.0, 1.0, 10.0)) == pytest.approx((-2.0, 0.0, 20.0))
    assert bridges_now(BridgeKind.POINTS, {A: pointed[A], B: stack(B, THERE)}, A) == ()


def test_two_priors_are_joined_through_what_both_are_joined_with() -> None:
    third = volume_of(axial_grid([0.0, 1.0], size=16), ramp, frame_of_reference=FrameOfReferenceUID("2.25.10"))
    third = replace(third, series=SeriesUID("2.25.105"))
    onwards = Bridge(BridgeKind.REGISTRATION, space_of(HERE), space_of(third), translation((0.0, 7.0, 0.0)))
    bridges = joined(translation((1.0, 0.0, 0.0))).with_(onwards)
    way = bridges.between(stack(B, THERE), stack(C, third))
    assert way.transform.point((1.0, 0.0, 0.0)) == pytest.approx((0.0, 7.0, 0.0))


@pytest.mark.parametrize("kind", LinkKind)
@pytest.mark.parametrize("target", [HERE, THERE])
def test_nothing_is_ever_carried_to_a_picture_of_unconfirmed_identity(kind: LinkKind, target: Volume) -> None:
    """Not within one frame of reference, which copies share, and not over a way that was known before."""
    with pytest.raises(IdentityUnconfirmed):
        RULES[kind](mpr(A, HERE), Shown(ViewState(B, ViewKind.MPR), target, subject="other"), joined(IDENTITY))


@pytest.mark.parametrize("kind", [BridgeKind.POSITION, BridgeKind.POINTS])
def test_no_way_is_made_to_a_picture_of_unconfirmed_identity(kind: BridgeKind) -> None:
    with pytest.raises(IdentityUnconfirmed):
        bridges_now(kind, {A: stack(A, HERE), B: Shown(ViewState(B), THERE, subject="other")}, A)


def test_one_scale_is_as_many_mm_to_the_pixel_about_the_same_place() -> None:
    small = volume_of(axial_grid([2.0 * k for k in range(30)], size=32, spacing_mm=2.0), ramp)
    sizes = ViewportSize(300, 300), ViewportSize(200, 400)
    source = Shown(ViewState(A, slice_index=4, zoom=2.0, pan=(3.0, -1.0)), HERE, sizes[0])
    target = Shown(ViewState(B, slice_index=4), replace(small, series=SeriesUID("2.25.103")), sizes[1])
    found = RULES[LinkKind.ZOOM_PAN](source, target, NONE)
    here = resolve(source.state, HERE, sizes[0]).plane
    there = resolve(found, target.volume, sizes[1]).plane
    assert there.spacing_mm == pytest.approx(here.spacing_mm)
    assert there.centre_lps == pytest.approx(here.centre_lps)


@pytest.mark.parametrize("turned", [(90, 0), (0, 90), (90, 270), (0, 180)])
def test_one_scale_is_as_many_mm_to_the_pixel_of_turned_images_whose_pixels_are_not_square(
    turned: tuple[int, int],
) -> None:
    """Without a place in the patient; the second image has pixels four times as high as wide."""
    size = ViewportSize(300, 200)
    wide, high = (replace(axial_grid([0.0], size=16), row_spacing_mm=mm, column_spacing_mm=0.5) for mm in (0.75, 2.0))
    shown = [
        Shown(ViewState(viewport, zoom=zoom, rotation_degrees=degrees), volume_of(grid, ramp, geometry=None), size)
        for viewport, zoom, degrees, grid in ((A, 2.0, turned[0], wide), (B, 1.0, turned[1], high))
    ]
    found = RULES[LinkKind.ZOOM_PAN](shown[0], shown[1], NONE)
    bars = [
        resolve(state, one.volume, size).scale_bar for state, one in zip((shown[0].state, found), shown, strict=True)
    ]
    scales = [bar.length_mm / bar.length_pixels for bar in bars if bar is not None]
    assert len(scales) == 2
    assert scales[1] == pytest.approx(scales[0])


def test_a_window_follows_only_to_values_of_the_same_kind() -> None:
    source = Shown(ViewState(A, window=Window(1.0, 2.0), inverted=True), HERE)
    followed = RULES[LinkKind.WINDOW](source, stack(B, THERE), NONE)
    assert (followed.window, followed.inverted) == (Window(1.0, 2.0), True)
    with pytest.raises(DifferentQuantities):
        RULES[LinkKind.WINDOW](source, stack(B, volume_of(axial_grid([0.0]), ramp, modality="MR")), NONE)


def test_views_of_one_volume_are_read_in_one_quantity() -> None:
    reference = VolumeReference(HERE.series)
    source = Shown(ViewState(A, volume=reference, quantity="SUVlbm"), replace(HERE, quantity=SUV_LEAN_MASS))
    same, other = Shown(ViewState(B, volume=reference), HERE), Shown(ViewState(B), source.volume)
    assert RULES[LinkKind.WINDOW](source, same, NONE).quantity == "SUVlbm"
    assert RULES[LinkKind.WINDOW](source, other, NONE).quantity == ""


def test_rules_are_idempotent() -> None:
    source, target = mpr(A, HERE), stack(B, HERE)
    for rule in RULES.values():
        once = rule(source, target, NONE)
        assert rule(source, replace_state(target, once), NONE) == once


def replace_state(shown: Shown, state: ViewState) -> Shown:
    return replace(shown, state=state)


class Session:
    """Three viewports whose every change is announced to the synchroniser, as the application does."""

    def __init__(self) -> None:
        self.shown = {A: stack(A, HERE, 3), B: stack(B, HERE), C: stack(C, THERE)}
        self.applied: list[ViewportId] = []
        self.synchroniser = Synchroniser(lambda: self.shown, self.apply)

    def apply(self, state: ViewState) -> None:
        self.applied.append(state.viewport)
        self.shown[state.viewport] = Shown(state, self.shown[state.viewport].volume)
        self.synchroniser.changed(state.viewport)


def test_a_change_makes_no_echo_and_refusals_are_told() -> None:
    session = Session()
    session.synchroniser.links = (Link(LinkKind.POSITION, frozenset((A, B, C))),)
    refused = session.synchroniser.changed(A)
    assert session.applied == [B]
    assert session.shown[B].state.slice_index == 3
    assert [(each.target, each.kind, type(each.error)) for each in refused] == [(C, LinkKind.POSITION, DifferentSpaces)]
    session.synchroniser.changed(A)
    assert session.applied == [B]


def test_only_the_kinds_that_changed_are_carried() -> None:
    session = Session()
    session.synchroniser.links = (Link(LinkKind.POSITION, frozenset((A, B))),)
    assert session.synchroniser.changed(A, frozenset((LinkKind.WINDOW,))) == ()
    assert session.applied == []
