"""What can happen to an answer on its way, each fault a function of the answer and of chance: a table, by name."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from io import BytesIO

import numpy as np
import pydicom

from workstation.dicom.multipart import MultipartReader, Part, boundary_of, write_multipart

_LIMIT = 1 << 30
_STATUSES = (429, 500, 502, 503, 504)
PORTAL = b"<!DOCTYPE html><html><body>Sign in to this network</body></html>"


class Ending(Enum):
    """What happens to the connection after the bytes of an answer."""

    KEEP = auto()
    CLOSE = auto()
    RESET = auto()
    HANG = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; without a ``status`` it is none at all.

    ``promised`` is the Content-Length where it is not the truth, ``piece_s`` the pause between bytes. With
    ``chunk_bytes`` the body comes in chunks of so many bytes.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    promised: int | None = None
    ending: Ending = Ending.KEEP
    piece_s: float = 0.0
    chunk_bytes: int = 0

    @property
    def is_multipart(self) -> bool:
        return self.headers.get("content-type", "").lower().startswith("multipart/")

    def parts(self) -> list[Part]:
        """Return the parts of a multipart body."""
        parts = MultipartReader(boundary_of(self.headers["content-type"]), _LIMIT).feed(self.body)
        return [replace(part, body=bytes(part.body)) for part in parts]

    def with_parts(self, parts: list[Part]) -> "Reply":
        """Return the answer with other parts, well framed."""
        return replace(self, body=b"".join(write_multipart(parts, boundary_of(self.headers["content-type"]))))


Chance = np.random.Generator
Fault = Callable[[Reply, Chance], Reply]


def _cut_at(reply: Reply, chance: Chance) -> bytes:
    return reply.body[: int(chance.integers(len(reply.body) + 1))]


def reset(reply: Reply, chance: Chance) -> Reply:
    """End the connection by RST after some of the bytes."""
    return replace(reply, body=_cut_at(reply, chance), promised=len(reply.body), ending=Ending.RESET)


def cut(reply: Reply, chance: Chance) -> Reply:
    """Close the connection before the promised end."""
    return replace(reply, body=_cut_at(reply, chance), promised=len(reply.body) + 1, ending=Ending.CLOSE)


def framed_cut(reply: Reply, chance: Chance) -> Reply:
    """Send less, with a Content-Length that agrees."""
    return replace(reply, body=_cut_at(reply, chance))


def drip(reply: Reply, chance: Chance) -> Reply:
    """Send the body in many small pieces."""
    return replace(reply, piece_s=0.001)


def stall(reply: Reply, chance: Chance) -> Reply:
    """Stop in the middle of the body and keep the connection open."""
    return replace(reply, body=_cut_at(reply, chance), promised=len(reply.body) + 1, ending=Ending.HANG)


def barren(reply: Reply, chance: Chance) -> Reply:
    """Begin an answer, and let nothing follow."""
    return replace(reply, body=b"", promised=len(reply.body) + 1, ending=Ending.HANG)


def silence(reply: Reply, chance: Chance) -> Reply:
    """Take the question, keep the connection open, and say nothing."""
    return Reply(0, ending=Ending.HANG)


def trickle(reply: Reply, chance: Chance) -> Reply:
    """Send the body so slowly that it never comes whole in any time that a reader waits."""
    return replace(reply, piece_s=0.5)


def late(seconds: float) -> Fault:
    """Let every answer come so much later, as from a hub far away."""

    def waiting(reply: Reply, chance: Chance) -> Reply:
        time.sleep(seconds)
        return reply

    return waiting


def status(reply: Reply, chance: Chance) -> Reply:
    """Answer with the status of a server in trouble."""
    return Reply(int(chance.choice(_STATUSES)), {"retry-after": "0"})


def bad_gateway(reply: Reply, chance: Chance) -> Reply:
    """Answer as a front of a hub that is down."""
    return Reply(502)


def redirect(reply: Reply, chance: Chance) -> Reply:
    """Send the client elsewhere."""
    return Reply(302, {"location": "http://127.0.0.1:9/elsewhere"})


def instead(answer: Reply) -> Fault:
    """Return the fault that answers this, whatever the hub answers."""

    def answer_so(reply: Reply, chance: Chance) -> Reply:
        return answer

    return answer_so


def portal(reply: Reply, chance: Chance) -> Reply:
    """Answer with the page of a captive portal."""
    return Reply(200, {"content-type": "text/html"}, PORTAL)


def bit_flip(reply: Reply, chance: Chance) -> Reply:
    """Flip one bit anywhere in the body."""
    body = bytearray(reply.body)
    if body:
        body[int(chance.integers(len(body)))] ^= 1 << int(chance.integers(8))
    return replace(reply, body=bytes(body))


def pixel_flip(reply: Reply, chance: Chance) -> Reply:
    """Flip one bit of the last byte of an object's pixels."""
    return _one_part(reply, chance, lambda part10: part10[:-1] + bytes([part10[-1] ^ 1]))


def no_end(reply: Reply, chance: Chance) -> Reply:
    """Leave out the closing boundary."""
    return replace(
        reply, body=reply.body[: reply.body.rindex(b"--" + boundary_of(reply.headers["content-type"]).encode())]
    )


def short_part(reply: Reply, chance: Chance) -> Reply:
    """Leave out the end of one part, well framed."""
    return _one_part(reply, chance, lambda part10: part10[: len(part10) - int(chance.integers(1, 64))])


def twice(reply: Reply, chance: Chance) -> Reply:
    """Send one part twice."""
    parts = reply.parts()
    return reply.with_parts([*parts, parts[int(chance.integers(len(parts)))]])


def twice_different(reply: Reply, chance: Chance) -> Reply:
    """Send one part twice, the second time with other pixels."""
    return reply.with_parts([*reply.parts(), *pixel_flip(reply, chance).parts()])


def extra(reply: Reply, chance: Chance) -> Reply:
    """Send an object besides, of the same series, whose identifier the hub lists nowhere."""
    parts = reply.parts()
    known = parts[int(chance.integers(len(parts)))]
    return reply.with_parts([*parts, Part(known.headers, stranger(known.body))])


def fewer(reply: Reply, chance: Chance) -> Reply:
    """Leave one part out, well framed."""
    parts = reply.parts()
    del parts[int(chance.integers(len(parts)))]
    return reply.with_parts(parts)


def hiding(instance: str) -> Fault:
    """Return the fault that leaves one object out of transfers and lists, as a hub that lost it and kept its count."""

    def hide(reply: Reply, chance: Chance) -> Reply:
        if reply.is_multipart:
            left = [part for part in reply.parts() if uid_of(part.body) != instance]
            return reply.with_parts(left) if left else Reply(404)
        items = [one for one in json.loads(reply.body or b"[]") if one.get("00080018", {}).get("Value") != [instance]]
        return replace(reply, body=json.dumps(items).encode())

    return hide


def someone_else(part10: bytes) -> Fault:
    """Return the fault that sends ``part10`` in place of one part."""
    return lambda reply, chance: _one_part(reply, chance, lambda _: part10)


def altered(change: Callable[[bytes], bytes]) -> Fault:
    """Return the fault that changes one object."""
    return lambda reply, chance: _one_part(reply, chance, change)


MULTIPART_ONLY = frozenset({no_end, short_part, twice, twice_different, extra, fewer, pixel_flip})
"""Faults that mean nothing for a body without parts."""

NOT_ONES_OWN = (reset, cut, framed_cut, status, no_end, short_part, drip, twice)
"""Faults of links and servers after which asking again brings the truth."""


def stranger(part10: bytes) -> bytes:
    """Return the object under an identifier that nobody else has."""
    uid = uid_of(part10)
    other = ("2" if uid[0] != "2" else "1") + uid[1:]
    # As long as it was, so that all lengths stay right.
    return re.sub(rb"(?<![0-9.])" + re.escape(uid.encode()) + rb"(?![0-9.])", other.encode(), part10)


def uid_of(part10: bytes) -> str:
    """Return the SOP Instance UID of an object."""
    return str(pydicom.dcmread(BytesIO(part10), stop_before_pixels=True).SOPInstanceUID)


def pieces(body: bytes, count: int = 40) -> Iterator[bytes]:
    """Yield a body in about ``count`` pieces."""
    step = max(1, len(body) // count)
    for start in range(0, len(body), step):
        yield body[start : start + step]


def chunked(body: bytes, size: int) -> Iterator[bytes]:
    """Yield a body in chunks of ``size`` bytes, as they stand on the wire."""
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _one_part(reply: Reply, chance: Chance, change: Callable[[bytes], bytes]) -> Reply:
    parts = reply.parts()
    number = int(chance.integers(len(parts)))
    parts[number] = Part(parts[number].headers, change(parts[number].body))
    return reply.with_parts(parts)
