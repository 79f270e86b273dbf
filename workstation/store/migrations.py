"""The schema of the database, as numbered steps. A step that was released is never changed; a new one is added."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its statements run in one transaction."""

    number: int
    statements: tuple[str, ...]


def _append_only(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    )


_HISTORY = ("CREATE TABLE schema_history (number INTEGER PRIMARY KEY, applied TEXT NOT NULL) STRICT",)
_CATALOGUE = (
    "CREATE TABLE studies (uid TEXT PRIMARY KEY, patient_id TEXT NOT NULL, issuer_oid TEXT NOT NULL,"
    " summary TEXT NOT NULL, origin TEXT NOT NULL, added TEXT NOT NULL) STRICT",
    "CREATE TABLE series (uid TEXT PRIMARY KEY, study TEXT NOT NULL REFERENCES studies(uid) ON DELETE CASCADE,"
    " summary TEXT NOT NULL) STRICT",
    "CREATE INDEX series_of_study ON series(study)",
    "CREATE TABLE instances (uid TEXT PRIMARY KEY, series TEXT NOT NULL REFERENCES series(uid) ON DELETE CASCADE,"
    " study TEXT NOT NULL, sop_class TEXT NOT NULL, transfer_syntax TEXT NOT NULL, sha256 TEXT NOT NULL,"
    " frames INTEGER NOT NULL, number INTEGER, header BLOB NOT NULL, origin TEXT NOT NULL, added TEXT NOT NULL) STRICT",
    "CREATE INDEX instances_of_study ON instances(study, series)",
    "CREATE TABLE expectations (study TEXT NOT NULL, series TEXT NOT NULL, instances INTEGER NOT NULL,"
    " PRIMARY KEY (study, series)) STRICT",
    "CREATE TABLE refusals (id INTEGER PRIMARY KEY, study TEXT NOT NULL, series TEXT NOT NULL, instance TEXT,"
    " why TEXT NOT NULL, at TEXT NOT NULL) STRICT",
    "CREATE INDEX refusals_of_study ON refusals(study)",
    "CREATE TABLE quarantine (instance TEXT PRIMARY KEY, study TEXT NOT NULL, why TEXT NOT NULL,"
    " at TEXT NOT NULL) STRICT",
)
_WORK = (
    "CREATE TABLE drafts (id TEXT PRIMARY KEY, study TEXT NOT NULL, request TEXT, state TEXT NOT NULL,"
    " saved TEXT NOT NULL, body TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT",
    "CREATE INDEX drafts_of_study ON drafts(study)",
    "CREATE INDEX drafts_of_request ON drafts(request)",
    "CREATE TABLE claims (request TEXT PRIMARY KEY, hub TEXT NOT NULL, transaction_uid TEXT NOT NULL,"
    " at TEXT NOT NULL) STRICT",
    "CREATE TABLE requests (id TEXT NOT NULL, hub TEXT NOT NULL, body TEXT NOT NULL, seen TEXT NOT NULL,"
    " PRIMARY KEY (id, hub)) STRICT",
)
_SETTINGS = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE hubs (name TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL) STRICT",
)
_OUTBOX = (
    "CREATE TABLE deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL REFERENCES drafts(id),"
    " request TEXT, hub TEXT NOT NULL, role TEXT NOT NULL, study TEXT NOT NULL, series TEXT NOT NULL,"
    " instance TEXT NOT NULL, sop_class TEXT NOT NULL, sha256 TEXT NOT NULL, demonstration INTEGER NOT NULL,"
    " part10 BLOB NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,"
    " next_attempt_at REAL NOT NULL DEFAULT 0, lease_owner TEXT, lease_until REAL NOT NULL DEFAULT 0,"
    " UNIQUE (hub, instance)) STRICT",
    "CREATE INDEX deliveries_by_state ON deliveries(state, hub, study, id)",
    "CREATE TABLE delivery_steps (id INTEGER PRIMARY KEY AUTOINCREMENT, delivery INTEGER NOT NULL"
    " REFERENCES deliveries(id), at TEXT NOT NULL, step TEXT NOT NULL, detail TEXT NOT NULL) STRICT",
    "CREATE INDEX steps_of_delivery ON delivery_steps(delivery, id)",
    "CREATE TABLE completions (draft TEXT NOT NULL REFERENCES drafts(id), request TEXT NOT NULL, hub TEXT NOT NULL,"
    " transaction_uid TEXT NOT NULL, outputs TEXT NOT NULL, started TEXT NOT NULL, ended TEXT NOT NULL,"
    " state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,"
    " next_attempt_at REAL NOT NULL DEFAULT 0, PRIMARY KEY (draft, request)) STRICT",
    *_append_only("delivery_steps"),
)
_AUDIT = (
    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, event TEXT NOT NULL,"
    " object TEXT NOT NULL, outcome INTEGER NOT NULL, detail TEXT NOT NULL, mac TEXT NOT NULL) STRICT",
    "CREATE TABLE audit_head (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL,"
    " mac TEXT NOT NULL) STRICT",
    *_append_only("audit"),
)
_DRAFT_STEPS = (
    "CREATE TABLE draft_steps (draft TEXT NOT NULL REFERENCES drafts(id), number INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (draft, number)) STRICT, WITHOUT ROWID",
)

_LIBRARY = (
    "CREATE TABLE study_use (study TEXT PRIMARY KEY, opened TEXT NOT NULL DEFAULT '',"
    " kept INTEGER NOT NULL DEFAULT 0) STRICT",
    "CREATE TABLE unfinished_pulls (study TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",
    "CREATE TABLE erasures (instance TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",
    # Covers what the library asks of each study, so that no header is read for it.
    "CREATE INDEX instances_by_origin ON instances(study, origin, added)",
)
# What was tried before is taken for offered; what was sent before is looked for again at once. Bytes and identity of a
# signed object never change and no delivery is ever deleted: frozen bytes outlive every re-verification, for ever.
_DECISIONS = (
    "ALTER TABLE deliveries ADD COLUMN offered INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE deliveries ADD COLUMN tried_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE deliveries ADD COLUMN sent_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE deliveries ADD COLUMN check_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE deliveries ADD COLUMN checked_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE audit_head ADD COLUMN anchored INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE completions ADD COLUMN changed TEXT NOT NULL DEFAULT ''",
    "UPDATE deliveries SET offered = 1 WHERE attempts > 0",
    "UPDATE deliveries SET sent_at = coalesce((SELECT unixepoch(max(at)) FROM delivery_steps WHERE delivery ="
    " deliveries.id AND step = 'read_back'), unixepoch()), check_at = 1 WHERE state = 'sent'",
    "UPDATE deliveries SET checked_at = sent_at WHERE state = 'sent'",
    "CREATE INDEX deliveries_by_check ON deliveries(check_at) WHERE check_at > 0",
    "CREATE TRIGGER deliveries_frozen BEFORE UPDATE OF draft, hub, role, study, series, instance, sop_class, sha256,"
    " demonstration, part10 ON deliveries BEGIN SELECT RAISE(ABORT, 'signed objects are frozen'); END",
    "CREATE TRIGGER deliveries_no_delete BEFORE DELETE ON deliveries"
    " BEGIN SELECT RAISE(ABORT, 'signed objects are kept'); END",
)

_PATIENTS = ("CREATE INDEX studies_of_patient ON studies(patient_id)",)

_DOUBTS = (
    "CREATE TABLE doubts (instance TEXT PRIMARY KEY REFERENCES instances(uid) ON DELETE CASCADE, study TEXT NOT NULL,"
    " doubt TEXT NOT NULL) STRICT",
    "CREATE INDEX doubts_of_study ON doubts(study)",
)
# Two hubs may use one identifier: a claim is of one of them.
_CLAIMS_BY_HUB = (
    "ALTER TABLE claims RENAME TO claims_by_request",
    "CREATE TABLE claims (request TEXT NOT NULL, hub TEXT NOT NULL, transaction_uid TEXT NOT NULL, at TEXT NOT NULL,"
    " PRIMARY KEY (request, hub)) STRICT",
    "INSERT INTO claims (request, hub, transaction_uid, at) SELECT request, hub, transaction_uid, at"
    " FROM claims_by_request",
    "DROP TABLE claims_by_request",
)
_BARRED = ("CREATE TABLE barred (study TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",)
_CONTRADICTIONS = (
    "CREATE TABLE contradictions (study TEXT NOT NULL, body TEXT NOT NULL, admitted INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (study, body)) STRICT",
)

# Every transfer asks which manifests are held, of whatever study; they are few among many images.
_SELECTIONS = (
    "CREATE INDEX key_object_selections ON instances(study, uid) WHERE sop_class = '1.2.840.10008.5.1.4.1.1.88.59'",
)

# A hub may be there under another name: what is signed goes on with it, and never from one that is there.
_RENAMED_HUBS = (
    "DROP TRIGGER deliveries_frozen",
    "CREATE TRIGGER deliveries_frozen BEFORE UPDATE OF draft, role, study, series, instance, sop_class, sha256,"
    " demonstration, part10 ON deliveries BEGIN SELECT RAISE(ABORT, 'signed objects are frozen'); END",
    "CREATE TRIGGER deliveries_keep_their_hub BEFORE UPDATE OF hub ON deliveries"
    " WHEN OLD.hub IN (SELECT name FROM hubs) OR NEW.hub NOT IN (SELECT name FROM hubs)"
    " BEGIN SELECT RAISE(ABORT, 'a signed object goes to its hub'); END",
)

# What is expected besides all that is known must not pass later for what a source has stated.
_GUESSES = ("ALTER TABLE expectations ADD COLUMN guessed INTEGER NOT NULL DEFAULT 0",)

# The digest of an object names its algorithm: it is no longer always a SHA-256. What was entered stays as it is.
_DIGESTS = ("ALTER TABLE instances RENAME COLUMN sha256 TO digest",)

MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, (*_HISTORY, *_CATALOGUE, *_WORK, *_SETTINGS, *_OUTBOX, *_AUDIT)),
    Migration(3, _LIBRARY),
    Migration(4, _DECISIONS),
    Migration(6, _DRAFT_STEPS),
    Migration(7, _PATIENTS),
    Migration(8, _CLAIMS_BY_HUB),
    Migration(9, _DOUBTS),
    Migration(10, _BARRED),
    Migration(11, _SELECTIONS),
    Migration(12, _CONTRADICTIONS),
    Migration(13, _RENAMED_HUBS),
    Migration(14, _GUESSES),
    Migration(15, _DIGESTS),
)
