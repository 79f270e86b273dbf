"""Names that are not found in time, addresses that lead nowhere, and links that are gone under an open connection."""

import ctypes
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.stub_hub import Exchange, running_stub
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.checking import link_to
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import HubUnreachable, TransferCancelled

# Far above what any of these may take, far below what waiting for the system would.
BOUND_S = 15.0
STUCK_S = 60.0
LIMITS = DoorLimits(connect_timeout_s=0.5, silence_s=0.5)
_ATTACH_FILTER = 26
_DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)
ASK = Call("GET", "studies")


@contextmanager
def door_to(url: str, limits: DoorLimits = LIMITS) -> Iterator[Door]:
    door = Door(HubSettings(HubName("hub"), url), limits)
    try:
        yield door
    finally:
        door.close()


@contextmanager
def full() -> Iterator[int]:
    """Give a port of 127.0.0.2 that answers nobody: its queue is full, what connects next waits."""
    with socket.create_server(("127.0.0.2", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for one in waiting:
                one.close()


@pytest.fixture
def stuck_name(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the system's look-up wait for a name server that is gone."""
    over = threading.Event()

    def wait(*_: object, **__: object) -> list[object]:
        over.wait(STUCK_S)
        raise socket.gaierror("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield
    over.set()


@pytest.mark.usefixtures("stuck_name")
def test_a_name_that_is_not_found_in_time_is_a_hub_that_is_away() -> None:
    started = time.monotonic()
    with door_to("http://hub.example/rs") as door, pytest.raises(HubUnreachable):
        door.ask(ASK)
    assert time.monotonic() - started < BOUND_S


@pytest.mark.usefixtures("stuck_name")
def test_the_look_up_of_a_name_is_left_when_cancelled() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    limits = DoorLimits(connect_timeout_s=STUCK_S)
    with door_to("http://hub.example/rs", limits) as door, pytest.raises(TransferCancelled):
        door.ask(ASK, stop.is_set)
    assert time.monotonic() - started < BOUND_S


@pytest.mark.usefixtures("stuck_name")
def test_by_which_link_a_hub_is_reached_is_not_waited_for() -> None:
    started = time.monotonic()
    assert link_to("http://hub.example/rs") == ""
    assert time.monotonic() - started < BOUND_S


def test_what_is_no_name_is_told_as_a_hub_that_is_away() -> None:
    with door_to(f"http://{'x' * 70}.example/rs") as door, pytest.raises(HubUnreachable):
        door.ask(ASK)


def test_an_address_that_leads_nowhere_does_not_keep_from_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_stub(lambda exchange: exchange.reply(200, b"[]")) as stub, full() as dead:
        port = int(stub.url.split(":")[2].split("/")[0])
        rows = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", dead)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
        with door_to(f"http://hub.example:{port}/rs", DoorLimits(connect_timeout_s=BOUND_S)) as door:
            assert door.ask(ASK).body == b"[]"


def fall_silent(connection: socket.socket) -> None:
    """Let the kernel drop all that comes for one connection, unread and unacknowledged: a link that is gone."""
    program = ctypes.create_string_buffer(_DROP_ALL)
    connection.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the link is cut by a filter of Linux")
def test_n15_a_link_that_goes_under_a_kept_connection_is_noticed_and_what_was_kept_is_not_used_again() -> None:
    served: list[socket.socket] = []

    def answer(exchange: Exchange) -> None:
        served.append(exchange.connection)
        exchange.reply(200, b"[]")

    with running_stub(answer) as stub, door_to(stub.url) as door:
        with door.transfer(ASK) as streamed:
            door.ask(ASK)
            assert list(streamed.chunks) == [b"[]"]
        assert len(set(served)) == 2
        for one in set(served):
            fall_silent(one)
        started = time.monotonic()
        with pytest.raises(HubUnreachable):
            door.ask(ASK)
        assert time.monotonic() - started < BOUND_S
        assert door.ask(ASK).body == b"[]"
