import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.work_items import STATE, change_state, create, element, update, work_item
from workstation.embedded_hub.events import CHANNEL_CAPACITY, EventChannels
from workstation.embedded_hub.ups_state import Event, EventType

GLOBAL, FILTERED = "1.2.840.10008.5.1.4.34.5", "1.2.840.10008.5.1.4.34.5.1"
CLAIM = "2.25.99"


@pytest.fixture
def channel(hub: str) -> Iterator[ClientConnection]:
    """Return the open event channel of the subscriber ME."""
    with connect(f"{hub.replace('http', 'ws')}/subscribers/ME", proxy=None) as websocket:
        yield websocket


def subscribe(hub: str, uid: str, question: str = "") -> requests.Response:
    """Subscribe ME."""
    return requests.post(f"{hub}/workitems/{uid}/subscribers/ME{question}", timeout=30)


def next_event(channel: ClientConnection) -> tuple[int, str, dict[str, Any]]:
    """Return type, work item and content of the next event."""
    event = json.loads(channel.recv(timeout=10))
    assert event["00000002"]["Value"] == ["1.2.840.10008.5.1.4.34.6.4"]
    return event["00001002"]["Value"][0], event["00001000"]["Value"][0], event


def nothing_more(channel: ClientConnection) -> bool:
    """Whether no event comes."""
    with pytest.raises(TimeoutError):
        channel.recv(timeout=0.3)
    return True


def test_a_global_subscriber_is_told_of_a_whole_life(hub: str, channel: ClientConnection) -> None:
    answer = subscribe(hub, GLOBAL)
    assert answer.status_code == 201
    assert answer.headers["content-location"] == f"{hub.replace('http', 'ws')}/subscribers/ME"
    create(hub, "1.2.3")
    kind, uid, event = next_event(channel)
    assert (kind, uid, event[STATE]["Value"]) == (1, "1.2.3", ["SCHEDULED"])
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM, t00404034=element("SQ", {"00404037": element("PN")}))
    assert next_event(channel)[2][STATE]["Value"] == ["IN PROGRESS"]
    assert next_event(channel)[0] == 5
    update(hub, "1.2.3", {"00741002": element("SQ", {"00741004": element("DS", "50")})}, CLAIM)
    assert next_event(channel)[0] == 3
    requests.post(f"{hub}/workitems/1.2.3/cancelrequest", timeout=30)
    assert next_event(channel)[0] == 2
    change_state(hub, "1.2.3", "CANCELED", CLAIM)
    assert next_event(channel)[2][STATE]["Value"] == ["CANCELED"]


def test_a_refused_request_tells_nobody(hub: str, channel: ClientConnection) -> None:
    subscribe(hub, GLOBAL)
    create(hub, "1.2.3")
    next_event(channel)
    assert change_state(hub, "1.2.3", "COMPLETED", CLAIM).status_code == 409
    assert nothing_more(channel)


def test_a_subscriber_of_one_item_is_told_its_state_at_once_and_nothing_of_others(
    hub: str, channel: ClientConnection
) -> None:
    create(hub, "1.2.3")
    create(hub, "1.2.4")
    assert subscribe(hub, "1.2.3", "?deletionlock=true").status_code == 201
    assert next_event(channel)[:2] == (1, "1.2.3")
    change_state(hub, "1.2.4", "IN PROGRESS", CLAIM)
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    assert next_event(channel)[1] == "1.2.3"


def test_a_filter_limits_what_is_told(hub: str, channel: ClientConnection) -> None:
    assert subscribe(hub, FILTERED, "?filter=00741200=LOW,00741202=TELE*").status_code == 201
    create(hub, "1.2.3")
    create(hub, "1.2.4", work_item(t00741200=element("CS", "LOW")))
    assert next_event(channel)[1] == "1.2.4"


def test_after_unsubscribing_nothing_comes(hub: str, channel: ClientConnection) -> None:
    create(hub, "1.2.3")
    subscribe(hub, GLOBAL)
    for expected in (200, 404):
        answer = requests.delete(f"{hub}/workitems/{GLOBAL}/subscribers/ME", timeout=30)
        assert answer.status_code == expected
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    create(hub, "1.2.4")
    assert nothing_more(channel)


def test_a_suspended_subscription_keeps_present_items_only(hub: str, channel: ClientConnection) -> None:
    create(hub, "1.2.3")
    subscribe(hub, GLOBAL)
    assert requests.post(f"{hub}/workitems/{GLOBAL}/subscribers/ME/suspend", timeout=30).status_code == 200
    create(hub, "1.2.4")
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    assert next_event(channel)[1] == "1.2.3"
    assert requests.post(f"{hub}/workitems/{GLOBAL}/subscribers/ME/suspend", timeout=30).status_code == 404
    assert requests.post(f"{hub}/workitems/1.2.3/subscribers/ME/suspend", timeout=30).status_code == 400


@pytest.mark.parametrize(
    ("uid", "question"),
    [
        ("1.2.3", "?deletionlock=maybe"),
        ("1.2.3", "?filter=00741200=LOW"),
        (FILTERED, ""),
        (FILTERED, "?filter=Nonsense=1"),
        ("abc", ""),
    ],
)
def test_a_malformed_subscription_is_refused(hub: str, uid: str, question: str) -> None:
    create(hub, "1.2.3")
    assert subscribe(hub, uid, question).status_code == 400


def test_a_malformed_title_is_refused(hub: str) -> None:
    title = "A" * 17
    assert requests.post(f"{hub}/workitems/{GLOBAL}/subscribers/{title}", timeout=30).status_code == 400
    with pytest.raises(InvalidStatus):
        connect(f"{hub.replace('http', 'ws')}/subscribers/{title}", proxy=None)


def test_another_web_site_cannot_listen(hub: str) -> None:
    with pytest.raises(InvalidStatus) as caught:
        connect(
            f"{hub.replace('http', 'ws')}/subscribers/ME",
            proxy=None,
            additional_headers={"Origin": "http://evil.example"},
        )
    assert caught.value.response.status_code == 403


def test_a_subscriber_that_reads_too_slowly_is_cut_off() -> None:
    async def overfill() -> list[str | None]:
        channels = EventChannels()
        channel = channels.open("ME")
        event = Event(EventType.STATE_REPORT, "1.2.3", {})
        for _ in range(CHANNEL_CAPACITY + 10):
            channels.publish(event, ("ME", "NOBODY"))
        await asyncio.sleep(0)
        return [channel.queue.get_nowait() for _ in range(channel.queue.qsize())]

    messages = asyncio.run(overfill())
    assert len(messages) == CHANNEL_CAPACITY + 1
    assert messages[-1] is None
    assert None not in messages[:-1]


def test_a_subscriber_that_left_does_not_disturb_the_others(hub: str, channel: ClientConnection) -> None:
    with connect(f"{hub.replace('http', 'ws')}/subscribers/ME", proxy=None):
        pass
    subscribe(hub, GLOBAL)
    create(hub, "1.2.3")
    assert next_event(channel)[1] == "1.2.3"
