"""Heads of the audit log, kept outside the database: one sealed line for each, in a file that only grows.

The seals are chained under a key of their own. What that finds: a database that was exchanged for an older copy, cut
short, or written again, by whoever has the database but not this file and its key. It does not find who holds the open
vault and rewrites both, or puts both back to the same older copy. Against that, every signed report carries the head of
its moment to the hub, under the doctor's signature; ``requis audit verify --report`` checks the log against it.

A database that was repaired from a backup has lost lines honestly. Its log says so in a line of its own, and the first
head that is kept after it names that line: heads from before, of lines that the repair has lost, accuse nobody then.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workstation.audit.chain import GENESIS, AuditHead
from workstation.durable import SYSTEM_CALLS, FileCalls, append_to_file, make_private_folder
from workstation.store.errors import error_of_disk

_FIELDS = 4
_TAIL_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the file holds: the heads, and the last head before the first line that is not what was written.

    ``lost`` counts the lines that were there and that repairs could not bring back.
    """

    heads: tuple[AuditHead, ...] = ()
    damaged_after: int | None = None
    lost: int = 0


class AnchorFile:
    """Appends heads and reads them back.

    Whoever appends has committed the line before, and holds the write transaction of the database, so that two
    processes never append at once.
    """

    def __init__(self, path: Path, key: bytes, *, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._path = path
        self._key = key
        self._calls = calls

    def append(self, head: AuditHead, repaired_at: int = 0) -> None:
        """Keep one head; it has reached the disk on return.

        ``repaired_at`` is the line that tells of a repair since the head before, 0 for none.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it.
        """
        try:
            make_private_folder(self._path.parent)
            text = self._tail()
            seal = self._seal(_last_seal(text.splitlines()), _Record(head, repaired_at))
            # A line that was torn by a power cut is closed, so that the next one stands alone.
            begin = "" if not text or text.endswith("\n") else "\n"
            line = f"{begin}{head.seq} {head.mac} {repaired_at} {seal}\n"
            append_to_file(self._path, line.encode("ascii"), calls=self._calls)
        except OSError as error:
            raise error_of_disk(error) from error

    def read(self) -> Anchors:
        """Return what the file holds; a missing one is empty.

        Raises
        ------
        StoreUnwritable
            When the disk does not give it.
        """
        try:
            lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return Anchors()
        except OSError as error:
            raise error_of_disk(error) from error
        heads: list[AuditHead] = []
        damaged_after: int | None = None
        seal, lost = GENESIS, 0
        for line in lines:
            record, found = _parsed(line)
            if record is None:
                # Torn by a power cut, or made unreadable: then the next seal does not follow, or the last head is gone.
                continue
            if hmac.compare_digest(self._seal(seal, record), found):
                if record.repaired_at:
                    lost += max(0, max((head.seq for head in heads), default=0) - record.repaired_at + 1)
                    heads = [head for head in heads if head.seq < record.repaired_at]
                heads.append(record.head)
            elif damaged_after is None:
                damaged_after = heads[-1].seq if heads else 0
            seal = found
        return Anchors(tuple(heads), damaged_after, lost)

    def _tail(self) -> str:
        """Return the last few lines, the first of them perhaps in part."""
        if not self._path.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - _TAIL_BYTES))
            return file.read().decode("ascii", errors="replace")

    def _seal(self, previous: str, record: "_Record") -> str:
        text = f"{previous} {record.head.seq} {record.head.mac} {record.repaired_at}"
        return hmac.digest(self._key, text.encode("ascii"), "sha256").hex()


@dataclass(frozen=True, slots=True)
class _Record:
    head: AuditHead
    repaired_at: int


def _parsed(line: str) -> tuple[_Record | None, str]:
    parts = line.split(" ")
    if len(parts) != _FIELDS or not line.isascii() or len(parts[3]) != len(GENESIS):
        return None, ""
    if not (parts[0].isdigit() and parts[2].isdigit()):
        return None, ""
    return _Record(AuditHead(int(parts[0]), parts[1]), int(parts[2])), parts[3]


def _last_seal(lines: Iterable[str]) -> str:
    found = GENESIS
    for line in lines:
        found = _parsed(line)[1] or found
    return found
