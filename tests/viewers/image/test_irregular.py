"""Gaps, tilt and uneven distances: each slice stays where it truly lies."""

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, cylinder, ramp, value_at, volume_of
from viewers.geometry.plane import AXIAL, CORONAL, plane_about
from viewers.image.description import Window
from viewers.image.reslice import sample_plane, sample_window, standard_plane
from viewers.image.sampling import Projection, Slab
from viewers.image.slices import is_regular, slice_plane
from viewers.image.volume import FindingKind, Volume


def kinds(volume: Volume) -> list[FindingKind]:
    return [finding.kind for finding in volume.passport.findings]


def without_slice_40() -> Volume:
    return volume_of(axial_grid([float(k) for k in range(100) if k != 40], size=16), ramp)


def test_a_missing_slice_is_named_and_moves_nothing() -> None:
    volume = without_slice_40()
    (gap,) = [finding for finding in volume.passport.findings if finding.kind is FindingKind.GAP]
    assert gap.positions_mm == (40.0,)
    assert gap.count == 1
    assert volume.gap_after.tolist().index(True) == 39
    assert volume.slice_origins_lps[-1, 2] == pytest.approx(99.0, abs=0.01)
    assert value_at(volume, (0.5, 0.5, 99.0)) == pytest.approx(0.5 + 1.0 + 297.0, abs=0.6)


@pytest.mark.parametrize(("thickness_mm", "are_gaps"), [(2.0, True), (None, False)])
def test_equal_distances_in_a_row_are_all_gaps_or_none(thickness_mm: float | None, are_gaps: bool) -> None:
    distances = np.array([2.0] * 5 + [5.0] * 4)
    positions = [0.0, *np.cumsum(distances).tolist()]
    for order in (positions, [-position for position in positions]):
        volume = volume_of(axial_grid(sorted(order), size=8), ramp, thickness_mm=thickness_mm)
        flags = volume.gap_after.tolist() if order is positions else volume.gap_after.tolist()[::-1]
        assert flags == [False] * 5 + [are_gaps] * 4


def test_nothing_is_invented_inside_a_gap() -> None:
    volume = without_slice_40()
    assert [bool(np.isnan(value_at(volume, (0.0, 0.0, z)))) for z in (39.0, 39.5, 40.0, 40.5, 41.0, 41.5)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    plane = plane_about((0.0, 0.0, 50.0), CORONAL, 1.0, 9, 99)
    missing = np.isnan(sample_plane(volume, plane)).all(axis=1)
    assert [plane.pixel_to_lps(0, row)[2] for row in np.flatnonzero(missing).tolist()] == [40.0]
    black = sample_window(volume, plane, Window(0.0, 10.0), inverted=True)
    assert (black[missing] == 0).all()


def test_a_length_across_a_gap_keeps_its_scale() -> None:
    volume = without_slice_40()
    plane = plane_about((0.0, 0.0, 50.0), CORONAL, 1.0, 1, 99)
    values = sample_plane(volume, plane)[:, 0]
    heights = np.array([plane.pixel_to_lps(0, row)[2] for row in range(99)])
    present = ~np.isnan(values)
    assert np.abs(values[present] - 3.0 * heights[present]).max() < 1.5


def test_uneven_slices_are_interpolated_between_their_true_neighbours() -> None:
    positions = [5.0 * k for k in range(10)] + [45.0 + 2.5 * k for k in range(1, 11)]
    volume = volume_of(axial_grid(positions, size=16), ramp, thickness_mm=5.0)
    assert kinds(volume) == [FindingKind.UNEVEN_SPACING]
    assert not volume.gap_after.any()
    for z in (3.2, 44.9, 46.3, 69.9):
        assert value_at(volume, (0.0, 0.0, z)) == pytest.approx(3.0 * z, abs=0.6)


@pytest.mark.parametrize("tilt", [-18.5, 12.0, 25.0])
def test_a_tilted_gantry_does_not_shear_the_patient(tilt: float) -> None:
    grid = axial_grid([2.0 * k - 60.0 for k in range(61)], size=80, tilt_degrees=tilt)
    volume = volume_of(grid, cylinder)
    assert FindingKind.TILT in kinds(volume)
    assert volume.passport.tilt_degrees == pytest.approx(abs(tilt), abs=0.01)
    assert not is_regular(volume)
    for z in (-25.0, 0.0, 25.0):
        inside = sample_plane(volume, plane_about((0.0, 0.0, z), AXIAL, 0.5, 120, 120)) > 20.0
        rows, columns = np.nonzero(inside)
        assert rows.mean() == pytest.approx(59.5, abs=0.6)
        assert columns.mean() == pytest.approx(59.5, abs=0.6)
        assert inside.sum() * 0.25 == pytest.approx(np.pi * 400.0, rel=0.03)


def test_a_tilted_stack_keeps_each_stored_slice() -> None:
    volume = volume_of(axial_grid([5.0 * k for k in range(8)], tilt_degrees=18.5), ramp)
    for k in range(8):
        assert np.array_equal(
            sample_plane(volume, slice_plane(volume, k)), volume.voxels[k].astype(np.float32) + volume.intercept
        )


def test_a_standard_plane_covers_a_tilted_stack() -> None:
    volume = volume_of(axial_grid([5.0 * k for k in range(20)], tilt_degrees=20.0), ramp)
    plane = standard_plane(volume, CORONAL)
    heights = [plane.pixel_to_lps(0, row)[2] for row in (0, plane.height - 1)]
    assert max(heights) >= volume.slice_origins_lps[-1, 2] + 1.0


def test_alternate_slices_lost_in_a_thin_series_are_not_taken_for_a_way_of_acquiring() -> None:
    positions = [float(k) for k in range(60) if k not in (30, 32, 34)]
    volume = volume_of(axial_grid(positions, size=8), ramp, thickness_mm=1.0)
    gaps = [finding.positions_mm for finding in volume.passport.findings if finding.kind is FindingKind.GAP]
    assert gaps == [(30.0,), (32.0,), (34.0,)]


def test_a_slab_through_a_gapped_volume_uses_the_slices_that_are_there() -> None:
    volume = without_slice_40()
    plane = plane_about((0.0, 0.0, 40.0), AXIAL, 1.0, 4, 4)
    found = sample_plane(volume, plane, Slab(10.0, Projection.MAXIMUM))
    assert found[0, 0] == pytest.approx(sample_plane(volume, plane.moved(5.0))[0, 0])
