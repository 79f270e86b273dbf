"""The bytes of one encrypted object: a header, the marks of what it is, then chunks that know their place.

Each file has a key of its own (HKDF of the master key and a random salt), so a chunk's nonce is simply its number.
The associated data of a chunk name the file, the chunk, the number of chunks, the length and the version: a chunk that
was moved, exchanged, repeated or cut off does not decrypt. Two marks, codes of the master key over the header, bind the
file to its object and to the digest that the catalogue keeps: a file that was moved or exchanged, and an older file of
the same object, whole in itself, are told apart. A file that just arrived has no marks yet: nobody knows what it is.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.store.errors import ObjectDamaged

CHUNK_BYTES = 512 * 1024
TAG_BYTES = 16
SEALED_BYTES = CHUNK_BYTES + TAG_BYTES
_MAGIC = b"RQOBJECT"
_VERSION = 2
_SALT_BYTES = 32
_MARK_BYTES = 32
_HEADER = struct.Struct(f">8sHIIQ{_SALT_BYTES}s")
_PLACE = struct.Struct(">I")
MARKS_PLACE = _HEADER.size
HEADER_BYTES = _HEADER.size + 2 * _MARK_BYTES
NO_MARKS = bytes(2 * _MARK_BYTES)


@dataclass(frozen=True, slots=True)
class ObjectHeader:
    """How one object is cut: ``count`` chunks of ``chunk_bytes``, ``length`` bytes in all, with the salt of its key."""

    length: int
    salt: bytes
    chunk_bytes: int = CHUNK_BYTES

    @property
    def count(self) -> int:
        """Number of chunks; an empty object has one."""
        return max(1, -(-self.length // self.chunk_bytes))

    @property
    def file_bytes(self) -> int:
        """Size of the whole file."""
        return HEADER_BYTES + self.length + self.count * TAG_BYTES

    def encode(self) -> bytes:
        """Return the bytes that open the file, before its marks."""
        return _HEADER.pack(_MAGIC, _VERSION, self.chunk_bytes, self.count, self.length, self.salt)

    @classmethod
    def decode(cls, data: bytes | memoryview) -> "ObjectHeader":
        """Read the bytes that open a file.

        Raises
        ------
        ObjectDamaged
            When they are not what ``encode`` writes.
        """
        if len(data) < HEADER_BYTES:
            raise ObjectDamaged("file of an object is too short")
        magic, version, chunk_bytes, count, length, salt = _HEADER.unpack_from(data)
        header = cls(length, salt, chunk_bytes)
        if magic != _MAGIC or version != _VERSION or chunk_bytes != CHUNK_BYTES or header.count != count:
            raise ObjectDamaged("header of an object is not what was written")
        return header

    def place(self, index: int) -> int:
        """Return where chunk ``index`` begins in the file."""
        return HEADER_BYTES + index * (self.chunk_bytes + TAG_BYTES)

    def sealed_bytes(self, index: int) -> int:
        """Return the size of chunk ``index`` in the file."""
        return min(self.chunk_bytes, self.length - index * self.chunk_bytes) + TAG_BYTES

    def chunks(self, start: int, end: int) -> tuple[int, int]:
        """Return the chunks that hold the bytes from ``start`` up to but not with ``end``, likewise half open."""
        first = start // self.chunk_bytes
        return first, max(first, -(-end // self.chunk_bytes))


class ObjectCipher:
    """Seals and opens the chunks of one object."""

    def __init__(self, master_key: bytes, header: ObjectHeader) -> None:
        derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=header.salt, info=b"requis object")
        self._aead = AESGCM(derivation.derive(master_key))
        self._associated = header.encode()
        self._header = header

    def seal(self, data: bytes | memoryview, marks: bytes, room: bytearray) -> Iterator[memoryview]:
        """Yield the header and all chunks in pieces, as few as ``room`` allows: each lies there until the next.

        ``room`` holds the header and one chunk at least.
        """
        view, place, size = memoryview(data), memoryview(room), self._header.chunk_bytes
        used = len(self._associated) + len(marks)
        place[:used] = self._associated + marks
        for index in range(self._header.count):
            end = used + self._header.sealed_bytes(index)
            if end > len(place):
                yield place[:used]
                used, end = 0, end - used
            part = view[index * size : (index + 1) * size]
            self._aead.encrypt_into(_nonce(index), part, self._associated + _PLACE.pack(index), place[used:end])
            used = end
        yield place[:used]

    def open(self, index: int, sealed: memoryview, into: memoryview) -> None:
        """Write the content of one chunk to ``into``, which is as long as that content.

        Raises
        ------
        ObjectDamaged
            When it is not that chunk of that object, byte for byte.
        """
        if len(sealed) != len(into) + TAG_BYTES:
            raise ObjectDamaged("a chunk of an object is cut off")
        try:
            self._aead.decrypt_into(_nonce(index), sealed, self._associated + _PLACE.pack(index), into)
        except InvalidTag as error:
            raise ObjectDamaged("a chunk of an object does not decrypt") from error


def new_header(length: int) -> ObjectHeader:
    """Return the header of a new object, with a fresh salt."""
    return ObjectHeader(length, secrets.token_bytes(_SALT_BYTES))


def marks_of(master_key: bytes, header: ObjectHeader, object_id: bytes, digest: str | None) -> bytes:
    """Return the marks of a file: of the object, then of the content with that digest."""
    what = header.encode() + object_id
    of_object = hmac.digest(master_key, b"requis object " + what, hashlib.sha256)
    return of_object + hmac.digest(
        master_key, b"requis content " + what + (digest or "").encode("ascii"), hashlib.sha256
    )


def check_marks(start: bytes, master_key: bytes, header: ObjectHeader, object_id: bytes, digest: str | None) -> None:
    """Check what a file is by the bytes that open it; without ``digest``, only which object.

    Raises
    ------
    ObjectDamaged
        When it is another one.
    """
    checked = 2 * _MARK_BYTES if digest is not None else _MARK_BYTES
    expected = marks_of(master_key, header, object_id, digest)[:checked]
    if not hmac.compare_digest(start[MARKS_PLACE : MARKS_PLACE + checked], expected):
        raise ObjectDamaged("file is of another object or content")


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")
