"""Frames to volumes: order, splits, types, and nothing dropped."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.phantoms import axial_grid, frame_of, ramp, stored, volume_of
from viewers.identifiers import FrameOfReferenceUID, InstanceUID
from viewers.image.allocation import allocate, as_volume, fill_slice
from viewers.image.assemble import assemble
from viewers.image.description import ConcatenationPart, FrameDescription, FrameGeometry, PixelFormat, VoiFunction
from viewers.image.errors import PixelsUnexpected, VolumeTooLarge
from viewers.image.plan import plan
from viewers.image.reduction import fitted
from viewers.image.volume import FindingKind, Treatment, Volume

GRID = axial_grid([float(k) for k in range(10)], size=6)
FRAMES = [frame_of(GRID, k) for k in range(10)]

Pixels = dict[tuple[InstanceUID, int], NDArray[np.generic]]


def pixels_of(frames: list[FrameDescription], value: int = 7) -> Pixels:
    return {
        (frame.instance, frame.frame_index): np.full((frame.format.rows, frame.format.columns), value, np.int16)
        for frame in frames
    }


def renamed(frames: list[FrameDescription], suffix: str, **changes: Any) -> list[FrameDescription]:
    return [replace(frame, instance=InstanceUID(f"{frame.instance}.{suffix}"), **changes) for frame in frames]


def shown(volumes: tuple[Volume, ...]) -> set[tuple[str, int]]:
    return {(source.instance, source.frame_index) for volume in volumes for source in volume.sources}


@settings(max_examples=20, deadline=None)
@given(st.permutations(FRAMES))
def test_slices_are_ordered_by_position_whatever_the_order_received(frames: list[FrameDescription]) -> None:
    (planned,) = plan(frames)
    assert [frame.instance for frame in planned.frames] == [frame.instance for frame in FRAMES]
    assert planned.slice_origins_lps[:, 2].tolist() == [float(k) for k in range(10)]


def test_two_echoes_at_the_same_positions_are_two_volumes() -> None:
    first = renamed(FRAMES, "1", split_key=(("EchoTime", "5.19"), ("ImageType", "M")))
    second = renamed(FRAMES, "2", split_key=(("EchoTime", "10.2"), ("ImageType", "M")))
    volumes = assemble([*second, *first], pixels_of([*first, *second]))
    assert [len(volume.sources) for volume in volumes] == [10, 10]
    assert volumes[0].sources[0].instance.endswith(".1")
    assert all(FindingKind.SPLIT in [f.kind for f in volume.passport.findings] for volume in volumes)


def test_a_key_that_changes_along_the_stack_does_not_tear_it_apart() -> None:
    mixed = [replace(frame, split_key=(("ImageType", "ADD" if k < 4 else ""),)) for k, frame in enumerate(FRAMES)]
    assert len(plan(mixed)) == 1


def test_a_time_that_changes_with_each_slice_does_not_make_a_volume_of_each() -> None:
    frames = []
    for echo in ("1", "2"):
        for k, frame in enumerate(renamed(FRAMES, echo)):
            frames.append(replace(frame, split_key=(("EchoTime", echo), ("AcquisitionTime", f"{k}{echo}"))))
    assert [len(planned.frames) for planned in plan(frames)] == [10, 10]


def test_identical_positions_become_a_further_volume_and_a_finding() -> None:
    again = renamed(FRAMES[:3], "again")
    volumes = assemble([*FRAMES, *again], pixels_of([*FRAMES, *again]))
    assert sorted(len(volume.sources) for volume in volumes) == [3, 10]
    findings = [finding for volume in volumes for finding in volume.passport.findings]
    assert [f.count for f in findings if f.kind is FindingKind.DUPLICATE] == [3]


def test_stations_with_the_same_slice_positions_are_apart() -> None:
    lower = [
        replace(frame, geometry=FrameGeometry((0.0, 300.0, float(k)), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
        for k, frame in enumerate(renamed(FRAMES, "low"))
    ]
    planned = plan([*FRAMES, *lower])
    assert sorted(len({frame.geometry for frame in each.frames}) for each in planned) == [10, 10]
    assert {each.slice_origins_lps[0, 1] for each in planned} == {-2.5, 300.0}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), None]),
            st.sampled_from(["a", "b"]),
            st.sampled_from([4, 6]),
            st.sampled_from(["1", "2", None]),
            st.sampled_from([1.0, None]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_every_frame_received_is_in_exactly_one_volume(rows: list[tuple[object, ...]]) -> None:
    frames = [_frame(number, row) for number, row in enumerate(rows)]
    volumes = assemble(frames, pixels_of(frames))
    assert sum(len(volume.sources) for volume in volumes) == len(frames)
    assert shown(volumes) == {(frame.instance, frame.frame_index) for frame in frames}
    assert [volume.index for volume in volumes] == list(range(len(volumes)))


def _frame(number: int, row: tuple[object, ...]) -> FrameDescription:
    position, direction, key, size, space, spacing = row
    geometry = None
    if isinstance(direction, tuple):
        column = (0.0, 0.0, -1.0) if direction[1] else (0.0, 1.0, 0.0)
        place = (float(str(position)), 0.0, 0.0) if direction[1] else (0.0, 0.0, float(str(position)))
        geometry = FrameGeometry(place, direction, column)
    pixel_format = PixelFormat(int(str(size)), int(str(size)), 1, 16, 12, False, "MONOCHROME2")
    return replace(
        FRAMES[0],
        instance=InstanceUID(f"2.25.{number}"),
        instance_number=None if number % 3 else number,
        geometry=geometry,
        format=pixel_format,
        split_key=(("EchoTime", str(key)),),
        frame_of_reference=None if space is None else FrameOfReferenceUID(str(space)),
        row_spacing_mm=1.0 if spacing else None,
        column_spacing_mm=1.0 if spacing else None,
    )


def test_frames_without_pixels_are_counted_as_refused() -> None:
    pixels = pixels_of(FRAMES)
    del pixels[FRAMES[4].instance, 0]
    (volume,) = assemble(FRAMES, pixels, expected=10)
    found = {finding.kind: finding for finding in volume.passport.findings}
    assert found[FindingKind.REFUSED].count == 1
    assert found[FindingKind.GAP].positions_mm == (4.0,)
    assert not volume.is_complete
    assert volume.expected_slices == 10


def test_a_volume_with_all_its_slices_is_complete() -> None:
    (volume,) = assemble(FRAMES, pixels_of(FRAMES), expected=10)
    assert volume.is_complete
    assert not assemble(FRAMES[:6], pixels_of(FRAMES), expected=10)[0].is_complete


@pytest.mark.parametrize(
    ("bits", "signed", "dtype"),
    [(8, False, "uint8"), (12, False, "int16"), (16, True, "int16"), (16, False, "uint16"), (32, True, "int32")],
)
def test_voxels_are_kept_in_the_narrowest_exact_type(bits: int, signed: bool, dtype: str) -> None:
    frame = replace(FRAMES[0], format=PixelFormat(6, 6, 1, max(bits, 8), bits, signed, "MONOCHROME2"))
    assert plan([frame])[0].storage.dtype.name == dtype


def test_slices_with_their_own_slopes_become_modality_values() -> None:
    frames = [
        replace(frame, modality="PT", units="BQML", rescale_slope=0.1 * (k + 1), rescale_intercept=0.0)
        for k, frame in enumerate(FRAMES)
    ]
    (volume,) = assemble(frames, pixels_of(frames, 100))
    assert volume.voxels.dtype == np.float32
    assert (volume.slope, volume.intercept) == (1.0, 0.0)
    assert volume.voxels[:, 0, 0].tolist() == pytest.approx([10.0 * (k + 1) for k in range(10)])
    assert volume.quantity.name == "Bq/ml"


def test_padding_that_differs_from_slice_to_slice_becomes_nan() -> None:
    frames = [replace(frame, padding_value=7 if k == 2 else 9) for k, frame in enumerate(FRAMES)]
    (volume,) = assemble(frames, pixels_of(frames, 7))
    assert np.isnan(volume.voxels[2]).all()
    assert np.isfinite(volume.voxels[3]).all()
    assert volume.padding_range is None


def test_slices_may_be_filled_as_they_arrive() -> None:
    (planned,) = plan(FRAMES)
    voxels = allocate(planned)
    volume = as_volume(planned, voxels)
    fill_slice(planned, voxels, 3, stored(GRID, 3, ramp))
    assert np.array_equal(volume.voxels[3], stored(GRID, 3, ramp))
    assert np.shares_memory(volume.voxels, voxels)
    with pytest.raises(ValueError, match="read-only"):
        volume.voxels[0] = 1


def test_pixels_that_are_not_as_described_are_refused() -> None:
    (planned,) = plan(FRAMES)
    voxels = allocate(planned)
    with pytest.raises(PixelsUnexpected):
        fill_slice(planned, voxels, 0, np.zeros((6, 7), np.int16))
    with pytest.raises(PixelsUnexpected):
        fill_slice(planned, voxels, 0, np.full((6, 6), 60_000, np.uint16))


def test_a_volume_that_does_not_fit_is_refused_before_anything_is_allocated() -> None:
    with pytest.raises(VolumeTooLarge) as caught:
        fitted(plan(FRAMES), 1000)
    assert caught.value.details == {"needed_mb": 0, "free_mb": 0}
    assert fitted(plan(FRAMES), None)[0].reduction == 1


def test_images_without_a_place_are_a_stack_in_order_of_number() -> None:
    frames = [replace(frame, geometry=None, modality="CR") for frame in FRAMES]
    (volume,) = assemble(frames, pixels_of(frames))
    assert not volume.is_spatial
    assert volume.sources[0].instance == FRAMES[-1].instance
    assert FindingKind.NO_GEOMETRY in [finding.kind for finding in volume.passport.findings]


def test_a_colour_stack_keeps_three_samples() -> None:
    frames = [replace(frame, geometry=None, format=PixelFormat(6, 6, 3, 8, 8, False, "RGB")) for frame in FRAMES[:2]]
    pixels = {(frame.instance, 0): np.full((6, 6, 3), 200, np.uint8) for frame in frames}
    (volume,) = assemble(frames, pixels)
    assert volume.voxels.shape == (2, 6, 6, 3)
    assert volume.voxels.dtype == np.uint8


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "HU"),
        ({"rescale_type": "HU"}, "HU"),
        ({"rescale_type": "US"}, ""),
        ({"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER"), "rescale_type": "HU"}, ""),
        ({"image_type": ("DERIVED", "PRIMARY", "PERFUSION", "RCBF")}, ""),
        ({"modality": "MR"}, ""),
        ({"modality": "PT", "units": "BQML"}, "Bq/ml"),
        ({"modality": "PT", "units": ""}, ""),
    ],
)
def test_the_unit_is_what_the_header_says_or_none(changes: dict[str, object], name: str) -> None:
    assert volume_of(GRID, ramp, **changes).quantity.name == name


def test_monochrome1_is_inverted_once() -> None:
    low_white = PixelFormat(6, 6, 1, 16, 12, False, "MONOCHROME1")
    assert volume_of(GRID, ramp, format=low_white).inverted
    assert volume_of(GRID, ramp, format=low_white, inverse_shape=True).inverted
    assert volume_of(GRID, ramp, inverse_shape=True).inverted
    assert not volume_of(GRID, ramp).inverted


def kinds(volume: Volume) -> list[FindingKind]:
    return [finding.kind for finding in volume.passport.findings]


def test_a_repeated_slice_is_named_by_its_position_on_the_volume_that_is_read() -> None:
    again = renamed(FRAMES[4:5], "again")
    whole, extra = assemble([*FRAMES, *again], pixels_of([*FRAMES, *again]))
    (finding,) = whole.passport.of(FindingKind.DUPLICATE)
    assert finding.positions_mm == (4.0,)
    assert FindingKind.REPEAT in kinds(extra)
    assert len(extra.sources) == 1


def test_passes_whose_times_change_with_each_slice_are_in_time_and_no_duplicates() -> None:
    later = [replace(f, split_key=(("acquisition_time", f"1200{k:02}.5"),)) for k, f in enumerate(renamed(FRAMES, "b"))]
    sooner = [
        replace(f, split_key=(("acquisition_time", f"1100{k:02}.5"),), instance_number=99)
        for k, f in enumerate(renamed(FRAMES, "a"))
    ]
    pairs = [pair if k % 2 else pair[::-1] for k, pair in enumerate(zip(later, sooner, strict=True))]
    volumes = assemble([frame for pair in pairs for frame in pair], pixels_of([*later, *sooner]))
    assert {source.instance[-1] for volume in volumes for source in volume.sources[:1]} == {"a", "b"}
    assert all(len({source.instance[-1] for source in volume.sources}) == 1 for volume in volumes)
    assert not any(set(kinds(volume)) & {FindingKind.DUPLICATE, FindingKind.REPEAT} for volume in volumes)


def test_passes_whose_positions_differ_by_a_rounding_are_two_volumes() -> None:
    first = [replace(f, split_key=(("temporal_position", "1"),), thickness_mm=1.0) for f in renamed(FRAMES, "1")]
    second = [
        replace(
            f,
            split_key=(("temporal_position", "2"),),
            thickness_mm=1.0,
            geometry=FrameGeometry((-2.5, -2.5, k + 0.015), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        )
        for k, f in enumerate(renamed(FRAMES, "2"))
    ]
    volumes = assemble([*first, *second], pixels_of([*first, *second]))
    assert [len(volume.sources) for volume in volumes] == [10, 10]
    assert [volume.passport.split_by for volume in volumes] == [
        (("temporal_position", "1"),),
        (("temporal_position", "2"),),
    ]


def test_stacks_that_a_multi_frame_object_names_are_volumes_though_they_share_no_position() -> None:
    frames = [replace(frame, split_key=(("stack", "1" if k < 5 else "2"),)) for k, frame in enumerate(FRAMES)]
    assert [len(planned.frames) for planned in plan(frames)] == [5, 5]


def test_images_of_different_window_functions_are_not_shown_with_that_of_the_first() -> None:
    functions = [VoiFunction.SIGMOID] * 5 + [VoiFunction.LINEAR] * 5
    bodies = [replace(frame, voi_function=one) for frame, one in zip(FRAMES, functions, strict=True)]
    assert len(plan(bodies)) == 1
    frames = [replace(frame, geometry=None) for frame in bodies]
    made = {planned.voi_function: len(planned.frames) for planned in plan(frames)}
    assert made == {VoiFunction.SIGMOID: 5, VoiFunction.LINEAR: 5}
    assert {planned.passport.split_by for planned in plan(frames)} == {
        (("voi_function", "SIGMOID"),),
        (("voi_function", "LINEAR"),),
    }


def test_a_localiser_parallel_to_the_slices_is_not_one_of_them() -> None:
    scout = replace(FRAMES[0], instance=InstanceUID("2.25.9"), image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    assert sorted(len(planned.frames) for planned in plan([*FRAMES, scout])) == [1, 10]


def test_parts_of_a_concatenation_are_one_volume_and_missing_ones_are_counted() -> None:
    frames = [replace(f, concatenation=ConcatenationPart("2.25.7", 1 + k // 5, 3)) for k, f in enumerate(FRAMES)]
    (planned,) = plan(frames)
    assert [finding.count for finding in planned.passport.of(FindingKind.CONCATENATION)] == [1]
    whole = [replace(f, concatenation=ConcatenationPart("2.25.7", 1 + k // 5, 2)) for k, f in enumerate(FRAMES)]
    assert not plan(whole)[0].passport.of(FindingKind.CONCATENATION)


def test_an_orientation_that_cannot_be_is_refused_by_name_and_shown_as_a_stack() -> None:
    skewed = FrameGeometry((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.6, 0.8, 0.0))
    frames = [replace(frame, geometry=skewed) for frame in FRAMES]
    (volume,) = assemble(frames, pixels_of(frames))
    assert not volume.is_spatial
    assert len(volume.sources) == 10
    assert FindingKind.SKEWED in kinds(volume)
    assert volume.passport.treatments == (Treatment.ORDERED_BY_NUMBER,)


def test_a_slice_beside_the_others_is_told_and_stays_where_it_is() -> None:
    frames = list(FRAMES)
    frames[4] = replace(frames[4], geometry=FrameGeometry((0.5, -2.5, 4.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    (volume,) = assemble(frames, pixels_of(frames))
    (finding,) = volume.passport.of(FindingKind.SHIFTED)
    assert finding.value == pytest.approx(3.0)
    assert Treatment.RESAMPLED_FROM_TRUE_POSITIONS in volume.passport.treatments


@pytest.mark.parametrize("count", [1, 15, 33, 200])
def test_every_slice_of_a_long_series_gets_its_own_values(count: int) -> None:
    grid = axial_grid([float(k) for k in range(count)], size=6)
    frames = [frame_of(grid, k) for k in range(count)]
    values = {(frame.instance, 0): np.full((6, 6), k, np.int16) for k, frame in enumerate(frames)}
    (volume,) = assemble(frames[::-1], values)
    assert [int(voxels[0, 0]) for voxels in volume.voxels] == list(range(count))
    assert all((voxels == voxels[0, 0]).all() for voxels in volume.voxels)


def test_pixels_that_are_not_as_described_are_refused_in_a_long_series_too() -> None:
    grid = axial_grid([float(k) for k in range(100)], size=6)
    frames = [frame_of(grid, k) for k in range(100)]
    values = pixels_of(frames)
    values[frames[71].instance, 0] = np.zeros((5, 6), np.int16)
    with pytest.raises(PixelsUnexpected):
        assemble(frames, values)
