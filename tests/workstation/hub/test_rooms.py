"""Memory for what arrives: every room is its own, and blocks go back when nobody looks at them."""

import gc
import mmap
import resource
import sys
import weakref

import pytest

from workstation.dicom.measured_part import Room, plain_room
from workstation.hub.rooms import BLOCK_BYTES, Rooms


def test_rooms_do_not_overlap() -> None:
    rooms = Rooms()
    given = [rooms(size) for size in (1, 1000, 500_000, 7) * 40]
    for number, room in enumerate(given):
        room[:] = bytes([number % 251]) * len(room)
    assert all(bytes(room) == bytes([number % 251]) * len(room) for number, room in enumerate(given))


def test_a_series_of_few_images_holds_no_block() -> None:
    rooms = Rooms()
    assert all(memoryview(rooms(1000).obj).nbytes == 1000 for _ in range(4))
    assert memoryview(rooms(1000).obj).nbytes == BLOCK_BYTES


def test_several_small_rooms_are_of_one_block_and_a_large_one_has_its_own() -> None:
    rooms = Rooms()
    for _ in range(4):
        rooms(500_000)
    small, large, next_small = rooms(500_000), rooms(BLOCK_BYTES), rooms(500_000)
    assert small.obj is next_small.obj
    assert large.obj is not small.obj
    assert (len(large), large.readonly) == (BLOCK_BYTES, False)


def test_a_block_that_is_full_is_followed_by_another() -> None:
    rooms = Rooms()
    given = [rooms(5_000_000) for _ in range(8)]
    assert len({id(room.obj) for room in given}) == 2
    assert all(len(room) == 5_000_000 for room in given)


def test_a_block_is_given_back_when_its_last_room_is_dropped() -> None:
    rooms = Rooms()
    kept = rooms(BLOCK_BYTES)[:10].toreadonly()
    block = weakref.ref(kept.obj)
    gc.collect()
    assert block() is not None
    del kept
    assert block() is None


def test_what_no_machine_has_is_no_room() -> None:
    with pytest.raises(MemoryError):
        Rooms()(1 << 62)


@pytest.mark.skipif(sys.platform != "linux", reason="the resident size is told in KiB on Linux")
@pytest.mark.parametrize("room", [plain_room, Rooms()])
def test_what_is_stated_takes_no_memory_before_it_comes(room: Room) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(room(1 << 31)) == 1 << 31
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_a_system_without_large_pages_gives_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmap, "MADV_HUGEPAGE", 12345, raising=False)
    assert len(Rooms()(1000)) == 1000
