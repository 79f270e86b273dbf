"""Slices put together as they come: the same volume as put together in the end, and never another one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.phantoms import axial_grid, frame_of
from viewers.identifiers import InstanceUID
from viewers.image.ahead import SlicesAhead
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription
from viewers.image.plan import plan
from viewers.image.volume import Volume

COUNT = 8
GRID = axial_grid([float(k) for k in range(COUNT)], size=4)
# Numbers run against the positions in these frames, and with them in those.
AGAINST = [frame_of(GRID, k) for k in range(COUNT)]
WITH = [replace(frame, instance_number=k + 1) for k, frame in enumerate(AGAINST)]


def values_of(frames: Sequence[FrameDescription]) -> dict[tuple[InstanceUID, int], NDArray[np.generic]]:
    return {(frame.instance, 0): np.full((4, 4), 10 + k, np.int16) for k, frame in enumerate(frames)}


def come(frames: Sequence[FrameDescription], count: int | None = COUNT) -> SlicesAhead:
    ahead, values = SlicesAhead(), values_of(AGAINST)
    for frame in frames:
        ahead.put(frame, values[frame.instance, 0], count)
    return ahead


def both(frames: Sequence[FrameDescription], **changes: Any) -> tuple[Volume, Volume, bool]:
    """The volume with and without slices ahead, and whether the former is of those."""
    changed = [replace(frame, **changes) for frame in frames]
    ahead = come(changed)
    values = {(frame.instance, 0): values_of(AGAINST)[frame.instance, 0] for frame in changed}
    (one,), (other,) = assemble(changed, values, None, ahead), assemble(changed, values)
    voxels = ahead.voxels_of(plan(changed)[0])
    return one, other, voxels is not None and np.shares_memory(voxels, one.voxels)


def places(volume: Volume) -> list[tuple[str, int]]:
    return [(source.instance, source.frame_index) for source in volume.sources]


@pytest.mark.parametrize("frames", [AGAINST, WITH, AGAINST[::-1], WITH[3:] + WITH[:3]])
def test_numbered_slices_are_in_their_places_when_the_last_has_come(frames: list[FrameDescription]) -> None:
    one, other, is_ahead = both(frames)
    assert is_ahead
    assert np.array_equal(one.voxels, other.voxels)
    assert places(one) == places(other)


@settings(max_examples=60)
@given(st.permutations(range(COUNT)), st.permutations(range(1, COUNT + 1)))
def test_whatever_the_numbers_the_volume_is_the_same(order: list[int], numbers: list[int]) -> None:
    frames = [replace(AGAINST[k], instance_number=numbers[k]) for k in order]
    one, other, _ = both(frames)
    assert np.array_equal(one.voxels, other.voxels)
    assert places(one) == places(other)


@pytest.mark.parametrize(
    "frames",
    [
        [replace(frame, instance_number=None) for frame in WITH],
        [replace(frame, instance_number=100 + k) for k, frame in enumerate(WITH)],
        [replace(frame, instance_number=1) for frame in WITH],
        [replace(frame, instance_number=max(1, k)) for k, frame in enumerate(WITH)],
        WITH[:-1],
    ],
    ids=["none", "from 100", "all one", "one twice", "one missing"],
)
def test_slices_that_are_not_numbered_along_their_stack_are_put_together_in_the_end(
    frames: list[FrameDescription],
) -> None:
    one, other, is_ahead = both(frames)
    assert not is_ahead
    assert np.array_equal(one.voxels, other.voxels)


def test_slices_whose_values_are_not_kept_as_stored_are_put_together_in_the_end() -> None:
    frames = [replace(frame, rescale_slope=0.5 * (k + 1)) for k, frame in enumerate(WITH)]
    one, other, is_ahead = both(frames)
    assert not is_ahead
    assert one.voxels.dtype == np.float32
    assert np.array_equal(one.voxels, other.voxels)


def test_before_it_is_known_how_many_there_are_nothing_is_put_ahead() -> None:
    assert come(WITH, None).voxels_of(plan(WITH)[0]) is None


def test_a_volume_does_not_change_when_another_slice_comes() -> None:
    ahead = come(WITH)
    (volume,) = assemble(WITH, values_of(WITH), None, ahead)
    before = volume.voxels.copy()
    ahead.put(replace(WITH[2], instance=InstanceUID("2.25.1")), np.zeros((4, 4), np.int16), COUNT)
    assert np.array_equal(volume.voxels, before)
    with pytest.raises(ValueError, match="read-only"):
        volume.voxels[0] = 1


def test_a_slice_of_another_shape_is_refused_as_without_them() -> None:
    ahead = come(WITH[:-1])
    ahead.put(WITH[-1], np.zeros((4, 5), np.int16), COUNT)
    assert ahead.voxels_of(plan(WITH)[0]) is None
