"""Drafts: whatever was acknowledged is there afterwards, even without the database."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, NOW, STUDY, make_draft, open_database
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.report import DraftState
from workstation.durable import FileCalls
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import DraftMissing, DraftSigned, RecordDamaged, StoreUnwritable
from workstation.store.journal import DraftJournal

REPOSITORY = Path(__file__).parents[3]


def journal_at(folder: Path) -> DraftJournal:
    return DraftJournal(folder / "drafts.journal", KEY)


def store_at(folder: Path, database: Database | None = None) -> DraftStore:
    return DraftStore(database or open_database(folder), journal_at(folder))


def test_a_saved_draft_is_found_by_study_request_and_state(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    first, second = make_draft("d1"), make_draft("d2", saved=NOW + timedelta(minutes=1))
    store.save(first)
    store.save(second)
    assert store.load(first.id) == first
    assert store.for_study(STUDY) == (second, first)
    assert store.for_request(RequestId("r1")) == (second, first)
    store.mark_signed(second.id)
    assert store.open_drafts() == (first,)
    assert store.load(second.id).state is DraftState.SIGNED


def test_a_missing_draft_is_told(tmp_path: Path) -> None:
    with pytest.raises(DraftMissing):
        store_at(tmp_path).load(DraftId("none"))


def test_a_signed_draft_is_never_edited(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.save(make_draft())
    store.mark_signed(DraftId("d1"))
    with pytest.raises(DraftSigned):
        store.save(make_draft(text="changed"))
    with pytest.raises(DraftSigned):
        store.mark_signed(DraftId("d1"))
    assert store.load(DraftId("d1")) == replace(make_draft(), state=DraftState.SIGNED)


def test_a_draft_changed_behind_the_program_is_not_shown(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    store = store_at(tmp_path, database)
    store.save(make_draft())
    with database.write() as connection:
        connection.execute("UPDATE drafts SET body = replace(body, 'Nodule', 'Module')")
    with pytest.raises(RecordDamaged):
        store.load(DraftId("d1"))


def test_drafts_come_back_after_the_database_is_destroyed(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    store = store_at(tmp_path, database)
    store.save(make_draft("d1"))
    store.save(make_draft("d2"))
    store.save(make_draft("d1", "last words"))
    store.mark_signed(DraftId("d2"))
    database.close()
    (tmp_path / "profile.db").write_bytes(b"destroyed")
    assert {draft.id: draft.state for draft in journal_at(tmp_path).recover()} == {
        "d1": DraftState.OPEN,
        "d2": DraftState.SIGNED,
    }
    (tmp_path / "profile.db").unlink()
    fresh = store_at(tmp_path)
    assert len(fresh.restore()) == 2
    assert fresh.load(DraftId("d1")) == make_draft("d1", "last words")
    assert fresh.restore() == ()


def test_the_journal_steps_over_damage(tmp_path: Path) -> None:
    journal = journal_at(tmp_path)
    ends = []
    path = tmp_path / "drafts.journal"
    for number in range(5):
        journal.append(make_draft(f"d{number}"))
        ends.append(path.stat().st_size)
    good = path.read_bytes()
    spoilt = bytearray(good)
    spoilt[ends[1] + 60] ^= 1
    path.write_bytes(bytes(spoilt))
    content = journal.content()
    assert [draft.id for draft in content.drafts] == ["d0", "d1", "d3", "d4"]
    assert content.damaged == 1
    path.write_bytes(good[: ends[3] + 30] + good[ends[3] + 40 :])
    assert [draft.id for draft in journal.recover()] == ["d0", "d1", "d2", "d3"]
    path.write_bytes(good[:-3])
    journal.append(make_draft("d9"))
    content = journal.content()
    assert [draft.id for draft in content.drafts] == ["d0", "d1", "d2", "d3", "d9"]
    assert content.damaged == 1


def test_a_journal_under_another_key_gives_nothing(tmp_path: Path) -> None:
    journal_at(tmp_path).append(make_draft())
    content = DraftJournal(tmp_path / "drafts.journal", bytes(32)).content()
    assert (content.drafts, content.damaged) == ((), 1)


def test_the_journal_stays_small_and_keeps_the_last_version_of_each_draft(tmp_path: Path) -> None:
    path = tmp_path / "drafts.journal"
    journal = DraftJournal(path, KEY, compact_above=20_000)
    old = replace(make_draft("old"), state=DraftState.SIGNED, saved=NOW - timedelta(days=60))
    journal.append(old)
    journal.append(replace(make_draft("kept"), saved=NOW - timedelta(days=60)))
    for number in range(100):
        journal.append(make_draft("d1", f"version {number}"))
    assert path.stat().st_size < 21_000
    drafts = {draft.id: draft for draft in journal.recover()}
    assert set(drafts) == {"kept", "d1"}
    assert drafts[DraftId("d1")] == make_draft("d1", "version 99")


class NoDisk(FileCalls):
    """Refuses every flush."""

    def flush(self, descriptor: int) -> None:
        raise OSError(5, "no")


class OneRefusal(FileCalls):
    """Refuses one flush, and notes which files were flushed afterwards."""

    def __init__(self) -> None:
        self.refused: int | None = None
        self.flushed: list[int] = []

    def flush(self, descriptor: int) -> None:
        number = os.fstat(descriptor).st_ino
        if self.refused is None:
            self.refused = number
            raise OSError(5, "no")
        self.flushed.append(number)
        super().flush(descriptor)


def test_a_journal_whose_flush_was_refused_goes_on_in_a_new_file(tmp_path: Path) -> None:
    journal_at(tmp_path).append(make_draft("d1"))
    calls = OneRefusal()
    journal = DraftJournal(tmp_path / "drafts.journal", KEY, calls=calls)
    with pytest.raises(StoreUnwritable):
        journal.append(make_draft("d2"))
    journal.append(make_draft("d3"))
    journal.append(make_draft("d4"))
    assert calls.refused not in calls.flushed
    content = journal_at(tmp_path).content()
    assert {"d1", "d3", "d4"} <= {draft.id for draft in content.drafts}
    assert content.damaged == 0


def test_a_journal_whose_first_flush_was_refused_begins_again(tmp_path: Path) -> None:
    journal = DraftJournal(tmp_path / "drafts.journal", KEY, calls=OneRefusal())
    with pytest.raises(StoreUnwritable):
        journal.append(make_draft("d1"))
    (tmp_path / "drafts.journal").write_bytes(b"")
    journal.append(make_draft("d2"))
    assert [draft.id for draft in journal_at(tmp_path).recover()] == ["d2"]


def test_a_failing_journal_is_told_but_the_database_has_the_draft(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    store = DraftStore(database, DraftJournal(tmp_path / "drafts.journal", KEY, calls=NoDisk()))
    with pytest.raises(StoreUnwritable):
        store.save(make_draft())
    assert store.load(DraftId("d1")) == make_draft()


_WRITER = """
import sys
from pathlib import Path
from tests.workstation.store.samples import KEY, make_draft, open_database
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal

folder = Path(sys.argv[1])
store = DraftStore(open_database(folder), DraftJournal(folder / "drafts.journal", KEY))
number = 0
while True:
    store.save(make_draft(f"{sys.argv[2]}-{number}", f"words {number}"))
    print(number, flush=True)
    number += 1
"""


def test_whatever_was_acknowledged_survives_ten_kills(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for life in range(10):
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-c", _WRITER, str(tmp_path), str(life)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY) as writer:
            assert writer.stdout is not None
            for _ in range(3 + life):
                acknowledged.append(f"{life}-{writer.stdout.readline().strip()}")
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().splitlines()
        acknowledged += [f"{life}-{line}" for line in rest if line]
    store = store_at(tmp_path)
    assert len(acknowledged) >= 75
    found = {draft.id for draft in store.open_drafts()}
    assert [name for name in acknowledged if name not in found] == []
    assert [name for name in acknowledged if name not in {d.id for d in journal_at(tmp_path).recover()}] == []
