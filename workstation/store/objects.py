"""DICOM objects on the disk: encrypted, whole or absent, under names that tell nothing.

What is put is what is got, byte for byte, unless ``zero_preamble`` is asked for: then the 128 bytes before ``DICM``,
which a hostile sender may have made into a program, are stored as zeros, and the digest that the catalogue keeps (of
the bytes as received) is no longer that of the stored bytes. Signed objects and our own are never changed.

What comes from a hub is stored as it arrives, before a worker has said what it is, and named afterwards: who is killed
meanwhile fetches nothing of it again.
"""

import hashlib
import hmac
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from viewers.identifiers import InstanceUID
from workstation.domain.digest import Digest
from workstation.domain.octets import Octets
from workstation.durable import SYSTEM_CALLS, TEMPORARY_SUFFIX, FileCalls
from workstation.store.errors import ObjectDamaged, ObjectMissing
from workstation.store.object_format import ObjectHeader
from workstation.store.sealed_files import SealedFiles

_ARRIVED = "arrived"
_FOLDERS = (_ARRIVED, *(f"{number:02x}" for number in range(256)))
_PREAMBLE_BYTES = 128
_MARK = b"DICM"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The file of an object that arrived and is not known yet."""

    path: Path
    header: ObjectHeader


class ObjectStore:
    """The objects of a profile, one file each; safe to use from several threads and processes."""

    def __init__(self, folder: Path, key: bytes, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._folder = folder
        self._key = key
        self._files = SealedFiles(key, _FOLDERS, calls)

    def prepare(self) -> None:
        """Make the folders of the objects beforehand: the disk is waited for once in a process.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take them.
        """
        self._files.prepare(self._folder)

    def put(
        self,
        instance: InstanceUID,
        data: Octets,
        durable: bool,
        *,
        zero_preamble: bool = False,
        digest: str | None = None,
    ) -> None:
        """Store one object; ``durable`` waits for the disk, which what can be fetched again does not need.

        ``digest`` is the text of the digest of ``data`` where it is known already; otherwise it is made.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it; what was held before is then still held.
        """
        text = digest or Digest(data).text
        content = _without_preamble(data) if zero_preamble else data
        named = self._id(instance)
        self._files.write(self._named(named), content, (named, text), durable=durable)

    def arrive(self, data: Octets) -> Arrival | None:
        """Store an object as it arrives; ``None``, and nothing stored, when its preamble must not be kept as it is.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it.
        """
        if _has_preamble(data):
            return None
        path = self._folder / _ARRIVED / secrets.token_hex(16)
        return Arrival(path, self._files.write(path, data, None, durable=False))

    def settle(self, arrival: Arrival, instance: InstanceUID, digest: str) -> None:
        """Give what arrived its place among the objects, once it is known what it is.

        Raises
        ------
        ObjectMissing
            It is gone.
        StoreFull, StoreUnwritable
            When the disk refuses.
        """
        named = self._id(instance)
        self._files.settle(arrival.path, arrival.header, (named, digest), self._named(named))

    def discard(self, arrival: Arrival) -> None:
        """Destroy what arrived and is not wanted; what has settled is no error."""
        self._files.destroy(arrival.path)

    def arrivals(self) -> Iterator[tuple[Arrival, bytes]]:
        """Yield what arrived and never settled, with its content; what is torn is left out."""
        for path in sorted((self._folder / _ARRIVED).glob("*")):
            with suppress(ObjectDamaged, ObjectMissing):
                yield Arrival(path, self._files.header(path)), self._files.read(path, 0, None, None)

    def get(self, instance: InstanceUID, digest: str | None = None) -> bytes:
        """Return one object whole; with ``digest``, only if it is of the content that has that digest.

        Raises
        ------
        ObjectMissing
            When it is not held.
        ObjectDamaged
            When its file is not what was written: delete it and fetch it again.
        """
        return self._read(instance, 0, None, digest)

    def read_range(self, instance: InstanceUID, start: int, length: int, digest: str | None = None) -> bytes:
        """Return ``length`` bytes from ``start``, fewer at the end, reading only the chunks that hold them.

        Raises
        ------
        ObjectMissing, ObjectDamaged
            As ``get``.
        """
        return self._read(instance, start, length, digest)

    def has(self, instance: InstanceUID) -> bool:
        """Whether a file for the object is there; only reading it says whether it is sound."""
        return self._path(instance).exists()

    def is_sound(self, instance: InstanceUID, digest: str, *, whole: bool = False) -> bool:
        """Whether the object is held as the content with that digest; ``whole`` also decrypts every chunk of it.

        Raises
        ------
        StoreUnwritable
            When the disk does not say.
        """
        try:
            self._read(instance, 0, None if whole else 0, digest)
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
        self._files.destroy(self._path(instance))

    def file_bytes(self, instance: InstanceUID) -> int | None:
        """Return the room that one object takes on the disk, or ``None`` when it is not held."""
        try:
            return self._path(instance).stat().st_size
        except OSError:
            return None

    def sweep(self, known: Collection[InstanceUID], before: float, *, since: float = 0.0) -> int:
        """Erase files last written before ``before`` and not before ``since`` (seconds since 1970) of no known object.

        Such files are left by a process that was killed: half-written ones, and objects that no catalogue learnt of.
        Return how many were erased.
        """
        names = {self._path(instance) for instance in known}
        swept = 0
        for path in [*self._folder.glob("*/*")]:
            with suppress(FileNotFoundError):
                if path not in names and since <= path.stat().st_mtime < before:
                    self._files.destroy(path)
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
        return sum(path.stat().st_size for path in self._folder.glob("*/*") if path.suffix != TEMPORARY_SUFFIX)

    def _read(self, instance: InstanceUID, start: int, length: int | None, digest: str | None) -> bytes:
        named = self._id(instance)
        return self._files.read(self._named(named), start, length, (named, digest))

    def _id(self, instance: InstanceUID) -> bytes:
        return hmac.digest(self._key, b"name of object " + instance.encode("utf-8"), hashlib.sha256)

    def _path(self, instance: InstanceUID) -> Path:
        return self._named(self._id(instance))

    def _named(self, object_id: bytes) -> Path:
        name = object_id.hex()
        return Path(f"{self._folder}/{name[:2]}/{name[2:]}")


def _has_preamble(data: Octets) -> bool:
    is_marked = data[_PREAMBLE_BYTES : _PREAMBLE_BYTES + len(_MARK)] == _MARK
    return is_marked and data[:_PREAMBLE_BYTES] != bytes(_PREAMBLE_BYTES)


def _without_preamble(data: Octets) -> Octets:
    return b"".join((bytes(_PREAMBLE_BYTES), data[_PREAMBLE_BYTES:])) if _has_preamble(data) else data
