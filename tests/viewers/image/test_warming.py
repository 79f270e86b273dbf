"""Loops are compiled beforehand, for every volume of the usual types: a padded one brings no other types."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, ramp, volume_of
from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.geometry.centreline import centreline
from viewers.geometry.plane import AXIAL, plane_about
from viewers.image import (
    kernels_colour,
    kernels_curved,
    kernels_irregular,
    kernels_planes,
    kernels_projection,
    kernels_window,
)
from viewers.image.coloured import layer_colours, sample_coloured
from viewers.image.curved import StraightGrid, sample_straightened
from viewers.image.description import VoiFunction, Window
from viewers.image.reslice import sample_plane, sample_valid, sample_window
from viewers.image.sampling import Projection, Slab
from viewers.image.source import source_of
from viewers.image.volume import Volume
from viewers.image.warming import warm_up

WINDOW = Window(40.0, 400.0)
LOOPS: tuple[Any, ...] = (
    kernels_colour.colour_rows,
    kernels_curved.curved_rows,
    kernels_irregular.irregular_rows,
    kernels_irregular.irregular_display,
    kernels_planes.regular_rows,
    kernels_planes.regular_display,
    kernels_projection.slab_rows,
    kernels_window.display_rows,
)


def compiled_for() -> list[list[object]]:
    """The types that each loop was compiled for."""
    return [list(loop.signatures) for loop in LOOPS]


@pytest.mark.parametrize("padding", [None, (-2000, -2000)])
def test_padding_is_given_to_the_loops_as_it_was_when_they_were_compiled(padding: tuple[int, int] | None) -> None:
    volume = spatial_volume(np.zeros((3, 4, 4), np.int16), straight_affine(), padding=padding)
    assert [type(end) for end in source_of(volume).padding] == [float, float]


@pytest.mark.parametrize("tilt", [0.0, 15.0])
def test_after_warming_up_no_picture_waits_for_the_compiler(tilt: float) -> None:
    volume = volume_of(axial_grid([0.0, 2.0, 4.0], size=8, tilt_degrees=tilt), ramp)
    warm_up()
    before = compiled_for()
    assert all(before)
    draw_everything(volume)
    draw_everything(replace(volume, padding_range=(-2000, -1000)))
    assert compiled_for() == before


def draw_everything(volume: Volume) -> None:
    plane = plane_about((0.0, 0.0, 2.0), AXIAL, 1.0, 4, 4)
    line = centreline(((0.0, 0.0, 0.0), (1.0, 1.0, 4.0)))
    assert line is not None
    for slab in (None, Slab(2.0, Projection.MAXIMUM), Slab(2.0, Projection.MEAN)):
        sample_plane(volume, plane, slab)
        sample_window(volume, plane, WINDOW, slab=slab)
        sample_coloured(volume, plane, WINDOW, VoiFunction.LINEAR, layer_colours("grey", 0.5), slab)
        sample_straightened(volume, line, StraightGrid(0.0, 0.0, 1.0, 4, 4), slab)
    sample_valid(volume, plane)
