"""A click on a rendered picture finds the place that is seen there."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.viewer_volumes import oblique_affine, spatial_volume, straight_affine
from viewers.geometry.frame import Vector3, as_vector, index_to_lps
from viewers.image.volume import Volume
from viewers.scene.picking import picked
from viewers.scene.presets import TransferFunction
from viewers.state.camera import Side, VolumeCamera, camera_plane
from viewers.state.volume_look import ClippingBox, Face

BONE = TransferFunction(colours=((130.0, (1.0, 1.0, 1.0)),), opacities=((200.0, 0.0), (800.0, 0.9)))
PROJECTION = TransferFunction(colours=BONE.colours, opacities=((0.0, 1.0),), is_projection=True, is_shaded=False)


def block(affine: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Volume:
    voxels = np.full((40, 60, 60), -1000, np.int16)
    voxels[10:20, 20:30, 35:50] = 1000
    return spatial_volume(voxels, affine)


def at_index(volume: Volume, i: float, j: float, k: float) -> Vector3:
    return as_vector(index_to_lps(volume.affine, np.array([i, j, k])))


@pytest.mark.parametrize("affine", [straight_affine(), oblique_affine()])
@pytest.mark.parametrize("side", list(Side))
def test_the_point_lies_on_the_surface_that_the_reader_sees(
    affine: np.ndarray[tuple[int, ...], np.dtype[np.float64]], side: Side
) -> None:
    volume = block(affine)
    middle = at_index(volume, 42.0, 24.5, 14.5)
    seen = camera_plane(volume, VolumeCamera().at_side(side), 300, 200)
    found = picked(volume, seen, seen.lps_to_pixel(middle), BONE, ClippingBox())
    assert found is not None
    assert seen.lps_to_pixel(found) == pytest.approx(seen.lps_to_pixel(middle), abs=0.01)
    i, j, k = np.linalg.solve(volume.affine[:3, :3], np.array(found) - volume.affine[:3, 3])
    depths = [abs(i - 34.5), abs(i - 49.5), abs(j - 19.5), abs(j - 29.5), abs(k - 9.5), abs(k - 19.5)]
    assert min(depths) < 1.0
    assert seen.distance_mm(found) < seen.distance_mm(middle)


def test_beside_everything_nothing_is_picked() -> None:
    volume = block(straight_affine())
    seen = camera_plane(volume, VolumeCamera(), 300, 200)
    assert picked(volume, seen, (5.0, 5.0), BONE, ClippingBox()) is None
    assert picked(volume, seen, (5.0, 5.0), PROJECTION, ClippingBox()) is None
    assert picked(volume, seen, seen.lps_to_pixel(at_index(volume, 5.0, 5.0, 30.0)), BONE, ClippingBox()) is None


def test_a_projection_gives_the_brightest_place_and_what_is_clipped_is_not_picked() -> None:
    volume = block(straight_affine())
    volume.voxels.flags.writeable = True
    volume.voxels[14, 24, 42] = 2000
    middle = at_index(volume, 42.0, 24.0, 14.0)
    seen = camera_plane(volume, VolumeCamera(), 300, 200)
    found = picked(volume, seen, seen.lps_to_pixel(middle), PROJECTION, ClippingBox())
    assert found is not None
    assert found == pytest.approx(middle, abs=0.5)
    behind = ClippingBox().moved(Face.ROWS_LOW, 0.45)
    found = picked(volume, seen, seen.lps_to_pixel(middle), BONE, behind)
    assert found is not None
    assert (found[1] - volume.affine[1, 3]) / volume.affine[1, 1] == pytest.approx(0.45 * 60 - 0.5, abs=2.0)


def test_padding_is_neither_a_surface_nor_the_brightest_place() -> None:
    voxels = np.full((40, 60, 60), -1000, np.int16)
    voxels[:, :10, :] = 3000
    voxels[10:20, 20:30, 35:50] = 1000
    volume = spatial_volume(voxels, straight_affine(), padding=(3000, 3000))
    middle = at_index(volume, 42.0, 24.5, 14.5)
    seen = camera_plane(volume, VolumeCamera(), 300, 200)
    for look in (BONE, PROJECTION):
        found = picked(volume, seen, seen.lps_to_pixel(middle), look, ClippingBox())
        assert found is not None
        assert 18.0 < (found[1] - volume.affine[1, 3]) / volume.affine[1, 1] < 30.0


@pytest.mark.parametrize("look", [BONE, PROJECTION])
def test_nothing_is_picked_where_slices_are_missing(look: TransferFunction) -> None:
    whole = spatial_volume(np.full((40, 60, 60), 1000, np.int16), straight_affine())
    kept = [*range(15), *range(25, 40)]
    volume = replace(
        whole,
        voxels=whole.voxels[kept],
        slice_origins_lps=whole.slice_origins_lps[kept],
        gap_after=np.array([k == 14 for k in range(len(kept) - 1)]),
        sources=tuple(whole.sources[k] for k in kept),
    )
    seen = camera_plane(volume, VolumeCamera(), 300, 200)
    for k, is_seen in ((10.0, True), (20.0, False), (30.0, True)):
        found = picked(volume, seen, seen.lps_to_pixel(at_index(whole, 30.0, 30.0, k)), look, ClippingBox())
        assert (found is not None) == is_seen
