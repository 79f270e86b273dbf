"""The window over a real profile: what was typed last is on the disk whatever the reader does next."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.support.reports import READER
from tests.workstation.store.samples import make_draft, make_request
from workstation.app.core import Core, open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.domain.identifiers import DraftId, RequestId
from workstation.domain.reader import Reader
from workstation.domain.report import Answers
from workstation.domain.request import Request
from workstation.outbox.courier import Courier
from workstation.reading.opening import OpenedCase, Opening
from workstation.runtime.executor import Executor, Pool
from workstation.runtime.main_thread import MainThread
from workstation.translations import translator

pytestmark = pytest.mark.qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@dataclass
class Bench:
    """A window whose hub does not answer, so that every case is opened from what the profile holds."""

    core: Core
    parts: WindowParts
    executor: Executor
    qtbot: QtBot
    gates: dict[str, threading.Event] = field(default_factory=dict)

    def opened(self, request: Request) -> OpenedCase:
        """Stand for the opening of a case: the draft is read first, then the network takes its time."""
        draft = self.core.drafting.load(DraftId(request.id))
        gate = self.gates.get(request.id)
        assert gate is None or gate.wait(10)
        return OpenedCase(request, (), draft, offline=True)

    def open(self, identifier: str) -> None:
        self.parts.case.open(make_request(identifier))

    def shown(self, identifier: str) -> bool:
        request = self.parts.case.request
        return request is not None and request.id == identifier

    def read(self, identifier: str) -> None:
        self.open(identifier)
        self.qtbot.waitUntil(lambda: self.shown(identifier), timeout=10_000)

    def type(self, words: str) -> None:
        self.qtbot.keyClicks(self.parts.editor.fields["findings"], words)

    def close(self) -> None:
        """Close as the window does: the event loop ends at once, then the executor is put away."""
        self.parts.window.close()
        self.executor.close()

    def findings(self, identifier: str) -> str:
        return self.core.drafting.load(DraftId(identifier)).answers.sections.get("findings", "")


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.store.settings.set_reader(READER)
        for identifier in ("r1", "r2"):
            core.drafting.save(
                replace(
                    make_draft(identifier), annotations=(), answers=Answers(), author=READER,
                    request=RequestId(identifier),
                )
            )  # fmt: skip
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        parts = build_parts(core, executor, translator("en"))
        bench = Bench(core, parts, executor, qtbot)

        def opened(_opening: Opening, request: Request, _reader: Reader, _language: str) -> OpenedCase:
            return bench.opened(request)

        monkeypatch.setattr(Opening, "open", opened)
        parts.window.closed.connect(parts.close)
        qtbot.addWidget(parts.window)
        parts.window.show()
        yield bench
        bench.close()


def test_a_word_typed_just_before_closing_is_on_the_disk(bench: Bench) -> None:
    bench.read("r1")
    gate = threading.Event()
    bench.executor.run(Pool.STORE, lambda _job: gate.wait(10), lambda _: None, lambda _: None)
    bench.type("Nodule")
    bench.parts.editor.flush()
    bench.type(" of 8 mm")
    threading.Timer(0.3, gate.set).start()
    bench.close()
    assert bench.findings("r1") == "Nodule of 8 mm"


def test_a_case_that_is_opened_again_keeps_what_is_being_written(bench: Bench) -> None:
    bench.read("r1")
    gate = bench.gates["r1"] = threading.Event()
    session = bench.parts.case.session
    bench.open("r1")
    bench.qtbot.wait(200)
    bench.type("Nodule")
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.parts.case.session is not session, timeout=10_000)
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    bench.close()
    assert bench.findings("r1") == "Nodule"


def test_of_two_cases_that_are_asked_for_the_last_one_comes(bench: Bench) -> None:
    slow = bench.gates["r1"] = threading.Event()
    bench.open("r1")
    bench.read("r2")
    bench.type("Nodule")
    slow.set()
    bench.qtbot.wait(500)
    assert bench.shown("r2")
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"


def test_another_language_leaves_what_is_being_typed(bench: Bench) -> None:
    bench.read("r1")
    bench.type("Nodule")
    bench.parts.speak("fr")
    assert bench.parts.editor.fields["findings"].toPlainText() == "Nodule"
    bench.close()
    assert bench.findings("r1") == "Nodule"


def test_no_timer_outlives_the_window(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.parts.start()
    repeating = [one for one in bench.parts.window.findChildren(QTimer) if one.isActive() and not one.isSingleShot()]
    assert repeating
    with caplog.at_level(logging.WARNING, "workstation.runtime"):
        for timer in repeating:
            timer.setInterval(0)
        bench.close()
        assert [timer for timer in repeating if timer.isActive()] == []
        bench.qtbot.wait(20)
    assert "came after closing" not in caplog.text


def test_a_delivery_under_way_stops_when_the_window_closes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    began, stopped = threading.Event(), threading.Event()

    def deliver(_courier: Courier, *, force: bool, cancelled: Callable[[], bool]) -> int:
        began.set()
        while not cancelled():
            stopped.wait(0.01)
        stopped.set()
        return 0

    monkeypatch.setattr(Courier, "deliver", deliver)
    bench.parts.outbox.send(force=True)
    assert began.wait(10)
    bench.parts.window.close()
    assert stopped.wait(10)
