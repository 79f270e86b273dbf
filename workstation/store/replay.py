"""Bringing back what a database has lost: what was signed, from its sealed copies; the drafts, from their journal."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from workstation.audit.chain import AuditLine
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.domain.delivery import DeliveryState, DeliveryStep, StepName
from workstation.domain.identifiers import DraftId
from workstation.domain.report import DraftState
from workstation.store.audit import AuditLog, lines_after
from workstation.store.completions import cancel_completions, insert_completion
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import insert_delivery, write_step
from workstation.store.drafts import DraftStore, insert_signed
from workstation.store.engine import errors_in_words
from workstation.store.errors import StoreError
from workstation.store.journal import DraftJournal
from workstation.store.restoration import RESTORED_AT, SETTING, Restoration, Source, restoration_to_json
from workstation.store.signing_rows import read_signing
from workstation.store.signings import SignedCopies, Signing

KEEP_SENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Replay:
    """The stores that a replay needs, all of them on one database."""

    database: Database
    drafts: DraftStore
    journal: DraftJournal
    copies: SignedCopies
    audit: AuditLog
    clock: Clock

    def run(self, restoration: Restoration, damaged: Connection | None = None) -> Restoration | None:
        """Bring back what is missing, in one transaction, and say what; ``None`` when a crash has lost nothing.

        The audit log goes on with the lines that can still be read of ``damaged``, then with one that tells the repair.

        What was signed is signed again in the database, waiting to be sent: the hub is asked first whether it has it.
        """
        with self.database.write() as connection:
            rows = connection.execute("SELECT DISTINCT draft FROM deliveries").fetchall()
            known = {DraftId(str(row[0])) for row in rows}
            copies = tuple(self.copies.readable())
            signed = tuple(one for one in copies if one.draft.id not in known)
            for one in signed:
                self._bring_back(connection, one)
            if restoration.source is not Source.CRASH:
                self._remember_decisions(connection, copies)
            states = [one.state for one in self.drafts.restore_within(connection)]
            found = replace(
                restoration,
                drafts=states.count(DraftState.OPEN),
                signed=len(signed),
                unproven=states.count(DraftState.SIGNED),
            )
            if found.source is Source.CRASH and not states and not signed:
                return None
            self._record(connection, found, self._adopt_lines(connection, damaged))
            for one in signed:
                self.audit.append(connection, AuditEvent.RESTORED, actor="", object=one.draft.study, detail="signed")
        return found

    def has_anything(self) -> bool:
        """Whether there is anything to bring back that these keys open."""
        return any(True for _ in self.copies.readable()) or bool(self.journal.recover())

    def complete_copies(self) -> None:
        """Write the copies and the marks that a crash has kept from being written after the commit."""
        query = "SELECT DISTINCT draft FROM deliveries WHERE state <> ?"
        with self.database.read() as connection:
            rows = connection.execute(query, (DeliveryState.SENT.value,)).fetchall()
            unsent = [DraftId(str(row[0])) for row in rows]
            lacking = [read_signing(connection, draft) for draft in unsent if not self.copies.has(draft)]
        for signing in lacking:
            self.copies.keep(signing)
            self.drafts.note_signed(signing.draft)

    def forget_old_copies(self) -> None:
        """Remove the copies of what its hub has had for long: the backups have it as well."""
        query = (
            "SELECT id FROM drafts WHERE state = ? AND saved < ? AND NOT EXISTS"
            " (SELECT 1 FROM deliveries WHERE draft = drafts.id AND state <> ?)"
        )
        before = (self.clock() - KEEP_SENT).isoformat()
        with self.database.read() as connection:
            rows = connection.execute(query, (DraftState.SIGNED.value, before, DeliveryState.SENT.value)).fetchall()
        for row in rows:
            self.copies.forget(DraftId(str(row[0])))

    def _remember_decisions(self, connection: Connection, copies: tuple[Signing, ...]) -> None:
        """Hold or cancel again what was held or cancelled since the backup, and take the rest for offered already."""
        for one in copies:
            if one.state in (DeliveryState.HELD, DeliveryState.CANCELLED):
                connection.execute(
                    "UPDATE deliveries SET state = ? WHERE draft = ? AND state <> ?",
                    (one.state.value, one.draft.id, DeliveryState.SENT.value),
                )
            if one.state is DeliveryState.CANCELLED:
                cancel_completions(connection, one.draft.id, self.clock())
        connection.execute("UPDATE deliveries SET offered = 1 WHERE state <> ?", (DeliveryState.CANCELLED.value,))

    def _bring_back(self, connection: Connection, signing: Signing) -> None:
        draft = signing.draft.id
        insert_signed(connection, signing.draft)
        for signed in signing.objects:
            number = insert_delivery(
                connection,
                draft,
                signing.request,
                signing.hub,
                signed,
                demonstration=signing.demonstration,
                state=signing.state,
            )
            write_step(connection, number, DeliveryStep(self.clock(), StepName.QUEUED))
        if signing.completion is not None:
            insert_completion(connection, signing.completion)

    def _adopt_lines(self, connection: Connection, damaged: Connection | None) -> int:
        if damaged is None:
            return 0
        read: list[AuditLine] = []
        # What lies beyond the first line that cannot be read does not follow what is held.
        with suppress(StoreError, ValueError), errors_in_words():
            read.extend(lines_after(damaged, self.audit.head_within(connection).seq))
        return self.audit.adopt(connection, read)

    def _record(self, connection: Connection, found: Restoration, lines: int) -> None:
        backup_at = "" if found.backup_at is None else f" of {found.backup_at.isoformat()}"
        self.audit.append(
            connection,
            AuditEvent.RESTORED,
            actor="",
            outcome=Outcome.MINOR_FAILURE,
            detail=f"{found.source}{backup_at}, drafts {found.drafts}, signed {found.signed}, lines {lines}",
        )
        connection.executemany(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            ((SETTING, restoration_to_json(found)), (RESTORED_AT, found.at.isoformat())),
        )
