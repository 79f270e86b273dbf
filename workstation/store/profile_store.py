"""Everything a profile holds, opened together with the keys that the vault derives, one per purpose."""

from dataclasses import dataclass
from types import TracebackType

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import facts
from workstation.config import Profile
from workstation.domain.clock import Clock, system_clock
from workstation.durable import make_private_folder
from workstation.store.audit import AuditLog
from workstation.store.audit_anchors import AnchorFile
from workstation.store.catalogue import Catalogue
from workstation.store.completions import CompletionStore
from workstation.store.database import Connection, Database
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal
from workstation.store.objects import ObjectStore
from workstation.store.outbox import OutboxStore
from workstation.store.outbox_checks import OutboxChecks
from workstation.store.outbox_decisions import OutboxDecisions
from workstation.store.requests import ClaimStore, RequestStore
from workstation.store.settings import SettingsStore
from workstation.vault.vault import UnlockedVault


@dataclass(frozen=True, slots=True)
class ProfileStore:
    """The open stores of one profile; a context manager that closes the database."""

    database: Database
    objects: ObjectStore
    catalogue: Catalogue
    drafts: DraftStore
    claims: ClaimStore
    requests: RequestStore
    settings: SettingsStore
    outbox: OutboxStore
    decisions: OutboxDecisions
    checks: OutboxChecks
    completions: CompletionStore
    audit: AuditLog

    @classmethod
    def open(cls, profile: Profile, vault: UnlockedVault, clock: Clock = system_clock) -> "ProfileStore":
        """Open the profile, made when it is new.

        Raises
        ------
        DatabaseDamaged, NewerSchema, StoreBusy, StoreUnwritable
            When the database cannot be used; nothing is changed then.
        """
        make_private_folder(profile.home)
        database = Database.open(profile.database, vault.key_for("database"), clock)
        journal = DraftJournal(profile.journal, vault.key_for("journal"))
        anchors = AnchorFile(profile.anchors, vault.key_for("audit anchors"))

        def changed(connection: Connection, name: str) -> None:
            audit.append(connection, AuditEvent.SETTINGS_CHANGED, actor=actor_of(settings), detail=facts(setting=name))

        settings = SettingsStore(database, changed)
        audit = AuditLog(database, vault.key_for("audit"), clock, anchors, lambda: actor_of(settings))
        drafts = DraftStore(database, journal)

        def taken(connection: Connection, study: StudyUID, origin: str, count: int) -> None:
            event = AuditEvent.IMPORTED if origin == "import" else AuditEvent.RETRIEVED
            audit.append(connection, event, actor=actor_of(settings), object=study, detail=facts(instances=count))

        return cls(
            database=database,
            objects=ObjectStore(profile.objects, vault.key_for("objects")),
            catalogue=Catalogue(database, clock, taken),
            drafts=drafts,
            claims=ClaimStore(database, clock),
            requests=RequestStore(database, clock),
            settings=settings,
            outbox=OutboxStore(database, drafts, audit, clock),
            decisions=OutboxDecisions(database, drafts, audit, clock, lambda: actor_of(settings)),
            checks=OutboxChecks(database, audit, clock),
            completions=CompletionStore(database, audit, clock),
            audit=audit,
        )

    @property
    def actor(self) -> str:
        """Who acts in this profile, as audit lines name them."""
        return actor_of(self.settings)

    def record(self, event: AuditEvent, study: StudyUID, outcome: Outcome = Outcome.SUCCESS, detail: str = "") -> None:
        """Write the audit line of an act on a study that changes nothing in the database."""
        self.audit.record(event, actor=self.actor, object=study, outcome=outcome, detail=detail)

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


def actor_of(settings: SettingsStore) -> str:
    """Return who acts in this profile, as audit lines name them: the reader's identifier, or nobody."""
    reader = settings.reader()
    return reader.acts_as if reader is not None else ""
