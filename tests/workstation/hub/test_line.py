"""What ends an exchange: a server that drips or hangs in any phase, a reader who cancels, headers beyond measure."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.stub_hub import Exchange, running_stub
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, TransferCancelled, TransferCut

# Far above what any of these may take, far below what an unwatched wait would.
BOUND_S = 15.0
PATIENT_S = 60.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\n"
LONG_BODY = HEAD + b"Content-Length: 1000000\r\n\r\n"
Speak = Callable[[socket.socket, threading.Event], None]


@contextmanager
def speaking(speak: Speak) -> Iterator[str]:
    """Listen on a free port, and speak to each that connects, below HTTP."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)

    def serve_one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                speak(connection, over)
            except OSError:
                return

    def listen() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/rs"
    finally:
        over.set()
        thread.join()
        listener.close()


@contextmanager
def door_to(url: str, limits: DoorLimits) -> Iterator[Door]:
    door = Door(HubSettings(HubName("hub"), url), limits)
    try:
        yield door
    finally:
        door.close()


def dripping(start: bytes, drop: bytes) -> Speak:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        while not over.wait(0.05):
            connection.sendall(drop)

    return speak


def hanging(start: bytes) -> Speak:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        over.wait(PATIENT_S)

    return speak


SILENCES = {
    "before the headers": hanging(b""),
    "within the headers": hanging(HEAD),
    "dripping headers": dripping(HEAD, b"X-A: b\r\n"),
    "endless interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "before the body": hanging(LONG_BODY),
    "dripping body": dripping(LONG_BODY, b"x"),
    "dripping chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "dripping trailers": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n"),
    "dripping chunk size": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
}


@pytest.mark.parametrize("speak", SILENCES.values(), ids=SILENCES)
def test_every_phase_ends_at_the_deadline(speak: Speak) -> None:
    limits = DoorLimits(read_timeout_s=PATIENT_S, header_deadline_s=0.5, deadline_s=0.8)
    with speaking(speak) as url, door_to(url, limits) as door:
        started = time.monotonic()
        with pytest.raises((HubUnreachable, TransferCut)):
            door.fetch(Call("POST", "studies"))
        assert time.monotonic() - started < BOUND_S


@pytest.mark.parametrize("name", ["before the headers", "dripping headers", "endless interim answers"])
def test_the_headers_of_a_long_transfer_have_a_deadline_of_their_own(name: str) -> None:
    limits = DoorLimits(read_timeout_s=PATIENT_S, header_deadline_s=0.5)
    with speaking(SILENCES[name]) as url, door_to(url, limits) as door:
        started = time.monotonic()
        with pytest.raises(HubUnreachable), door.transfer(Call("GET", "studies")):
            pass
        assert time.monotonic() - started < BOUND_S


@pytest.mark.parametrize("speak", SILENCES.values(), ids=SILENCES)
def test_every_phase_ends_when_cancelled(speak: Speak) -> None:
    stop = threading.Event()
    limits = DoorLimits(read_timeout_s=PATIENT_S, header_deadline_s=PATIENT_S, deadline_s=PATIENT_S)
    with speaking(speak) as url, door_to(url, limits) as door:
        threading.Timer(0.3, stop.set).start()
        started = time.monotonic()
        with pytest.raises(TransferCancelled):
            door.fetch(Call("GET", "studies"), stop.is_set)
        assert time.monotonic() - started < BOUND_S


def test_a_hub_that_cannot_be_connected_to_is_left_when_cancelled() -> None:
    stop = threading.Event()
    # A listener whose queue is full answers nobody: what connects next waits.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        limits = DoorLimits(connect_timeout_s=PATIENT_S)
        with door_to(f"http://127.0.0.1:{full.getsockname()[1]}/rs", limits) as door:
            threading.Timer(0.3, stop.set).start()
            started = time.monotonic()
            with pytest.raises(TransferCancelled):
                door.fetch(Call("GET", "studies"), stop.is_set)
            assert time.monotonic() - started < BOUND_S
        for one in waiting:
            one.close()


def test_a_body_that_comes_by_drops_is_given_up_long_before_the_deadline() -> None:
    limits = DoorLimits(read_timeout_s=PATIENT_S, floor_bytes_s=8192, floor_window_s=0.5)
    with speaking(SILENCES["dripping body"]) as url, door_to(url, limits) as door:
        started = time.monotonic()
        with pytest.raises(TransferCut), door.transfer(Call("GET", "studies")) as streamed:
            for _ in streamed.chunks:
                pass
        assert time.monotonic() - started < BOUND_S


def test_a_reader_that_is_slow_itself_is_not_the_hubs_fault() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.reply(200, b"x" * 3_000_000)

    limits = DoorLimits(floor_bytes_s=1e9, floor_window_s=0.3)
    with running_stub(answer) as stub, door_to(stub.url, limits) as door:
        came = 0
        with door.transfer(Call("GET", "studies")) as streamed:
            for number, chunk in enumerate(streamed.chunks):
                came += len(chunk)
                if number < 2:
                    time.sleep(0.8)
        assert came == 3_000_000


def test_one_that_hangs_does_not_hold_up_the_others() -> None:
    over = threading.Event()

    def answer(exchange: Exchange) -> None:
        if exchange.seen.path.endswith("/stuck"):
            over.wait(PATIENT_S)
        exchange.reply(200, b"[]")

    with running_stub(answer) as stub, door_to(stub.url, DoorLimits()) as door:
        stuck = threading.Thread(target=lambda: door.fetch(Call("GET", "stuck")), daemon=True)
        stuck.start()
        for _ in range(10):
            assert door.ask(Call("GET", "studies")).body == b"[]"
        assert stuck.is_alive()
        over.set()
        stuck.join()


HEADER_FLOODS = {
    "many": b"".join(b"X-%d: y\r\n" % number for number in range(5000)),
    "long": b"X: " + b"y" * 200_000 + b"\r\n",
    "large together": b"".join(b"X-%d: %s\r\n" % (number, b"y" * 4000) for number in range(60)),
    "no end": b"X: " + b"y" * 5_000_000,
}


@pytest.mark.parametrize("flood", HEADER_FLOODS.values(), ids=HEADER_FLOODS)
def test_headers_beyond_measure_are_refused(flood: bytes) -> None:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(HEAD + flood + b"Content-Length: 2\r\n\r\n[]")

    with speaking(speak) as url, door_to(url, DoorLimits()) as door, pytest.raises(HubAnsweredWrongly):
        door.fetch(Call("POST", "studies"))


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", HEAD, HEAD + b"Content-Le", HEAD + b"\r\n"])
def test_headers_that_are_cut_are_no_empty_answer(head: bytes) -> None:
    with (
        speaking(lambda connection, _over: connection.sendall(head)) as url,
        door_to(url, DoorLimits()) as door,
        pytest.raises(TransferCut),
    ):
        door.ask(Call("GET", "studies"))


def test_what_is_no_http_is_no_answer() -> None:
    with (
        speaking(lambda connection, _over: connection.sendall(b"SSH-2.0-hub\r\n\r\n")) as url,
        door_to(url, DoorLimits()) as door,
        pytest.raises(HubAnsweredWrongly),
    ):
        door.fetch(Call("GET", "studies"))


def test_a_large_body_is_sent_whole_at_the_pace_of_the_hub() -> None:
    sizes: list[int] = []

    def answer(exchange: Exchange) -> None:
        sizes.append(len(exchange.seen.body))
        exchange.reply(200, b"{}")

    with running_stub(answer) as stub, door_to(stub.url, DoorLimits()) as door:
        assert door.ask(Call("POST", "studies", body=bytes(3_000_001))).body == b"{}"
    assert sizes == [3_000_001]


def test_the_thread_that_watches_ends_with_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workstation.hub.watchdog._IDLE_LOOKS", 1)
    with running_stub(lambda exchange: exchange.reply(200, b"[]")) as stub, door_to(stub.url, DoorLimits()) as door:
        for _ in range(2):
            door.ask(Call("GET", "studies"))
            until = time.monotonic() + BOUND_S
            while any(one.name == "hub-watchdog" for one in threading.enumerate()) and time.monotonic() < until:
                time.sleep(0.05)
            assert all(one.name != "hub-watchdog" for one in threading.enumerate())
