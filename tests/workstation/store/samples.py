"""Records for the tests of the store, as a reader would make them."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import Completion, ObjectRole, SignedObject
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.report import Agreement, Answers, CriticalResult, Draft, Grade, KeyImage
from workstation.domain.request import Carrier, Holder, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference
from workstation.store.database import Database

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
KEY = bytes(range(32))
STUDY = StudyUID("1.2.3")
HUB = HubName("site-a")
READER = Reader("READER ONE", "10000000001", "Hospital")


def fixed_clock() -> datetime:
    return NOW


def open_database(folder: Path, key: bytes = KEY) -> Database:
    return Database.open(folder / "profile.db", key, fixed_clock)


def make_draft(identifier: str = "d1", text: str = "Nodule of 8 mm.", *, saved: datetime = NOW) -> Draft:
    return Draft(
        id=DraftId(identifier),
        study=STUDY,
        request=RequestId("r1"),
        template="gen-so",
        language="fr",
        answers=Answers(
            sections={"findings": text},
            agreement=Agreement(Grade.A1, "perception", "none", text),
            critical=CriticalResult(text, "08:00", "A", "B", "08:05", "telephone", 1, True),
            key_images=(KeyImage(InstanceUID("1.2.3.4.5"), 2, text),),
            fields={"score": 3, "shown": True, "size_mm": 8.5, "note": text},
        ),
        annotations=(
            Annotation(
                AnnotationId("a1"),
                "length",
                ((1.0, 2.5, -3.0), (4.0, 5.0, 6.0)),
                FrameOfReferenceUID("1.9"),
                SeriesUID("1.2.3.4"),
                InstanceUID("1.2.3.4.5"),
                0,
                text,
            ),
        ),
        author=READER,
        created=NOW,
        saved=saved,
    )


def make_request(identifier: str = "r1", question: str = "A nodule?") -> Request:
    return Request(
        id=RequestId(identifier),
        hub=HUB,
        carrier=Carrier.WORK_ITEM,
        severity=Severity.GRAVE,
        urgency=Urgency.HIGH,
        deadline=NOW,
        arrival=NOW,
        state=RequestState.IN_PROGRESS,
        question=question,
        clinical="Cough",
        requester=Requester("R", "O", "+33 1"),
        patient=Patient("DEMO-1", PersonName("DEMO", "UN"), birth_date="19600101"),
        studies=(StudyReference(STUDY, HUB),),
        first_reports=(InstanceReference(STUDY, SeriesUID("1.2.3.9"), InstanceUID("1.2.3.9.1"), "1.2.840"),),
        holder=Holder("READER ONE", since=NOW),
        key_series=("1.2.3.4",),
    )


def make_object(role: ObjectRole, number: int = 1, content: bytes = b"signed") -> SignedObject:
    part10 = bytes(128) + b"DICM" + role.value.encode() + content
    return SignedObject(
        role=role,
        study=STUDY,
        series=SeriesUID(f"2.25.{number}"),
        instance=InstanceUID(f"2.25.{number}.{role.value}"),
        sop_class="1.2.840.10008.5.1.4.1.1.88.33",
        part10=part10,
        sha256=hashlib.sha256(part10).hexdigest(),
    )


def make_completion(draft: str = "d1") -> Completion:
    outputs = (InstanceReference(STUDY, SeriesUID("2.25.1"), InstanceUID("2.25.1.sr"), "1.2.840"),)
    return Completion(DraftId(draft), RequestId("r1"), HUB, TransactionUID("2.25.7"), outputs, NOW, NOW)
