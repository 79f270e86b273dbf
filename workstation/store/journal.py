"""The journal of drafts: every saved version, sealed and appended, so that a lost database loses no word.

Each record holds a draft and, on further lines, the steps of its history that are not in an earlier record.

It is a plain sequence of records; one that is damaged is skipped and the next one is found by its mark. Whoever appends
holds the write transaction of the database, so that two processes never do so at once.
"""

import secrets
import struct
import zlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.domain.identifiers import DraftId
from workstation.domain.report import Change, Draft, DraftState, Step
from workstation.durable import (
    SYSTEM_CALLS,
    FileCalls,
    FlushRefused,
    append_to_file,
    make_private_folder,
    write_file,
)
from workstation.store.errors import RecordDamaged, error_of_disk
from workstation.store.records import draft_from_json, draft_to_json
from workstation.store.step_records import step_from_json, step_to_json

COMPACT_ABOVE_BYTES = 16 * 1024 * 1024
KEEP_SIGNED = timedelta(days=30)
_HEAD = struct.Struct(">8sI")
_MARK = b"RQDRAFT1"
_NONCE_BYTES = 12
_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class JournalContent:
    """What a journal gives back: the last version of each draft, and how many stretches of it are damaged."""

    drafts: tuple[Draft, ...]
    damaged: int


class DraftJournal:
    """Appends versions of drafts to one file and reads them back."""

    def __init__(
        self, path: Path, key: bytes, *, compact_above: int = COMPACT_ABOVE_BYTES, calls: FileCalls = SYSTEM_CALLS
    ) -> None:
        self._path = path
        self._aead = AESGCM(key)
        self._compact_above = compact_above
        self._calls = calls
        self._is_named = False
        self._is_in_doubt = False

    def append(self, draft: Draft, fresh: tuple[Step, ...] = ()) -> None:
        """Keep one version, with the steps that no earlier one had; it has reached the disk on return.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it.
        """
        try:
            make_private_folder(self._path.parent)
            self._append(self._seal(draft, fresh))
            if self._path.stat().st_size > self._compact_above:
                self._compact()
        except OSError as error:
            raise error_of_disk(error) from error

    def recover(self) -> tuple[Draft, ...]:
        """Return the last version of every draft, in the order in which they were last saved."""
        return self.content().drafts

    def content(self) -> JournalContent:
        """Read the whole journal; a missing one is empty."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return JournalContent((), 0)
        except OSError as error:
            raise error_of_disk(error) from error
        return self._read(data)

    def _append(self, record: bytes) -> None:
        if self._is_in_doubt:
            self._compact()
            self._is_in_doubt = False
        try:
            append_to_file(self._path, record, is_named=self._is_named, calls=self._calls)
        except FlushRefused:
            # The system may take the lost pages for written: only a new file can be trusted again.
            self._is_in_doubt = True
            raise
        self._is_named = True

    def _compact(self) -> None:
        drafts = self.recover()
        newest = max((draft.saved for draft in drafts), default=None)
        kept = [
            self._seal(draft, draft.history.steps)
            for draft in drafts
            if draft.state is DraftState.OPEN or newest is None or newest - draft.saved < KEEP_SIGNED
        ]
        write_file(self._path, kept, calls=self._calls)
        self._compact_above = max(self._compact_above, 4 * sum(map(len, kept)))

    def _seal(self, draft: Draft, fresh: tuple[Step, ...]) -> bytes:
        lines = (draft_to_json(draft), *map(step_to_json, fresh))
        content = zlib.compress("\n".join(lines).encode("ascii"), 1)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _HEAD.pack(_MARK, len(content)) + nonce + self._aead.encrypt(nonce, content, _MARK)

    def _read(self, data: bytes) -> JournalContent:
        drafts: dict[DraftId, Draft] = {}
        steps: dict[DraftId, dict[int, Change]] = {}
        damaged = good_until = 0
        place = data.find(_MARK)
        while place >= 0:
            draft, end = self._open(data, place, steps)
            if draft is not None:
                damaged += place != good_until
                good_until = end
                drafts.pop(draft.id, None)
                drafts[draft.id] = draft
            place = data.find(_MARK, end)
        return JournalContent(tuple(drafts.values()), damaged + (good_until != len(data)))

    def _open(self, data: bytes, place: int, known: dict[DraftId, dict[int, Change]]) -> tuple[Draft | None, int]:
        """Return the draft at ``place``, or ``None``, and where the next mark may be; note its steps in ``known``."""
        body = place + _HEAD.size
        length = _HEAD.unpack_from(data, place)[1] if body <= len(data) else _LIMIT_BYTES
        end = body + _NONCE_BYTES + length + 16
        if length >= _LIMIT_BYTES or end > len(data):
            return None, place + len(_MARK)
        try:
            content = self._aead.decrypt(data[body : body + _NONCE_BYTES], data[body + _NONCE_BYTES : end], _MARK)
            text, *lines = zlib.decompress(content).decode("ascii").split("\n")
            fresh = {step.number: step.change for step in map(step_from_json, lines)}
            return draft_from_json(text, lambda draft: _noted(known, draft, fresh)), end
        except (InvalidTag, zlib.error, UnicodeDecodeError, RecordDamaged):
            return None, place + len(_MARK)


def _noted(known: dict[DraftId, dict[int, Change]], draft: DraftId, fresh: dict[int, Change]) -> dict[int, Change]:
    steps = known.setdefault(draft, {})
    steps.update(fresh)
    return steps
