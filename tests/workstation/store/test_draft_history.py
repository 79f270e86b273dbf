"""The history of a draft: as safe as the draft, written step by step, gone when the draft is signed."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from tests.support.undoing_reader import act, begun, states
from tests.workstation.store.samples import KEY, make_draft, open_database
from workstation.domain.clock import system_clock
from workstation.domain.identifiers import DraftId
from workstation.domain.report import Draft
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.history import DEPTH
from workstation.reading.session import ReadingSession
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal

REPOSITORY = Path(__file__).parents[3]


def store_at(folder: Path, *, compact_above: int = 1 << 30) -> DraftStore:
    journal = DraftJournal(folder / "drafts.journal", KEY, compact_above=compact_above)
    return DraftStore(open_database(folder), journal)


def reading(store: DraftStore, draft: Draft) -> tuple[ReadingSession, Dispatcher]:
    session = ReadingSession(draft, system_clock)
    session.draft_changed.connect(lambda change: store.save(change.draft))
    return session, Dispatcher(session)


def content(draft: Draft) -> tuple[object, object]:
    return draft.annotations, draft.answers


def test_steps_can_be_taken_back_after_a_restart_and_done_again_after_another(tmp_path: Path) -> None:
    session, dispatcher = reading(store_at(tmp_path), begun())
    expected = states(9)
    for number in range(9):
        act(dispatcher, number)
    assert content(session.draft) == expected[9]
    for life in range(3):
        session, dispatcher = reading(store_at(tmp_path), store_at(tmp_path).load(DraftId("d1")))
        assert dispatcher.undo()
        assert content(session.draft) == expected[8 - life]
    session, dispatcher = reading(store_at(tmp_path), store_at(tmp_path).load(DraftId("d1")))
    while dispatcher.redo():
        pass
    assert content(session.draft) == expected[9]


def test_the_journal_alone_brings_the_history_back_compacted_or_not(tmp_path: Path) -> None:
    for name, limit in (("long", 1 << 30), ("compacted", 4096)):
        folder = tmp_path / name
        folder.mkdir()
        session, dispatcher = reading(store_at(folder, compact_above=limit), begun())
        for number in range(40):
            act(dispatcher, number)
        dispatcher.undo()
        (folder / "profile.db").unlink()
        (folder / "profile.db-wal").unlink(missing_ok=True)
        fresh = store_at(folder)
        fresh.restore()
        assert fresh.load(DraftId("d1")) == session.draft
        session, dispatcher = reading(fresh, fresh.load(DraftId("d1")))
        while dispatcher.undo():
            pass
        assert content(session.draft) == content(begun())


def test_a_save_writes_one_step_and_not_the_history(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    session, dispatcher = reading(store, begun())
    journal = tmp_path / "drafts.journal"
    for number in range(DEPTH + 20):
        act(dispatcher, number)
    before = journal.stat().st_size
    act(dispatcher, DEPTH + 20)
    whole = tmp_path / "whole"
    DraftJournal(whole, KEY).append(session.draft, session.draft.history.steps)
    last = tmp_path / "last"
    DraftJournal(last, KEY).append(session.draft, session.draft.history.steps[-1:])
    assert journal.stat().st_size - before == last.stat().st_size < whole.stat().st_size / 2
    assert len(store.load(DraftId("d1")).history.steps) == DEPTH


def test_a_signed_draft_keeps_nothing_that_was_taken_back(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    session, dispatcher = reading(store, begun())
    for number in range(5):
        act(dispatcher, number)
    store.mark_signed(DraftId("d1"))
    signed = store.load(DraftId("d1"))
    assert signed.history.steps == ()
    assert signed.says_the_same_as(session.draft)
    with store._database.read() as connection:
        assert connection.execute("SELECT count(*) FROM draft_steps").fetchone() == (0,)


def test_a_draft_of_the_form_before_is_read_and_gets_a_history(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.save(make_draft())
    with store._database.write() as connection:
        connection.execute(_TO_FIRST_FORM)
        (body,) = connection.execute("SELECT body FROM drafts").fetchone() or ("",)
        digest = sha256(str(body).encode()).hexdigest()
        connection.execute("UPDATE drafts SET sha256 = ?", (digest,))
    assert store.load(DraftId("d1")) == make_draft()
    session, dispatcher = reading(store, store.load(DraftId("d1")))
    act(dispatcher, 0)
    assert store.load(DraftId("d1")).history == session.draft.history


_TO_FIRST_FORM = "UPDATE drafts SET body = json_set(json_remove(body, '$.history'), '$.version', 1)"


def test_three_steps_are_taken_back_exactly_after_a_kill(tmp_path: Path) -> None:
    for life in range(3):
        folder = tmp_path / str(life)
        folder.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "tests.support.undoing_reader", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY) as reader:
            assert reader.stdout is not None
            told = [reader.stdout.readline() for _ in range(8 + 7 * life)]
            reader.send_signal(signal.SIGKILL)
            told += reader.stdout.read().splitlines(keepends=True)
        acknowledged = max(int(line) for line in told if line.endswith("\n"))
        store = store_at(folder)
        draft = store.load(DraftId("d1"))
        expected = states(acknowledged + 1)
        reached = expected.index(content(draft))
        assert reached >= acknowledged
        session, dispatcher = reading(store, draft)
        for back in range(1, 4):
            assert dispatcher.undo()
            assert content(session.draft) == expected[reached - back]
        assert content(store_at(folder).load(DraftId("d1"))) == expected[reached - 3]
        assert replace(session.draft, saved=draft.saved) == replace(
            store_at(folder).load(DraftId("d1")), saved=draft.saved
        )
