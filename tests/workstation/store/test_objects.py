"""Objects on the disk: given back byte for byte, or refused; their files tell nothing."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workstation.store.samples import KEY
from viewers.identifiers import InstanceUID
from workstation.domain.digest import Digest
from workstation.durable import FileCalls
from workstation.store.errors import ObjectDamaged, ObjectMissing, StoreFull, StoreUnwritable
from workstation.store.object_format import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES
from workstation.store.objects import ObjectStore

ONE, TWO = InstanceUID("1.2.3"), InstanceUID("1.2.4")
SEALED = CHUNK_BYTES + TAG_BYTES
LARGE = os.urandom(2 * CHUNK_BYTES) + b"end"


def only_file(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


@pytest.mark.parametrize("size", [0, 1, 131, *(n * CHUNK_BYTES + k for n in (1, 4, 9) for k in (-1, 0, 1))])
def test_what_is_put_is_what_is_got(tmp_path: Path, size: int) -> None:
    store, data = ObjectStore(tmp_path, KEY), os.urandom(size)
    store.put(ONE, data, durable=True)
    assert store.get(ONE) == data
    assert store.has(ONE)
    assert not store.has(TWO)
    assert store.size_bytes() == only_file(tmp_path).stat().st_size > size


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.integers(0, len(LARGE) + 10), length=st.integers(0, len(LARGE) + 10))
def test_a_range_is_that_part_of_the_whole(tmp_path: Path, start: int, length: int) -> None:
    store = ObjectStore(tmp_path, KEY)
    if not store.has(ONE):
        store.put(ONE, LARGE, durable=False)
    assert store.read_range(ONE, start, length) == LARGE[start : start + length]


@pytest.mark.parametrize(
    "name",
    ["empty", "cut header", "cut chunk", "cut last chunk", "lengthened", "swapped", "repeated", "flipped", "short"],
)
def test_a_spoilt_file_is_refused(tmp_path: Path, name: str) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    path = only_file(tmp_path)
    good = path.read_bytes()
    head, one, two, rest = (
        good[:HEADER_BYTES],
        good[HEADER_BYTES : HEADER_BYTES + SEALED],
        good[HEADER_BYTES + SEALED : HEADER_BYTES + 2 * SEALED],
        good[HEADER_BYTES + 2 * SEALED :],
    )
    flipped = bytearray(good)
    flipped[HEADER_BYTES + 77] ^= 4
    spoilt = {
        "empty": b"",
        "cut header": good[: HEADER_BYTES - 1],
        "cut chunk": good[:-1],
        "cut last chunk": head + one + two,
        "lengthened": good + b"\0",
        "swapped": head + two + one + rest,
        "repeated": head + one + one + rest,
        "flipped": bytes(flipped),
        "short": head[:22] + (2 * CHUNK_BYTES).to_bytes(4, "big") + head[26:] + one + two,
    }[name]
    assert spoilt != good
    path.write_bytes(spoilt)
    with pytest.raises(ObjectDamaged):
        store.get(ONE)
    with pytest.raises(ObjectDamaged):
        store.read_range(ONE, 0, len(LARGE))


def test_every_byte_of_the_header_matters(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, b"content", durable=False)
    path = only_file(tmp_path)
    good = path.read_bytes()
    for place in range(len(good)):
        spoilt = bytearray(good)
        spoilt[place] ^= 1
        path.write_bytes(spoilt)
        with pytest.raises(ObjectDamaged):
            store.get(ONE, Digest(b"content").text)


def test_files_and_chunks_of_two_objects_cannot_be_exchanged(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    first = only_file(tmp_path)
    store.put(TWO, LARGE, durable=False)
    (second,) = (path for path in tmp_path.rglob("*") if path.is_file() and path != first)
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    with pytest.raises(ObjectDamaged):
        store.get(ONE)
    first.write_bytes(one[:HEADER_BYTES] + two[HEADER_BYTES : HEADER_BYTES + SEALED] + one[HEADER_BYTES + SEALED :])
    with pytest.raises(ObjectDamaged):
        store.get(ONE)
    first.write_bytes(one)
    assert store.get(ONE) == LARGE


def test_an_older_file_of_the_same_object_cannot_lend_a_chunk(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    path = only_file(tmp_path)
    older = path.read_bytes()
    store.put(ONE, LARGE, durable=False)
    newer = path.read_bytes()
    assert newer[HEADER_BYTES : HEADER_BYTES + 64] != older[HEADER_BYTES : HEADER_BYTES + 64]
    path.write_bytes(newer[:HEADER_BYTES] + older[HEADER_BYTES:])
    with pytest.raises(ObjectDamaged):
        store.get(ONE)


def test_a_file_of_an_older_format_is_refused(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    path = only_file(tmp_path)
    older = bytearray(path.read_bytes())
    for version in (0, 1, 3):
        older[8:10] = version.to_bytes(2, "big")
        path.write_bytes(older)
        with pytest.raises(ObjectDamaged):
            store.get(ONE)


def test_a_file_that_was_moved_to_another_object_is_refused(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    moved = only_file(tmp_path)
    store.put(TWO, b"other", durable=False)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file() and path != moved)
    moved.replace(path)
    for digest in (None, Digest(LARGE).text):
        with pytest.raises(ObjectDamaged):
            store.get(TWO, digest)
        with pytest.raises(ObjectDamaged):
            store.read_range(TWO, 0, 10, digest)
    assert not store.is_sound(TWO, Digest(LARGE).text)


def test_what_arrived_is_nothing_until_it_settled(tmp_path: Path) -> None:
    store, digest = ObjectStore(tmp_path, KEY), Digest(LARGE).text
    first, second = store.arrive(LARGE), store.arrive(b"other")
    assert first is not None
    assert second is not None
    assert not store.has(ONE)
    assert sorted(content for _, content in store.arrivals()) == sorted((LARGE, b"other"))
    store.settle(first, ONE, digest)
    assert store.get(ONE, digest) == LARGE
    assert store.read_range(ONE, CHUNK_BYTES - 2, 4, digest) == LARGE[CHUNK_BYTES - 2 : CHUNK_BYTES + 2]
    store.discard(first)
    assert store.get(ONE) == LARGE
    store.discard(second)
    assert list(store.arrivals()) == []
    with pytest.raises(ObjectMissing):
        store.settle(second, TWO, digest)


def test_what_arrived_torn_is_left_out_and_a_hostile_preamble_never_arrives(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    assert store.arrive(b"MZ" + bytes(126) + b"DICM" + b"content") is None
    assert list(tmp_path.iterdir()) == []
    assert store.arrive(LARGE) is not None
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-9])
    assert list(store.arrivals()) == []


def test_one_frame_is_read_without_the_others(tmp_path: Path) -> None:
    """The chunks that hold the range are read, and none of the spoilt ones around them."""
    store = ObjectStore(tmp_path, KEY)
    store.put(ONE, LARGE, durable=False)
    path = only_file(tmp_path)
    spoilt = bytearray(path.read_bytes())
    spoilt[HEADER_BYTES] ^= 1
    path.write_bytes(spoilt)
    assert store.read_range(ONE, CHUNK_BYTES, CHUNK_BYTES) == LARGE[CHUNK_BYTES : 2 * CHUNK_BYTES]
    with pytest.raises(ObjectDamaged):
        store.read_range(ONE, CHUNK_BYTES - 1, 2)


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    ObjectStore(tmp_path, KEY).put(ONE, b"content", durable=False)
    assert not ObjectStore(tmp_path, bytes(32)).has(ONE)


@pytest.mark.parametrize("hostile", ["../../../../tmp/evil", "/etc/cron.d/x", "C:\\x", "a\0b", "CON", "x" * 5000, ""])
def test_no_identifier_leads_out_of_the_folder(tmp_path: Path, hostile: str) -> None:
    folder = tmp_path / "objects"
    store = ObjectStore(folder, KEY)
    store.put(InstanceUID(hostile), b"content", durable=False)
    assert store.get(InstanceUID(hostile)) == b"content"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.is_relative_to(folder) for path in files] == [True]
    assert all(character in "0123456789abcdef" for character in files[0].name)


def test_a_hostile_preamble_is_stored_as_zeros_and_everything_else_as_it_came(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    data = b"MZ" + b"\x90" * 126 + b"DICM" + b"content"
    store.put(ONE, data, durable=False, zero_preamble=True)
    assert store.get(ONE) == bytes(128) + data[128:]
    store.put(ONE, data, durable=False)
    assert store.get(ONE) == data
    store.put(TWO, b"not Part 10" * 20, durable=False, zero_preamble=True)
    assert store.get(TWO) == b"not Part 10" * 20


def test_missing_and_deleted_objects_are_told_apart_from_damaged_ones(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, KEY)
    store.delete(ONE)
    with pytest.raises(ObjectMissing):
        store.get(ONE)
    store.put(ONE, b"content", durable=False)
    store.delete(ONE)
    with pytest.raises(ObjectMissing):
        store.read_range(ONE, 0, 1)
    assert store.size_bytes() == 0


class FullDisk(FileCalls):
    """Takes a few bytes, then none."""

    def __init__(self, number: int) -> None:
        self.number = number

    def write(self, descriptor: int, data: memoryview) -> int:
        if len(data) < CHUNK_BYTES:
            return super().write(descriptor, data)
        raise OSError(self.number, "no")


@pytest.mark.parametrize(("number", "expected"), [(errno.ENOSPC, StoreFull), (errno.EIO, StoreUnwritable)])
def test_a_full_disk_is_told_and_the_former_object_stays(
    tmp_path: Path, number: int, expected: type[StoreFull | StoreUnwritable]
) -> None:
    ObjectStore(tmp_path, KEY).put(ONE, b"former", durable=True)
    store = ObjectStore(tmp_path, KEY, FullDisk(number))
    with pytest.raises(expected):
        store.put(ONE, LARGE, durable=True)
    assert store.get(ONE) == b"former"
    assert len(list(only_file(tmp_path).parent.iterdir())) == 1


class RecordingCalls(FileCalls):
    """Notes which folders were waited for."""

    def __init__(self) -> None:
        self.folders: list[Path] = []

    def flush_folder(self, folder: Path) -> None:
        self.folders.append(folder)
        super().flush_folder(folder)


def settled(store: ObjectStore, number: int) -> InstanceUID:
    content = bytes([number]) * 64
    arrival, instance = store.arrive(content), InstanceUID(f"1.9.{number}")
    assert arrival is not None
    store.settle(arrival, instance, Digest(content).text)
    return instance


def test_a_transfer_waits_for_no_folder_but_once(tmp_path: Path) -> None:
    calls = RecordingCalls()
    store = ObjectStore(tmp_path / "objects", KEY, calls)
    settled(store, 0)
    made = len(calls.folders)
    assert {tmp_path / "objects", tmp_path} <= set(calls.folders)
    assert all(store.has(settled(store, number)) for number in range(1, 60))
    assert len(calls.folders) == made


def test_what_is_prepared_is_waited_for_no_more(tmp_path: Path) -> None:
    calls = RecordingCalls()
    store = ObjectStore(tmp_path / "objects", KEY, calls)
    store.prepare()
    made = len(calls.folders)
    assert made
    store.put(ONE, b"content", durable=False)
    store.prepare()
    assert len(calls.folders) == made


def test_folders_that_lack_are_made_and_what_another_process_made_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    ObjectStore(folder, KEY).put(ONE, b"held", durable=False)
    for path in [one for one in folder.iterdir() if not any(one.iterdir())][::2]:
        path.rmdir()
    calls = RecordingCalls()
    store = ObjectStore(folder, KEY, calls)
    assert not calls.folders, "a start waits for nothing"
    assert all(store.has(settled(store, number)) for number in range(60))
    assert folder in calls.folders
    assert store.get(ONE) == b"held"
