"""What fusion and colour maps paint: at the right pixels, as clear as asked, as it was when it was looked at."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytestqt.qtbot import QtBot

from tests.support.phantoms import axial_grid, frame_of, smooth, volume_of
from tests.viewers.qt.scenes import (
    BASELINES,
    HOT,
    LAYER,
    OBLIQUE,
    PET,
    PLANE,
    SCENES,
    SIZE,
    STATE,
    base,
    fused_picture,
    over,
    painted,
)
from tests.viewers.qt.stage import grabbed
from viewers.geometry.plane import CORONAL
from viewers.identifiers import AnnotationId
from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.description import Window
from viewers.image.sampling import Projection, Slab
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.palette import HATCH_GROUND
from viewers.qt.viewport import ViewportWidget
from viewers.state.fusion import fused
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewState

pytestmark = pytest.mark.qt

# Sampling rounds a level up or down between machines; where the painter interpolates (stacks) versions of Qt differ by
# a few levels at edges. A shift by half a pixel, another colour or another opacity changes far more than this.
MEAN_LEVELS, EDGE_LEVELS, EDGE_SHARE = 1.0, 12, 0.01


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_painted_as_it_was_when_it_was_looked_at(name: str) -> None:
    _, found = fused_picture(SCENES[name])
    expected = np.asarray(Image.open(BASELINES / f"{name}.png").convert("RGB")).astype(int)
    apart = np.abs(found.astype(int) - expected)
    assert apart.mean() <= MEAN_LEVELS
    assert (apart.max(axis=2) > EDGE_LEVELS).mean() <= EDGE_SHARE


def test_half_a_pixel_would_be_seen() -> None:
    state = SCENES["oblique_fused"]
    step = resolve(state, base(), SIZE).plane.spacing_mm
    moved = fused_picture(replace(state, pan=(step / 2, 0.0)))[1].astype(int)
    assert np.abs(moved - fused_picture(state)[1]).mean() > MEAN_LEVELS


SHAPES: dict[str, ViewState] = {
    "stack": STATE,
    "coronal": replace(PLANE, orientation=CORONAL),
    "oblique": replace(PLANE, orientation=OBLIQUE),
    "slab": replace(PLANE, orientation=CORONAL, slab=Slab(10.0, Projection.MEAN)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_uptake_lies_where_it_is_in_the_patient_however_the_picture_is_turned(shape: str) -> None:
    for across, down, turn in product((False, True), (False, True), (0, 90, 180, 270)):
        state = replace(
            SHAPES[shape], flipped_horizontally=across, flipped_vertically=down, rotation_degrees=turn, zoom=1.3
        )
        view, picture = fused_picture(replace(state, fused=replace(LAYER, opacity=1.0)))
        # Above a red of 200 the uptake is that of the ball; nothing else of the phantom is.
        rows, columns = np.nonzero((picture[..., 0] > 200) & (picture[..., 2] < picture[..., 0]))
        expected = view.plane.lps_to_pixel(HOT)
        assert (columns.mean(), rows.mean()) == pytest.approx(expected, abs=1.0), (across, down, turn)


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("shape", SHAPES)
def test_opacity_runs_from_the_picture_alone_to_the_layer_alone(shape: str) -> None:
    state = SHAPES[shape]
    _, plain = fused_picture(state)
    _, clear = fused_picture(replace(state, fused=replace(LAYER, opacity=0.0)))
    assert _difference(plain, clear) == 0
    view, alone = fused_picture(replace(state, fused=replace(LAYER, opacity=1.0)))
    assert view.fused is not None
    _, half = fused_picture(replace(state, fused=LAYER))
    away = [np.abs(picture.astype(int) - plain).mean() for picture in (half, alone)]
    assert 0.0 < away[0] < away[1]


def test_the_layer_reads_its_own_window_and_leaves_that_of_the_picture() -> None:
    before, picture = fused_picture(replace(PLANE, fused=LAYER))
    view, changed = fused_picture(replace(PLANE, fused=replace(LAYER, window=Window(3.5, 2.0))))
    assert view.window == before.window
    assert _difference(changed, picture) > 20


@pytest.mark.parametrize("name", [name for name in COLOUR_MAPS if name not in ("grey", "inverted_grey")])
def test_a_stack_and_a_plane_wear_the_same_map_and_it_can_be_turned(name: str) -> None:
    colours = COLOUR_MAPS[name].colours().astype(int)
    volume = base()
    for state in (STATE, PLANE):
        grey = painted(resolve(state, volume, SIZE), volume)[..., 0].astype(int)
        worn = painted(resolve(replace(state, colours=name), volume, SIZE), volume).astype(int)
        turned = painted(resolve(replace(state, colours=name, inverted=True), volume, SIZE), volume).astype(int)
        inside = grey > 0
        # Where the painter interpolates, colours are mixed instead of levels: steps of a map may lie between.
        near = 0 if state is PLANE else 60
        assert np.percentile(np.abs(worn - colours[grey])[inside], 95) <= near + 2 * 255 / 12
        assert np.percentile(np.abs(turned - colours[255 - grey])[inside], 95) <= near + 2 * 255 / 12


def test_the_reader_may_have_either_grey_whatever_the_image_asks_for() -> None:
    for modality, photometric in product(("CT", "PT"), ("MONOCHROME1", "MONOCHROME2")):
        volume = volume_of(axial_grid([0.0, 1.0, 2.0]), smooth, modality=modality)
        asks = replace(volume, inverted=modality == "PT" or photometric == "MONOCHROME1")
        inverted = [
            resolve(replace(STATE, slice_index=1, colours=name), asks, SIZE).inverted
            for name in ("", "grey", "inverted_grey")
        ]
        assert inverted == [asks.inverted, False, True]


def test_pet_is_shown_in_inverted_grey_once_whatever_its_photometric_interpretation() -> None:
    grid = axial_grid([0.0, 1.0, 2.0])
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        stored = replace(frame_of(grid, 0).format, photometric=photometric)
        pet = volume_of(grid, smooth, modality="PT", format=stored)
        assert pet.inverted
        assert resolve(replace(STATE, slice_index=1), pet, SIZE).inverted
        assert not resolve(replace(STATE, slice_index=1, inverted=True), pet, SIZE).inverted
    assert not volume_of(grid, smooth).inverted


@pytest.mark.parametrize("shape", SHAPES)
def test_gaps_of_the_layer_are_hatched_over_the_picture(shape: str, qtbot: QtBot) -> None:
    gapped = over((0.0, 3.0, 6.0, 9.0, 30.0, 33.0, 36.0))
    assert bool(gapped.gap_after.any())
    widget = ViewportWidget(STATE.viewport, lambda: AnnotationId("mark"), ViewportLabels())
    qtbot.addWidget(widget)
    widget.resize(300, 240)
    volume = base()
    plain = resolve(SHAPES[shape], volume, ViewportSize(300, 240))
    ground = HATCH_GROUND.getRgb()[:3]

    def hatched(layer_is_shown: bool) -> int:
        view = fused(plain, LAYER, volume, gapped) if layer_is_shown else plain
        widget.show_content(ViewportContent(volume, view, fused=gapped if layer_is_shown else None))
        return int((np.abs(grabbed(widget).astype(int) - ground).max(axis=2) < 3).sum())

    assert PET.series == gapped.series
    assert hatched(False) == 0
    assert hatched(True) > 200
