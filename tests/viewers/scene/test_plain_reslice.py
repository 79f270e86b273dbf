"""The reference of the benchmarks makes the same picture as we do, so that it is a reference."""

import numpy as np
import pytest

from tests.support.phantoms import Grid, axial_grid, oblique_grid, smooth, volume_of
from viewers.geometry.frame import Vector3, as_vector
from viewers.geometry.plane import AXIAL, CORONAL, Orientation, plane_about
from viewers.image.description import Window
from viewers.image.reslice import sample_window
from viewers.image.sampling import Projection, Slab
from viewers.image.slices import corners_lps
from viewers.scene.plain_reslice import PlainReslice

WINDOW = Window(0.0, 2000.0)
TURNED = Orientation((0.8, 0.6, 0.0), (0.0, 0.0, -1.0))
# Half a level of rounding each way, and the ends of a slab, which VTK places on its own samples.
PLANE_LEVELS, SLAB_LEVELS = 1, 6


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, TURNED])
@pytest.mark.parametrize("grid", [axial_grid([float(k) for k in range(40)]), oblique_grid()], ids=["axial", "oblique"])
@pytest.mark.parametrize("slab", [None, Slab(6.0, Projection.MAXIMUM)], ids=["plane", "slab"])
def test_both_make_the_same_picture(grid: Grid, orientation: Orientation, slab: Slab | None) -> None:
    volume = volume_of(grid, smooth)
    corners = corners_lps(volume)
    centre: Vector3 = as_vector((corners.min(axis=0) + corners.max(axis=0)) / 2)
    plane = plane_about(centre, orientation, 0.5, 30, 24)
    ours = sample_window(volume, plane, WINDOW, slab=slab).astype(int)
    theirs = PlainReslice(volume).picture(plane, WINDOW, slab).astype(int)
    assert theirs.shape == ours.shape == (24, 30)
    assert np.ptp(ours) > 20
    assert np.abs(ours - theirs).max() <= (SLAB_LEVELS if slab else PLANE_LEVELS)
