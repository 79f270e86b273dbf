"""All objects of a report together, and the encapsulated PDF."""

from io import BytesIO

import pydicom
import pytest

from tests.support.reports import report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from workstation.domain.delivery import PUSH_ORDER
from workstation.report.structured.encapsulated import encapsulate_pdf
from workstation.report.structured.package import build_objects
from workstation.report.structured.presentation_plan import plan_uids

HEADER = stored_header(small_ct())
REPORT = report_on([HEADER])


def test_objects_come_in_the_order_of_pushing_each_in_a_series_of_its_own() -> None:
    objects = build_objects(REPORT, plan_uids(REPORT, sequential_uids()), b"%PDF-1.7 x")
    assert [one.role for one in objects] == list(PUSH_ORDER)
    assert len({one.reference.series for one in objects}) == len(objects)
    for one in objects:
        dataset = pydicom.dcmread(BytesIO(one.part10))
        assert dataset.SOPInstanceUID == one.reference.instance
        assert dataset.SeriesInstanceUID == one.reference.series
        assert dataset.StudyInstanceUID == HEADER.reference.study
        assert dataset.SOPClassUID == one.reference.sop_class
        assert dataset.Manufacturer == "Requis"


@pytest.mark.parametrize("pdf", [b"%PDF-1.7 odd", b"%PDF-1.7 even"])
def test_the_pdf_comes_back_to_the_byte_when_cut_to_its_length(pdf: bytes) -> None:
    dataset = pydicom.dcmread(BytesIO(encapsulate_pdf(pdf, REPORT, plan_uids(REPORT, sequential_uids()))))
    assert dataset.EncapsulatedDocument[: dataset.EncapsulatedDocumentLength] == pdf
    assert len(dataset.EncapsulatedDocument) % 2 == 0


def test_the_pdf_names_the_sr_it_renders() -> None:
    uids = plan_uids(REPORT, sequential_uids())
    dataset = pydicom.dcmread(BytesIO(encapsulate_pdf(b"%PDF", REPORT, uids)))
    assert dataset.SourceInstanceSequence[0].ReferencedSOPInstanceUID == uids.report.instance
    assert dataset.MIMETypeOfEncapsulatedDocument == "application/pdf"
