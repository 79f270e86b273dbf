"""Drafts: saved whole at each change, their history step by step; read back only when their digest agrees."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from viewers.identifiers import StudyUID
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.report import Draft, DraftState, History, Step
from workstation.store.database import Connection, Database, Row, Value
from workstation.store.draft_steps import keep_steps, steps_of
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
        """Return the drafts that answer a request of this name on any hub, signed ones too, the last saved first."""
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
            signed = self.sign(connection, load_draft(connection, draft_id))
        self.note_signed(signed)

    def sign(self, connection: Connection, draft: Draft) -> Draft:
        """Close the draft within a transaction of the caller and return it; ``note_signed`` follows the commit.

        What was once written and taken back is not kept with a signed report.
        """
        if draft.state is DraftState.SIGNED:
            raise DraftSigned("the draft is signed already")
        signed = replace(draft, state=DraftState.SIGNED, history=History())
        _write_rows(connection, signed)
        return signed

    def note_signed(self, signed: Draft) -> None:
        """Tell the journal that a draft was signed: after the commit, so that no mark is there without a signature.

        Raises
        ------
        StoreFull, StoreUnwritable
            When only the journal does not know it.
        """
        with self._database.write():
            self._journal.append(signed)

    def reopen(
        self, connection: Connection, signed: Draft, new_id: DraftId, now: datetime
    ) -> tuple[Draft | None, StoreError | None]:
        """Begin an open draft with the words and marks of a signed one, unless its author has one open for that case.

        Within a transaction of the caller; returns the new draft, and what only the journal could not do.
        """
        query = "SELECT body, sha256 FROM drafts WHERE study = ? AND state = ?"
        rows = connection.execute(query, (signed.study, DraftState.OPEN.value)).fetchall()
        if any(
            (one.request, one.hub, one.author) == (signed.request, signed.hub, signed.author)
            for one in (_read(connection, row) for row in rows)
        ):
            return None, None
        draft = replace(signed, id=new_id, state=DraftState.OPEN, saved=now)
        return draft, self._put(connection, draft)

    def restore(self) -> tuple[Draft, ...]:
        """Bring back from the journal what the database has not or has older, and return those drafts."""
        with self._database.write() as connection:
            return self.restore_within(connection)

    def restore_within(self, connection: Connection) -> tuple[Draft, ...]:
        """Do so within a transaction of the caller. What is signed in either of them is signed, and stays as it is."""
        return tuple(draft for draft in self._journal.recover() if _bring_back(connection, draft))

    def _put(self, connection: Connection, draft: Draft) -> StoreError | None:
        fresh = _write_rows(connection, draft)
        try:
            self._journal.append(draft, fresh)
        except StoreError as failure:
            # The journal is the second safety: its failure must not take the first one away.
            return failure
        return None

    def _select(self, where: str, parameters: Sequence[Value]) -> tuple[Draft, ...]:
        with self._database.read() as connection:
            query = f"SELECT body, sha256 FROM drafts {where} ORDER BY saved DESC, id"
            return tuple(_read(connection, row) for row in connection.execute(query, parameters).fetchall())


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
    return _read(connection, row)


def insert_signed(connection: Connection, signed: Draft) -> None:
    """Write a draft that is known to be signed, within a transaction of the caller, over what is there."""
    _write_rows(connection, signed)


def _bring_back(connection: Connection, draft: Draft) -> bool:
    row = connection.execute("SELECT state, saved, sha256 FROM drafts WHERE id = ?", (draft.id,)).fetchone()
    if row is not None:
        is_signed = DraftState(str(row[0])) is DraftState.SIGNED
        is_newer = draft.saved >= datetime.fromisoformat(str(row[1])) or draft.state is DraftState.SIGNED
        if is_signed or not is_newer or row[2] == _digest(draft_to_json(draft)):
            return False
    # Steps of the same number may say something else: the history was taken back and written anew.
    connection.execute("DELETE FROM draft_steps WHERE draft = ?", (draft.id,))
    _write_rows(connection, draft)
    return True


def _write_rows(connection: Connection, draft: Draft) -> tuple[Step, ...]:
    """Write the draft and the steps that are new, and return those."""
    body = draft_to_json(draft)
    connection.execute(
        "INSERT INTO drafts (id, study, request, state, saved, body, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET study = excluded.study, request = excluded.request, state = excluded.state,"
        " saved = excluded.saved, body = excluded.body, sha256 = excluded.sha256",
        (draft.id, draft.study, draft.request, draft.state.value, draft.saved.isoformat(), body, _digest(body)),
    )
    return keep_steps(connection, draft)


def _state(connection: Connection, draft_id: DraftId) -> DraftState | None:
    row = connection.execute("SELECT state FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    return None if row is None else DraftState(str(row[0]))


def _read(connection: Connection, row: Row) -> Draft:
    body, digest = str(row[0]), row[1]
    if _digest(body) != digest:
        raise RecordDamaged("a draft does not have the digest it was saved with")
    return draft_from_json(body, partial(steps_of, connection))


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
