"""Files of encrypted objects: written whole, read in part, marked later, and destroyed with their keys.

They lie in a fixed set of folders, which are all made before the first file is written.

Destroying overwrites the salt, without which the key of the file cannot be derived even by who has the master key, and
brings that to the disk before the name goes. On a disk that moves what it overwrites elsewhere (SSD, copy-on-write
file systems, snapshots, backups) a former copy of the salt may outlive that, out of the reach of any program; against
who has such a disk and also the master key, only giving up the vault helps.
"""

import errno
import os
import secrets
import threading
from collections.abc import Sequence
from io import BytesIO, RawIOBase
from pathlib import Path

from workstation.domain.octets import Octets
from workstation.durable import SYSTEM_CALLS, FileCalls, make_private_folder, write_file
from workstation.store.errors import ObjectDamaged, ObjectMissing, StoreError, error_of_disk
from workstation.store.object_format import (
    HEADER_BYTES,
    MARKS_PLACE,
    NO_MARKS,
    SEALED_BYTES,
    TAG_BYTES,
    ObjectCipher,
    ObjectHeader,
    check_marks,
    marks_of,
    new_header,
)

# A file of few chunks is written at once, which costs the system less than piece by piece.
_AT_ONCE = 4
# Which object a file is of, and the digest of its content, ``None`` where any content will do.
Mark = tuple[bytes, str | None]


class SealedFiles:
    """Reads and writes the files of one store, in its ``folders``; safe to use from several threads and processes."""

    def __init__(self, key: bytes, folders: Sequence[str], calls: FileCalls = SYSTEM_CALLS) -> None:
        self._key = key
        self._folders = folders
        self._calls = calls
        self._buffer = _Buffer()
        self._lock = threading.Lock()
        self._has_folders = threading.Event()

    def prepare(self, root: Path) -> None:
        """Make the folders in ``root``, so that the first file does not wait for them.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk refuses.
        """
        try:
            self._make_folders(root)
        except OSError as error:
            raise error_of_disk(error) from error

    def write(self, path: Path, content: Octets, mark: Mark | None, *, durable: bool) -> ObjectHeader:
        """Write one file whole or not at all; without ``mark``, for ``settle`` to mark.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it; what lay there is then still there.
        """
        header = new_header(len(content))
        marks = NO_MARKS if mark is None else marks_of(self._key, header, *mark)
        sealed = ObjectCipher(self._key, header).seal(content, marks, self._buffer.room)
        try:
            self._make_folders(path.parent.parent)
            write_file(path, sealed, durable=durable, calls=self._calls)
        except OSError as error:
            raise error_of_disk(error) from error
        return header

    def settle(self, source: Path, header: ObjectHeader, mark: Mark, target: Path) -> None:
        """Mark a file that arrived, now that it is known what it is, and move it to its place.

        Raises
        ------
        ObjectMissing
            When it is gone.
        StoreFull, StoreUnwritable
            When the disk refuses.
        """
        try:
            descriptor = self._calls.open(source, os.O_WRONLY, 0o600)
            try:
                os.lseek(descriptor, MARKS_PLACE, os.SEEK_SET)
                self._calls.write(descriptor, memoryview(marks_of(self._key, header, *mark)))
            finally:
                os.close(descriptor)
            self._calls.replace(source, target)
        except FileNotFoundError as error:
            raise ObjectMissing("what arrived is gone") from error
        except OSError as error:
            raise error_of_disk(error) from error

    def read(self, path: Path, start: int, length: int | None, mark: Mark | None) -> bytes:
        """Return ``length`` bytes from ``start``, fewer at the end, reading only the chunks that hold them.

        Without ``length``, the whole, read from 0; without ``mark``, whatever it is.

        Raises
        ------
        ObjectMissing, ObjectDamaged
            It is not there, or not what was written.
        StoreUnwritable
            The disk does not say.
        """
        try:
            with path.open("rb", buffering=0) as file:
                header = self._header(file, mark)
                end = header.length if length is None else min(start + length, header.length)
                first, last = (0, header.count) if length is None else header.chunks(start, end)
                file.seek(header.place(first))
                content = self._opened(header, file, range(first, last))
        except OSError as error:
            raise _unreadable(error) from error
        offset = first * header.chunk_bytes
        return content if length is None else content[start - offset : max(end - offset, 0)]

    def header(self, path: Path) -> ObjectHeader:
        """Return the header of a file, whatever it is of.

        Raises
        ------
        ObjectMissing, ObjectDamaged
            It is not there, or not what was written.
        """
        try:
            with path.open("rb", buffering=0) as file:
                return self._header(file, None)
        except OSError as error:
            raise _unreadable(error) from error

    def destroy(self, path: Path) -> None:
        """Destroy the key of a file and remove it; one that is not there is no error.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk refuses; the file may then be whole or damaged.
        """
        try:
            descriptor = self._calls.open(path, os.O_WRONLY, 0o600)
            try:
                self._calls.write(descriptor, memoryview(secrets.token_bytes(HEADER_BYTES)))
                self._calls.flush(descriptor)
            finally:
                os.close(descriptor)
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise error_of_disk(error) from error

    def _make_folders(self, root: Path) -> None:
        """Make all folders in ``root`` that lack, once, and wait for the disk once: for each it takes seconds.

        It is waited for even where none lacks: who made them may have been killed before they were on the disk.
        """
        if self._has_folders.is_set():
            return
        with self._lock:
            if self._has_folders.is_set():
                return
            make_private_folder(root, calls=self._calls)
            present = {path.name for path in root.iterdir()}
            for name in self._folders:
                if name not in present:
                    (root / name).mkdir(mode=0o700, exist_ok=True)
            for folder in (root, root.parent):
                self._calls.flush_folder(folder)
            self._has_folders.set()

    def _header(self, file: RawIOBase, mark: Mark | None) -> ObjectHeader:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        start = file.read(HEADER_BYTES) or b""
        header = ObjectHeader.decode(start)
        if size != header.file_bytes:
            raise ObjectDamaged("file of an object was cut or lengthened")
        if mark is not None:
            check_marks(start, self._key, header, *mark)
        return header

    def _opened(self, header: ObjectHeader, file: RawIOBase, indices: range) -> bytes:
        """Return the content of successive chunks, from where the file stands."""
        cipher = ObjectCipher(self._key, header)
        sizes = [header.sealed_bytes(index) - TAG_BYTES for index in indices]
        content = _zeros(sum(sizes))
        with content.getbuffer() as into:
            place = 0
            for index, size in zip(indices, sizes, strict=True):
                cipher.open(index, self._buffer.filled(file, size + TAG_BYTES), into[place : place + size])
                place += size
        return content.getvalue()


class _Buffer(threading.local):
    """Room for some sealed chunks, one for each thread: fresh memory for each chunk costs more than its decryption."""

    def __init__(self) -> None:
        self.room = bytearray(HEADER_BYTES + _AT_ONCE * SEALED_BYTES)

    def filled(self, file: RawIOBase, size: int) -> memoryview:
        """Return the next ``size`` bytes of ``file``, fewer where it ends; valid until the next call."""
        room, have = memoryview(self.room)[:size], 0
        while have < size and (count := file.readinto(room[have:])):
            have += count
        return room[:have]


def _zeros(size: int) -> BytesIO:
    """Return room for ``size`` bytes that ``getvalue`` gives away without a copy."""
    content = BytesIO()
    if size:
        content.seek(size - 1)
        content.write(b"\0")
    return content


def _unreadable(error: OSError) -> StoreError:
    if isinstance(error, FileNotFoundError):
        return ObjectMissing("object not held")
    if error.errno == errno.EIO:
        return ObjectDamaged("file of an object lies on a bad place of the disk")
    # Too many open files, or no permission, say nothing of the file: it must not be taken for damaged.
    return error_of_disk(error)
