"""DICOM objects on the disk: encrypted, whole or absent, under names that tell nothing.

What is put is what is got, byte for byte, unless ``zero_preamble`` is asked for: then the 128 bytes before ``DICM``,
which a hostile sender may have made into a program, are stored as zeros, and the SHA-256 that the catalogue keeps (of
the bytes as received) is no longer that of the stored bytes. Signed objects and our own are never changed.
"""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

from viewers.identifiers import InstanceUID
from workstation.durable import SYSTEM_CALLS, TEMPORARY_SUFFIX, FileCalls, make_private_folder, write_file
from workstation.store.errors import ObjectDamaged, ObjectMissing, error_of_disk
from workstation.store.object_format import HEADER_BYTES, ObjectCipher, ObjectHeader, new_header

_PREAMBLE_BYTES = 128
_MARK = b"DICM"


class ObjectStore:
    """The objects of a profile, one file each; safe to use from several threads and processes."""

    def __init__(self, folder: Path, key: bytes, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._folder = folder
        self._key = key
        self._calls = calls

    def put(self, instance: InstanceUID, data: bytes, durable: bool, *, zero_preamble: bool = False) -> None:
        """Store one object; ``durable`` waits for the disk, which what can be fetched again does not need.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it; what was held before is then still held.
        """
        content = _without_preamble(data) if zero_preamble else data
        name = self._id(instance)
        cipher_header = new_header(len(content))
        cipher = ObjectCipher(self._key, name, cipher_header)
        path = self._path(name)
        try:
            make_private_folder(path.parent)
            write_file(path, cipher.seal(content), durable=durable, calls=self._calls)
        except OSError as error:
            raise error_of_disk(error) from error

    def get(self, instance: InstanceUID) -> bytes:
        """Return one object whole.

        Raises
        ------
        ObjectMissing
            When it is not held.
        ObjectDamaged
            When its file is not what was written: delete it and fetch it again.
        """
        name = self._id(instance)
        try:
            sealed = self._path(name).read_bytes()
        except OSError as error:
            raise _unreadable(error) from error
        header = ObjectHeader.decode(sealed)
        if len(sealed) != header.file_bytes:
            raise ObjectDamaged("file of an object was cut or lengthened")
        cipher, view = ObjectCipher(self._key, name, header), memoryview(sealed)
        return b"".join(cipher.open(index, _sealed(view, header, index)) for index in range(header.count))

    def read_range(self, instance: InstanceUID, start: int, length: int) -> bytes:
        """Return ``length`` bytes from ``start``, fewer at the end, reading only the chunks that hold them.

        Raises
        ------
        ObjectMissing, ObjectDamaged
            As ``get``.
        """
        name = self._id(instance)
        try:
            with self._path(name).open("rb") as file:
                header = ObjectHeader.decode(file.read(HEADER_BYTES))
                if file.seek(0, 2) != header.file_bytes:
                    raise ObjectDamaged("file of an object was cut or lengthened")
                end = min(start + length, header.length)
                first, last = start // header.chunk_bytes, max(start, end - 1) // header.chunk_bytes
                cipher, parts = ObjectCipher(self._key, name, header), []
                for index in range(first, last + 1 if end > start else first):
                    file.seek(header.place(index))
                    parts.append(cipher.open(index, file.read(header.sealed_bytes(index))))
        except OSError as error:
            raise _unreadable(error) from error
        offset = first * header.chunk_bytes
        return b"".join(parts)[start - offset : max(end - offset, 0)]

    def has(self, instance: InstanceUID) -> bool:
        """Whether a file for the object is there; only reading it says whether it is sound."""
        return self._path(self._id(instance)).exists()

    def delete(self, instance: InstanceUID) -> None:
        """Remove the object; one that is not held is no error."""
        try:
            self._path(self._id(instance)).unlink(missing_ok=True)
        except OSError as error:
            raise error_of_disk(error) from error

    def size_bytes(self) -> int:
        """Return the room that all objects take on the disk."""
        return sum(path.stat().st_size for path in self._files())

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("??/*") if path.suffix != TEMPORARY_SUFFIX)

    def _id(self, instance: InstanceUID) -> bytes:
        return hmac.new(self._key, b"name of object " + instance.encode("utf-8"), hashlib.sha256).digest()

    def _path(self, name: bytes) -> Path:
        text = name.hex()
        return self._folder / text[:2] / text[2:]


def _sealed(view: memoryview, header: ObjectHeader, index: int) -> memoryview:
    place = header.place(index)
    return view[place : place + header.sealed_bytes(index)]


def _without_preamble(data: bytes) -> bytes:
    if data[_PREAMBLE_BYTES : _PREAMBLE_BYTES + len(_MARK)] != _MARK:
        return data
    return bytes(_PREAMBLE_BYTES) + data[_PREAMBLE_BYTES:]


def _unreadable(error: OSError) -> ObjectMissing | ObjectDamaged:
    if isinstance(error, FileNotFoundError):
        return ObjectMissing("object not held")
    return ObjectDamaged(f"file of an object unreadable: {type(error).__name__}")
