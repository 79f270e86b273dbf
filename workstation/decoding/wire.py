"""What goes through the pipes between the workstation and a worker: a fixed header, small JSON, bytes. No pickle."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import IO, Any

from workstation.dicom.json_text import read_json, write_json

_HEADER = struct.Struct("<4sIQQ")
_MAGIC = b"RQW1"
_MAX_FIELDS_BYTES = 1 << 20


class Kind(IntEnum):
    """What a message is."""

    READY = 0
    CALL = 1
    REPLY = 2
    REFUSAL = 3
    NEED_OUTPUT = 4
    OUTPUT = 5
    ALIVE = 6


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its kind, its small fields, and ``body`` where text is too long for them."""

    kind: Kind
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""


class WireBroken(Exception):
    """The other side is gone, or does not speak this protocol."""


def send(stream: IO[bytes], message: Message) -> None:
    """Write one message whole.

    Raises
    ------
    WireBroken
        The pipe is closed.
    """
    fields = write_json(message.fields)
    try:
        stream.write(_HEADER.pack(_MAGIC, message.kind, len(fields), len(message.body)) + fields)
        stream.write(message.body)
        stream.flush()
    except (OSError, ValueError) as error:
        raise WireBroken("write") from error


def receive(stream: IO[bytes], max_body_bytes: int) -> Message:
    """Read one message; what does not fit the protocol or the cap breaks the wire.

    Raises
    ------
    WireBroken
        The pipe is closed, or what came is no message.
    """
    magic, kind, fields_bytes, body_bytes = _HEADER.unpack(_exactly(stream, _HEADER.size))
    if magic != _MAGIC or fields_bytes > _MAX_FIELDS_BYTES or body_bytes > max_body_bytes:
        raise WireBroken("frame")
    raw = _exactly(stream, fields_bytes)
    body = _exactly(stream, body_bytes)
    try:
        fields = read_json(raw)
        known = Kind(kind)
    except (ValueError, RecursionError) as error:
        raise WireBroken("fields") from error
    if not isinstance(fields, dict):
        raise WireBroken("fields")
    return Message(known, fields, body)


def _exactly(stream: IO[bytes], count: int) -> bytes:
    try:
        data = stream.read(count)
    except (OSError, ValueError) as error:
        raise WireBroken("read") from error
    if len(data) != count:
        raise WireBroken("end")
    return data
