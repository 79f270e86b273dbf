import numpy as np
import pytest

from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.geometry.frame import as_vector, scaled
from viewers.geometry.orientation import letters
from viewers.geometry.plane import CORONAL
from viewers.image.slices import corners_lps
from viewers.state.camera import Side, VolumeCamera, camera_plane


@pytest.mark.parametrize(
    ("camera", "right", "down"),
    [
        (VolumeCamera(), "L", "F"),
        (VolumeCamera(azimuth_degrees=90), "P", "F"),
        (VolumeCamera(azimuth_degrees=180), "R", "F"),
        (VolumeCamera(azimuth_degrees=270), "A", "F"),
        (VolumeCamera(elevation_degrees=90), "L", "A"),
        (VolumeCamera(elevation_degrees=-90), "L", "P"),
    ],
)
def test_letters_follow_the_camera(camera: VolumeCamera, right: str, down: str) -> None:
    orientation = camera.orientation
    assert letters(orientation.row_direction) == right
    assert letters(orientation.column_direction) == down


def test_the_default_looks_from_the_front() -> None:
    assert VolumeCamera().orientation.normal == pytest.approx(CORONAL.normal)


def test_the_camera_never_goes_over_the_top_and_zooms_within_limits() -> None:
    camera = VolumeCamera().turned(370.0, 400.0).zoomed(1e6)
    assert camera == VolumeCamera(10.0, 90.0, 20.0)
    assert camera.turned(0.0, -1000.0).elevation_degrees == -90.0
    assert camera.zoomed(1e-9).zoom == 0.2


@pytest.mark.parametrize(
    ("side", "towards_reader", "right", "down"),
    [
        (Side.ANTERIOR, "A", "L", "F"),
        (Side.POSTERIOR, "P", "R", "F"),
        (Side.LEFT, "L", "P", "F"),
        (Side.RIGHT, "R", "A", "F"),
        (Side.HEAD, "H", "L", "A"),
        (Side.FEET, "F", "L", "P"),
    ],
)
def test_each_side_shows_that_side_and_its_letters(side: Side, towards_reader: str, right: str, down: str) -> None:
    camera = VolumeCamera(33.0, 20.0, 4.0, (10.0, 5.0)).at_side(side)
    orientation = camera.orientation
    assert letters(scaled(orientation.normal, -1.0)) == towards_reader
    assert letters(orientation.row_direction) == right
    assert letters(orientation.column_direction) == down
    assert (camera.zoom, camera.pan_mm) == (1.0, (0.0, 0.0))


def test_zoom_one_shows_the_longest_edge_and_a_pan_moves_the_picture_with_the_hand() -> None:
    volume = spatial_volume(np.zeros((40, 100, 100), np.int16), straight_affine())
    for side in Side:
        seen = camera_plane(volume, VolumeCamera().at_side(side), 200, 100)
        places = [seen.lps_to_pixel(as_vector(corner)) for corner in corners_lps(volume)]
        assert all(0 <= column <= 199 and 0 <= row <= 99 for column, row in places)
        assert max(abs(row - 49.5) for _, row in places) > 35
    moved = camera_plane(volume, VolumeCamera(25.0, 40.0).panned(10.0, -6.0), 200, 100)
    column, row = moved.lps_to_pixel(camera_plane(volume, VolumeCamera(25.0, 40.0), 200, 100).centre_lps)
    assert ((column - 99.5) * moved.spacing_mm, (row - 49.5) * moved.spacing_mm) == pytest.approx((10.0, -6.0))
