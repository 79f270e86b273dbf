"""The draft saver: every change reaches the store in order, also the last one before the window closes."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, NOW, make_draft, open_database
from workstation.domain.report import Answers, Draft
from workstation.reading.answering import Answering
from workstation.reading.drafting import Drafting
from workstation.runtime.executor import Executor, Pool
from workstation.shell.draft_saver import DraftSaver
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal
from workstation.store.requests import ClaimStore, RequestStore
from workstation.worklist.renamed_hubs import RenamedHubs


class Bench:
    """A saver over a real store; nobody runs the event loop any more, as when the window has closed."""

    def __init__(self, folder: Path) -> None:
        database = open_database(folder)
        self.drafts = DraftStore(database, DraftJournal(folder / "drafts.journal", KEY))
        self.executor = Executor(lambda _call: None)
        renamed = RenamedHubs(tuple, lambda _name: None, RequestStore(database))
        answering = Answering(ClaimStore(database), renamed)
        drafting = Drafting(self.drafts, lambda: NOW, answering=answering)
        self.saver = DraftSaver(drafting, self.executor, lambda _moment: None, lambda error: pytest.fail(error.key))

    def occupy(self) -> None:
        """Keep the store's thread busy for a moment."""
        gate = threading.Event()
        self.executor.run(Pool.STORE, lambda _job: gate.wait(10), lambda _: None, lambda _: None)
        threading.Timer(0.2, gate.set).start()


def worded(draft: Draft, text: str) -> Draft:
    return replace(draft, answers=Answers({"findings": text}))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_change_just_before_closing_is_on_the_disk(bench: Bench) -> None:
    draft = make_draft("d1")
    bench.occupy()
    bench.saver.save(worded(draft, "first"))
    bench.saver.save(worded(draft, "last word"))
    bench.saver.hand_over()
    bench.executor.close()
    assert bench.drafts.load(draft.id).answers.sections["findings"] == "last word"


def test_another_case_does_not_push_out_what_waits(bench: Bench) -> None:
    one, other = make_draft("d1"), make_draft("d2")
    bench.occupy()
    bench.saver.save(worded(one, "first"))
    bench.saver.save(worded(one, "last word"))
    bench.saver.save(worded(other, "of the other case"))
    bench.saver.hand_over()
    bench.executor.close()
    assert bench.drafts.load(one.id).answers.sections["findings"] == "last word"
    assert bench.drafts.load(other.id).answers.sections["findings"] == "of the other case"
