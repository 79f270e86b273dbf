"""What does not fit in memory is read all the same, coarser, and says so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, frame_of, oblique_grid, ramp, stored, value_at
from viewers.geometry.frame import as_vector
from viewers.identifiers import InstanceUID
from viewers.image.assemble import Filling
from viewers.image.description import FrameDescription, PixelFormat
from viewers.image.errors import VolumeTooLarge
from viewers.image.memory import RESERVE_BYTES, left_in_container
from viewers.image.plan import plan
from viewers.image.reduction import fitted, joined, reduced
from viewers.image.shutter import Shutter
from viewers.image.volume import FindingKind, Treatment, Volume

MB = 1_000_000


def made(free_bytes: int) -> Volume:
    grid = oblique_grid(slices=20)
    frames = [frame_of(grid, k) for k in range(20)]
    filling = Filling(frames, free_bytes)
    for k, frame in enumerate(frames):
        filling.fill(frame.instance, 0, stored(grid, k, ramp))
    (volume,) = filling.volumes(0, 0)
    return volume


def test_three_thousand_slices_fit_on_eight_gigabytes_and_are_halved_on_less() -> None:
    base = frame_of(axial_grid([0.0], size=512), 0)
    frames = [
        replace(
            base,
            instance=InstanceUID(f"2.25.{k}"),
            geometry=replace(base.geometry, position_lps=(0.0, 0.0, float(k))) if base.geometry else None,
        )
        for k in range(3000)
    ]
    plans = plan(frames)
    assert plans[0].size_bytes == 3000 * 512 * 512 * 2
    assert fitted(plans, 8_000 * MB)[0].reduction == 1
    (half,) = fitted(plans, 1_000 * MB)
    assert (half.reduction, half.shape) == (2, (3000, 256, 256))
    with pytest.raises(VolumeTooLarge) as caught:
        fitted(plans, 300 * MB)
    assert caught.value.details == {"needed_mb": 1573, "free_mb": 300}


def test_a_reduced_volume_keeps_the_shutter_of_its_images() -> None:
    frame = replace(frame_of(axial_grid([0.0], size=40), 0), shutter=Shutter(box=(8, 31, 10, 29)))
    (half,) = (reduced(planned, 2) for planned in plan([frame]))
    (shutter,) = half.shutters
    assert shutter is not None
    covered = shutter.covered(20, 20, ())
    assert not covered[4:16, 5:15].any()
    assert np.count_nonzero(~covered) == 12 * 10


def test_a_reduced_volume_keeps_every_slice_and_every_place() -> None:
    full, half = made(10_000 * MB), made(RESERVE_BYTES + 100_000)
    assert half.voxels.shape == (20, 35, 30)
    assert [one.instance for one in half.sources] == [one.instance for one in full.sources]
    assert half.passport.spacing_kji_mm == pytest.approx((2.5, 1.6, 2.6))
    for index in ((10.0, 10.0, 5.0), (40.5, 33.25, 11.5)):
        place = as_vector(full.affine[:3, :3] @ np.array(index) + full.affine[:3, 3])
        # A ramp is the same at every resolution, but for rounding.
        assert value_at(half, place) == pytest.approx(value_at(full, place), abs=1.01)


def test_a_reduced_volume_says_so() -> None:
    half = made(RESERVE_BYTES + 100_000)
    assert half.is_reduced
    assert [finding.value for finding in half.passport.of(FindingKind.REDUCED)] == [2.0]
    assert Treatment.REDUCED in half.passport.treatments
    assert not made(10_000 * MB).is_reduced


def test_frames_without_a_place_keep_their_pixels_and_lose_frames_that_are_counted() -> None:
    frames = [flat(number) for number in range(10)]
    filling = Filling(frames, RESERVE_BYTES + 6 * 64 * 64)
    for frame in frames:
        filling.fill(frame.instance, 0, np.full((64, 64), frame.instance_number, np.uint8))
    (volume,) = filling.volumes(None, 0)
    assert volume.voxels[:, 0, 0].tolist() == [0, 2, 4, 6, 8]
    assert (volume.expected_slices, volume.is_complete) == (10, False)


def flat(number: int) -> FrameDescription:
    base = frame_of(axial_grid([0.0]), 0)
    shape = PixelFormat(64, 64, 1, 8, 8, False, "MONOCHROME2")
    return replace(base, instance=InstanceUID(f"2.25.{number}"), instance_number=number, geometry=None, format=shape)


def test_pixels_are_joined_by_their_mean_and_padding_stays_padding() -> None:
    pixels = np.array([[1, 3, 10], [5, 7, 20], [9, -2000, 30]], np.int16)
    assert joined(pixels, 2, (-2000, -2000)).tolist() == [[4, 15], [-2000, 30]]
    colour = np.stack([pixels, pixels, pixels], axis=-1)
    assert joined(colour, 2, None).shape == (2, 2, 3)


def test_a_container_has_no_more_memory_than_its_limit(tmp_path: Path) -> None:
    assert left_in_container(tmp_path) is None
    (tmp_path / "memory.current").write_text("700\n")
    # Files that are only held in case they are read again can be let go of.
    (tmp_path / "memory.stat").write_text("anon 300\nactive_file 150\ninactive_file 250\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert left_in_container(tmp_path) is None
    (tmp_path / "memory.max").write_text("1000\n")
    assert left_in_container(tmp_path) == 700
