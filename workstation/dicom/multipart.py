"""multipart/related bodies, read as a stream and written as a stream.

The reader accepts what real hubs send: a preamble, LF-only line ends, quoted and unquoted boundaries. A body without
its closing boundary is an error at the end, because the last part may be short or further parts missing; whatever was
complete has been handed on by then. Source: RFC 2046 5.1, RFC 2387, PS3.18 8.6.1.2.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from workstation.dicom.errors import MalformedMultipart, MultipartTruncated

MAX_HEADER_BYTES = 16_384
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: header names in lower case, and the body's bytes."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type of the part, with its parameters."""
        return self.headers.get("content-type", "")


def boundary_of(content_type: str) -> str:
    """Return the boundary that a ``Content-Type`` header names.

    Raises
    ------
    MalformedMultipart
        The type is not multipart or names no boundary.
    """
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if message.get_content_maintype() != "multipart" or not isinstance(boundary, str) or not boundary:
        raise MalformedMultipart("no multipart boundary in the content type")
    return boundary


def new_boundary() -> str:
    """Return a boundary that no body contains by chance."""
    return f"requis{secrets.token_hex(16)}"


def content_type(part_type: str, boundary: str) -> str:
    """Return the ``Content-Type`` of a body whose parts are of ``part_type``."""
    return f'multipart/related; type="{part_type}"; boundary={boundary}'


def write_multipart(parts: Iterable[Part], boundary: str) -> Iterator[bytes]:
    """Yield the body, without copying the bodies of the parts."""
    for part in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in part.headers.items())
        yield f"--{boundary}\r\n{lines}\r\n".encode("latin-1")
        yield part.body
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("latin-1")


class MultipartReader:
    """An incremental reader: any split of the bytes gives the same parts.

    ``max_part_bytes`` bounds one part. Not thread safe; one reader reads one body.
    """

    def __init__(self, boundary: str, max_part_bytes: int) -> None:
        self._delimiter = b"--" + boundary.encode("latin-1")
        self._buffer = bytearray()
        self._searched = 0
        self._max_part_bytes = max_part_bytes
        self._in_part = False
        self._closed = False

    def feed(self, chunk: bytes) -> list[Part]:
        """Take more bytes and return the parts that they complete.

        Raises
        ------
        MalformedMultipart
            A part is larger than allowed or its headers are broken.
        """
        if self._closed:
            return []
        self._buffer += chunk
        parts: list[Part] = []
        while self._step(parts):
            pass
        if len(self._buffer) > self._max_part_bytes + MAX_HEADER_BYTES:
            raise MalformedMultipart("a part is larger than allowed")
        return parts

    def finish(self) -> None:
        """State that no more bytes come.

        Raises
        ------
        MultipartTruncated
            The closing boundary has not been seen.
        """
        if not self._closed:
            raise MultipartTruncated("the body ended without its closing boundary")

    def _step(self, parts: list[Part]) -> bool:
        """Consume one delimiter line; false when more bytes are needed."""
        found = None if self._closed else self._find_delimiter()
        if found is None:
            return False
        start, line_end, closing = found
        if self._in_part:
            parts.append(_part(bytes(self._buffer[: _without_line_end(self._buffer, start)])))
        del self._buffer[:line_end]
        self._searched = 0
        self._in_part = True
        self._closed = closing
        return True

    def _find_delimiter(self) -> tuple[int, int, bool] | None:
        """Return start of the delimiter, end of its line, and whether it closes the body."""
        position = self._searched
        while True:
            start = self._buffer.find(self._delimiter, position)
            if start < 0:
                self._searched = max(0, len(self._buffer) - len(self._delimiter) - 1)
                return None
            if not self._begins_line(start):
                position = start + 1
                continue
            end = start + len(self._delimiter)
            if len(self._buffer) < end + 2:
                self._searched = start
                return None
            if self._buffer[end : end + 2] == b"--":
                return start, end + 2, True
            line_end = self._buffer.find(b"\n", end, end + 128)
            if line_end >= 0 and not self._buffer[end:line_end].strip(b" \t\r"):
                return start, line_end + 1, False
            if line_end < 0 and len(self._buffer) < end + 128 and not self._buffer[end:].strip(b" \t\r"):
                self._searched = start
                return None
            position = start + 1

    def _begins_line(self, start: int) -> bool:
        if start == 0:
            return True
        return self._buffer[start - 1] == 0x0A


def _without_line_end(buffer: bytearray, start: int) -> int:
    if start >= 2 and buffer[start - 2 : start] == b"\r\n":
        return start - 2
    return max(0, start - 1)


def _part(content: bytes) -> Part:
    if content.startswith((b"\r\n", b"\n")):
        return Part({}, content[2:] if content.startswith(b"\r\n") else content[1:])
    empty_line = _EMPTY_LINE.search(content, 0, MAX_HEADER_BYTES)
    if empty_line is None:
        raise MalformedMultipart("a part without the empty line after its headers")
    return Part(_headers(content[: empty_line.start()]), content[empty_line.end() :])


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines():
        name, found, value = line.partition(":")
        if line.strip() and not found:
            raise MalformedMultipart("a part header without a colon")
        if found:
            headers[name.strip().lower()] = value.strip()
    return headers
