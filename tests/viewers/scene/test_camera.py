import pytest

from viewers.geometry.orientation import letters
from viewers.geometry.plane import CORONAL
from viewers.scene.camera import VolumeCamera


@pytest.mark.parametrize(
    ("camera", "right", "down"),
    [
        (VolumeCamera(), "L", "F"),
        (VolumeCamera(azimuth_degrees=90), "P", "F"),
        (VolumeCamera(azimuth_degrees=180), "R", "F"),
        (VolumeCamera(azimuth_degrees=270), "A", "F"),
        (VolumeCamera(elevation_degrees=89), "L", "A"),
        (VolumeCamera(elevation_degrees=-89), "L", "P"),
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
    assert camera == VolumeCamera(10.0, 89.0, 20.0)
    assert camera.turned(0.0, -1000.0).elevation_degrees == -89.0
    assert camera.zoomed(1e-9).zoom == 0.2
