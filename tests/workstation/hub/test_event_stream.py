"""The WebSocket beside the door: the embedded hub's events, and channels that must not open."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.support.stub_hub import Exchange, running_stub
from tests.support.work_items import create
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.embedded_hub.running import RunningHub
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import (
    ForeignOrigin,
    HubAnsweredWrongly,
    HubRefused,
    HubUnreachable,
    TransferCancelled,
    TransferCut,
)

TOKEN = "token-of-this-hub"
Talk = Callable[[ServerConnection], None]


def door_to(url: str) -> Door:
    return Door(
        HubSettings(HubName("hub"), url, SignInKind.BEARER, secret=TOKEN),
        DoorLimits(connect_timeout_s=2.0, secure_timeout_s=0.5),
    )


@contextmanager
def running_channel(talk: Talk, response: Response | None = None) -> Iterator[tuple[str, list[Request]]]:
    """Serve a WebSocket on a free port; give the root's address and the handshakes that arrive."""
    seen: list[Request] = []

    def process(connection: ServerConnection, request: Request) -> Response | None:
        seen.append(request)
        return response

    with serve(talk, "127.0.0.1", 0, process_request=process) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}/rs", seen
        finally:
            server.shutdown()
            thread.join()


def first(door: Door, path: str = "subscribers/REQUIS") -> str:
    with door.events(path) as messages:
        return next(messages)


def test_the_embedded_hub_tells_that_a_work_item_was_made(tmp_path: Path) -> None:
    with RunningHub(tmp_path) as hub:
        door = door_to(hub.url)
        assert door.fetch(Call("POST", "workitems/1.2.840.10008.5.1.4.34.5/subscribers/REQUIS")).status == 201
        with door.events(f"{hub.url}/subscribers/REQUIS".replace("http", "ws", 1)) as messages:
            assert create(hub.url, "1.2.3").status_code == 201
            assert json.loads(next(messages))["00001000"]["Value"] == ["1.2.3"]
        door.close()


def test_the_sign_in_goes_with_the_handshake_and_compression_is_not_offered() -> None:
    with running_channel(lambda channel: channel.send("hello")) as (url, seen):
        assert first(door_to(url)) == "hello"
    assert seen[0].path == "/rs/subscribers/REQUIS"
    assert seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Sec-WebSocket-Extensions" not in seen[0].headers


@pytest.mark.parametrize("path", ["ws://evil.example/rs/a", "wss://127.0.0.1:1/rs/a", "http://evil.example/"])
def test_a_channel_elsewhere_is_refused_before_anything_is_sent(path: str) -> None:
    with running_channel(lambda channel: channel.send("hello")) as (url, seen):
        with pytest.raises(ForeignOrigin):
            first(door_to(url), path)
        assert seen == []


def test_a_redirect_is_not_followed() -> None:
    with running_channel(lambda channel: channel.send("stolen")) as (evil, stolen):
        location = Headers({"Location": evil.replace("http", "ws", 1), "Content-Length": "0"})
        redirect = Response(HTTPStatus.FOUND.value, "Found", location)
        with running_channel(lambda _channel: None, redirect) as (url, _), pytest.raises(HubAnsweredWrongly):
            first(door_to(url))
        assert stolen == []


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_channel(lambda channel: channel.send("stolen")) as (evil, stolen):
        for name in ("http_proxy", "https_proxy", "ws_proxy", "all_proxy"):
            monkeypatch.setenv(name, evil)
        with running_channel(lambda channel: channel.send("hello")) as (url, _):
            assert first(door_to(url)) == "hello"
        assert stolen == []


def test_a_hub_that_never_opens_the_channel_is_left_when_cancelled() -> None:
    stop = threading.Event()
    limits = DoorLimits(secure_timeout_s=60.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        door = Door(HubSettings(HubName("hub"), f"http://127.0.0.1:{silent.getsockname()[1]}/rs"), limits)
        threading.Timer(0.3, stop.set).start()
        started = time.monotonic()
        with pytest.raises(TransferCancelled), door.events("subscribers/REQUIS", stop.is_set):
            pass
        assert time.monotonic() - started < 10.0
        door.close()


def test_a_refusal_is_told_as_one() -> None:
    with (
        running_stub(lambda exchange: exchange.reply(401)) as stub,
        pytest.raises(HubRefused),
    ):
        first(door_to(stub.url))


def test_a_server_that_never_answers_is_given_up() -> None:
    def hang(exchange: Exchange) -> None:
        time.sleep(3)

    with running_stub(hang) as stub, pytest.raises(HubUnreachable):
        first(door_to(stub.url))


def test_a_server_that_closes_without_a_word_has_not_answered() -> None:
    with running_stub(lambda exchange: exchange.raw(b"", close=True)) as stub, pytest.raises(HubUnreachable):
        first(door_to(stub.url))


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (lambda channel: channel.close(1013), TransferCut),
        (lambda channel: channel.send("x" * (2 << 20)), TransferCut),
        (lambda channel: channel.send(b"\x00"), HubAnsweredWrongly),
    ],
)
def test_a_channel_that_ends_or_lies_is_told(talk: Talk, error: type[Exception]) -> None:
    with running_channel(talk) as (url, _), pytest.raises(error):
        first(door_to(url))


def test_a_silent_channel_ends_when_cancelled() -> None:
    stop, over = threading.Event(), threading.Event()

    def stay_silent(_channel: ServerConnection) -> None:
        over.wait(20)

    with running_channel(stay_silent) as (url, _):
        with door_to(url).events("a", stop.is_set) as messages:
            threading.Timer(0.3, stop.set).start()
            started = time.monotonic()
            assert list(messages) == []
            assert time.monotonic() - started < 15.0
        over.set()
