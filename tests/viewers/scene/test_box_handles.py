"""The clipping box: its faces follow the pointer along their own axis, and never leave the volume."""

import numpy as np
import pytest

from tests.support.viewer_volumes import oblique_affine, spatial_volume
from viewers.scene.box_handles import edges, handle_at, handles
from viewers.state.camera import VolumeCamera, camera_plane
from viewers.state.volume_look import ClippingBox, Face

VOLUME = spatial_volume(np.zeros((30, 60, 80), np.int16), oblique_affine())
SEEN = camera_plane(VOLUME, VolumeCamera(35.0, 25.0), 400, 300)


@pytest.mark.parametrize("face", list(Face))
def test_a_face_follows_the_pointer(face: Face) -> None:
    box = ClippingBox((0.1, 0.1, 0.1), (0.8, 0.9, 0.7))
    handle = next(one for one in handles(VOLUME, box, SEEN) if one.face is face)
    dragged = (handle.way[0] * 0.1, handle.way[1] * 0.1)
    after = handle.after(box, dragged)
    assert after.at(face) == pytest.approx(box.at(face) + 0.1)
    again = next(one for one in handles(VOLUME, after, SEEN) if one.face is face)
    moved = (again.position[0] - handle.position[0], again.position[1] - handle.position[1])
    assert moved == pytest.approx(dragged, abs=0.01)


def test_a_handle_is_found_near_and_not_far_away() -> None:
    found = handles(VOLUME, ClippingBox(), SEEN)
    x, y = found[0].position
    assert handle_at(found, (x + 3.0, y - 3.0)) == found[0]
    assert handle_at(found, (-100.0, -100.0)) is None


def test_a_face_looked_at_straight_has_no_handle() -> None:
    volume = spatial_volume(np.zeros((30, 60, 80), np.int16), np.diag([1.0, 1.0, 1.0, 1.0]))
    front = camera_plane(volume, VolumeCamera(), 400, 300)
    assert {one.face for one in handles(volume, ClippingBox(), front)} == {
        Face.COLUMNS_LOW, Face.COLUMNS_HIGH, Face.SLICES_LOW, Face.SLICES_HIGH,
    }  # fmt: skip


def test_the_box_stays_within_the_volume_and_keeps_a_part() -> None:
    box = ClippingBox().moved(Face.COLUMNS_LOW, -3.0).moved(Face.COLUMNS_HIGH, -3.0)
    assert box.low[0] == 0.0
    assert 0.0 < box.high[0] < 0.1
    assert box.moved(Face.COLUMNS_HIGH, 7.0) == ClippingBox()


def test_the_box_is_drawn_by_its_twelve_edges() -> None:
    drawn = edges(VOLUME, ClippingBox(), SEEN)
    assert len(drawn) == 12
    assert len({point for edge in drawn for point in edge}) == 8
