"""The PDF of the report inside a DICOM object. Source: PS3.3 A.45.1, C.24.2."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import EncapsulatedPDFStorage

from workstation.report.model import Report
from workstation.report.structured.codes import code_item, declare_schemes
from workstation.report.structured.content import referenced
from workstation.report.structured.evidence import hierarchy
from workstation.report.structured.objects import ObjectKind, ReportUids, set_content_time, start_object
from workstation.report.structured.part10 import write_part10
from workstation.report.structured.report_sr import report_reference
from workstation.report.structured.words import short_text

SERIES_NUMBER = 9004


def encapsulate_pdf(pdf: bytes, report: Report, uids: ReportUids) -> bytes:
    """Return the PDF, signed or not, as Part 10 bytes. Its length is stated, since the value may need a pad byte."""
    kind = ObjectKind(EncapsulatedPDFStorage, "DOC", SERIES_NUMBER, report.title)
    dataset = start_object(report, uids.document, kind)
    set_content_time(dataset, report)
    dataset.ConversionType = "WSD"
    dataset.AcquisitionDateTime = ""
    dataset.BurnedInAnnotation = "YES"
    dataset.RecognizableVisualFeatures = "NO"
    dataset.DocumentTitle = short_text(report.title)
    dataset.ConceptNameCodeSequence = Sequence([code_item(report.document)])
    dataset.VerificationFlag = "VERIFIED" if report.is_final else "UNVERIFIED"
    if report.predecessors:
        dataset.PredecessorDocumentsSequence = hierarchy(report.predecessors)
    dataset.SourceInstanceSequence = Sequence([_source(report, uids)])
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocument = pdf if len(pdf) % 2 == 0 else pdf + b"\0"
    dataset.EncapsulatedDocumentLength = len(pdf)
    declare_schemes(dataset)
    return write_part10(dataset)


def _source(report: Report, uids: ReportUids) -> Dataset:
    return referenced(report_reference(report, uids))
