"""Marks and windows as presentation states."""

from dataclasses import replace
from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.support.reports import mark, marks_on, report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from viewers.identifiers import InstanceUID, StudyUID
from workstation.report.context import StoredHeader
from workstation.report.model import Report
from workstation.report.structured.presentation import build_presentation_states
from workstation.report.structured.presentation_plan import plan_presentations, plan_uids

HEADER = stored_header(small_ct())


def states(report: Report) -> list[Dataset]:
    uids = plan_uids(report, sequential_uids())
    return [pydicom.dcmread(BytesIO(part10)) for part10 in build_presentation_states(report, uids)]


def changed(**attributes: object) -> StoredHeader:
    dataset = small_ct()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return stored_header(dataset)


def test_shapes_are_in_pixels_of_the_image() -> None:
    (state,) = states(report_on([HEADER]))
    shapes = state.GraphicAnnotationSequence[0].GraphicObjectSequence
    assert [shape.GraphicType for shape in shapes] == ["POLYLINE", "ELLIPSE", "POLYLINE"]
    assert list(shapes[0].GraphicData) == pytest.approx([20.5, 30.5, 52.5, 60.5])
    assert all(shape.GraphicAnnotationUnits == "PIXEL" for shape in shapes)


def test_words_and_values_stand_beside_the_marks() -> None:
    (state,) = states(report_on([HEADER]))
    texts = [item.UnformattedTextValue for item in state.GraphicAnnotationSequence[0].TextObjectSequence]
    assert texts == ["Lésion frontale\r\n30,1 mm", "OEdème : « plage »\r\n-12,5 HU", "Sillon effacé"]


def test_latin_names_are_written_in_latin_1_and_others_are_never_altered() -> None:
    (state,) = states(report_on([HEADER]))
    assert state.SpecificCharacterSet == "ISO_IR 100"
    assert str(state.PatientName) == "Patîent^Éprouvé"
    (greek,) = states(report_on([changed(SpecificCharacterSet="ISO_IR 192", PatientName="ΔΟΚΙΜΗ^Œ")]))
    assert greek.SpecificCharacterSet == "ISO_IR 192"
    assert str(greek.PatientName) == "ΔΟΚΙΜΗ^Œ"
    assert "Œdème" in greek.GraphicAnnotationSequence[0].TextObjectSequence[1].UnformattedTextValue


def test_the_modality_rescale_comes_along_or_the_window_would_mean_stored_values() -> None:
    (state,) = states(report_on([HEADER]))
    assert (float(state.RescaleIntercept), float(state.RescaleSlope), state.RescaleType) == (-1024, 1, "HU")
    window = state.SoftcopyVOILUTSequence[0]
    assert (window.WindowCenter, window.WindowWidth) == (40, 400)
    assert state.PresentationLUTShape == "IDENTITY"


def test_monochrome_1_is_shown_inverted() -> None:
    (state,) = states(report_on([changed(PhotometricInterpretation="MONOCHROME1")]))
    assert state.PresentationLUTShape == "INVERSE"


def test_images_of_different_rescale_do_not_share_a_state() -> None:
    other = changed(SOPInstanceUID="2.25.8", RescaleSlope="2")
    report = report_on([HEADER, other])
    marks = (*report.annotations, *(replace(one, instance=InstanceUID("2.25.8")) for one in marks_on(other)))
    report = replace(report, annotations=marks)
    assert [float(state.RescaleSlope) for state in states(report)] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, ""),
        ({"BodyPartExamined": "CHEST"}, None),
        ({"BodyPartExamined": "BREAST"}, ""),
        ({"BodyPartExamined": "KNEE", "Laterality": "L"}, "L"),
    ],
)
def test_an_unknown_side_is_said_to_be_unknown_and_never_guessed(
    attributes: dict[str, str], expected: str | None
) -> None:
    (state,) = states(report_on([changed(**attributes)]))
    assert state.get("Laterality") == expected


def test_colour_images_get_a_colour_state() -> None:
    (state,) = states(report_on([changed(SamplesPerPixel=3, PhotometricInterpretation="RGB")]))
    assert state.SOPClassUID.name == "Color Softcopy Presentation State Storage"
    assert state.ICCProfile[36:40] == b"acsp"
    assert "PresentationLUTShape" not in state


def test_frames_are_named_where_there_are_several() -> None:
    stored = changed(NumberOfFrames=3)
    report = report_on([stored])
    # One place for three frames is the place of none of them: marks on them are in pixels.
    drawn = ((5.0, 10.0, 0.0), (25.0, 10.0, 0.0), (15.0, 5.0, 0.0), (15.0, 15.0, 0.0))
    moved = tuple(
        replace(one, frame_index=2, frame_of_reference=None, points_lps=drawn[: len(one.points_lps)])
        for one in report.annotations
    )
    (state,) = states(replace(report, annotations=moved))
    image = state.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
    assert image.ReferencedFrameNumber == 3


def test_marks_on_priors_or_off_the_plane_make_no_state() -> None:
    report = report_on([HEADER])
    prior = replace(HEADER, reference=replace(HEADER.reference, study=StudyUID("2.25.1")))
    assert plan_presentations(replace(report, evidence=(prior,))) == ()
    (one, *_) = report.annotations
    off = replace(one, points_lps=tuple((x, y, z + 50.0) for x, y, z in one.points_lps))
    assert plan_presentations(replace(report, annotations=(off,))) == ()


def test_a_report_without_marks_needs_no_state() -> None:
    assert states(replace(report_on([HEADER]), annotations=())) == []


def test_marks_keep_their_order() -> None:
    report = replace(report_on([HEADER]), annotations=(mark(HEADER, "probe", [(5, 6)]),))
    (state,) = states(report)
    assert list(state.GraphicAnnotationSequence[0].GraphicObjectSequence[0].GraphicData) == pytest.approx([5.5, 6.5])
