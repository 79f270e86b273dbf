"""Events of the embedded hub, heard through the door: told within moments, taken up again, and left without a trace."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.support.stub_hub import running_stub
from tests.support.work_items import retrieve
from tests.workstation.hub.test_ups import REQUEST, transaction
from workstation.domain.identifiers import HubName
from workstation.domain.request import CANCELLATION_DECLINED, READING, CancelRequest
from workstation.embedded_hub.running import RunningHub
from workstation.hub import subscription
from workstation.hub.errors import HubError, NotOffered, RequestClosed, TransferCut
from workstation.hub.news import CancelAsked, Changed, HubNews, Listening
from workstation.hub.protocol import DeclineReason, HubClient

HUB = HubName("hub")
PATIENCE_S = 20.0


@dataclass
class Ear:
    """What was heard so far, and how the listening ended."""

    heard: list[HubNews] = field(default_factory=list)
    ended_by: list[HubError] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def await_news(self, wanted: HubNews) -> None:
        until = time.monotonic() + PATIENCE_S
        while wanted not in self.heard:
            assert time.monotonic() < until, f"not heard: {wanted}; heard {self.heard}, {self.ended_by}"
            time.sleep(0.005)


@contextmanager
def listening(client: HubClient, title: str = "REQUIS-TEST") -> Iterator[Ear]:
    ear = Ear()

    def run() -> None:
        try:
            client.listen(title, ear.heard.append, ear.stop.is_set)
        except HubError as error:
            ear.ended_by.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield ear
    finally:
        ear.stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with RunningHub(tmp_path / "hub") as running:
        yield running


def subscriptions(folder: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(folder / "hub" / "index.sqlite")) as connection:
        return connection.execute("SELECT subscriber, deletion_lock FROM subscriptions").fetchall()


def test_a_placed_and_a_claimed_request_are_told(hub: RunningHub) -> None:
    with client_of(hub.url) as client, client_of(hub.url) as other, listening(client) as ear:
        ear.await_news(Listening(HUB))
        other.place(REQUEST)
        ear.await_news(Changed(HUB, REQUEST.carrier_uid))
        ear.heard.clear()
        other.claim(REQUEST, BRAVO, transaction())
        ear.await_news(Changed(HUB, REQUEST.carrier_uid))


def test_the_wish_to_cancel_reaches_whoever_reads_with_its_words(hub: RunningHub) -> None:
    with client_of(hub.url) as client, client_of(hub.url) as requester, listening(client) as ear:
        requester.place(REQUEST)
        client.claim(REQUEST, ALPHA, transaction())
        ear.await_news(Listening(HUB))
        requester.ask_cancel(REQUEST, DeclineReason.REQUESTER_CANCELLED, "Patient transféré", BRAVO)
        wish = CancelRequest(BRAVO.name, "", "Patient transféré")
        ear.await_news(CancelAsked(HUB, REQUEST.carrier_uid, wish))


def test_a_request_that_nobody_holds_is_cancelled_at_once_and_a_closed_one_is_refused(hub: RunningHub) -> None:
    with client_of(hub.url) as client:
        client.place(REQUEST)
        client.ask_cancel(REQUEST, DeclineReason.DUPLICATE, "", BRAVO)
        assert client.requests() == ()
        with pytest.raises(RequestClosed):
            client.claim(REQUEST, ALPHA, transaction())
        client.ask_cancel(REQUEST, DeclineReason.DUPLICATE, "", BRAVO)


def test_the_progress_of_a_reading_is_told_and_a_refusal_too(hub: RunningHub) -> None:
    mine = transaction()
    with client_of(hub.url) as client, client_of(hub.url) as other, listening(other) as ear:
        client.place(REQUEST)
        client.claim(REQUEST, ALPHA, mine)
        ear.await_news(Listening(HUB))
        ear.heard.clear()
        client.report_progress(REQUEST, mine, READING)
        ear.await_news(Changed(HUB, REQUEST.carrier_uid))
        assert progress_on(hub, REQUEST.carrier_uid) == (READING.percent, READING.description)
        client.refuse_cancel(REQUEST, mine, ALPHA)
        assert progress_on(hub, REQUEST.carrier_uid)[1] == CANCELLATION_DECLINED.description


def progress_on(hub: RunningHub, uid: str) -> tuple[float, str]:
    told = retrieve(hub.url, uid)["00741002"]["Value"][0]
    return float(told["00741004"]["Value"][0]), str(told["00741006"]["Value"][0])


def test_leaving_ends_the_subscription_and_holds_no_deletion(hub: RunningHub, tmp_path: Path) -> None:
    with client_of(hub.url) as client:
        client.place(REQUEST)
        with listening(client) as ear:
            ear.await_news(Listening(HUB))
            held = subscriptions(tmp_path)
            assert {title for title, _lock in held} == {"REQUIS-TEST"}
            assert {lock for _title, lock in held} == {0}
        assert ear.ended_by == []
    assert subscriptions(tmp_path) == []


def test_a_subscription_left_behind_is_taken_up_and_ended(hub: RunningHub, tmp_path: Path) -> None:
    path = f"{hub.url}/workitems/1.2.840.10008.5.1.4.34.5/subscribers/REQUIS-TEST?deletionlock=true"
    assert requests.post(path, timeout=30).status_code == 201
    assert subscriptions(tmp_path) == [("REQUIS-TEST", 1)]
    with client_of(hub.url) as client, listening(client) as ear:
        ear.await_news(Listening(HUB))
        assert subscriptions(tmp_path) == [("REQUIS-TEST", 0)]
    assert subscriptions(tmp_path) == []


def test_the_filtered_subscription_tells_of_every_new_request(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "FORMS", subscription.FORMS[1:2])
    with client_of(hub.url) as client, client_of(hub.url) as other, listening(client) as ear:
        ear.await_news(Listening(HUB))
        other.place(REQUEST)
        ear.await_news(Changed(HUB, REQUEST.carrier_uid))


def test_a_hub_that_goes_away_is_said_to_be_lost(tmp_path: Path) -> None:
    hub = ExitStack()
    url = hub.enter_context(RunningHub(tmp_path / "hub")).url
    with client_of(url) as client, listening(client) as ear:
        ear.await_news(Listening(HUB))
        hub.close()
        until = time.monotonic() + PATIENCE_S
        while not ear.ended_by:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert isinstance(ear.ended_by[0], TransferCut)


def test_a_hub_without_work_items_offers_no_events() -> None:
    with (
        running_stub(lambda exchange: exchange.reply(404)) as stub,
        client_of(stub.url) as client,
        pytest.raises(NotOffered),
    ):
        client.listen("REQUIS-TEST", lambda _news: None, lambda: False)
