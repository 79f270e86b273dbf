"""What was acknowledged, and whether it is still there: in the profile, and once, with the same bytes, at the hub."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import requests

from tests.crash.work import is_whole, version_of
from viewers.identifiers import InstanceUID
from workstation.audit.events import AuditEvent
from workstation.domain.delivery import CompletionState, DeliveryState
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.report import DraftState
from workstation.domain.request import RequestState
from workstation.domain.study import InstanceReference
from workstation.hub.protocol import HubClient
from workstation.store.errors import DraftMissing, ObjectDamaged, ObjectMissing
from workstation.store.profile_store import ProfileStore

_PAGE = 500


class Violation(StrEnum):
    """What must never be found."""

    DRAFT_LOST = "draft_lost"
    ANNOTATION_LOST = "annotation_lost"
    JOURNAL_LOST = "journal_lost"
    REPORT_LOST = "report_lost"
    HALF_SIGNED = "half_signed"
    NOT_AT_HUB = "not_at_hub"
    OTHER_BYTES = "other_bytes"
    EXTRA_AT_HUB = "extra_at_hub"
    TWICE_AT_HUB = "twice_at_hub"
    REQUEST_OPEN = "request_open"
    DATABASE_DAMAGED = "database_damaged"
    AUDIT_BROKEN = "audit_broken"
    OBJECT_LOST = "object_lost"
    REPAIRED = "repaired"
    UNREADABLE = "unreadable"
    FAILED = "failed"


Found = list[tuple[Violation, str]]
Line = dict[str, Any]


@dataclass
class Ledger:
    """What the reader was told, in the order in which it was told."""

    drafts: dict[str, int] = field(default_factory=dict)
    signed: dict[str, dict[str, str]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    passphrase: str = ""
    opened: bool = False
    acknowledged_drafts: int = 0
    noticed: int = 0

    @property
    def acknowledged_objects(self) -> int:
        """How many objects were said to be signed."""
        return sum(map(len, self.signed.values()))

    def take(self, lines: Iterable[Line]) -> Found:
        """Note what was said; return what a reader found otherwise than it had been told."""
        found: Found = []
        for line in lines:
            for key in line.keys() & _NOTED.keys():
                _NOTED[key](self, line)
            if "found" in line:
                found += self._compared(line["found"], line["version"], line["whole"])
            if "failed" in line:
                found.append((Violation.FAILED, line["failed"]))
        return found

    def note_draft(self, line: Line) -> None:
        """A version of a draft was saved."""
        self.drafts[line["draft"]] = line["version"]
        self.acknowledged_drafts += 1

    def note_signed(self, line: Line) -> None:
        """A draft was signed, perhaps in answer to a request."""
        self.signed[line["signed"]] = dict(line["objects"])
        self.answered.update(filter(None, [line["request"]]))

    def note_opened(self, _line: Line) -> None:
        """The profile was opened."""
        self.opened = True

    def note_passphrase(self, line: Line) -> None:
        """The passphrase was changed."""
        self.passphrase = line["passphrase"]

    def note_arrived(self, line: Line) -> None:
        """An object was called sent."""
        self.arrived.add(line["arrived"])

    def note_written(self, line: Line) -> None:
        """An object is about to be put; if it is ever shown, then with these bytes."""
        self.written[line["written"]] = line["sha256"]

    def note_kept(self, line: Line) -> None:
        """An object that no hub has was put."""
        self.kept.add(line["kept"])

    def in_profile(self, store: ProfileStore) -> Found:
        """Return what the profile has lost or holds by half."""
        return [*self._drafts_in(store), *self._journal_in(store), *self._reports_in(store)]

    def in_objects(self, store: ProfileStore) -> Found:
        """Return what the object store has lost, or shows otherwise than it was put there."""
        found: Found = []
        for instance, digest in self.written.items():
            try:
                content = store.objects.get(InstanceUID(instance))
            except (ObjectMissing, ObjectDamaged):
                self.noticed += 1
                if instance in self.kept:
                    found.append((Violation.OBJECT_LOST, instance))
                continue
            if sha256(content).hexdigest() != digest:
                found.append((Violation.OTHER_BYTES, instance))
        return found

    def at_hub(self, store: ProfileStore, client: HubClient, url: str) -> Found:
        """Return what the hub lacks, holds otherwise, twice, or without our knowing; everything must be sent."""
        found: Found = []
        expected = {str(one.instance): one for one in store.outbox.deliveries()}
        listed = Counter(_listed(url))
        found += [(Violation.EXTRA_AT_HUB, uid) for uid in listed if uid not in expected]
        found += [(Violation.TWICE_AT_HUB, uid) for uid, count in listed.items() if count > 1]
        digests = {uid: one.sha256 for uid, one in expected.items()}
        for acknowledged in self.signed.values():
            digests |= acknowledged
        for uid, digest in digests.items():
            if uid not in listed:
                found.append((Violation.NOT_AT_HUB, uid))
            elif uid in expected:
                one = expected[uid]
                reference = InstanceReference(one.study, one.series, one.instance, one.sop_class)
                if sha256(client.retrieve_instance(reference)).hexdigest() != digest:
                    found.append((Violation.OTHER_BYTES, uid))
        return found + self._requests_at(store, client)

    def _compared(self, draft: str, version: int, whole: bool) -> Found:
        found: Found = []
        if version < self.drafts.get(draft, 0):
            found.append((Violation.DRAFT_LOST, draft))
        if not whole:
            found.append((Violation.ANNOTATION_LOST, draft))
        return found

    def _drafts_in(self, store: ProfileStore) -> Found:
        found: Found = []
        for identifier, version in self.drafts.items():
            try:
                draft = store.drafts.load(DraftId(identifier))
            except DraftMissing:
                found.append((Violation.DRAFT_LOST, identifier))
                continue
            found += self._compared(identifier, version_of(draft), is_whole(draft))
            if identifier in self.signed and draft.state is not DraftState.SIGNED:
                found.append((Violation.REPORT_LOST, identifier))
            if version < version_of(draft) - 1:
                found.append((Violation.DRAFT_LOST, f"{identifier}: a version that nobody wrote"))
        return found

    def _journal_in(self, store: ProfileStore) -> Found:
        kept = {draft.id: draft for draft in store.drafts._journal.recover()}
        return [
            (Violation.JOURNAL_LOST, identifier)
            for identifier, version in self.drafts.items()
            if identifier not in kept or version_of(kept[DraftId(identifier)]) < version
        ]

    def _reports_in(self, store: ProfileStore) -> Found:
        held: dict[str, dict[str, str]] = {}
        deliveries = store.outbox.deliveries()
        sent = {str(one.instance) for one in deliveries if one.state is DeliveryState.SENT}
        for delivery in deliveries:
            digest = sha256(store.outbox.object_bytes(delivery.id)).hexdigest()
            held.setdefault(delivery.draft, {})[delivery.instance] = digest
        found = [(Violation.REPORT_LOST, one) for one, objects in self.signed.items() if held.get(one) != objects]
        found += [(Violation.REPORT_LOST, f"arrival of {one}") for one in self.arrived - sent]
        with store.database.read() as connection:
            rows = connection.execute("SELECT id FROM drafts WHERE state = ?", (DraftState.SIGNED.value,)).fetchall()
        closed = {str(row[0]) for row in rows}
        found += [(Violation.HALF_SIGNED, one) for one in closed ^ set(held)]
        lines = [line.event for line in store.audit.lines()]
        if lines.count(AuditEvent.SIGNED) != len(closed):
            found.append((Violation.HALF_SIGNED, "audit"))
        return found

    def _requests_at(self, store: ProfileStore, client: HubClient) -> Found:
        states = {one.id: one.state for one in client.requests(tuple(RequestState))}
        unsent = [one for one in store.outbox.deliveries() if one.state is not DeliveryState.SENT]
        found = [(Violation.NOT_AT_HUB, f"delivery {one.id} is {one.state}: {one.reason}") for one in unsent]
        found += [
            (Violation.REQUEST_OPEN, f"{one} is {states.get(RequestId(one))} at the hub")
            for one in self.answered
            if states.get(RequestId(one)) is not RequestState.COMPLETED
        ]
        incomplete = [one for one in store.completions.completions() if one.state is not CompletionState.COMPLETED]
        return found + [(Violation.REQUEST_OPEN, f"{one.request} is {one.state}: {one.reason}") for one in incomplete]


_NOTED: Mapping[str, Callable[[Ledger, Line], None]] = MappingProxyType(
    {
        "draft": Ledger.note_draft,
        "signed": Ledger.note_signed,
        "opened": Ledger.note_opened,
        "passphrase": Ledger.note_passphrase,
        "arrived": Ledger.note_arrived,
        "written": Ledger.note_written,
        "kept": Ledger.note_kept,
    }
)


def kinds(found: Found) -> set[Violation]:
    """Return which kinds of violation were found."""
    return {kind for kind, _ in found}


def integrity(store: ProfileStore) -> Found:
    """Return the damage of the database and of the audit log.

    The store must have been closed since the last crash: the check of the pages looks at the database alone, whose
    pages may be torn as long as their good version is in the log.
    """
    found: Found = []
    with store.database.read() as connection:
        if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            found.append((Violation.DATABASE_DAMAGED, "quick_check"))
        if connection.execute("PRAGMA cipher_integrity_check").fetchall():
            found.append((Violation.DATABASE_DAMAGED, "cipher_integrity_check"))
    return found + [(Violation.AUDIT_BROKEN, f"{one.kind} {one.seq}") for one in store.audit.verify()]


def _listed(url: str) -> list[str]:
    """Return the UID of every instance at the hub, asked without any code of the workstation."""
    listed: list[str] = []
    while True:
        answer = requests.get(
            f"{url}/instances", params={"limit": _PAGE, "offset": len(listed)},
            headers={"Accept": "application/dicom+json"}, timeout=60,
        )  # fmt: skip
        page = answer.json() if answer.status_code == 200 else []
        if not page:
            return listed
        listed += [one["00080018"]["Value"][0] for one in page]
