"""What was signed, kept apart from the database: one sealed file for each signed draft, with its frozen objects.

A file is written after the transaction that signed, never before: what it holds was signed for certain. It is made good
at the next start when a crash came between.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import Completion, DeliveryState, ObjectRole, SignedObject
from workstation.domain.identifiers import DraftId, HubName, RequestId, TransactionUID
from workstation.domain.report import Draft
from workstation.durable import SYSTEM_CALLS, FileCalls, make_private_folder, write_file
from workstation.store.errors import RecordDamaged, error_of_disk
from workstation.store.fields import Fields, JsonObject, encode
from workstation.store.records import draft_from_json, draft_to_json
from workstation.store.study_records import reference_from_fields, reference_to_object

_VERSION = 1
_MARK = b"RQSIGN01"
_LENGTH = struct.Struct(">I")
_NONCE_BYTES = 12
_SUFFIX = ".sealed"


@dataclass(frozen=True, slots=True)
class Signing:
    """One act of signing: the draft as it was closed, its objects in the order of their push, and whom they go to.

    ``state`` is held or cancelled where the reader has decided so since.
    """

    draft: Draft
    request: RequestId | None
    hub: HubName
    objects: tuple[SignedObject, ...]
    demonstration: bool
    completion: Completion | None = None
    state: DeliveryState = DeliveryState.PENDING


class SignedCopies:
    """The sealed files of one profile."""

    def __init__(self, folder: Path, key: bytes, calls: FileCalls = SYSTEM_CALLS) -> None:
        self._folder = folder
        self._key = key
        self._aead = AESGCM(key)
        self._calls = calls

    def keep(self, signing: Signing) -> None:
        """Write one; it has reached the disk on return.

        Raises
        ------
        StoreFull, StoreUnwritable
            When the disk does not take it.
        """
        path = self._path(signing.draft.id)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        header = encode(_to_object(signing)).encode("ascii")
        content = b"".join((_LENGTH.pack(len(header)), header, *(one.part10 for one in signing.objects)))
        try:
            make_private_folder(self._folder)
            sealed = self._aead.encrypt(nonce, content, _MARK + path.name.encode("ascii"))
            write_file(path, (_MARK, nonce, sealed), calls=self._calls)
        except OSError as error:
            raise error_of_disk(error) from error

    def has(self, draft: DraftId) -> bool:
        """Whether the file of a draft is there."""
        return self._path(draft).exists()

    def forget(self, draft: DraftId) -> None:
        """Remove the file of a draft; one that is not there is no error."""
        try:
            self._path(draft).unlink(missing_ok=True)
        except OSError as error:
            raise error_of_disk(error) from error

    def readable(self, *, but: Iterable[DraftId] = ()) -> Iterator[Signing]:
        """Give what can be read back, one after the other, without the files of the drafts in ``but``.

        Damaged files and those under other keys are left out.
        """
        known = {self._path(draft) for draft in but}
        try:
            for path in sorted(set(self._folder.glob(f"*{_SUFFIX}")) - known):
                signing = self._open(path.name, path.read_bytes())
                if signing is not None:
                    yield signing
        except OSError as error:
            raise error_of_disk(error) from error

    def _open(self, name: str, data: bytes) -> Signing | None:
        nonce, sealed = data[len(_MARK) : len(_MARK) + _NONCE_BYTES], data[len(_MARK) + _NONCE_BYTES :]
        if not data.startswith(_MARK) or len(nonce) < _NONCE_BYTES:
            return None
        try:
            content = self._aead.decrypt(nonce, sealed, _MARK + name.encode("utf-8"))
            start = _LENGTH.size + int(_LENGTH.unpack_from(content)[0])
            fields = Fields.parse(content[_LENGTH.size : start].decode("ascii"), _VERSION)
            return _from_fields(fields, memoryview(content)[start:])
        except (InvalidTag, struct.error, UnicodeDecodeError, RecordDamaged):
            return None

    def _path(self, draft: DraftId) -> Path:
        name = hmac.new(self._key, b"name of " + draft.encode("utf-8"), hashlib.sha256).hexdigest()[:32]
        return self._folder / f"{name}{_SUFFIX}"


def _to_object(signing: Signing) -> JsonObject:
    return {
        "version": _VERSION,
        "draft": draft_to_json(signing.draft),
        "request": signing.request,
        "hub": signing.hub,
        "demonstration": signing.demonstration,
        "state": signing.state.value,
        "objects": [_object(one) for one in signing.objects],
        "completion": None if signing.completion is None else _completion(signing.completion),
    }


def _object(one: SignedObject) -> JsonObject:
    return {
        "role": one.role.value,
        "study": one.study,
        "series": one.series,
        "instance": one.instance,
        "sop_class": one.sop_class,
        "sha256": one.sha256,
        "length": len(one.part10),
    }


def _completion(completion: Completion) -> JsonObject:
    return {
        "request": completion.request,
        "hub": completion.hub,
        "transaction": completion.transaction,
        "outputs": [reference_to_object(output) for output in completion.outputs],
        "started": completion.started.isoformat(),
        "ended": completion.ended.isoformat(),
    }


def _from_fields(fields: Fields, bodies: memoryview) -> Signing:
    request = fields.optional_text("request")
    draft = draft_from_json(fields.text("draft"))
    completion = fields.optional_record("completion")
    return Signing(
        draft=draft,
        request=None if request is None else RequestId(request),
        hub=HubName(fields.text("hub")),
        objects=tuple(_read_objects(fields.records("objects"), bodies)),
        demonstration=fields.boolean("demonstration"),
        completion=None if completion is None else _read_completion(draft.id, completion),
        state=DeliveryState(fields.optional_text("state") or DeliveryState.PENDING),
    )


def _read_objects(records: tuple[Fields, ...], bodies: memoryview) -> Iterator[SignedObject]:
    start = 0
    for fields in records:
        end = start + fields.integer("length")
        part10, sha256 = bytes(bodies[start:end]), fields.text("sha256")
        if hashlib.sha256(part10).hexdigest() != sha256:
            raise RecordDamaged("an object does not have its digest")
        yield SignedObject(
            role=fields.choice("role", ObjectRole),
            study=StudyUID(fields.text("study")),
            series=SeriesUID(fields.text("series")),
            instance=InstanceUID(fields.text("instance")),
            sop_class=fields.text("sop_class"),
            part10=part10,
            sha256=sha256,
        )
        start = end


def _read_completion(draft: DraftId, fields: Fields) -> Completion:
    return Completion(
        draft=draft,
        request=RequestId(fields.text("request")),
        hub=HubName(fields.text("hub")),
        transaction=TransactionUID(fields.text("transaction")),
        outputs=tuple(reference_from_fields(one) for one in fields.records("outputs")),
        started=fields.time("started"),
        ended=fields.time("ended"),
    )
