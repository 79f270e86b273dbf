"""Drafts: saved whole at each change, read back only when their digest agrees."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from viewers.identifiers import StudyUID
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.report import Draft, DraftState
from workstation.store.database import Connection, Database, Row, Value
from workstation.store.errors import DraftMissing, DraftSigned, RecordDamaged, StoreError
from workstation.store.journal import DraftJournal
from workstation.store.records import draft_from_json, draft_to_json


class DraftStore:
    """The drafts of a profile. What ``save`` has acknowledged survives a crash, a power cut and a lost database."""

    def __init__(self, database: Database, journal: DraftJournal) -> None:
        self._database = database
        self._journal = journal

    def save(self, draft: Draft) -> None:
        """Keep the draft as it is now.

        Raises
        ------
        DraftSigned
            When it was signed meanwhile.
        StoreFull
            When there is no room; if only the journal found none, the database has the draft nevertheless.
        """
        failure: StoreError | None = None
        with self._database.write() as connection:
            state = _state(connection, draft.id)
            if state is DraftState.SIGNED:
                raise DraftSigned("a signed draft is not saved again")
            failure = self._put(connection, draft)
        if failure is not None:
            raise failure

    def load(self, draft_id: DraftId) -> Draft:
        """Return one draft.

        Raises
        ------
        DraftMissing
            When there is none of that name.
        RecordDamaged
            When it is not what was saved.
        """
        with self._database.read() as connection:
            return load_draft(connection, draft_id)

    def for_study(self, study: StudyUID) -> tuple[Draft, ...]:
        """Return the drafts on a study, signed ones too, the last saved first."""
        return self._select("WHERE study = ?", (study,))

    def for_request(self, request: RequestId) -> tuple[Draft, ...]:
        """Return the drafts that answer a request, signed ones too, the last saved first."""
        return self._select("WHERE request = ?", (request,))

    def open_drafts(self) -> tuple[Draft, ...]:
        """Return the unsigned drafts, the last saved first."""
        return self._select("WHERE state = ?", (DraftState.OPEN.value,))

    def mark_signed(self, draft_id: DraftId) -> None:
        """Close the draft for good.

        Raises
        ------
        DraftMissing, DraftSigned
            When there is none, or it is closed already.
        """
        with self._database.write() as connection:
            failure = self.sign(connection, load_draft(connection, draft_id))
        if failure is not None:
            raise failure

    def sign(self, connection: Connection, draft: Draft) -> StoreError | None:
        """Close the draft within a transaction of the caller; return what only the journal could not do."""
        if draft.state is DraftState.SIGNED:
            raise DraftSigned("the draft is signed already")
        return self._put(connection, replace(draft, state=DraftState.SIGNED))

    def reopen(
        self, connection: Connection, signed: Draft, new_id: DraftId, now: datetime
    ) -> tuple[Draft | None, StoreError | None]:
        """Begin an open draft with the words and marks of a signed one, unless its author has one open for that case.

        Within a transaction of the caller; returns the new draft, and what only the journal could not do.
        """
        query = "SELECT body, sha256 FROM drafts WHERE study = ? AND state = ?"
        rows = connection.execute(query, (signed.study, DraftState.OPEN.value)).fetchall()
        if any((one.request, one.author) == (signed.request, signed.author) for one in map(_read, rows)):
            return None, None
        draft = replace(signed, id=new_id, state=DraftState.OPEN, saved=now)
        return draft, self._put(connection, draft)

    def restore(self) -> tuple[Draft, ...]:
        """Bring back from the journal every draft that the database does not have, and return those."""
        restored: list[Draft] = []
        with self._database.write() as connection:
            for draft in self._journal.recover():
                if _state(connection, draft.id) is None:
                    _write_row(connection, draft)
                    restored.append(draft)
        return tuple(restored)

    def _put(self, connection: Connection, draft: Draft) -> StoreError | None:
        _write_row(connection, draft)
        try:
            self._journal.append(draft)
        except StoreError as failure:
            # The journal is the second safety: its failure must not take the first one away.
            return failure
        return None

    def _select(self, where: str, parameters: Sequence[Value]) -> tuple[Draft, ...]:
        with self._database.read() as connection:
            query = f"SELECT body, sha256 FROM drafts {where} ORDER BY saved DESC, id"
            return tuple(_read(row) for row in connection.execute(query, parameters).fetchall())


def load_draft(connection: Connection, draft_id: DraftId) -> Draft:
    """Return one draft within a transaction of the caller.

    Raises
    ------
    DraftMissing, RecordDamaged
        When there is none of that name, or it is not what was saved.
    """
    row = connection.execute("SELECT body, sha256 FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    if row is None:
        raise DraftMissing("no such draft")
    return _read(row)


def _write_row(connection: Connection, draft: Draft) -> None:
    body = draft_to_json(draft)
    connection.execute(
        "INSERT INTO drafts (id, study, request, state, saved, body, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET study = excluded.study, request = excluded.request, state = excluded.state,"
        " saved = excluded.saved, body = excluded.body, sha256 = excluded.sha256",
        (draft.id, draft.study, draft.request, draft.state.value, draft.saved.isoformat(), body, _digest(body)),
    )


def _state(connection: Connection, draft_id: DraftId) -> DraftState | None:
    row = connection.execute("SELECT state FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    return None if row is None else DraftState(str(row[0]))


def _read(row: Row) -> Draft:
    body, digest = str(row[0]), row[1]
    if _digest(body) != digest:
        raise RecordDamaged("a draft does not have the digest it was saved with")
    return draft_from_json(body)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
