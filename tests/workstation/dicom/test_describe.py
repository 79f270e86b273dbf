import json
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.support.shared_data import shared_data_root
from viewers.image.description import ConcatenationPart, SpacingSource, VoiFunction, Window
from workstation.dicom.describe import describe_frames, describe_patient, describe_series, describe_study
from workstation.dicom.header import Header, element, elements
from workstation.domain.identifiers import HubName
from workstation.domain.patient import INS_TEST_OID, Patient

LITTLE = "1.2.840.10008.1.2.1"


def header(*pairs: tuple[str, dict[str, Any]]) -> Header:
    return Header(elements(pairs))


def sequence(*items: Header) -> dict[str, Any]:
    return {"vr": "SQ", "Value": [dict(item.elements) for item in items]}


def classic(*more: tuple[str, dict[str, Any]]) -> Header:
    described = header(
        ("SOPInstanceUID", element("UI", "1.2.3")),
        ("SeriesInstanceUID", element("UI", "1.2")),
        ("Modality", element("CS", "CT")),
        ("Rows", element("US", 4)),
        ("Columns", element("US", 6)),
        ("BitsAllocated", element("US", 16)),
        ("BitsStored", element("US", 12)),
        ("PhotometricInterpretation", element("CS", "MONOCHROME2")),
    )
    return Header({**described.elements, **header(*more).elements})


def read(path: Path) -> tuple[Header, str]:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    return Header.parse(json.dumps(dataset.to_json_dict())), dataset.file_meta.TransferSyntaxUID


@pytest.mark.parametrize("written", ["1234", "1234 ", "  1234"])
def test_spaces_around_an_identifier_make_nobody_else_of_a_patient(written: str) -> None:
    patient = describe_patient(header(("PatientID", element("LO", written))))
    assert patient.is_same_person(describe_patient(header(("PatientID", element("LO", "1234")))))
    # As an earlier version kept it.
    assert patient.is_same_person(Patient(written, patient.name))


def test_the_issuer_of_an_identifier_is_its_universal_entity() -> None:
    issuer = header(("UniversalEntityID", element("UT", INS_TEST_OID)), ("UniversalEntityIDType", element("CS", "ISO")))
    patient = describe_patient(
        header(
            ("PatientID", element("LO", "277076322082910")),
            ("PatientName", element("PN", "ESSAI^DELTA")),
            ("PatientBirthName", element("PN", "ESSAI-UN")),
            ("IssuerOfPatientID", element("LO", "ASIP-SANTE-INS-NIR")),
            ("IssuerOfPatientIDQualifiersSequence", sequence(issuer)),
        )
    )
    assert (patient.issuer_oid, patient.birth_name, patient.name.family) == (INS_TEST_OID, "ESSAI-UN", "ESSAI")
    assert patient.is_test


def test_an_issuer_that_is_no_oid_is_not_taken_for_one() -> None:
    issuer = header(
        ("UniversalEntityID", element("UT", "hospital.example")), ("UniversalEntityIDType", element("CS", "DNS"))
    )
    assert describe_patient(header(("IssuerOfPatientIDQualifiersSequence", sequence(issuer)))).issuer_oid == ""


def test_a_study_of_a_query_tells_all_modalities_and_one_instance_only_its_own() -> None:
    found = describe_study(
        header(("ModalitiesInStudy", element("CS", "CT", "SR")), ("StudyTime", element("TM", "101112.5"))),
        HubName("a"),
    )
    assert (found.modalities, found.time, found.hub) == (("CT", "SR"), "101112", "a")
    assert describe_study(classic()).modalities == ("CT",)


def test_a_series_has_the_count_that_its_source_states() -> None:
    assert describe_series(header(("NumberOfSeriesRelatedInstances", element("IS", 12)))).instances == 12
    assert describe_series(classic()).instances is None


def test_an_object_without_pixels_has_no_frames() -> None:
    assert describe_frames(header(("Modality", element("CS", "SR"))), LITTLE) == ()


@pytest.mark.parametrize(
    ("keyword", "source"),
    [
        ("PixelSpacing", SpacingSource.PIXEL_SPACING),
        ("ImagerPixelSpacing", SpacingSource.IMAGER),
        ("NominalScannedPixelSpacing", SpacingSource.NOMINAL_SCANNED),
    ],
)
def test_spacing_says_which_attribute_it_came_from(keyword: str, source: SpacingSource) -> None:
    (frame,) = describe_frames(classic((keyword, element("DS", 0.5, 0.25))), LITTLE)
    assert (frame.row_spacing_mm, frame.column_spacing_mm, frame.spacing_source) == (0.5, 0.25, source)


def test_calibrated_spacing_goes_before_that_at_the_detector() -> None:
    pairs = (("ImagerPixelSpacing", element("DS", 0.2, 0.2)), ("PixelSpacing", element("DS", 0.1, 0.1)))
    (frame,) = describe_frames(classic(*pairs), LITTLE)
    assert frame.row_spacing_mm == 0.1


@pytest.mark.parametrize("spacing", [(0.0, 1.0), (-1.0, 1.0), (1.0,), ()])
def test_a_spacing_that_is_none_is_absent(spacing: tuple[float, ...]) -> None:
    (frame,) = describe_frames(classic(("PixelSpacing", element("DS", *spacing))), LITTLE)
    assert (frame.row_spacing_mm, frame.spacing_source) == (None, SpacingSource.NONE)


def test_directions_have_length_one() -> None:
    position = ("ImagePositionPatient", element("DS", 1.0, 2.0, 3.0))
    cosines = ("ImageOrientationPatient", element("DS", 0.7071, 0.7071, 0.0, 0.0, 0.0, 1.0))
    (frame,) = describe_frames(classic(position, cosines), LITTLE)
    assert frame.geometry is not None
    assert sum(value**2 for value in frame.geometry.row_direction) == pytest.approx(1.0, abs=1e-12)


def test_an_orientation_without_direction_is_no_geometry() -> None:
    position = ("ImagePositionPatient", element("DS", 1.0, 2.0, 3.0))
    cosines = ("ImageOrientationPatient", element("DS", 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    assert describe_frames(classic(position, cosines), LITTLE)[0].geometry is None


def test_padding_sent_unsigned_has_the_sign_of_the_pixels() -> None:
    pairs = (("PixelRepresentation", element("US", 1)), ("PixelPaddingValue", element("US", 63536)))
    assert describe_frames(classic(*pairs), LITTLE)[0].padding_value == -2000


def test_colour_is_described_as_it_is_decoded() -> None:
    palette = classic(("PhotometricInterpretation", element("CS", "PALETTE COLOR")))
    assert describe_frames(palette, LITTLE)[0].format.samples == 3
    assert describe_frames(palette, LITTLE)[0].format.bits_stored == 8
    ybr = classic(("SamplesPerPixel", element("US", 3)), ("PhotometricInterpretation", element("CS", "YBR_FULL_422")))
    assert describe_frames(ybr, LITTLE)[0].format.photometric == "RGB"


@pytest.mark.parametrize(
    ("tag", "syntax", "lossy"),
    [("01", LITTLE, True), ("00", LITTLE, False), ("", "1.2.840.10008.1.2.4.50", True), ("", LITTLE, False)],
)
def test_loss_is_told_by_the_history_or_by_the_syntax(tag: str, syntax: str, lossy: bool) -> None:
    found = describe_frames(classic(("LossyImageCompression", element("CS", tag))), syntax)
    assert found[0].lossy is lossy


def test_windows_keep_their_order_and_function() -> None:
    frame = describe_frames(
        classic(
            ("WindowCenter", element("DS", 40, -600)),
            ("WindowWidth", element("DS", 400, 1500)),
            ("VOILUTFunction", element("CS", "SIGMOID")),
        ),
        LITTLE,
    )[0]
    assert frame.windows == (Window(40, 400), Window(-600, 1500))
    assert frame.voi_function is VoiFunction.SIGMOID


def test_split_keys_hold_what_separates_volumes() -> None:
    diffusion = sequence(header(("DiffusionBValue", element("FD", 800.0))))
    shared = sequence(header(("MRDiffusionSequence", diffusion)))
    pairs = (("EchoTime", element("DS", 4.9)), ("SharedFunctionalGroupsSequence", shared))
    keys = dict(describe_frames(classic(*pairs), LITTLE)[0].split_key)
    assert (keys["echo_time"], keys["b_value"]) == ("4.9", "800")


def test_frames_take_their_own_groups_before_the_shared_ones() -> None:
    shared = header(
        ("PixelMeasuresSequence", sequence(header(("PixelSpacing", element("DS", 2, 3))))),
        ("PixelValueTransformationSequence", sequence(header(("RescaleSlope", element("DS", 2))))),
    )
    own = [
        header(
            ("PlanePositionSequence", sequence(header(("ImagePositionPatient", element("DS", 0, 0, z))))),
            (
                "PlaneOrientationSequence",
                sequence(header(("ImageOrientationPatient", element("DS", 1, 0, 0, 0, 1, 0)))),
            ),
        )
        for z in (5, 9)
    ]
    own[1] = Header(
        {
            **own[1].elements,
            **header(
                ("PixelValueTransformationSequence", sequence(header(("RescaleSlope", element("DS", 7)))))
            ).elements,
        }
    )
    frames = describe_frames(
        classic(
            ("NumberOfFrames", element("IS", 2)),
            ("SharedFunctionalGroupsSequence", sequence(shared)),
            ("PerFrameFunctionalGroupsSequence", sequence(*own)),
        ),
        LITTLE,
    )
    assert [frame.rescale_slope for frame in frames] == [2.0, 7.0]
    assert [frame.geometry and frame.geometry.position_lps[2] for frame in frames] == [5.0, 9.0]
    assert [frame.row_spacing_mm for frame in frames] == [2.0, 2.0]
    assert [frame.frame_index for frame in frames] == [0, 1]


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", ["enhanced_mr_philips", "enhanced_mr_siemens", "enhanced_ct"])
def test_a_real_enhanced_image_is_described_frame_by_frame(folder: str) -> None:
    path = min(path for path in (shared_data_root() / "modalities" / folder).rglob("*") if path.is_file())
    found, syntax = read(path)
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    frames = describe_frames(found, syntax)
    assert len(frames) == dataset.NumberOfFrames
    for frame, groups in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        assert frame.geometry is not None
        assert frame.geometry.position_lps == tuple(groups.PlanePositionSequence[0].ImagePositionPatient)
        assert frame.row_spacing_mm
        assert frame.thickness_mm


def test_a_packaged_classic_image_keeps_its_values() -> None:
    found, syntax = read(Path(str(get_testdata_file("CT_small.dcm"))))
    (frame,) = describe_frames(found, syntax)
    assert (frame.rescale_intercept, frame.rescale_slope, frame.padding_value) == (-1024.0, 1.0, -2000)
    assert frame.geometry is not None
    assert frame.geometry.position_lps == pytest.approx((-158.135803, -179.035797, -75.699997))


def test_a_multi_frame_image_without_groups_has_frames_without_place() -> None:
    frames = describe_frames(classic(("NumberOfFrames", element("IS", 3))), LITTLE)
    assert [frame.geometry for frame in frames] == [None, None, None]


AXIAL = element("DS", 1, 0, 0, 0, 1, 0)


def test_a_dose_grid_lies_at_its_offsets_along_the_normal() -> None:
    frames = describe_frames(
        classic(
            ("NumberOfFrames", element("IS", 3)),
            ("ImagePositionPatient", element("DS", 1, 2, 3)),
            ("ImageOrientationPatient", AXIAL),
            ("GridFrameOffsetVector", element("DS", 0, 2.5, 7)),
        ),
        LITTLE,
    )
    assert [frame.geometry and frame.geometry.position_lps for frame in frames] == [(1, 2, 3), (1, 2, 5.5), (1, 2, 10)]


def test_reconstructed_nuclear_medicine_counts_slices_from_the_place_of_its_detector() -> None:
    detector = header(("ImagePositionPatient", element("DS", 0, 0, 9)), ("ImageOrientationPatient", AXIAL))
    frames = describe_frames(
        classic(
            ("NumberOfFrames", element("IS", 3)),
            ("DetectorInformationSequence", sequence(detector)),
            ("SpacingBetweenSlices", element("DS", -4)),
            ("SliceVector", element("US", 1, 2, 3)),
        ),
        LITTLE,
    )
    assert [frame.geometry and frame.geometry.position_lps[2] for frame in frames] == [9, 5, 1]


def test_one_place_for_many_frames_is_the_place_of_none_of_them() -> None:
    frames = describe_frames(
        classic(
            ("NumberOfFrames", element("IS", 2)),
            ("ImagePositionPatient", element("DS", 0, 0, 0)),
            ("ImageOrientationPatient", AXIAL),
        ),
        LITTLE,
    )
    assert [frame.geometry for frame in frames] == [None, None]


def test_dimension_indices_tell_frames_apart_but_those_of_space_do_not() -> None:
    pointers = [header(("DimensionIndexPointer", element("AT", tag))) for tag in ("00209057", "00189087")]
    own = [
        header(("FrameContentSequence", sequence(header(("DimensionIndexValues", element("UL", place, b)))))).elements
        for place, b in ((1, 1), (1, 2))
    ]
    frames = describe_frames(
        classic(
            ("NumberOfFrames", element("IS", 2)),
            ("DimensionIndexSequence", sequence(*pointers)),
            ("PerFrameFunctionalGroupsSequence", sequence(*(Header(one) for one in own))),
        ),
        LITTLE,
    )
    assert [dict(frame.split_key)["dimension_00189087"] for frame in frames] == ["1", "2"]
    assert "dimension_00209057" not in dict(frames[0].split_key)


def test_the_parts_of_a_concatenation_know_which_they_are() -> None:
    (frame,) = describe_frames(
        classic(
            ("ConcatenationUID", element("UI", "1.2.9")),
            ("InConcatenationNumber", element("US", 2)),
            ("InConcatenationTotalNumber", element("US", 8)),
        ),
        LITTLE,
    )
    assert frame.concatenation == ConcatenationPart("1.2.9", 2, 8)


DETECTOR, PATIENT = element("DS", 0.2, 0.1), element("DS", 0.15, 0.075)
RADIOGRAPH = ("Modality", element("CS", "DX"))


@pytest.mark.parametrize(
    ("pairs", "rows_mm", "source"),
    [
        ((("ImagerPixelSpacing", DETECTOR),), 0.2, SpacingSource.IMAGER),
        (
            (("ImagerPixelSpacing", DETECTOR), ("EstimatedRadiographicMagnificationFactor", element("DS", 1.25))),
            0.16,
            SpacingSource.MAGNIFICATION,
        ),
        ((("ImagerPixelSpacing", DETECTOR), ("PixelSpacing", DETECTOR)), 0.2, SpacingSource.IMAGER),
        ((("ImagerPixelSpacing", DETECTOR), ("PixelSpacing", PATIENT)), 0.15, SpacingSource.CALIBRATION_UNSTATED),
        (
            (
                ("ImagerPixelSpacing", DETECTOR),
                ("PixelSpacing", PATIENT),
                ("PixelSpacingCalibrationType", element("CS", "FIDUCIAL")),
            ),
            0.15,
            SpacingSource.FIDUCIAL,
        ),
        (
            (("PixelSpacing", PATIENT), ("PixelSpacingCalibrationType", element("CS", "GEOMETRY"))),
            0.15,
            SpacingSource.GEOMETRY,
        ),
        ((("PixelSpacing", PATIENT),), 0.15, SpacingSource.UNCALIBRATED),
        ((("NominalScannedPixelSpacing", DETECTOR),), 0.2, SpacingSource.NOMINAL_SCANNED),
    ],
)
def test_the_size_of_a_projections_pixels_is_never_more_than_the_header_says(
    pairs: tuple[tuple[str, dict[str, Any]], ...], rows_mm: float, source: SpacingSource
) -> None:
    (frame,) = describe_frames(classic(RADIOGRAPH, *pairs), LITTLE)
    assert frame.row_spacing_mm == pytest.approx(rows_mm)
    assert (frame.spacing_source, frame.pixel_aspect) == (source, pytest.approx(2.0))


def test_pixels_that_are_not_square_are_known_without_a_size() -> None:
    (frame,) = describe_frames(classic(("PixelAspectRatio", element("IS", 3, 2))), LITTLE)
    assert (frame.row_spacing_mm, frame.pixel_aspect) == (None, 1.5)


def test_ultrasound_regions_keep_their_units_and_give_the_picture_no_size() -> None:
    def region(left: int, x: int, y: int, dx: float, dy: float) -> Header:
        return header(
            ("RegionLocationMinX0", element("UL", left)),
            ("RegionLocationMinY0", element("UL", 10)),
            ("RegionLocationMaxX1", element("UL", left + 99)),
            ("RegionLocationMaxY1", element("UL", 200)),
            ("PhysicalUnitsXDirection", element("US", x)),
            ("PhysicalUnitsYDirection", element("US", y)),
            ("PhysicalDeltaX", element("FD", dx)),
            ("PhysicalDeltaY", element("FD", dy)),
        )

    (frame,) = describe_frames(
        classic(
            ("PixelSpacing", element("DS", 1, 1)),
            ("SequenceOfUltrasoundRegions", sequence(region(0, 3, 3, 0.02, 0.03), region(100, 4, 7, 0.005, -1.5))),
        ),
        LITTLE,
    )
    tissue, doppler = frame.regions
    assert (tissue.delta_x, tissue.delta_y) == (pytest.approx(0.2), pytest.approx(0.3))
    assert doppler.unit_y is not None
    assert (doppler.unit_y.ucum, doppler.delta_y) == ("cm/s", -1.5)
    assert (frame.row_spacing_mm, frame.spacing_source) == (None, SpacingSource.ULTRASOUND)
