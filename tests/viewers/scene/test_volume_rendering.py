import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import axial_grid, volume_of
from tests.support.viewer_volumes import oblique_affine, spatial_volume, straight_affine
from viewers.image.slices import is_regular
from viewers.image.volume import Volume
from viewers.scene import volume_rendering
from viewers.scene.errors import RenderingRefused
from viewers.scene.gridded import reducing
from viewers.scene.presets import TransferFunction
from viewers.scene.volume_rendering import VolumeRendering
from viewers.state.camera import Side, VolumeCamera, camera_plane
from viewers.state.scene_grid import scene_grid
from viewers.state.volume_look import ClippingBox, Face

SIZE = 120
PROJECTION = TransferFunction(
    colours=((-500.0, (0.0, 0.0, 0.0)), (500.0, (1.0, 1.0, 1.0))),
    opacities=((-500.0, 1.0), (500.0, 1.0)),
    is_projection=True,
    is_shaded=False,
)
BONE = TransferFunction(
    colours=((130.0, (0.66, 0.42, 0.30)), (900.0, (1.0, 0.97, 0.90))), opacities=((130.0, 0.0), (400.0, 0.8))
)


def left_anterior_head_block(value: int = 1000, padding: tuple[int, int] | None = None) -> Volume:
    """Air, and one block in the corner of the patient's left, front and head. 80 × 80 × 80 mm."""
    voxels = np.full((40, 100, 100), -1000, np.int16)
    voxels[30:38, 5:25, 75:95] = value
    return spatial_volume(voxels, straight_affine(), padding=padding)


def brightest(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[float, float]:
    """The middle of the bright pixels, as (right, down) from the middle of the picture, in parts of its size."""
    brightness = picture.max(axis=2)
    assert brightness.max() > 60
    rows, columns = np.nonzero(brightness > brightness.max() / 2)
    return float(columns.mean() / SIZE - 0.5), float(rows.mean() / SIZE - 0.5)


@pytest.mark.parametrize("look", ["projection", "bone"])
@pytest.mark.parametrize(
    ("camera", "signs"),
    [
        (VolumeCamera(), (1, -1)),
        (VolumeCamera(azimuth_degrees=180), (-1, -1)),
        (VolumeCamera(azimuth_degrees=90), (-1, -1)),
        (VolumeCamera(elevation_degrees=-89), (1, -1)),
        (VolumeCamera(elevation_degrees=89), (1, 1)),
    ],
)
def test_the_picture_is_never_mirrored(look: str, camera: VolumeCamera, signs: tuple[int, int]) -> None:
    with VolumeRendering(left_anterior_head_block()) as rendering:
        rendering.show(PROJECTION if look == "projection" else BONE)
        picture = rendering.picture(camera, SIZE, SIZE)
    right, down = brightest(picture)
    assert (np.sign(right), np.sign(down)) == signs
    assert min(abs(right), abs(down)) > 0.05


def test_a_projection_shows_the_window() -> None:
    with VolumeRendering(left_anterior_head_block(250)) as rendering:
        rendering.show(PROJECTION)
        picture = rendering.picture(VolumeCamera(), SIZE, SIZE)
    assert picture.shape == (SIZE, SIZE, 3)
    assert int(picture.max()) == pytest.approx(0.75 * 255, abs=3)


def test_padding_is_never_the_brightest() -> None:
    with VolumeRendering(left_anterior_head_block(3000, padding=(3000, 3000))) as rendering:
        rendering.show(PROJECTION)
        assert int(rendering.picture(VolumeCamera(), SIZE, SIZE).max()) == 0


@pytest.mark.parametrize("look", [PROJECTION, BONE])
def test_what_is_outside_the_clipping_box_is_not_seen(look: TransferFunction) -> None:
    with VolumeRendering(left_anterior_head_block()) as rendering:
        rendering.show(look)
        # The block lies between 0.75 and 0.95 of the columns.
        rendering.clip(ClippingBox().moved(Face.COLUMNS_HIGH, 0.70))
        assert int(rendering.picture(VolumeCamera(), SIZE, SIZE).max()) < 30
        rendering.clip(ClippingBox().moved(Face.COLUMNS_LOW, 0.70))
        assert int(rendering.picture(VolumeCamera(), SIZE, SIZE).max()) > 80
        rendering.clip(ClippingBox().moved(Face.COLUMNS_HIGH, 0.85))
        halved = rendering.picture(VolumeCamera(), SIZE, SIZE)
        rendering.clip(ClippingBox())
        whole = rendering.picture(VolumeCamera(), SIZE, SIZE)
    assert 0.4 < np.count_nonzero(halved.max(axis=2) > 60) / np.count_nonzero(whole.max(axis=2) > 60) < 0.6


def test_a_projection_on_white_is_white_around_the_volume() -> None:
    inverted = replace(
        PROJECTION, colours=((0.0, (1.0, 1.0, 1.0)), (1000.0, (0.0, 0.0, 0.0))), background=(1.0, 1.0, 1.0)
    )
    with VolumeRendering(left_anterior_head_block()) as rendering:
        rendering.show(inverted)
        picture = rendering.picture(VolumeCamera(), SIZE, SIZE)
    assert int(picture[0, 0].min()) == 255
    assert int(picture.min()) == 0


def test_an_oblique_volume_lies_as_in_the_patient() -> None:
    voxels = np.full((30, 60, 80), -1000, np.int16)
    voxels[26:30, 0:6, 70:80] = 1000
    volume = spatial_volume(voxels, oblique_affine())
    with VolumeRendering(volume) as rendering:
        rendering.show(PROJECTION)
        right, down = brightest(rendering.picture(VolumeCamera(), SIZE, SIZE))
    corner = volume.affine @ np.array([75.0, 3.0, 28.0, 1.0])
    middle = volume.affine @ np.array([39.5, 29.5, 14.5, 1.0])
    assert (np.sign(right), np.sign(down)) == (np.sign((corner - middle)[0]), -np.sign((corner - middle)[2]))


def test_a_gap_is_seen_as_a_gap() -> None:
    voxels = np.full((40, 60, 60), -1000, np.int16)
    voxels[:, 10:50, 10:50] = 1000
    volume = spatial_volume(voxels, np.diag([1.0, 1.0, 2.0, 1.0]))
    kept = [*range(15), *range(25, 40)]
    gap = np.zeros(len(kept) - 1, np.bool_)
    gap[14] = True
    volume = replace(
        volume,
        voxels=voxels[kept],
        slice_origins_lps=volume.slice_origins_lps[kept],
        gap_after=gap,
        sources=tuple(volume.sources[k] for k in kept),
    )
    with VolumeRendering(volume) as rendering:
        rendering.show(BONE)
        column = rendering.picture(VolumeCamera(), SIZE, SIZE, is_fine=True)[:, SIZE // 2].max(axis=1)
    dark = np.nonzero(column < 30)[0]
    middle = dark[(dark > SIZE // 4) & (dark < 3 * SIZE // 4)]
    # 20 mm of 80 are missing, and half a step on each side of them.
    mm_per_pixel = 80.0 * 1.08 / SIZE
    assert len(middle) * mm_per_pixel == pytest.approx(22.0, abs=2.5)


def test_tilted_slices_lie_where_they_were_acquired() -> None:
    def rod(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(np.hypot(places[..., 0] - 10.0, places[..., 1] + 6.0) < 3.0, 1000.0, -1000.0)

    volume = volume_of(axial_grid([float(2 * z) for z in range(-12, 13)], tilt_degrees=20.0), rod)
    assert not is_regular(volume)
    camera = VolumeCamera().at_side(Side.FEET)
    with VolumeRendering(volume) as rendering:
        rendering.show(BONE)
        picture = rendering.picture(camera, SIZE, SIZE, is_fine=True).max(axis=2)
    rows, columns = np.nonzero(picture > picture.max() / 2)
    seen = camera_plane(volume, camera, SIZE, SIZE)
    expected = seen.lps_to_pixel((10.0, -6.0, 0.0))
    assert (columns.mean(), rows.mean()) == pytest.approx(expected, abs=1.5)
    assert np.ptp(rows) * seen.spacing_mm == pytest.approx(6.0, abs=2.0)


@pytest.mark.parametrize("tilt", [0.0, 20.0])
@pytest.mark.parametrize("side", [Side.FEET, Side.ANTERIOR])
def test_a_ball_is_true_to_size_where_columns_and_rows_are_thinned_unalike(
    tilt: float, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ball(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return 100.0 * (13.0 - np.linalg.norm(places - (8.0, -6.0, 4.0), axis=-1))

    positions = [1.5 * k for k in range(-17, 18)]
    positions[3] += 0.6
    grid = replace(axial_grid(positions, tilt_degrees=tilt), columns=64, rows=90)
    volume = volume_of(grid, ball)
    assert not is_regular(volume)
    monkeypatch.setattr(volume_rendering, "_SLOW_SIDE", 36)
    assert reducing(scene_grid(volume).shape_kji, 36)[1:] == (3, 2)
    camera = VolumeCamera().at_side(side)
    with VolumeRendering(volume, is_quick=False) as rendering:
        rendering.show(PROJECTION)
        picture = rendering.picture(camera, SIZE, SIZE).max(axis=2)
    rows, columns = np.nonzero(picture > picture.max() / 2)
    seen = camera_plane(volume, camera, SIZE, SIZE)
    assert (columns.mean(), rows.mean()) == pytest.approx(seen.lps_to_pixel((8.0, -6.0, 4.0)), abs=1.5)
    assert (np.ptp(columns) * seen.spacing_mm, np.ptp(rows) * seen.spacing_mm) == pytest.approx((26.0, 26.0), abs=2.5)


def test_a_volume_in_colour_or_without_a_place_is_refused() -> None:
    with pytest.raises(RenderingRefused):
        VolumeRendering(replace(left_anterior_head_block(), is_spatial=False))


@pytest.mark.parametrize("is_quick", [False, True])
def test_a_surface_is_lit_by_its_true_slope_whatever_the_spacing(is_quick: bool) -> None:
    def slope(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip((places[..., 2] + places[..., 1]) * 150.0, -1000.0, 1000.0)

    brightness = []
    for step in (1.0, 4.0):
        positions = [step * k for k in range(round(-24 / step), round(24 / step) + 1)]
        with VolumeRendering(volume_of(axial_grid(positions, size=48), slope), is_quick) as rendering:
            rendering.show(BONE)
            picture = rendering.picture(VolumeCamera(elevation_degrees=-45.0), SIZE, SIZE, is_fine=True)
        brightness.append(float(np.median(picture[50:70, 50:70])))
    assert brightness[1] == pytest.approx(brightness[0], rel=0.15)


def test_nothing_is_held_after_closing() -> None:
    volume = left_anterior_head_block()
    rendering = VolumeRendering(volume)
    rendering.show(BONE)
    rendering.picture(VolumeCamera(), SIZE, SIZE)
    gone: list[str] = []
    for name in ("_window", "_renderer", "_actor"):
        getattr(rendering, name).AddObserver("DeleteEvent", lambda *_: gone.append("gone"))
    voxels = weakref.ref(volume.voxels)
    rendering.close()
    rendering.close()
    del rendering, volume
    gc.collect()
    assert len(gone) == 3
    assert voxels() is None
