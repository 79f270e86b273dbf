"""What is laid over a picture: decided only within one space, each volume in its own window, every warning kept."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.geometry.plane import CORONAL
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import FrameOfReferenceUID, SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.errors import ColourRefused, NoSpace
from viewers.image.quantity import SUV_BODY_WEIGHT
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from viewers.state.errors import NotOneSpace
from viewers.state.fusion import fused, why_not_fused
from viewers.state.resolve import resolve
from viewers.state.resolved import Mark, ResolvedView, ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference

SIZE = ViewportSize(80, 60)
PET = SeriesUID("2.25.777")
BASE = volume_of(axial_grid([float(z) for z in range(20)]), smooth)
OVER = replace(
    volume_of(axial_grid([4.0 * z for z in range(5)], 16, 4.0), smooth),
    series=PET,
    modality="PT",
    quantity=SUV_BODY_WEIGHT,
)
QUARTER = RigidTransform(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)), (1.0, 2.0, 3.0))
LAYER = FusedLayer(VolumeReference(PET))
STATES = (
    ViewState(ViewportId("a"), slice_index=10),
    ViewState(ViewportId("a"), ViewKind.MPR, orientation=CORONAL),
    ViewState(ViewportId("a"), ViewKind.MPR, slab=Slab(6.0, Projection.MAXIMUM)),
)


def shown(state: ViewState, over: Volume = OVER, layer: FusedLayer = LAYER) -> ResolvedView:
    return fused(resolve(state, BASE, SIZE), layer, BASE, over)


def elsewhere(volume: Volume) -> Volume:
    return replace(volume, passport=replace(volume.passport, frame_of_reference=FrameOfReferenceUID("2.25.9")))


@pytest.mark.parametrize("state", STATES)
def test_a_layer_lies_on_the_plane_of_the_picture_in_its_own_quantity_and_window(state: ViewState) -> None:
    view = shown(state)
    assert view.fused is not None
    assert view.fused.plane == view.plane
    assert (view.fused.quantity, view.fused.window) == (SUV_BODY_WEIGHT, Window(3.5, 7.0))
    assert (view.fused.colours, view.fused.opacity) == ("hot_iron", 0.5)
    assert (view.window, view.quantity) == (resolve(state, BASE, SIZE).window, BASE.quantity)
    own = shown(state, layer=replace(LAYER, window=Window(5.0, 10.0), opacity=3.0))
    assert own.fused is not None
    assert (own.fused.window, own.fused.opacity) == (Window(5.0, 10.0), 1.0)


def test_a_volume_in_3d_has_no_layer() -> None:
    assert shown(ViewState(ViewportId("a"), ViewKind.VOLUME)).fused is None


@pytest.mark.parametrize("state", STATES)
def test_volumes_of_two_spaces_are_not_fused_unless_the_reader_declares_how_they_lie(state: ViewState) -> None:
    stranger = elsewhere(OVER)
    assert isinstance(why_not_fused(BASE, stranger), NotOneSpace)
    assert shown(state, stranger).fused is None
    declared = shown(state, stranger, replace(LAYER, way=QUARTER))
    assert declared.fused is not None
    for pixel in ((0.0, 0.0), (79.0, 0.0), (0.0, 59.0)):
        here, there = declared.plane.pixel_to_lps(*pixel), declared.fused.plane.pixel_to_lps(*pixel)
        # A quarter turn about the axis of the body takes x to y and y to -x, then the shift is added.
        assert there == pytest.approx((1.0 - here[1], 2.0 + here[0], 3.0 + here[2]))
    assert declared.fused.marks[0] is Mark.LAID_APPROXIMATELY


def test_a_space_that_nobody_named_is_shared_with_none() -> None:
    nameless = replace(BASE, passport=replace(BASE.passport, frame_of_reference=None))
    assert isinstance(why_not_fused(nameless, nameless), NotOneSpace)


def test_what_has_no_place_or_is_in_colour_is_not_fused() -> None:
    assert isinstance(why_not_fused(BASE, replace(OVER, is_spatial=False)), NoSpace)
    assert isinstance(why_not_fused(replace(BASE, is_spatial=False), OVER), NoSpace)
    colour = np.zeros((*OVER.voxels.shape, 3), dtype=np.uint8)
    assert isinstance(why_not_fused(BASE, replace(OVER, voxels=colour)), ColourRefused)


def test_the_warnings_of_both_volumes_are_kept() -> None:
    partial = replace(OVER, lossy=True, expected_slices=9)
    base = replace(BASE, lossy=True)
    view = fused(resolve(STATES[0], base, SIZE), LAYER, base, partial)
    assert view.fused is not None
    assert Mark.LOSSY in view.marks
    assert Mark.INCOMPLETE not in view.marks
    assert {Mark.LOSSY, Mark.INCOMPLETE} <= set(view.fused.marks)
