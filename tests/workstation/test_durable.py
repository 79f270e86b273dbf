"""Files are whole or absent, whichever call to the system fails."""

import errno
import os
from pathlib import Path

import pytest

from workstation.durable import FileCalls, append_to_file, make_private_folder, write_file


class FailingCalls(FileCalls):
    """Counts the calls and lets one of them fail."""

    def __init__(self, fail_at: int) -> None:
        self.fail_at = fail_at
        self.made: list[str] = []

    def _count(self, name: str) -> None:
        self.made.append(name)
        if len(self.made) == self.fail_at:
            raise OSError(errno.EIO, "planted")

    def open(self, path: Path, flags: int, mode: int) -> int:
        self._count("open")
        return super().open(path, flags, mode)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._count("write")
        return super().write(descriptor, data[:3])

    def flush(self, descriptor: int) -> None:
        self._count("flush")
        super().flush(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._count("replace")
        super().replace(source, target)

    def flush_folder(self, folder: Path) -> None:
        self._count("flush_folder")
        super().flush_folder(folder)


def test_whichever_call_fails_the_file_is_the_former_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for fail_at in range(1, 20):
        write_file(path, (b"former",))
        calls = FailingCalls(fail_at)
        try:
            write_file(path, (b"new", b" content"), calls=calls)
        except OSError:
            reached = "replace" in calls.made[:-1]
            assert path.read_bytes() == (b"new content" if reached else b"former")
            assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
        else:
            assert path.read_bytes() == b"new content"
            assert calls.made == ["open", "write", "write", "write", "write", "flush", "replace", "flush_folder"]
            break
    else:
        pytest.fail("the write never succeeded")


def test_what_can_be_fetched_again_is_not_waited_for(tmp_path: Path) -> None:
    calls = FailingCalls(0)
    write_file(tmp_path / "file", (b"abc",), durable=False, calls=calls)
    assert calls.made == ["open", "write", "replace"]


def test_an_append_waits_for_the_disk_and_once_for_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.touch()
    first, second = FailingCalls(0), FailingCalls(0)
    append_to_file(path, b"abc", calls=first)
    append_to_file(path, b"def", is_named=True, calls=second)
    assert path.read_bytes() == b"abcdef"
    assert first.made == ["open", "write", "flush", "flush_folder"]
    assert second.made == ["open", "write", "flush"]


def test_a_new_folder_is_on_the_disk_or_not_there(tmp_path: Path) -> None:
    calls = FailingCalls(0)
    make_private_folder(tmp_path / "a" / "b", calls=calls)
    make_private_folder(tmp_path / "a" / "b", calls=calls)
    assert calls.made == ["flush_folder", "flush_folder"]
    with pytest.raises(OSError, match="planted"):
        make_private_folder(tmp_path / "c" / "d", calls=FailingCalls(2))
    assert {path.name for path in tmp_path.iterdir()} == {"a", "c"}
    assert list((tmp_path / "c").iterdir()) == []


def test_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        write_file(tmp_path / "file", (b"abc",))
        append_to_file(tmp_path / "journal", b"abc")
    finally:
        os.umask(former)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
