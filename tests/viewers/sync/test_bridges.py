"""What holds for every kind of way between spaces: a new line of the table is tried by these without more."""

from dataclasses import replace

import pytest

from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.identifiers import FrameOfReferenceUID, SeriesUID, ViewportId
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState
from viewers.sync.bridges.base import Bridge, BridgeKind, BridgeSpec, space_of
from viewers.sync.bridges.registry import BRIDGES
from viewers.sync.bridging import Bridges
from viewers.sync.errors import DifferentSpaces
from viewers.sync.rules import RULES
from viewers.sync.shown import Shown

SPECS = pytest.mark.parametrize("spec", BRIDGES.values(), ids=lambda spec: spec.id)
HERE = volume_of(axial_grid([2.0 * k for k in range(30)], size=16), ramp)
OTHER_SPACE = FrameOfReferenceUID("2.25.9")
THERE = replace(
    volume_of(axial_grid([5.0 * k for k in range(12)], size=16), ramp, frame_of_reference=OTHER_SPACE),
    series=SeriesUID("2.25.104"),
)
SOURCE = Shown(ViewState(ViewportId("a"), slice_index=6, centre_lps=(1.0, 2.0, 12.0)), HERE)
TARGET = Shown(ViewState(ViewportId("b"), slice_index=5, centre_lps=(4.0, 0.0, 25.0)), THERE)


def test_every_kind_stands_in_the_table_once() -> None:
    assert set(BRIDGES) == set(BridgeKind)
    assert all(spec.id is kind for kind, spec in BRIDGES.items())


@SPECS
def test_what_it_finds_leads_there_and_back(spec: BridgeSpec) -> None:
    motion, back = spec.made(SOURCE, TARGET), spec.made(TARGET, SOURCE)
    if motion is None or back is None:
        assert motion is back is None
        return
    assert motion.then(back).matrix == pytest.approx(motion.then(motion.inverse()).matrix, abs=1e-9)


@SPECS
@pytest.mark.parametrize("kind", LinkKind)
def test_it_carries_what_it_says_and_nothing_else(spec: BridgeSpec, kind: LinkKind) -> None:
    motion = spec.made(SOURCE, TARGET)
    if motion is None:
        return
    bridges = Bridges((Bridge(spec.id, space_of(HERE), space_of(THERE), motion),))
    if kind in spec.carries:
        assert bridges.between(SOURCE, TARGET, kind).kind is spec.id
        RULES[kind](SOURCE, TARGET, bridges)
    else:
        with pytest.raises(DifferentSpaces):
            bridges.between(SOURCE, TARGET, kind)


@SPECS
def test_only_one_frame_of_reference_is_exact(spec: BridgeSpec) -> None:
    assert spec.is_approximate is (spec.id is not BridgeKind.FRAME)


@SPECS
def test_it_finds_nothing_for_images_without_a_place(spec: BridgeSpec) -> None:
    flat = replace(THERE, is_spatial=False, passport=replace(THERE.passport, frame_of_reference=None))
    assert spec.made(SOURCE, replace(TARGET, volume=flat)) is None
