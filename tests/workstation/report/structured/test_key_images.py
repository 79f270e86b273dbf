"""Key images as a key object selection."""

from dataclasses import replace
from io import BytesIO

import pydicom

from tests.support.reports import report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from viewers.identifiers import StudyUID
from workstation.report.structured.key_images import build_key_images, key_images_reference
from workstation.report.structured.presentation_plan import plan_uids

HEADER = stored_header(small_ct())


def test_the_selection_names_each_image_and_the_state_that_shows_its_marks() -> None:
    report = report_on([HEADER])
    uids = plan_uids(report, sequential_uids())
    part10 = build_key_images(report, uids)
    assert part10 is not None
    dataset = pydicom.dcmread(BytesIO(part10))
    assert dataset.ConceptNameCodeSequence[0].CodeValue == "113020"
    (image,) = [item for item in dataset.ContentSequence if item.ValueType == "IMAGE"]
    assert "ConceptNameCodeSequence" not in image, "the template forbids a purpose of reference"
    target = image.ReferencedSOPSequence[0]
    assert target.ReferencedSOPInstanceUID == HEADER.reference.instance
    assert target.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == uids.presentations[0]


def test_the_readers_words_are_in_the_one_description() -> None:
    report = report_on([HEADER])
    part10 = build_key_images(report, plan_uids(report, sequential_uids())) or b""
    (text,) = [item for item in pydicom.dcmread(BytesIO(part10)).ContentSequence if item.ValueType == "TEXT"]
    assert text.TextValue == "1. Œdème"


def test_key_images_of_priors_make_no_selection_in_this_study() -> None:
    report = report_on([HEADER])
    prior = replace(HEADER, reference=replace(HEADER.reference, study=StudyUID("2.25.50")))
    report = replace(report, key_images=(replace(report.key_images[0], stored=prior),))
    uids = plan_uids(report, sequential_uids())
    assert build_key_images(report, uids) is None
    assert key_images_reference(report, uids) is None
