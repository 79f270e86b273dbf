"""Bodies read to where they are wanted: whole or told apart, however the hub frames them."""

import gzip
import threading
import time

import pytest

from tests.support.stub_hub import Answering, Exchange, running_stub
from tests.workstation.hub.test_door import door_to
from workstation.dicom.multipart import receive_multipart
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import TransferCancelled, TransferCut, TransferTooLarge
from workstation.hub.rooms import Rooms

CONTENT = bytes(range(256)) * 2000
CALL = Call("GET", "/studies")


def plain(exchange: Exchange) -> None:
    exchange.reply(200, CONTENT)


def until_closed(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + CONTENT, close=True)


def chunked(exchange: Exchange) -> None:
    pieces = (CONTENT[at : at + 30_001] for at in range(0, len(CONTENT), 30_001))
    framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    exchange.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n")


def read(door: Door, room_bytes: int) -> bytes:
    found, room = bytearray(), memoryview(bytearray(room_bytes))
    with door.transfer(CALL) as streamed:
        while count := streamed.body.into(room):
            found += room[:count]
    return bytes(found)


@pytest.mark.parametrize("answer", [plain, until_closed, chunked])
@pytest.mark.parametrize("room_bytes", [1000, 65_536, 1 << 20])
def test_every_framing_gives_the_body(answer: Answering, room_bytes: int) -> None:
    with running_stub(answer) as stub, door_to(stub.url) as door:
        assert read(door, room_bytes) == CONTENT


@pytest.mark.parametrize("answer", [plain, chunked])
def test_a_connection_whose_body_was_read_serves_the_next_request(answer: Answering) -> None:
    with running_stub(answer) as stub, door_to(stub.url) as door:
        for _ in range(3):
            assert read(door, 65_536) == CONTENT
            assert door.fetch(CALL).body == CONTENT
        assert stub.connections == 1


def test_a_body_may_be_looked_at_and_then_be_read_directly() -> None:
    with running_stub(plain) as stub, door_to(stub.url) as door, door.transfer(CALL) as streamed:
        first, room = streamed.body.start(), memoryview(bytearray(70_000))
        found = bytearray()
        while count := streamed.body.into(room):
            found += room[:count]
    assert CONTENT.startswith(first)
    assert bytes(found) == CONTENT


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
)
def test_a_body_that_ends_early_is_a_cut(content: bytes) -> None:
    with (
        running_stub(lambda exchange: exchange.raw(content, close=True)) as stub,
        door_to(stub.url) as door,
        pytest.raises(TransferCut),
    ):
        read(door, 1000)


def test_a_body_beyond_the_cap_is_refused() -> None:
    with (
        running_stub(plain) as stub,
        door_to(stub.url, DoorLimits(transfer_bytes=100_000)) as door,
        pytest.raises(TransferTooLarge),
    ):
        read(door, 65_536)


def test_a_body_that_stops_coming_is_ended_when_it_is_cancelled() -> None:
    over = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        over.wait(30)

    came: list[int] = []
    room = memoryview(bytearray(100))
    with running_stub(answer) as stub, door_to(stub.url) as door:
        with door.transfer(CALL, lambda: bool(came)) as streamed:
            came.append(streamed.body.into(room))
            with pytest.raises(TransferCancelled):
                streamed.body.into(room)
        over.set()
    assert came == [1]


def test_a_body_by_drops_is_given_up() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            exchange.raw(b"x")
            time.sleep(0.05)

    limits = DoorLimits(read_timeout_s=30, floor_bytes_s=8192, floor_window_s=0.5)
    with running_stub(answer) as stub, door_to(stub.url, limits) as door, pytest.raises(TransferCut):
        read(door, 1000)


def test_a_compressed_body_is_read_as_what_it_stands_for() -> None:
    with (
        running_stub(lambda exchange: exchange.reply(200, gzip.compress(CONTENT), Content_Encoding="gzip")) as stub,
        door_to(stub.url) as door,
    ):
        assert read(door, 10_000) == CONTENT


def test_a_small_part_behind_a_large_one_is_handed_on_while_the_hub_pauses() -> None:
    bodies = (b"a" * 100_000, b"b" * 3000, b"c" * 50_000)
    framed = [b"--edge\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(body), body) for body in bodies]
    over = threading.Event()

    def answer(exchange: Exchange) -> None:
        length = sum(map(len, framed)) + len(b"--edge--")
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
        # The end of the first comes by itself: it is read through the buffer, and what follows it with it.
        exchange.raw(framed[0][:-4000])
        time.sleep(0.3)
        exchange.raw(framed[0][-4000:] + framed[1] + framed[2][:60])
        over.wait(30)
        exchange.raw(framed[2][60:] + b"--edge--")

    found: list[bytes] = []
    with running_stub(answer) as stub, door_to(stub.url) as door, door.transfer(CALL) as streamed:
        for part in receive_multipart(streamed.body.into, "edge", 1 << 20, Rooms()):
            found.append(bytes(part.body))
            if len(found) == 2:
                was_over = over.is_set()
                over.set()
    assert (found, was_over) == (list(bodies), False)
