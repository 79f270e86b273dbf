"""The first reports of the demonstration: a Basic Text SR or an encapsulated PDF, as another site would have sent."""

from pydicom.dataset import Dataset
from pydicom.uid import BasicTextSRStorage, EncapsulatedPDFStorage

from workstation.demonstration.cases import DemonstrationCase, FirstReport
from workstation.report.document.page import ReportPage, Running
from workstation.report.structured.part10 import write_part10

_LABELS = {"fr": ("Résultats", "Conclusion"), "en": ("Findings", "Conclusion")}
_TITLE = ("18748-4", "LN", "Diagnostic imaging report")
_FINDINGS = ("121071", "DCM", "Finding")
_CONCLUSION = ("121077", "DCM", "Conclusion")


def build_first_report(case: DemonstrationCase) -> bytes:
    """Return the Part 10 object of a case's first report."""
    dataset = _start(case)
    if case.first_report.kind == "sr":
        _write_sr(dataset, case.first_report)
    else:
        _write_pdf(dataset, case)
    return write_part10(dataset)


def _start(case: DemonstrationCase) -> Dataset:
    report, request = case.first_report, case.request
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = BasicTextSRStorage if report.kind == "sr" else EncapsulatedPDFStorage
    dataset.SOPInstanceUID = report.reference.instance
    dataset.StudyInstanceUID = report.reference.study
    dataset.SeriesInstanceUID = report.reference.series
    dataset.PatientName = request.patient.name.dicom
    dataset.PatientID = request.patient.patient_id
    dataset.PatientBirthDate = request.patient.birth_date
    dataset.PatientSex = request.patient.sex
    dataset.StudyDate, dataset.StudyTime = "", ""
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "", "", ""
    dataset.SeriesNumber, dataset.InstanceNumber = 900, 1
    dataset.SeriesDescription = report.title
    dataset.Manufacturer = "Requis demonstration"
    dataset.InstitutionName = report.organisation
    dataset.ContentDate, dataset.ContentTime = report.date, "120000"
    return dataset


def _write_sr(dataset: Dataset, report: FirstReport) -> None:
    dataset.Modality = "SR"
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "UNVERIFIED"
    author = Dataset()
    author.ObserverType, author.PersonName = "PSN", report.author
    author.InstitutionName, author.InstitutionCodeSequence = report.organisation, []
    author.PersonIdentificationCodeSequence = []
    dataset.AuthorObserverSequence = [author]
    dataset.ValueType, dataset.ContinuityOfContent = "CONTAINER", "SEPARATE"
    dataset.ConceptNameCodeSequence = [_code(_TITLE)]
    texts = ((_FINDINGS, report.findings), (_CONCLUSION, report.conclusion))
    dataset.ContentSequence = [_text(code, text) for code, text in texts]


def _write_pdf(dataset: Dataset, case: DemonstrationCase) -> None:
    pdf = _document(case)
    dataset.Modality, dataset.ConversionType = "DOC", "WSD"
    dataset.AcquisitionDateTime, dataset.BurnedInAnnotation = "", "YES"
    dataset.DocumentTitle = case.first_report.title
    dataset.ConceptNameCodeSequence = [_code(_TITLE)]
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(pdf)
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)


def _document(case: DemonstrationCase) -> bytes:
    report, request = case.first_report, case.request
    findings, conclusion = _LABELS[request.language]
    running = Running(
        report.title, f"{request.patient.name.display} · {request.patient.patient_id}", "", "Requis demonstration",
        "{page}/{count}",
    )  # fmt: skip
    page = ReportPage(running, request.language)
    page.add_page()
    page.write_line(report.organisation, style="B")
    page.write_line(f"{report.author} · {report.date}")
    for heading, text in ((findings, report.findings), (conclusion, report.conclusion)):
        page.heading(heading)
        page.write_line(text)
    return bytes(page.output())


def _code(code: tuple[str, str, str]) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code
    return item


def _text(code: tuple[str, str, str], text: str) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence, item.TextValue = [_code(code)], text
    return item
