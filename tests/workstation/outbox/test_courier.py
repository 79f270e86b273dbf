"""Only what a hub gave back unchanged is called sent, and the demonstration stays on this machine."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from tests.workstation.store.samples import HUB, KEY, fixed_clock, make_draft, make_object, open_database
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import Delivery, DeliveryState, ObjectRole
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import DraftId
from workstation.domain.study import InstanceReference
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import HubRefused, HubUnreachable, NotOnHub
from workstation.hub.protocol import HubClient, StoreOutcome
from workstation.outbox.courier import Courier
from workstation.store.audit import AuditLog
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal
from workstation.store.outbox import OutboxStore
from workstation.store.signings import SignedCopies
from workstation.translations import translator

REPORT = make_object(ObjectRole.REPORT)
HERE = "http://127.0.0.1:8042/dicom-web"
ELSEWHERE = "https://hub.example/dicom-web"


@dataclass
class Shelf:
    """A hub that says it stored everything, and gives back what the test lets it keep."""

    url: str = HERE
    keeps: bool = True
    failure: WorkstationError | None = None
    held: bytes | None = None
    stored: list[bytes] = field(default_factory=list)

    @property
    def settings(self) -> HubSettings:
        return HubSettings(HUB, self.url)

    def search_instances(self, study: StudyUID, series: SeriesUID) -> tuple[InstanceReference, ...]:
        if self.failure is not None:
            raise self.failure
        return () if self.held is None else (InstanceReference(study, series, REPORT.instance, REPORT.sop_class),)

    def retrieve_instance(self, reference: InstanceReference) -> bytes:
        if self.held is None:
            raise NotOnHub("not here")
        return self.held

    def store(self, part10s: list[bytes]) -> StoreOutcome:
        self.stored.extend(part10s)
        if self.keeps:
            self.held = part10s[0]
        return StoreOutcome((InstanceUID(REPORT.instance),), ())


@dataclass(frozen=True)
class Bench:
    """One signed report, waiting for its hub."""

    outbox: OutboxStore
    shelf: Shelf

    def deliver(self) -> Delivery:
        hubs = HubDirectory(lambda: (self.shelf.settings,), lambda _settings: cast("HubClient", self.shelf))
        Courier(self.outbox, hubs, fixed_clock, translator("en")).deliver(force=True)
        (delivery,) = self.outbox.deliveries()
        return delivery


def make_bench(folder: Path, shelf: Shelf, *, demonstration: bool = False) -> Bench:
    database = open_database(folder)
    drafts = DraftStore(database, DraftJournal(folder / "drafts.journal", KEY))
    copies = SignedCopies(folder / "signed", KEY)
    outbox = OutboxStore(database, drafts, AuditLog(database, KEY, fixed_clock), fixed_clock, copies)
    drafts.save(make_draft())
    outbox.enqueue(DraftId("d1"), None, HUB, (REPORT,), demonstration=demonstration)
    return Bench(outbox, shelf)


def test_an_object_is_sent_when_the_hub_gives_the_same_bytes_back(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, Shelf())
    delivery = bench.deliver()
    assert delivery.state is DeliveryState.SENT
    assert [step.step for step in delivery.steps] == ["queued", "stored", "read_back"]
    assert bench.shelf.stored == [REPORT.part10]


def test_a_hub_that_says_stored_and_keeps_nothing_is_not_believed(tmp_path: Path) -> None:
    delivery = make_bench(tmp_path, Shelf(keeps=False)).deliver()
    assert delivery.state is DeliveryState.PENDING
    assert delivery.reason


def test_other_bytes_under_our_identifier_are_a_conflict_and_never_overwritten(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, Shelf(held=REPORT.part10[:-1] + b"?"))
    assert bench.deliver().state is DeliveryState.CONFLICT
    assert bench.shelf.stored == []
    assert bench.deliver().state is DeliveryState.CONFLICT


def test_an_object_that_the_hub_already_has_is_not_sent_twice(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, Shelf(held=REPORT.part10))
    assert bench.deliver().state is DeliveryState.SENT
    assert bench.shelf.stored == []


@pytest.mark.parametrize(
    ("failure", "state"),
    [(HubUnreachable("gone", hub=HUB), DeliveryState.PENDING), (HubRefused("no", hub=HUB), DeliveryState.BLOCKED)],
)
def test_a_hub_that_cannot_be_asked_leaves_the_object_waiting_and_says_why(
    failure: WorkstationError, state: DeliveryState, tmp_path: Path
) -> None:
    bench = make_bench(tmp_path, Shelf(failure=failure))
    delivery = bench.deliver()
    assert delivery.state is state
    assert delivery.reason == translator("en").error(failure)
    bench.shelf.failure = None
    assert bench.deliver().state is DeliveryState.SENT


@pytest.mark.parametrize(("url", "state"), [(HERE, DeliveryState.SENT), (ELSEWHERE, DeliveryState.FAILED)])
def test_what_the_demonstration_signed_never_leaves_this_machine(
    url: str, state: DeliveryState, tmp_path: Path
) -> None:
    bench = make_bench(tmp_path, Shelf(url=url), demonstration=True)
    assert bench.deliver().state is state
    assert bool(bench.shelf.stored) is (state is DeliveryState.SENT)
