"""The SR read back: every word is there, every reference is in the evidence."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.support.reports import READER, SECTIONS, context_of, draft_of, report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from viewers.identifiers import InstanceUID, StudyUID
from workstation.domain.reader import Reader
from workstation.domain.study import InstanceReference
from workstation.report.composer import compose
from workstation.report.errors import ImageNotInEvidence, ObserverIncomplete
from workstation.report.model import Report, ReportStatus
from workstation.report.structured.presentation_plan import plan_uids
from workstation.report.structured.report_sr import build_sr
from workstation.report.template import template

HEADER = stored_header(small_ct())


def read(report: Report) -> Dataset:
    return pydicom.dcmread(BytesIO(build_sr(report, plan_uids(report, sequential_uids()))))


def walk(item: Dataset) -> Iterator[Dataset]:
    for child in item.get("ContentSequence", []):
        yield child
        yield from walk(child)


def texts(dataset: Dataset) -> list[str]:
    return [str(item.TextValue).replace("\r\n", "\n") for item in walk(dataset) if item.ValueType == "TEXT"]


def concept(item: Dataset) -> str:
    return str(item.ConceptNameCodeSequence[0].CodeValue)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_section_is_found_word_for_word(language: str) -> None:
    found = texts(read(report_on([HEADER], language)))
    for section, text in SECTIONS.items():
        if section != "limits":
            assert text in found
    assert any(line.startswith(SECTIONS["limits"]) and "3 sur 99" in line for line in found)


def test_sections_are_containers_in_order_with_standard_codes() -> None:
    containers = [item for item in read(report_on([HEADER])).ContentSequence if item.ValueType == "CONTAINER"]
    assert [concept(item) for item in containers] == [
        "55115-0",
        "55752-0",
        "18785-6",
        "55111-9",
        "73569-6",
        "18834-2",
        "55114-3",
        "59776-5",
        "55113-5",
        "AGREEMENT",
        "55110-1",
        "18783-1",
        "73568-8",
        "LIMITS",
    ]


def test_a_final_report_is_complete_and_verified_by_its_reader() -> None:
    dataset = read(report_on([HEADER]))
    assert (dataset.CompletionFlag, dataset.VerificationFlag, dataset.PreliminaryFlag) == (
        "COMPLETE",
        "VERIFIED",
        "FINAL",
    )
    verifier = dataset.VerifyingObserverSequence[0]
    code = verifier.VerifyingObserverIdentificationCodeSequence[0]
    assert str(verifier.VerifyingObserverName) == READER.name
    assert (code.CodeValue, code.CodingSchemeDesignator) == (READER.identifier, "99RPPS")
    assert verifier.VerificationDateTime == "20261122034107-0500", "the instant, in the zone the study states"
    assert dataset.AuthorObserverSequence[0].PersonIdentificationCodeSequence[0].CodeValue == READER.identifier
    schemes = {
        item.CodingSchemeDesignator: item.get("CodingSchemeUID") for item in dataset.CodingSchemeIdentificationSequence
    }
    assert schemes["99RPPS"] == "1.2.250.1.71.4.2.1"
    assert "99REQUIS" in schemes


def test_a_preliminary_report_is_never_verified() -> None:
    draft = draft_of([HEADER], ())
    report = compose(
        draft, context_of([HEADER]), template("gen-so"), written=draft.saved, status=ReportStatus.PRELIMINARY
    )
    dataset = read(report)
    assert (dataset.CompletionFlag, dataset.VerificationFlag, dataset.PreliminaryFlag) == (
        "PARTIAL",
        "UNVERIFIED",
        "PRELIMINARY",
    )
    assert "VerifyingObserverSequence" not in dataset


def test_every_referenced_instance_is_in_the_evidence_with_our_own_objects() -> None:
    dataset = read(report_on([HEADER]))
    listed = {
        str(instance.ReferencedSOPInstanceUID)
        for study in dataset.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    }
    uids = plan_uids(report_on([HEADER]), sequential_uids())
    assert {HEADER.reference.instance, uids.key_images.instance, *uids.presentations} <= listed
    pointed = {
        str(target.ReferencedSOPInstanceUID)
        for item in walk(dataset)
        for target in item.get("ReferencedSOPSequence", [])
    }
    assert pointed <= listed


def test_instances_of_other_studies_are_other_evidence() -> None:
    prior = replace(
        HEADER,
        reference=replace(HEADER.reference, study=StudyUID("2.25.50"), instance=InstanceUID("2.25.51")),
    )
    dataset = read(replace(report_on([HEADER]), evidence=(HEADER, prior)))
    assert dataset.PertinentOtherEvidenceSequence[0].StudyInstanceUID == "2.25.50"
    assert len(dataset.CurrentRequestedProcedureEvidenceSequence) == 1


def test_an_image_outside_the_evidence_is_refused() -> None:
    report = report_on([HEADER])
    stranger = replace(HEADER, reference=replace(HEADER.reference, instance=InstanceUID("2.25.404")))
    images = (replace(report.key_images[0], stored=stranger),)
    with pytest.raises(ImageNotInEvidence):
        read(replace(report, key_images=images))


def test_measurements_are_numbers_with_unit_and_coordinates() -> None:
    length, mean = [item for item in walk(read(report_on([HEADER]))) if item.ValueType == "NUM"]
    measured = length.MeasuredValueSequence[0]
    assert float(measured.NumericValue) == pytest.approx(30.12345678901)
    assert measured.MeasurementUnitsCodeSequence[0].CodeValue == "mm"
    (shape,) = [item for item in length.ContentSequence if item.ValueType == "SCOORD"]
    assert list(shape.GraphicData) == pytest.approx([20.5, 30.5, 52.5, 60.5])
    target = shape.ContentSequence[0].ReferencedSOPSequence[0]
    assert target.ReferencedSOPInstanceUID == HEADER.reference.instance
    assert any("perte" in text for text in texts(mean)), "a value measured on lossy pixels says so"


def test_a_measurement_on_a_reformatted_plane_names_its_image_without_coordinates() -> None:
    report = report_on([HEADER])
    first = report.measurements[0]
    points = tuple((x, y, z + 40.0) for x, y, z in first.annotation.points_lps)
    moved = replace(first, annotation=replace(first.annotation, points_lps=points))
    (number,) = [item for item in walk(read(replace(report, measurements=(moved,)))) if item.ValueType == "NUM"]
    assert [item.ValueType for item in number.ContentSequence] == ["TEXT", "IMAGE"]


def test_the_request_sequence_holds_all_that_must_be_there() -> None:
    request = read(report_on([HEADER])).ReferencedRequestSequence[0]
    assert request.AccessionNumber == "A26-0042"
    assert request.PlacerOrderNumberImagingServiceRequest == "P-778"
    for keyword in (
        "StudyInstanceUID",
        "ReferencedStudySequence",
        "FillerOrderNumberImagingServiceRequest",
        "RequestedProcedureID",
        "RequestedProcedureDescription",
        "RequestedProcedureCodeSequence",
    ):
        assert keyword in request


def test_an_addendum_comes_first_and_names_its_predecessor() -> None:
    before = InstanceReference(
        HEADER.reference.study, HEADER.reference.series, InstanceUID("2.25.60"), "1.2.840.10008.5.1.4.1.1.88.33"
    )
    dataset = read(replace(report_on([HEADER]), addendum="Nouvel antérieur.", predecessors=(before,)))
    containers = [item for item in dataset.ContentSequence if item.ValueType == "CONTAINER"]
    assert concept(containers[0]) == "55107-7"
    predecessor = dataset.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert predecessor.ReferencedSOPInstanceUID == "2.25.60"


def test_the_demonstration_identity_is_named_in_the_report() -> None:
    assert not any("démonstration" in text for text in texts(read(report_on([HEADER]))))
    assert any("démonstration" in text for text in texts(read(report_on([HEADER], demonstration=True))))


def test_the_same_report_gives_the_same_bytes() -> None:
    report = report_on([HEADER])
    first = build_sr(report, plan_uids(report, sequential_uids()))
    assert build_sr(report_on([HEADER]), plan_uids(report, sequential_uids())) == first


def test_no_private_element_and_no_long_code_meaning_is_written() -> None:
    dataset = read(report_on([HEADER]))
    for element in dataset.iterall():
        assert not element.tag.is_private
        if element.keyword == "CodeMeaning":
            assert len(str(element.value)) <= 64


def test_a_reader_without_identifier_is_refused() -> None:
    report = replace(report_on([HEADER]), author=Reader("X", "", "Y"))
    with pytest.raises(ObserverIncomplete):
        build_sr(report, plan_uids(report, sequential_uids()))
