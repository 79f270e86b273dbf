"""Real studies that a volume builder gets wrong: nothing lost, nothing stretched, and SimpleITK agrees."""

import numpy as np
import pytest

from tests.support.real_series import read_series
from tests.support.shared_data import shared_data_root
from tests.viewers.image.test_reslice import OBLIQUE, assert_as_itk
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.image.assemble import assemble
from viewers.image.reslice import sample_plane, standard_plane
from viewers.image.slices import slice_plane
from viewers.image.volume import FindingKind, Volume

pytestmark = pytest.mark.shared_data

CASES = {
    "geometry/ct_head_tilt_variable_spacing": (28,),
    "geometry/dicom2nifti_gantrytilting_001": (4,),
    "geometry/dicom2nifti_sliceincrement_001": (4,),
    "geometry/dicom2nifti_sliceincrement_002": (4,),
    "geometry/dicom2nifti_slicecount_001": (2,),
    "geometry/dicom2nifti_sliceorientation_001": (2, 2),
    "geometry/mr_multiecho_same_positions": (18, 18),
    "geometry/mr_three_plane_localizer_one_series": (7, 7, 7),
    "geometry/nonsquare_pixels_mr": (4,),
    "mr_prostate_prostatex/MR_S0008": (19, 19, 19),
    "petct_acrin/PT_S0001_081015": (135,),
}


def volumes_of(case: str) -> tuple[Volume, ...]:
    frames, pixels = read_series(shared_data_root() / case)
    return assemble(frames, pixels)


def kinds(volume: Volume) -> set[FindingKind]:
    return {finding.kind for finding in volume.passport.findings}


@pytest.mark.parametrize("case", CASES)
def test_every_frame_is_shown_at_its_own_place(case: str) -> None:
    frames, pixels = read_series(shared_data_root() / case)
    volumes = assemble(frames, pixels)
    assert tuple(len(volume.sources) for volume in volumes) == CASES[case]
    places = {frame.instance: frame for frame in frames}
    for volume in volumes:
        for k in {0, len(volume.sources) // 2, len(volume.sources) - 1}:
            frame = places[volume.sources[k].instance]
            assert frame.geometry is not None
            assert volume.slice_origins_lps[k] == pytest.approx(frame.geometry.position_lps, abs=1e-6)
            expected = pixels[frame.instance, 0].astype(np.float64) * frame.rescale_slope + frame.rescale_intercept
            found = sample_plane(volume, slice_plane(volume, k))
            assert np.nanmax(np.abs(found - expected)) < 1e-3 * max(1.0, float(np.abs(expected).max()) * 1e-3)


def test_frames_at_one_position_are_all_shown() -> None:
    frames, pixels = read_series(shared_data_root() / "geometry" / "dicom2nifti_notavolume_001")
    volumes = assemble(frames, pixels)
    assert sum(len(volume.sources) for volume in volumes) == 4
    assert all(kinds(volume) & {FindingKind.SPLIT, FindingKind.DUPLICATE} for volume in volumes)


def test_a_tilted_head_with_two_slice_distances_is_told_and_not_stretched() -> None:
    (volume,) = volumes_of("geometry/ct_head_tilt_variable_spacing")
    assert kinds(volume) == {FindingKind.UNEVEN_SPACING, FindingKind.TILT}
    assert volume.passport.tilt_degrees == pytest.approx(18.5, abs=0.1)
    # The header is explicit: the last position minus the first one.
    assert volume.slice_origins_lps[-1, 2] - volume.slice_origins_lps[0, 2] == pytest.approx(151.94, abs=0.01)


@pytest.mark.parametrize(("number", "position"), [("001", 15.0), ("002", 2.334 * 0.9637)])
def test_a_doubled_distance_is_a_gap(number: str, position: float) -> None:
    (volume,) = volumes_of(f"geometry/dicom2nifti_sliceincrement_{number}")
    (gap,) = [finding for finding in volume.passport.findings if finding.kind is FindingKind.GAP]
    assert gap.positions_mm == pytest.approx((position,), abs=0.01)


def test_pet_slices_keep_their_own_slopes() -> None:
    (volume,) = volumes_of("petct_acrin/PT_S0001_081015")
    assert volume.voxels.dtype == np.float32
    assert volume.quantity.name == "Bq/ml"
    assert FindingKind.UNEVEN_SPACING not in kinds(volume)


@pytest.fixture(scope="module")
def chest() -> Volume:
    (volume,) = volumes_of("prior_pair_ct_acrin_flt/19600104/CT_S0002")
    return volume


@pytest.mark.parametrize(
    "orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE], ids=["axial", "coronal", "sagittal", "oblique"]
)
def test_planes_of_a_real_ct_agree_with_simpleitk(chest: Volume, orientation: Orientation) -> None:
    assert chest.passport.findings == ()
    assert chest.voxels.dtype == np.int16
    assert_as_itk(chest, standard_plane(chest, orientation, spacing_mm=1.3))
