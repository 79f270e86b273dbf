"""Series that viewers get wrong, as files, read by real workers: every voxel is at its place, or said not to be."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.itk_oracle import places as plane_places
from tests.support.phantoms import value_at
from tests.support.series_files import Slice, enhanced, field, files, pile
from viewers.annotations.model import Annotation
from viewers.geometry.frame import cross, index_to_lps, lps_to_index, unit
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation, plane_about
from viewers.identifiers import AnnotationId
from viewers.image.assemble import assemble
from viewers.image.reslice import sample_plane
from viewers.image.slices import corners_lps
from viewers.image.volume import FindingKind, Treatment, Volume
from viewers.tools.registry import measure
from workstation.decoding.pool import DecoderPool
from workstation.dicom.describe import describe_frames
from workstation.retrieval.geometry import geometry_json

SERIES = "1.2.826.0.1.3680043.8.498.77"
X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
SHOWN = [
    AXIAL,
    CORONAL,
    SAGITTAL,
    Orientation(unit((0.8, 0.5, 0.2)), unit(cross(unit((0.8, 0.5, 0.2)), (0.1, 0.2, 0.9)))),
]


def volumes_of(part10s: list[bytes], pool: DecoderPool) -> tuple[Volume, ...]:
    frames, pixels = [], {}
    for part10 in part10s:
        received = pool.inspect(part10)
        described = describe_frames(received.header, received.transfer_syntax)
        values = pool.values(received, part10)
        frames.extend(described)
        pixels.update({(frame.instance, frame.frame_index): values[frame.frame_index] for frame in described})
    volumes = assemble(frames, pixels)
    assert sum(len(volume.sources) for volume in volumes) == len(frames)
    return volumes


def one_volume(slices: list[Slice], pool: DecoderPool) -> Volume:
    (volume,) = volumes_of(files(slices, SERIES), pool)
    return volume


def assert_true(volume: Volume, share: float = 0.02) -> None:
    """Compare with the field wherever the volume has a value; enough of each picture must have one."""
    corners = corners_lps(volume)
    middle, extent = corners.mean(axis=0), float(np.ptp(corners, axis=0).max())
    for orientation in SHOWN:
        plane = plane_about(tuple((middle + 0.3).tolist()), orientation, extent / 30, 30, 30)
        found = sample_plane(volume, plane)
        known = ~np.isnan(found)
        inner = np.all(np.abs(_index(volume, plane_places(plane)) - _middle(volume)) <= _middle(volume), axis=-1)
        assert known.mean() >= share
        # Values are rounded to whole ones; half a voxel beyond the outer centres the edge goes on.
        assert np.abs(found - plane_places(plane) @ np.array((1.0, 2.0, 3.0)))[known & inner].max(initial=0.0) <= 1.0


def _index(volume: Volume, points: np.ndarray) -> np.ndarray:
    return lps_to_index(volume.affine, points)


def _middle(volume: Volume) -> np.ndarray:
    k, j, i = volume.voxels.shape
    return np.array((i - 1, j - 1, k - 1)) / 2


REGULAR = {
    "head first supine": pile(9, X, Y, (0, 0, 2.5)),
    "feet first supine": pile(9, (-1, 0, 0), Y, (0, 0, -2.5)),
    "head first prone": pile(9, (-1, 0, 0), (0, -1, 0), (0, 0, 2.5)),
    "acquired downwards": pile(9, X, Y, (0, 0, -2.5)),
    "sagittal": pile(9, Y, (0, 0, -1), (3.0, 0, 0)),
    "sagittal, right to left": pile(9, Y, (0, 0, -1), (-3.0, 0, 0)),
    "coronal": pile(9, X, (0, 0, -1), (0, 1.7, 0)),
    "thin": pile(40, X, Y, (0, 0, 0.3)),
}


@pytest.mark.parametrize("name", REGULAR)
def test_a_series_lies_where_its_positions_say(name: str, pool: DecoderPool) -> None:
    volume = one_volume(REGULAR[name], pool)
    assert volume.passport.findings == ()
    assert volume.passport.treatments == (Treatment.ORDERED_BY_POSITION,)
    assert_true(volume)


def test_pixels_that_are_not_square_are_not_squared(pool: DecoderPool) -> None:
    slices = [
        replace(one, spacing=(2.0, 0.7), origin=np.array((-5.25, -19.0, 2.0 * k)))
        for k, one in enumerate(pile(9, X, Y, (0, 0, 2.0)))
    ]
    volume = one_volume(slices, pool)
    assert volume.passport.spacing_kji_mm == pytest.approx((2.0, 2.0, 0.7))
    assert_true(volume)


def test_slices_that_lean_lack_and_thin_out_stay_where_they_are(pool: DecoderPool) -> None:
    lean = math.radians(20.0)
    tilted = pile(12, X, (0, math.cos(lean), -math.sin(lean)), (0, 0, 2.5))
    volume = one_volume(tilted, pool)
    (tilt,) = volume.passport.of(FindingKind.TILT)
    assert tilt.value == pytest.approx(20.0, abs=0.01)
    gapped = one_volume(tilted[:5] + tilted[7:], pool)
    (gap,) = gapped.passport.of(FindingKind.GAP)
    assert gap.positions_mm == pytest.approx([5 * 2.5 * math.cos(lean), 6 * 2.5 * math.cos(lean)])
    uneven = pile(10, X, Y, (0, 0, 5.0))
    uneven += [replace(one, origin=uneven[-1].origin + np.array((0, 0, 2.5 * (k + 1)))) for k, one in enumerate(uneven)]
    thinned = one_volume(uneven, pool)
    assert thinned.passport.of(FindingKind.UNEVEN_SPACING)
    for found in (volume, gapped, thinned):
        _assert_points_true(found)


def _assert_points_true(volume: Volume) -> None:
    """At points between two slices, next to the middle of the first one, the field or nothing."""
    normal = np.cross(volume.affine[:3, 0], volume.affine[:3, 1])
    normal /= np.linalg.norm(normal)
    middle = volume.affine[:3, :2] @ np.array((7.3, 9.6))
    for k, gap in enumerate(volume.gap_after.tolist()):
        distance = float((volume.slice_origins_lps[k + 1] - volume.slice_origins_lps[k]) @ normal)
        place = volume.slice_origins_lps[k] + middle + normal * distance * 0.4
        value = value_at(volume, tuple(place.tolist()))
        assert math.isnan(value) if gap else value == pytest.approx(place @ np.array((1.0, 2.0, 3.0)), abs=1.0)


def test_orientations_that_differ_by_their_last_decimals_are_one(pool: DecoderPool) -> None:
    generator = np.random.default_rng(3)
    row = np.array(unit((0.93, 0.31, -0.2)))
    column = np.cross(np.array(unit(cross(tuple(row.tolist()), (0.1, 0.9, 0.4)))), row)
    slices = pile(9, row, column, np.cross(row, column) * 2.0)
    noisy = [replace(one, row=np.round(one.row + generator.normal(scale=2e-5, size=3), 6)) for one in slices]
    volume = one_volume(noisy, pool)
    assert len(volume.sources) == 9
    assert not volume.passport.of(FindingKind.TILT)


def test_passes_over_the_same_positions_are_volumes_of_their_own(pool: DecoderPool) -> None:
    first = pile(6, X, Y, (0, 0, 2.5), AcquisitionTime="100000", TemporalPositionIdentifier=1)
    second = pile(6, X, Y, (0, 0, 2.5), AcquisitionTime="100200", TemporalPositionIdentifier=2)
    volumes = volumes_of(files([*first, *second], SERIES), pool)
    assert [len(volume.sources) for volume in volumes] == [6, 6]
    assert sorted(dict(volume.passport.split_by)["temporal_position"] for volume in volumes) == ["1", "2"]
    for volume in volumes:
        assert_true(volume)


def test_a_localiser_and_another_orientation_do_not_stretch_the_series(pool: DecoderPool) -> None:
    scout = pile(1, X, (0, 0, -1), (0, 1, 0), ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    volumes = volumes_of(files([*scout, *pile(9, X, Y, (0, 0, 2.5))], SERIES), pool)
    assert sorted(len(volume.sources) for volume in volumes) == [1, 9]
    assert all("orientation" in dict(volume.passport.split_by) for volume in volumes)


def test_one_slice_is_shown_at_its_place_and_nowhere_else(pool: DecoderPool) -> None:
    (only,) = pile(1, X, Y, (0, 0, 2.0), SliceThickness=4)
    volume = one_volume([only], pool)
    assert volume.passport.of(FindingKind.SINGLE_SLICE)
    assert value_at(volume, (0.5, 0.5, 0.0)) == pytest.approx(field(np.array((0.5, 0.5, 0.0))), abs=1.0)
    assert not math.isnan(value_at(volume, (0.5, 0.5, 1.9)))
    assert math.isnan(value_at(volume, (0.5, 0.5, 2.1)))


def test_slices_without_an_orientation_are_a_stack_and_told(pool: DecoderPool) -> None:
    volume = one_volume(pile(5, X, Y, (0, 0, 2.0), ImageOrientationPatient=None), pool)
    assert not volume.is_spatial
    assert volume.passport.of(FindingKind.NO_GEOMETRY)


def test_values_end_half_a_voxel_beyond_the_outer_centres(pool: DecoderPool) -> None:
    volume = one_volume(pile(5, X, Y, (0, 0, 2.0)), pool)
    edges = {(0.0, 0.0, 4.99): True, (0.0, 0.0, 5.01): False, (-7.99, 0.0, 0.0): True, (-8.01, 0.0, 0.0): False}
    assert {place: not math.isnan(value_at(volume, place)) for place in edges} == edges


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(8)), st.integers(0, 10_000))
def test_shuffled_frames_of_any_oblique_enhanced_object_find_their_places(
    pool: DecoderPool, order: list[int], seed: int
) -> None:
    first, second = np.random.default_rng(seed).normal(size=(2, 3)).tolist()
    row = unit((first[0], first[1], first[2]))
    normal = unit(cross(row, (second[0], second[1], second[2])))
    slices = pile(8, row, cross(normal, row), np.array(normal) * 2.5)
    (volume,) = volumes_of([enhanced([slices[k] for k in order], f"{SERIES}.{seed}")], pool)
    places = np.array([slices[k].origin for k in range(8)])
    assert np.abs(volume.slice_origins_lps - places).max() < 1e-6
    index = np.array((3.0, 4.0, 5.0))
    assert lps_to_index(volume.affine, index_to_lps(volume.affine, index)) == pytest.approx(index, abs=1e-9)
    assert_true(volume)


def test_stacks_and_phases_of_an_enhanced_object_are_apart(pool: DecoderPool) -> None:
    upper = pile(4, X, Y, (0, 0, 2.5), StackID="1")
    lower = [replace(one, origin=one.origin - np.array((0, 0, 10.0)), changes={"StackID": "2"}) for one in upper]
    volumes = volumes_of([enhanced([*upper, *lower], SERIES)], pool)
    assert [len(volume.sources) for volume in volumes] == [4, 4]
    phases = [replace(one, changes={"TemporalPositionIndex": phase}) for phase in (1, 2, 3) for one in upper]
    assert [len(volume.sources) for volume in volumes_of([enhanced(phases[::-1], SERIES)], pool)] == [4, 4, 4]


def test_slices_without_a_frame_of_reference_are_measured_in_mm_and_on_their_own_series_only(pool: DecoderPool) -> None:
    volume = one_volume(pile(5, X, Y, (0, 0, 2.0), FrameOfReferenceUID=None), pool)
    assert volume.passport.of(FindingKind.OWN_SPACE)
    source = volume.sources[0]
    points = ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0))
    mark = Annotation(AnnotationId("a"), "length", points, volume.frame_of_reference, volume.series, source.instance)
    (value,) = measure(mark, volume).values
    assert (value.value, value.unit_ucum) == (pytest.approx(5.0), "mm")
    assert geometry_json([volume.passport])["frame_of_reference"] is None


def test_a_concatenation_is_one_volume_whatever_the_order_of_its_parts_and_a_missing_part_is_told(
    pool: DecoderPool,
) -> None:
    slices = pile(16, X, Y, (0, 0, 2.5))
    parts = [
        enhanced(
            slices[2 * part : 2 * part + 2],
            SERIES,
            part + 1,
            ConcatenationUID="1.2.3.9",
            InConcatenationNumber=part + 1,
            InConcatenationTotalNumber=8,
            ConcatenationFrameOffsetNumber=2 * part,
        )
        for part in (3, 0, 7, 1, 6, 2, 5, 4)
    ]
    (volume,) = volumes_of(parts, pool)
    assert (len(volume.sources), volume.passport.findings) == (16, ())
    assert_true(volume)
    (lacking,) = volumes_of(parts[1:], pool)
    assert [finding.count for finding in lacking.passport.of(FindingKind.CONCATENATION)] == [1]
    assert [finding.count for finding in lacking.passport.of(FindingKind.GAP)] == [2]
