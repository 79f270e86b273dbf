"""Everything a profile holds, opened together with the keys that the vault derives, one per purpose."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import facts
from workstation.config import Profile
from workstation.domain.clock import Clock, system_clock
from workstation.store.audit import AuditLog
from workstation.store.audit_anchors import AnchorFile
from workstation.store.backups import Backups
from workstation.store.bars import Bars
from workstation.store.catalogue import Catalogue
from workstation.store.completions import CompletionStore
from workstation.store.database import Connection, Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import StoreError
from workstation.store.hub_findings import FindingsStore
from workstation.store.in_use import InUse
from workstation.store.journal import DraftJournal
from workstation.store.library import Library
from workstation.store.objects import ObjectStore
from workstation.store.opening import Opening
from workstation.store.outbox import OutboxStore
from workstation.store.outbox_checks import OutboxChecks
from workstation.store.outbox_decisions import OutboxDecisions
from workstation.store.outbox_hubs import OutboxHubs
from workstation.store.replay import Replay
from workstation.store.requests import ClaimStore, RequestStore
from workstation.store.reserve import Reserve
from workstation.store.restoration import RESTORED_AT, SETTING, Restoration, restoration_from_json
from workstation.store.retention import read_retention
from workstation.store.settings import SettingsStore
from workstation.store.signings import SignedCopies
from workstation.vault.vault import UnlockedVault


@dataclass(frozen=True, slots=True)
class ProfileStore:
    """The open stores of one profile; a context manager that closes the database.

    ``catalogue`` is what may be read; ``holdings`` is all that is held, barred studies too, for who takes over and
    tidies up.
    """

    database: Database
    objects: ObjectStore
    catalogue: Catalogue
    holdings: Catalogue
    bars: Bars
    library: Library
    reserve: Reserve
    drafts: DraftStore
    claims: ClaimStore
    requests: RequestStore
    settings: SettingsStore
    findings: FindingsStore
    outbox: OutboxStore
    decisions: OutboxDecisions
    outbox_hubs: OutboxHubs
    checks: OutboxChecks
    completions: CompletionStore
    audit: AuditLog
    replay: Replay
    backups: Backups
    in_use: InUse

    @classmethod
    def open(cls, profile: Profile, vault: UnlockedVault, clock: Clock = system_clock) -> "ProfileStore":
        """Open the profile, made when it is new, repaired when it is damaged: ``restoration`` tells what was done.

        Raises
        ------
        DatabaseDamaged, RepairWaits, NewerSchema, StoreBusy, StoreFull, StoreUnwritable
            When the database cannot be used; nothing is changed then.
        """
        journal = DraftJournal(profile.journal, vault.key_for("journal"))
        copies = SignedCopies(profile.signings, vault.key_for("signings"))
        audit_key, database_key = vault.key_for("audit"), vault.key_for("database")
        anchors = AnchorFile(profile.anchors, vault.key_for("audit anchors"))
        backups = Backups(profile.backups, database_key, clock)

        def replay_on(database: Database) -> Replay:
            audit = AuditLog(database, audit_key, clock, anchors, lambda: actor_of(SettingsStore(database)))
            return Replay(database, DraftStore(database, journal), journal, copies, audit, clock)

        objects = ObjectStore(profile.objects, vault.key_for("objects"))
        is_new = not (profile.database.exists() or profile.objects.exists())
        in_use = InUse(profile.in_use)
        try:
            database = Opening(profile, database_key, clock, in_use, backups, replay_on).open()
        except BaseException:
            in_use.close()
            raise
        replay = replay_on(database)
        audit, drafts = replay.audit, replay.drafts

        def changed(connection: Connection, name: str) -> None:
            audit.append(connection, AuditEvent.SETTINGS_CHANGED, actor=actor_of(settings), detail=facts(setting=name))

        settings = SettingsStore(database, changed)
        if is_new:
            # The first images do not wait for some hundred folders; a disk that refuses them now will say so then.
            with suppress(StoreError):
                objects.prepare()
        # What a crash or a repair has kept from being anchored is anchored before anything else is written.
        audit.anchor()

        def taken(connection: Connection, study: StudyUID, origin: str, count: int) -> None:
            event = AuditEvent.IMPORTED if origin == "import" else AuditEvent.RETRIEVED
            audit.append(connection, event, actor=actor_of(settings), object=study, detail=facts(instances=count))

        return cls(
            database=database,
            objects=objects,
            catalogue=Catalogue(database, clock, taken, hides_barred=True),
            holdings=Catalogue(database, clock, taken),
            bars=Bars(database, audit, clock, lambda: actor_of(settings)),
            library=Library(database, audit, clock),
            reserve=Reserve(profile.reserve, lambda: read_retention(settings).reserve_bytes),
            drafts=drafts,
            claims=ClaimStore(database, clock),
            requests=RequestStore(database, clock),
            settings=settings,
            findings=FindingsStore(database),
            outbox=OutboxStore(database, drafts, audit, clock, copies),
            decisions=OutboxDecisions(database, drafts, audit, clock, copies, lambda: actor_of(settings)),
            outbox_hubs=OutboxHubs(database, clock, copies),
            checks=OutboxChecks(database, audit, clock),
            completions=CompletionStore(database, audit, clock),
            audit=audit,
            replay=replay,
            backups=backups,
            in_use=in_use,
        )

    @property
    def actor(self) -> str:
        """Who acts in this profile, as audit lines name them."""
        return actor_of(self.settings)

    def record(self, event: AuditEvent, study: StudyUID, outcome: Outcome = Outcome.SUCCESS, detail: str = "") -> None:
        """Write the audit line of an act on a study that changes nothing in the database."""
        self.audit.record(event, actor=self.actor, object=study, outcome=outcome, detail=detail)

    def record_strangers(self, study: StudyUID) -> None:
        """Write the audit line of something that came for a study and is of someone else."""
        self.record(AuditEvent.STRANGERS_FOUND, study, Outcome.SERIOUS_FAILURE)

    def __enter__(self) -> "ProfileStore":
        """Give the open stores."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        self.close()

    def close(self) -> None:
        """Anchor the audit log and close the database; objects need no closing."""
        self.audit.anchor()
        self.database.close()
        self.in_use.close()

    @property
    def restoration(self) -> Restoration | None:
        """What was repaired and is not yet known to the reader."""
        text = self.settings.value(SETTING)
        return restoration_from_json(text) if text else None

    @property
    def restored_at(self) -> datetime | None:
        """When the database was repaired last; it may not know what came shortly before."""
        text = self.settings.value(RESTORED_AT)
        return datetime.fromisoformat(text) if text else None

    def note_told(self) -> None:
        """Note that the reader has seen what was repaired."""
        self.settings.set_value(SETTING, "")

    def back_up(self) -> bool:
        """Make a backup when the last is older than an hour, make good the signed copies, and say whether it was time.

        Takes as long as reading and writing the whole database; nobody waits for it.

        Raises
        ------
        StoreFull, StoreUnwritable, DatabaseDamaged
            When there is none now.
        """
        if not self.backups.make_when_due(self.database):
            return False
        self.replay.complete_copies()
        self.replay.forget_old_copies()
        return True


def actor_of(settings: SettingsStore) -> str:
    """Return who acts in this profile, as audit lines name them: the reader's identifier, or nobody."""
    reader = settings.reader()
    return reader.acts_as if reader is not None else ""
