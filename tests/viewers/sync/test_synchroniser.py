"""Links: same space only, no echo, refusals told."""

from dataclasses import replace

import pytest

from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.geometry.plane import AXIAL, CORONAL
from viewers.identifiers import FrameOfReferenceUID, ViewportId
from viewers.image.description import Window
from viewers.image.quantity import SUV_LEAN_MASS
from viewers.image.volume import Volume
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.errors import DifferentQuantities, DifferentSpaces
from viewers.sync.rules import RULES, ManualOffset, Shown
from viewers.sync.synchroniser import Link, Synchroniser

A, B, C = ViewportId("a"), ViewportId("b"), ViewportId("c")
HERE = volume_of(axial_grid([2.0 * k for k in range(30)], size=16), ramp)
THERE = volume_of(
    axial_grid([5.0 * k for k in range(12)], size=16), ramp, frame_of_reference=FrameOfReferenceUID("2.25.9")
)


def stack(viewport: ViewportId, volume: Volume, slice_index: int = 0) -> Shown:
    return Shown(ViewState(viewport, slice_index=slice_index), volume)


def mpr(viewport: ViewportId, volume: Volume) -> Shown:
    return Shown(ViewState(viewport, ViewKind.MPR, orientation=AXIAL, centre_lps=(1.0, 2.0, 20.0)), volume)


def test_a_stack_follows_to_the_slice_at_the_same_place_not_of_the_same_number() -> None:
    thick = volume_of(axial_grid([5.0 * k for k in range(12)], size=16), ramp)
    found = RULES[LinkKind.POSITION](stack(A, HERE, 10), stack(B, thick), None)
    assert found.slice_index == 4


def test_the_crosshair_is_one_point() -> None:
    target = Shown(ViewState(B, ViewKind.MPR, orientation=CORONAL), HERE)
    assert RULES[LinkKind.CROSSHAIR](mpr(A, HERE), target, None).centre_lps == (1.0, 2.0, 20.0)


def test_planes_across_each_other_do_not_scroll_together() -> None:
    target = Shown(ViewState(B, ViewKind.MPR, orientation=CORONAL, centre_lps=(0.0, 0.0, 0.0)), HERE)
    assert RULES[LinkKind.POSITION](mpr(A, HERE), target, None) == target.state


@pytest.mark.parametrize("kind", [LinkKind.CROSSHAIR, LinkKind.POSITION, LinkKind.ZOOM_PAN])
def test_two_spaces_are_not_linked_without_an_offset(kind: LinkKind) -> None:
    with pytest.raises(DifferentSpaces):
        RULES[kind](stack(A, HERE), stack(B, THERE), None)
    RULES[kind](stack(A, HERE), stack(B, THERE), ManualOffset((0.0, 0.0, 0.0)))


def test_spaces_without_a_name_are_not_one_space() -> None:
    nameless = volume_of(axial_grid([0.0, 1.0], size=16), ramp, frame_of_reference=None)
    with pytest.raises(DifferentSpaces):
        RULES[LinkKind.CROSSHAIR](stack(A, nameless), stack(B, nameless), None)


def test_a_manual_offset_is_added_and_turned_on_the_way_back() -> None:
    link = Link(LinkKind.POSITION, frozenset((A, B)), {(A, B): ManualOffset((0.0, 0.0, 25.0))})
    there = RULES[LinkKind.POSITION](stack(A, HERE, 5), stack(B, THERE), link.offset(A, B))
    assert there.slice_index == 7
    back = RULES[LinkKind.POSITION](Shown(there, THERE), stack(A, HERE), link.offset(B, A))
    assert back.slice_index == 5


def test_a_window_follows_only_to_values_of_the_same_kind() -> None:
    source = Shown(ViewState(A, window=Window(1.0, 2.0), inverted=True), HERE)
    followed = RULES[LinkKind.WINDOW](source, stack(B, THERE), None)
    assert (followed.window, followed.inverted) == (Window(1.0, 2.0), True)
    with pytest.raises(DifferentQuantities):
        RULES[LinkKind.WINDOW](source, stack(B, volume_of(axial_grid([0.0]), ramp, modality="MR")), None)


def test_views_of_one_volume_are_read_in_one_quantity() -> None:
    reference = VolumeReference(HERE.series)
    source = Shown(ViewState(A, volume=reference, quantity="SUVlbm"), replace(HERE, quantity=SUV_LEAN_MASS))
    same, other = Shown(ViewState(B, volume=reference), HERE), Shown(ViewState(B), source.volume)
    assert RULES[LinkKind.WINDOW](source, same, None).quantity == "SUVlbm"
    assert RULES[LinkKind.WINDOW](source, other, None).quantity == ""


def test_rules_are_idempotent() -> None:
    source, target = mpr(A, HERE), stack(B, HERE)
    for rule in RULES.values():
        once = rule(source, target, None)
        assert rule(source, replace_state(target, once), None) == once


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
