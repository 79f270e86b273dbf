"""Replies of a worker to records, checked: a worker that met hostile bytes may itself no longer tell the truth."""

import json
import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import DecodeRefused, DecodingError, Malformed, Unidentified, WorkerLost, refusal
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.process import Answer
from workstation.decoding.received import ReadyValues, ReceivedInstance
from workstation.decoding.stored_bits import is_within
from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block, Entry, Grid, Heading
from workstation.domain.digest import Digest
from workstation.domain.octets import Octets

_UID = re.compile(r"[0-9.]{1,64}")
_DTYPES = frozenset({"|u1", "|i1", "<u1", "<i1", "<u2", "<i2", "<u4", "<i4", "<f4", "<f8"})


def received_of(answer: Answer, part10: Octets) -> ReceivedInstance:
    """Return what the worker read.

    Raises
    ------
    Unidentified
        An identifier is missing or is no UID.
    """
    fields = answer.fields
    try:
        header = Header.parse(answer.body)
    except MalformedHeader as error:
        raise Malformed("header") from error
    frames = fields.get("frames")
    if not isinstance(frames, int):
        raise WorkerLost("a reply that is none")
    meta = _text(fields, "meta_instance")
    return ReceivedInstance(
        study=StudyUID(_uid(fields, "study")),
        series=SeriesUID(_uid(fields, "series")),
        instance=InstanceUID(_uid(fields, "instance")),
        sop_class=_uid(fields, "sop_class"),
        transfer_syntax=_uid(fields, "transfer_syntax"),
        header=header,
        digest=Digest(part10),
        frames=frames,
        document=_document(answer, part10),
        meta_instance=InstanceUID(meta) if meta else None,
        ready=_ready(answer, part10),
    )


def received_each(answer: Answer, part10s: Sequence[Octets]) -> list[ReceivedInstance | DecodingError | None]:
    """Return what the worker read of several objects, or why it read one of them not; ``None`` where it needs more."""
    found = answer.fields.get("found")
    if not isinstance(found, list) or len(found) != len(part10s):
        raise WorkerLost("a reply that is none")
    each: list[ReceivedInstance | DecodingError | None] = []
    start = 0
    for fields, part10 in zip(found, part10s, strict=True):
        size = fields.get("header") if isinstance(fields, dict) else None
        if not _is_count(size):
            raise WorkerLost("a reply that is none")
        if needs_more(fields):
            each.append(None)
        elif fields.get("refused"):
            each.append(refusal(*(_text(fields, name) for name in ("key", "why", "name"))))
        else:
            each.append(_received_or_refusal(Answer(fields, answer.body[start : start + size], None), part10))
        start += size
    return each


def needs_more(fields: Mapping[str, Any]) -> bool:
    """Whether what the worker was given of an object does not suffice to read it."""
    return fields.get("more") is True


def _received_or_refusal(answer: Answer, part10: Octets) -> ReceivedInstance | DecodingError:
    try:
        return received_of(answer, part10)
    except DecodeRefused as error:
        return error


def pixels_of(answer: Answer, source: Octets, limits: DecodeLimits) -> NDArray[np.generic] | None:
    """Return the decoded values, read-only: a view of ``source`` where they lie in it ready-made."""
    place = answer.fields.get("pixels")
    if place is None:
        return None
    shape, dtype = _shape_and_type(place)
    count = prod(shape)
    if count * np.dtype(dtype).itemsize > limits.total_bytes:
        raise WorkerLost("larger than allowed")
    buffer, offset = _bytes(answer, source, place, count * np.dtype(dtype).itemsize)
    pixels: NDArray[np.generic] = np.frombuffer(buffer, dtype, count, offset).reshape(shape)
    pixels.flags.writeable = False
    return pixels


def _ready(answer: Answer, part10: Octets) -> ReadyValues | None:
    place = answer.fields.get("ready")
    if place is None:
        return None
    shape, dtype = _shape_and_type(place)
    _, offset = _bytes(answer, part10, place, prod(shape) * np.dtype(dtype).itemsize)
    if place.get("from") != "input":
        raise WorkerLost("ready values that are not in what was given")
    ready = ReadyValues(offset, shape, dtype)
    return ready if is_within(ready.of(part10), _bounds(place.get("range"))) else None


def _bounds(found: Any) -> tuple[int, int] | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(bound, int) for bound in found):
        raise WorkerLost("bounds that are none")
    return found[0], found[1]


def _shape_and_type(place: Any) -> tuple[tuple[int, ...], str]:
    if not isinstance(place, dict):
        raise WorkerLost("a reply that is none")
    shape, dtype = place.get("shape"), place.get("dtype")
    if not isinstance(shape, list) or not 3 <= len(shape) <= 4 or not all(_is_count(size) for size in shape):
        raise WorkerLost("a shape that is none")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise WorkerLost("a type that is none")
    return tuple(shape), dtype


def pages_of(answer: Answer) -> int:
    """Return a number of pages."""
    pages = answer.fields.get("pages")
    if not _is_count(pages):
        raise WorkerLost("a reply that is none")
    return pages


def blocks_of(answer: Answer) -> tuple[Block, ...]:
    """Return the plain blocks of a document."""
    try:
        found = json.loads(answer.body)
        return tuple(_block(one) for one in found)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise WorkerLost("blocks that are none") from error


def _block(found: list[Any]) -> Block:
    match found:
        case ["heading", int(level), str(text)]:
            return Heading(level, text)
        case ["entry", int(depth), str(name), str(text)]:
            return Entry(depth, name, text)
        case ["grid", list(columns), list(rows)]:
            return Grid(tuple(map(str, columns)), tuple(tuple(map(str, row)) for row in rows))
    raise ValueError("no such block")


def _document(answer: Answer, part10: Octets) -> bytes | None:
    place = answer.fields.get("document")
    if place is None:
        return None
    size = place.get("bytes") if isinstance(place, dict) else None
    if not isinstance(place, dict) or not _is_count(size):
        raise WorkerLost("a reply that is none")
    buffer, offset = _bytes(answer, part10, place, size)
    return bytes(memoryview(buffer)[offset : offset + size])


def _bytes(answer: Answer, source: Octets, place: Mapping[str, Any], size: int) -> tuple[Octets | bytearray, int]:
    buffer = answer.output if place.get("from") == "output" else source
    offset = place.get("offset")
    if buffer is None or not _is_count(offset) or offset + size > len(buffer):
        raise WorkerLost("a place outside the bytes")
    return buffer, offset


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _uid(fields: Mapping[str, Any], name: str) -> str:
    value = _text(fields, name)
    if not _UID.fullmatch(value):
        raise Unidentified(name)
    return value
