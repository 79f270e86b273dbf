"""A profile's outbox with one signed report, a clock that a test moves, and couriers on real HTTP clients."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.hub_clients import inspect, sleep_not
from tests.workstation.store.samples import HUB, KEY, NOW, READER, STUDY, make_completion, make_draft
from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.delivery import Completion, Delivery, DeliveryState, ObjectRole, SignedObject
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.hub.directory import HubDirectory
from workstation.hub.door import DoorLimits
from workstation.hub.registry import open_hub
from workstation.outbox.courier import Courier
from workstation.outbox.reverification import Reverification
from workstation.store.audit import AuditLog
from workstation.store.completions import CompletionStore
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal
from workstation.store.outbox import OutboxStore
from workstation.store.outbox_checks import OutboxChecks
from workstation.store.outbox_decisions import OutboxDecisions
from workstation.store.signings import SignedCopies
from workstation.translations import translator

LIMITS = DoorLimits(connect_timeout_s=5, read_timeout_s=5, deadline_s=10)


@dataclass
class HandClock:
    """Stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class OutboxBench:
    """The stores of one profile and what works on them."""

    folder: Path
    urls: dict[HubName, str]
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.database = Database.open(self.folder / "profile.db", KEY, self.clock)
        self.drafts = DraftStore(self.database, DraftJournal(self.folder / "drafts.journal", KEY))
        self.audit = AuditLog(self.database, KEY, self.clock)
        self.copies = SignedCopies(self.folder / "signed", KEY)
        self.outbox = OutboxStore(self.database, self.drafts, self.audit, self.clock, self.copies)
        self.checks = OutboxChecks(self.database, self.audit, self.clock)
        self.completions = CompletionStore(self.database, self.audit, self.clock)
        self.decisions = OutboxDecisions(
            self.database, self.drafts, self.audit, self.clock, self.copies, lambda: READER.acts_as
        )
        self.hubs = HubDirectory(
            lambda: tuple(HubSettings(name, url) for name, url in self.urls.items()),
            lambda settings: open_hub(settings, inspect, clock=self.clock, sleep=sleep_not, limits=LIMITS),
        )
        self.courier = self.new_courier()
        self.reverification = Reverification(self.checks, self.outbox, self.hubs, self.clock, translator("en"))

    def new_courier(self) -> Courier:
        return Courier(self.outbox, self.hubs, self.clock, translator("en"))

    def sign(
        self, objects: tuple[SignedObject, ...], draft: str = "d1", hub: HubName = HUB, *, request: bool = False
    ) -> tuple[Delivery, ...]:
        self.drafts.save(make_draft(draft))
        completion: Completion | None = make_completion(draft) if request else None
        return self.outbox.enqueue(
            DraftId(draft), RequestId("r1") if request else None, hub, objects, demonstration=True,
            completion=completion,
        )  # fmt: skip

    def state(self, draft: str = "d1") -> DeliveryState:
        (state,) = {one.state for one in self.outbox.deliveries() if one.draft == draft}
        return state

    @property
    def only(self) -> Delivery:
        (delivery,) = self.outbox.deliveries()
        return delivery

    def steps(self) -> list[str]:
        return [step.step for step in self.only.steps]

    def close(self) -> None:
        self.hubs.close()
        self.database.close()


def part10_of(instance: str, series: str = "2.25.11", text: str = "signed") -> bytes:
    """Return a small structured report, as real hubs accept it."""
    from io import BytesIO

    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.88.33")
    meta.MediaStorageSOPInstanceUID = UID(instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", Dataset(), file_meta=meta, preamble=bytes(128))
    fields: dict[str, Any] = {
        "SOPClassUID": meta.MediaStorageSOPClassUID, "SOPInstanceUID": instance, "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": series, "Modality": "SR", "PatientID": "DEMO-1", "PatientName": "DEMO^UN",
        "StudyDate": "20261122", "StudyTime": "080000", "PatientBirthDate": "19600101", "PatientSex": "O",
        "StudyID": "1", "SeriesNumber": 1, "InstanceNumber": 1, "AccessionNumber": "", "ContentLabel": text,
    }  # fmt: skip
    for name, value in fields.items():
        setattr(dataset, name, value)
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def real_object(number: int = 1, text: str = "SIGNED", role: ObjectRole = ObjectRole.REPORT) -> SignedObject:
    """Return a signed object whose bytes a real hub takes."""
    instance, series = f"2.25.20261122{number}", "2.25.11"
    part10 = part10_of(instance, series, text)
    return SignedObject(
        role=role, study=STUDY, series=SeriesUID(series), instance=InstanceUID(instance),
        sop_class="1.2.840.10008.5.1.4.1.1.88.33", part10=part10, sha256=hashlib.sha256(part10).hexdigest(),
    )  # fmt: skip
