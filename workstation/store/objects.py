"""DICOM objects on the disk: encrypted, whole or absent, under names that tell nothing.

What is put is what is got, byte for byte, unless ``zero_preamble`` is asked for: then the 128 bytes before ``DICM``,
which a hostile sender may have made into a program, are stored as zeros, and the SHA-256 that the catalogue keeps (of
the bytes as received) is no longer that of the stored bytes. Signed objects and our own are never changed.

Deleting destroys the key: the salt, without which the key of the file cannot be derived even by who has the master key,
is overwritten and brought to the disk before the name goes. On a disk that moves what it overwrites elsewhere (SSD,
copy-on-write file systems, snapshots, backups) a former copy of the salt may outlive that, out of the reach of any
program; against who has such a disk and also the master key, only giving up the vault helps.
"""

import errno
import hashlib
import hmac
import os
import secrets
import shutil
import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from io import BytesIO, RawIOBase
from pathlib import Path

from viewers.identifiers import InstanceUID
from workstation.durable import SYSTEM_CALLS, TEMPORARY_SUFFIX, FileCalls, make_private_folder, write_file
from workstation.store.errors import ObjectDamaged, ObjectMissing, StoreError, error_of_disk
from workstation.store.object_format import (
    HEADER_BYTES,
    SEALED_BYTES,
    TAG_BYTES,
    ObjectCipher,
    ObjectHeader,
    content_mark,
    new_header,
)

_PREAMBLE_BYTES = 128
_MARK = b"DICM"


class ObjectStore:
    """The objects of a profile, one file each; safe to use from several threads and processes."""

    def __init__(self, folder: Path, key: bytes, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._folder = folder
        self._key = key
        self._calls = calls
        self._buffer = _Buffer()

    def put(
        self,
        instance: InstanceUID,
        data: bytes,
        durable: bool,
        *,
        zero_preamble: bool = False,
        sha256: str | None = None,
    ) -> None:
        """Store one object; ``durable`` waits for the disk, which what can be fetched again does not need.

        ``sha256`` is the digest of ``data`` where it is known already; otherwise it is computed.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it; what was held before is then still held.
        """
        name = self._id(instance)
        mark = content_mark(self._key, name, sha256 or hashlib.sha256(data).hexdigest())
        content = _without_preamble(data) if zero_preamble else data
        cipher = ObjectCipher(self._key, name, new_header(len(content), mark))
        path = self._path(name)
        try:
            is_new_folder = durable and not path.parent.exists()
            make_private_folder(path.parent)
            write_file(path, cipher.seal(content, self._buffer.room), durable=durable, calls=self._calls)
            if is_new_folder:
                self._calls.flush_folder(self._folder)
                self._calls.flush_folder(self._folder.parent)
        except OSError as error:
            raise error_of_disk(error) from error

    def get(self, instance: InstanceUID, sha256: str | None = None) -> bytes:
        """Return one object whole; with ``sha256``, only if it is of the content that has that digest.

        Raises
        ------
        ObjectMissing
            When it is not held.
        ObjectDamaged
            When its file is not what was written: delete it and fetch it again.
        """
        return self._read(instance, 0, None, sha256)

    def read_range(self, instance: InstanceUID, start: int, length: int, sha256: str | None = None) -> bytes:
        """Return ``length`` bytes from ``start``, fewer at the end, reading only the chunks that hold them.

        Raises
        ------
        ObjectMissing, ObjectDamaged
            As ``get``.
        """
        return self._read(instance, start, length, sha256)

    def has(self, instance: InstanceUID) -> bool:
        """Whether a file for the object is there; only reading it says whether it is sound."""
        return self._path(self._id(instance)).exists()

    def is_sound(self, instance: InstanceUID, sha256: str, *, whole: bool = False) -> bool:
        """Whether the object is held as the content with that digest; ``whole`` also decrypts every chunk of it.

        Raises
        ------
        StoreUnwritable
            When the disk does not say.
        """
        try:
            self._read(instance, 0, None if whole else 0, sha256)
        except (ObjectDamaged, ObjectMissing):
            return False
        return True

    def delete(self, instance: InstanceUID) -> None:
        """Destroy the key of the object and remove its file; one that is not held is no error.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk refuses; the object may then be held or damaged.
        """
        self._erase(self._path(self._id(instance)))

    def file_bytes(self, instance: InstanceUID) -> int | None:
        """Return the room that one object takes on the disk, or ``None`` when it is not held."""
        try:
            return self._path(self._id(instance)).stat().st_size
        except OSError:
            return None

    def sweep(self, known: Collection[InstanceUID], before: float) -> int:
        """Erase files last written before ``before`` (seconds since 1970) that are of no known object; count them.

        Such files are left by a process that was killed: half-written ones, and objects that no catalogue learnt of.
        """
        names = {self._path(self._id(instance)) for instance in known}
        swept = 0
        for path in [*self._folder.glob("??/*")]:
            with suppress(FileNotFoundError):
                if path not in names and path.stat().st_mtime < before:
                    self._erase(path)
                    swept += 1
        return swept

    def is_there(self) -> bool:
        """Whether the folder of the objects is there; without it, nothing can be said of any object."""
        return self._folder.is_dir()

    def free_bytes(self) -> int:
        """Return the room that is left on the disk of the objects."""
        return shutil.disk_usage(self._folder if self._folder.is_dir() else self._folder.parent).free

    def size_bytes(self) -> int:
        """Return the room that all objects take on the disk."""
        return sum(path.stat().st_size for path in self._files())

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("??/*") if path.suffix != TEMPORARY_SUFFIX)

    def _read(self, instance: InstanceUID, start: int, length: int | None, sha256: str | None) -> bytes:
        name = self._id(instance)
        try:
            with self._path(name).open("rb", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
                header = self._header(name, file.read(HEADER_BYTES), size, sha256)
                end = header.length if length is None else min(start + length, header.length)
                first, last = (0, header.count) if length is None else header.chunks(start, end)
                file.seek(header.place(first))
                content = self._opened(ObjectCipher(self._key, name, header), header, file, range(first, last))
        except OSError as error:
            raise _unreadable(error) from error
        offset = first * header.chunk_bytes
        return content if length is None else content[start - offset : max(end - offset, 0)]

    def _opened(self, cipher: ObjectCipher, header: ObjectHeader, file: RawIOBase, indices: range) -> bytes:
        """Return the content of successive chunks, from where the file stands."""
        sizes = [header.sealed_bytes(index) - TAG_BYTES for index in indices]
        content = _zeros(sum(sizes))
        with content.getbuffer() as into:
            place = 0
            for index, size in zip(indices, sizes, strict=True):
                cipher.open(index, self._buffer.filled(file, size + TAG_BYTES), into[place : place + size])
                place += size
        return content.getvalue()

    def _header(self, name: bytes, start: bytes | memoryview, file_bytes: int, sha256: str | None) -> ObjectHeader:
        header = ObjectHeader.decode(start)
        if file_bytes != header.file_bytes:
            raise ObjectDamaged("file of an object was cut or lengthened")
        if sha256 is not None and not hmac.compare_digest(header.mark, content_mark(self._key, name, sha256)):
            raise ObjectDamaged("file of an object is of another content")
        return header

    def _erase(self, path: Path) -> None:
        try:
            descriptor = self._calls.open(path, os.O_WRONLY, 0o600)
        except FileNotFoundError:
            return
        except OSError as error:
            raise error_of_disk(error) from error
        try:
            try:
                self._calls.write(descriptor, memoryview(secrets.token_bytes(HEADER_BYTES)))
                self._calls.flush(descriptor)
            finally:
                os.close(descriptor)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise error_of_disk(error) from error

    def _id(self, instance: InstanceUID) -> bytes:
        return hmac.new(self._key, b"name of object " + instance.encode("utf-8"), hashlib.sha256).digest()

    def _path(self, name: bytes) -> Path:
        text = name.hex()
        return self._folder / text[:2] / text[2:]


class _Buffer(threading.local):
    """Room for one sealed chunk, one for each thread: fresh memory for each chunk costs more than its decryption."""

    def __init__(self) -> None:
        self.room = bytearray(SEALED_BYTES)

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


def _without_preamble(data: bytes) -> bytes:
    if data[_PREAMBLE_BYTES : _PREAMBLE_BYTES + len(_MARK)] != _MARK:
        return data
    return bytes(_PREAMBLE_BYTES) + data[_PREAMBLE_BYTES:]


def _unreadable(error: OSError) -> StoreError:
    if isinstance(error, FileNotFoundError):
        return ObjectMissing("object not held")
    if error.errno == errno.EIO:
        return ObjectDamaged("file of an object lies on a bad place of the disk")
    # Too many open files, or no permission, say nothing of the file: it must not be taken for damaged.
    return error_of_disk(error)
