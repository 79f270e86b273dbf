"""Reports for tests: a French second opinion on real or pydicom's headers, with marks, key images and a request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from viewers.annotations.model import Annotation, MeasuredValue, Measurement, PointLps
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from viewers.image.description import Window
from workstation.dicom.header import Header
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.report import AcceptedGap, Agreement, Answers, CriticalResult, Draft, Grade, KeyImage
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference, StudySummary
from workstation.report.composer import compose
from workstation.report.context import FirstReport, ReportContext, StoredHeader
from workstation.report.model import Report
from workstation.report.template import template

WRITTEN = datetime(2026, 11, 22, 9, 41, 7, tzinfo=timezone(timedelta(hours=1)))
READER = Reader("Lectèur^Zêta^^Dr", "10003456789", "CHU de Saint-Étienne, neuroradiologie")
LENGTH = ("410668003", "SCT", "Length")
MEAN = ("373098007", "SCT", "Mean")
CONCLUSION = "Œdème vasogénique d’origine tumorale : « gliome » probable (80 %), cœur normal."

SECTIONS = {
    "question": "L’hypodensité frontale droite est-elle ischémique ou tumorale ?",
    "clinical": "Femme de 54 ans. Céphalées depuis 3 semaines, crise d’épilepsie le 20/11.",
    "indication": "Indication validée : première crise comitiale de l’adulte.",
    "protocol": "Scanner sans puis avec injection, coupes de 5 mm. Qualité suffisante.",
    "dose": "PDL 912 mGy·cm, IDSV 48 mGy.",
    "comparison": "Comparé au scanner du 04/01/2026.",
    "first_report": "Dʳ Lecteür, 21/11/2026 : « AVC sylvien superficiel droit constitué ».",
    "findings": "Plage hypodense sous-corticale frontale droite, digitiforme, respectant le ruban cortical.\n"
    "Effet de masse modéré ; pas d’engagement.\nPas d’hémorragie.",
    "conclusion": CONCLUSION,
    "recommendations": "IRM avec injection, perfusion et spectroscopie sous 7 jours. Éviter la ponction lombaire.",
    "limits": "Pas d’examen clinique du patient ; biologie non transmise.",
}


def stored_header(dataset: Dataset) -> StoredHeader:
    """Return what the store keeps of an instance: its header as JSON, without pixels."""
    transfer_syntax = str(dataset.file_meta.TransferSyntaxUID)
    for keyword in ("PixelData", "DataSetTrailingPadding"):
        if keyword in dataset:
            del dataset[keyword]
    header = Header.parse(dataset.to_json())
    reference = InstanceReference(
        StudyUID(header.uid("StudyInstanceUID")),
        SeriesUID(header.uid("SeriesInstanceUID")),
        InstanceUID(header.uid("SOPInstanceUID")),
        header.uid("SOPClassUID"),
    )
    return StoredHeader(reference, header, transfer_syntax)


def small_ct() -> Dataset:
    """Return pydicom's small CT with an accented name and padding, as sloppy sources send them."""
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Patîent^Éprouvé"
    dataset.PatientID = "1CT1  "
    dataset.PatientBirthDate = "19720314"
    dataset.StudyDescription = "CRÂNE SANS ET AVEC INJECTION "
    return dataset


def real_headers(folder: Path, limit: int = 6) -> list[StoredHeader]:
    """Return some headers of a real series, the patient renamed with accents."""
    headers = []
    for path in sorted(folder.glob("*.dcm"))[:limit]:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        dataset.PatientName = "Pâtïent^Deuxiëme^Éssai"
        headers.append(stored_header(dataset))
    return headers


def point_on(stored: StoredHeader, column: float, row: float) -> PointLps:
    """Return the LPS point at the centre of a pixel, from the header's own numbers."""
    position = stored.header.numbers("ImagePositionPatient")
    axes = stored.header.numbers("ImageOrientationPatient")
    between_rows, between_columns = stored.header.numbers("PixelSpacing")
    x, y, z = (position[n] + axes[n] * column * between_columns + axes[n + 3] * row * between_rows for n in range(3))
    return x, y, z


def mark(stored: StoredHeader, tool: str, pixels: Sequence[tuple[float, float]], text: str = "") -> Annotation:
    """Return a mark whose points are given as (column, row) of the instance."""
    return Annotation(
        id=AnnotationId(f"{tool}-{stored.reference.instance[-6:]}"),
        tool=tool,
        points_lps=tuple(point_on(stored, *pixel) for pixel in pixels),
        frame_of_reference=FrameOfReferenceUID(stored.header.uid("FrameOfReferenceUID")),
        series=stored.reference.series,
        instance=stored.reference.instance,
        text=text,
    )


def marks_on(stored: StoredHeader) -> tuple[Annotation, ...]:
    """Return one mark of each kind of shape."""
    return (
        mark(stored, "length", [(20, 30), (52, 60)], "Lésion frontale"),
        mark(stored, "ellipse", [(60, 40), (90, 40), (75, 30), (75, 50)], "Œdème : « plage »"),
        mark(stored, "arrow", [(40, 80), (60, 95)], "Sillon effacé"),
    )


def measurements_of(annotations: Sequence[Annotation]) -> tuple[Measurement, ...]:
    """Return values as the viewer would give them."""
    length = MeasuredValue("length", 30.12345678901, "mm", "mm", LENGTH)
    mean = MeasuredValue("mean", -12.5, "[hnsf'U]", "HU", MEAN, on_lossy=True)
    return (
        Measurement(annotations[0], (length,), "PixelSpacing"),
        Measurement(annotations[1], (mean,), "PixelSpacing"),
    )


def context_of(headers: Sequence[StoredHeader], annotations: Sequence[Annotation] = ()) -> ReportContext:
    """Return the context of a report on the study of the first header."""
    header = headers[0].header
    patient = Patient(
        patient_id=header.text("PatientID").strip(),
        name=PersonName.parse(header.text("PatientName")),
        birth_name="ESSAI^Éprouvé",
        birth_date=header.text("PatientBirthDate"),
        sex=header.text("PatientSex"),
        issuer="CHU",
    )
    study = StudySummary(
        uid=headers[0].reference.study,
        patient=patient,
        date=header.text("StudyDate"),
        time=header.text("StudyTime"),
        description=header.text("StudyDescription").strip(),
        accession=header.text("AccessionNumber"),
        modalities=(header.text("Modality"),),
        instances=len(headers),
    )
    first = InstanceReference(
        study.uid, SeriesUID("2.25.771"), InstanceUID("2.25.772"), "1.2.840.10008.5.1.4.1.1.88.11"
    )
    excerpt = "Hypodensité sylvienne superficielle droite : AVC ischémique constitué."
    return ReportContext(
        patient=patient,
        study=study,
        reader=READER,
        evidence=tuple(headers),
        request=request_for(study),
        measurements=measurements_of(annotations) if annotations else (),
        first_reports=(FirstReport(first, "Lecteür^Prümier", "20261121", excerpt),),
    )


def request_for(study: StudySummary) -> Request:
    """Return the request that asks for the opinion."""
    return Request(
        id=RequestId("2.25.99"),
        hub=HubName("demo"),
        carrier=Carrier.WORK_ITEM,
        severity=Severity.GRAVE,
        urgency=Urgency.HIGH,
        deadline=None,
        arrival=datetime(2026, 11, 22, 8, 2, tzinfo=UTC),
        state=RequestState.IN_PROGRESS,
        question=SECTIONS["question"],
        clinical=SECTIONS["clinical"],
        requester=Requester("Demandéur^Hôtel^^Dr", "CH de Moulins-Yzeure, urgences", "+33 4 70 35 77 00"),
        patient=study.patient,
        studies=(StudyReference(study.uid, HubName("demo")),),
        accession="A26-0042",
        placer_order="P-778",
    )


def answers_of(headers: Sequence[StoredHeader]) -> Answers:
    """Return complete answers with a critical result and two key images."""
    impact = "Pas de thrombolyse ; bilan tumoral."
    critical = CriticalResult(
        finding="Effet de masse",
        identified_at="22/11/2026 09:20",
        communicated_by="Dr Lectèur",
        received_by="Dr Demandéur (urgences)",
        received_at="22/11/2026 09:31",
        method="téléphone",
        category=2,
        read_back=True,
    )
    images = [KeyImage(one.reference.instance, 0, text) for one, text in zip(headers, ("Œdème", ""), strict=False)]
    return Answers(
        sections=dict(SECTIONS),
        agreement=Agreement(Grade.A3, "interprétation", impact, "Ruban cortical respecté, topographie non artérielle."),
        critical=critical,
        key_images=tuple(images),
        fields={"differential": "Gliome 80 %, métastase 15 %, abcès 5 %"},
    )


def draft_of(headers: Sequence[StoredHeader], annotations: Sequence[Annotation], language: str = "fr") -> Draft:
    """Return the draft of that opinion."""
    return Draft(
        id=DraftId("d1"),
        study=headers[0].reference.study,
        request=RequestId("2.25.99"),
        template="gen-so",
        language=language,
        answers=answers_of(headers),
        annotations=tuple(annotations),
        author=READER,
        created=WRITTEN,
        saved=WRITTEN,
    )


def report_on(headers: Sequence[StoredHeader], language: str = "fr", *, demonstration: bool = False) -> Report:
    """Return the final report on some headers, with marks on the first and a window for its series."""
    annotations = marks_on(headers[0])
    context = replace(context_of(headers, annotations), demonstration=demonstration)
    gap = AcceptedGap("missing-images", "Images incomplètes : 3 sur 99 n’ont pas été reçues.")
    return compose(
        draft_of(headers, annotations, language),
        context,
        template("gen-so"),
        (gap,),
        written=WRITTEN,
        windows={headers[0].reference.series: Window(40.0, 400.0)},
    )
