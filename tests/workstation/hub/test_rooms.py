"""Memory for what arrives: every room is its own, and blocks go back when nobody looks at them."""

import gc
import weakref

import pytest

from workstation.hub.rooms import BLOCK_BYTES, Rooms


def test_rooms_do_not_overlap() -> None:
    rooms = Rooms()
    given = [rooms(size) for size in (1, 1000, 500_000, 7) * 40]
    for number, room in enumerate(given):
        room[:] = bytes([number % 251]) * len(room)
    assert all(bytes(room) == bytes([number % 251]) * len(room) for number, room in enumerate(given))


def test_several_small_rooms_are_of_one_block_and_a_large_one_has_its_own() -> None:
    rooms = Rooms()
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
