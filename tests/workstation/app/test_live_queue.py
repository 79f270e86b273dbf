"""The queue of a real window over real hubs: what is placed appears by itself, and nothing is taken from the reader."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.support.instances import make_instance
from tests.support.orthanc import RunningOrthanc
from tests.support.patience import PATIENCE_MS
from tests.support.work_items import retrieve
from tests.workstation.app.bench import Bench, window_over
from tests.workstation.hub.test_orthanc_hub import request_for
from tests.workstation.hub.test_ups import REQUEST
from viewers.identifiers import StudyUID
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.link import LinkSpeed
from workstation.domain.request import CANCELLATION_DECLINED, Request, RequestState, Severity
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import HubRefused, HubUnreachable
from workstation.hub.protocol import DeclineReason, HubClient
from workstation.reading.preview import Previews
from workstation.retrieval.strategies import Strategies
from workstation.runtime.executor import Executor, Pool
from workstation.runtime.main_thread import MainThread
from workstation.shell.lock_page import LockReason
from workstation.shell.main_window import MainWindow
from workstation.shell.queue_controller import QueueController
from workstation.shell.queue_model import COLUMNS
from workstation.shell.queue_page import QueuePage
from workstation.translations import languages, translator
from workstation.worklist.queue import Queue

pytestmark = pytest.mark.qt
HUB = HubName("hub")


@dataclass
class Live:
    """A window that hears its hub, and a requester at another computer."""

    bench: Bench
    requester: HubClient
    url: str
    folder: Path

    def place(self, severity: Severity = Severity.ORDINARY) -> Request:
        placed = replace(REQUEST, id=RequestId(new_uid()), severity=severity)
        self.requester.place(placed)
        return placed

    def ids(self) -> list[str]:
        model = self.bench.parts.queue_page.model
        return [model.request(row).id for row in range(model.rowCount())]

    def wait(self, condition: object) -> None:
        self.bench.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def await_listed(self, request: Request) -> None:
        self.wait(lambda: request.id in self.ids())

    def subscribers(self) -> set[str]:
        with closing(sqlite3.connect(self.folder / "hub" / "index.sqlite")) as connection:
            return {str(row[0]) for row in connection.execute("SELECT subscriber FROM subscriptions")}


@contextmanager
def profile_of(folder: Path, url: str) -> Iterator[Core]:
    with open_core(Profile(folder / "profile"), None, passphrase="five words nobody will guess") as core:
        core.store.settings.set_reader(ALPHA)
        core.store.settings.add_hub(HubSettings(HUB, url))
        yield core


@pytest.fixture
def live(tmp_path: Path, qtbot: QtBot) -> Iterator[Live]:
    with (
        RunningHub(tmp_path / "hub") as hub,
        client_of(hub.url) as requester,
        profile_of(tmp_path, hub.url) as core,
    ):
        url = hub.url
        bench = window_over(core, qtbot)
        bench.parts.queue.refresh()
        one = Live(bench, requester, url, tmp_path)
        one.wait(lambda: bench.parts.queue.is_hearing(HUB))
        yield one
        bench.close()


def test_a_placed_request_appears_by_itself_and_takes_neither_row_nor_focus(live: Live) -> None:
    page, window = live.bench.parts.queue_page, live.bench.parts.window
    first, second = live.place(), live.place()
    live.await_listed(second)
    live.await_listed(first)
    QTest.mouseClick(
        page.table.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        page.table.visualRect(page.model.index(page.model.row_of(second.key) or 0, 2)).center(),
    )
    page.search.setFocus()
    QTest.keyClicks(page.search, "sta")
    assert page.current is not None
    chosen, focused = page.current.id, window.focusWidget()
    third = live.place(Severity.IMMEDIATE)
    live.await_listed(third)
    assert live.ids()[0] == third.id
    assert page.current.id == chosen
    assert window.focusWidget() is focused
    QTest.keyClicks(page.search, "se")
    assert page.search.text() == "stase"
    assert "(1)" in window.page_button("queue").text()
    assert "immediate" in window.notices.text.lower()


def test_a_request_that_another_takes_is_shown_as_taken_and_one_declined_goes(live: Live) -> None:
    request = live.place()
    live.await_listed(request)
    mine = new_uid()
    live.requester.claim(request, BRAVO, mine)
    page = live.bench.parts.queue_page
    live.wait(lambda: page.model.request(0).holder is not None and page.model.request(0).holder.name == BRAVO.name)
    live.requester.decline(request, DeclineReason.DUPLICATE, "", BRAVO, mine)
    live.wait(lambda: live.ids() == [])


def test_who_took_a_request_meanwhile_stands_in_the_queue_as_soon_as_it_is_told(live: Live) -> None:
    parts = live.bench.parts
    request = live.place()
    live.await_listed(request)
    parts.queue.fall_deaf()
    parts.queue._timer.stop()
    live.requester.claim(request, BRAVO, new_uid())
    parts.case.open(request)
    live.wait(lambda: BRAVO.name in parts.window.notices.text)
    live.wait(lambda: (held := parts.queue_page.model.request(0).holder) is not None and held.name == BRAVO.name)


def test_a_wish_to_cancel_is_shown_where_one_reads_without_taking_the_focus_and_is_granted(live: Live) -> None:
    parts, core = live.bench.parts, live.bench.core
    request = core.worklist.claim(core.worklist.find(live.place().id))
    live.await_listed(request)
    parts.case.request = request
    parts.queue_page.search.setFocus()
    focused = parts.window.focusWidget()
    requester = replace(BRAVO, name="LECTEUR^Bravo")
    live.requester.ask_cancel(request, DeclineReason.REQUESTER_CANCELLED, "Patient transféré", requester)
    live.wait(lambda: "Patient transféré" in parts.queue_page.cancel_bar.text)
    assert "LECTEUR Bravo" in parts.queue_page.cancel_bar.text
    assert "Patient transféré" in parts.reading_page.cancel_bar.text
    assert parts.window.focusWidget() is focused
    assert parts.window.current_page == "queue"
    QTest.mouseClick(parts.queue_page.cancel_bar.accept, Qt.MouseButton.LeftButton)
    live.wait(lambda: live.ids() == [] and parts.case.request is None)
    assert [one.id for one in live.requester.requests([RequestState.CANCELED])] == [request.id]
    assert parts.queue_page.cancel_bar.isHidden()
    assert not core.worklist.is_mine(request)
    assert parts.window.notices.text == translator("en").text("cancellation.accepted")
    parts.case.close()
    assert parts.window.notices.text == ""


def test_a_reader_who_goes_on_lets_the_requester_know(live: Live) -> None:
    parts, core = live.bench.parts, live.bench.core
    request = core.worklist.claim(core.worklist.find(live.place().id))
    live.await_listed(request)
    live.requester.ask_cancel(request, DeclineReason.DUPLICATE, "", BRAVO)
    live.wait(lambda: parts.queue_page.cancel_bar.isVisible())
    QTest.mouseClick(parts.queue_page.cancel_bar.go_on, Qt.MouseButton.LeftButton)
    live.wait(lambda: parts.queue_page.cancel_bar.isHidden())
    told = retrieve(live.url, request.carrier_uid)["00741002"]["Value"][0]
    assert told["00741006"]["Value"] == [CANCELLATION_DECLINED.description]
    assert core.worklist.is_mine(request)


def test_a_reader_is_told_that_the_request_of_the_open_case_has_ended_elsewhere(live: Live) -> None:
    parts, core = live.bench.parts, live.bench.core
    request = core.worklist.claim(core.worklist.find(live.place().id))
    live.await_listed(request)
    parts.case.request = request
    transaction = core.store.claims.transaction(request.key)
    assert transaction is not None
    live.requester.decline(request, DeclineReason.DUPLICATE, "", ALPHA, transaction)
    live.wait(lambda: "answered or cancelled" in parts.window.notices.text)
    assert parts.case.request is request
    parts.case.close()
    assert parts.window.notices.text == ""


def test_a_hub_that_is_back_is_not_called_silent_any_longer(live: Live) -> None:
    parts = live.bench.parts
    for silence in (HubUnreachable("no route", hub=HUB), HubRefused("status 401", hub=HUB)):
        parts.queue._show(Queue((), ((HUB, silence),), (HUB,)))
        parts.window.notices.show_error(silence)
        assert HUB in parts.queue_page.notice.text()
        parts.queue.refresh()
        live.wait(lambda: parts.window.notices.text == "")
        assert parts.queue_page.notice.text() == ""


def test_how_fast_the_link_is_stands_in_the_status_bar_once_it_was_measured(live: Live) -> None:
    status, core = live.bench.parts.window.status, live.bench.core
    assert translator("en").text("shell.status.no_link") in status.words
    found = replace(core.hubs.client(HUB).check(), bytes_per_s=2_500_000.0)
    core.store.findings.remember(HUB, found)
    live.bench.parts.link.start()
    live.wait(lambda: "Link 20 Mbit/s" in status.words)


def test_a_look_at_the_link_that_takes_its_time_keeps_nothing_from_being_stored(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no network, a hub's name is looked for in vain, and drafts are saved all the same."""
    found, looks = threading.Event(), []

    def slowest(_strategies: Strategies, _hubs: object) -> LinkSpeed:
        looks.append(found.wait(30.0))
        return LinkSpeed(HUB, 2_500_000.0)

    monkeypatch.setattr(Strategies, "slowest", slowest)
    live.bench.parts.link.start()
    live.bench.parts.link.start()
    stored: list[bool] = []
    live.bench.executor.run(Pool.STORE, lambda _job: found.is_set(), stored.append, pytest.fail)
    live.wait(lambda: bool(stored))
    assert stored == [False]
    found.set()
    live.wait(lambda: "Link 20 Mbit/s" in live.bench.parts.window.status.words)
    assert looks == [True]


def test_what_the_hubs_tell_of_the_chosen_request_is_said_in_the_language_of_the_window(live: Live) -> None:
    parts, words = live.bench.parts, translator("fr")
    live.await_listed(live.place())

    def said() -> str:
        return "\n".join(label.text() for label in parts.queue_page.details._values.values())

    live.wait(lambda: "Priors found: 0" in said())
    parts.speak("fr")
    assert words.text("shell.details.priors_found", count=0) in said()


def test_only_the_holder_hears_of_a_wish(live: Live) -> None:
    request = live.place()
    live.await_listed(request)
    live.requester.claim(request, BRAVO, new_uid())
    live.requester.ask_cancel(request, DeclineReason.DUPLICATE, "", BRAVO)
    other = live.place()
    live.await_listed(other)
    assert live.bench.parts.queue_page.cancel_bar.text == ""


def test_a_closed_window_leaves_no_subscription(live: Live) -> None:
    live.await_listed(live.place())
    assert live.subscribers() == {live.bench.core.store.settings.subscriber()}
    live.bench.close()
    assert live.subscribers() == set()


def test_a_locked_window_keeps_no_channel_and_hears_again_when_it_opens(live: Live) -> None:
    parts = live.bench.parts
    live.await_listed(live.place())
    parts.lock.controller.lock(LockReason.ASKED)
    live.wait(lambda: live.subscribers() == set())
    assert not parts.queue.is_hearing(HUB)
    page = parts.lock.controller.page
    page.field.setText("five words nobody will guess")
    page.unlock.click()
    live.wait(lambda: parts.queue.is_hearing(HUB))
    live.await_listed(live.place())


@pytest.mark.orthanc
def test_a_hub_without_events_is_asked_from_time_to_time_and_its_claims_are_called_soft(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with (
        RunningOrthanc(tmp_path / "orthanc") as orthanc,
        client_of(orthanc.dicomweb_url) as requester,
        profile_of(tmp_path, orthanc.dicomweb_url) as core,
    ):
        study = StudyUID(new_uid())
        requester.store([make_instance(StudyInstanceUID=study)])
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        window, page = MainWindow(translator("en"), languages()), QueuePage(translator("en"), core.clock)
        qtbot.addWidget(window)
        window.add_page("queue", page, "Ctrl+1")
        window.show()
        controller = QueueController(
            window, page, core.worklist, core.ears, core.hubs,
            Previews(core.hubs, core.decoder, core.strategies, core.store.record_strangers), core.priors, executor,
            core.store.settings.reader, lambda: translator("en"), poll_ms=200,
        )  # fmt: skip
        controller.refresh()
        request = request_for(study)
        requester.place(request)
        requester.claim(request, BRAVO, new_uid())
        qtbot.waitUntil(
            lambda: page.model.rowCount() == 1 and page.model.request(0).holder is not None, timeout=PATIENCE_MS
        )
        assert not controller.is_hearing(HUB)
        shown = page.model.data(page.model.index(0, COLUMNS.index("state")))
        assert shown == "being read (soft)"
        controller.close()
        executor.close()
    QApplication.processEvents()
