"""multipart/related bodies, read as a stream and written as a stream.

The reader accepts what real hubs send: a preamble, a byte order mark, LF-only line ends, quoted and unquoted
boundaries, lengths that are wrong. A body without its closing boundary is an error at the end, because the last part
may be short or further parts missing; whatever was complete has been handed on by then.
Source: RFC 2046 5.1, RFC 2387, PS3.18 8.6.1.2.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from workstation.dicom.errors import MalformedMultipart, MultipartTruncated, PartTooLarge
from workstation.dicom.measured_part import MeasuredPart, Room, plain_room
from workstation.domain.octets import Octets

MAX_HEADER_BYTES = 16_384
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_STATED_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]{1,12})[ \t]*\r?$")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


# Reads what has come to the start of the room it is given, and returns how much that was: 0 at the end.
Into = Callable[[memoryview], int]
# Little is read before the length of a part is known, to be copied; much where a part has to be searched.
_SCRATCH_BYTES = 16_384
_SEARCHED_BYTES = 1 << 19


@dataclass(frozen=True, slots=True)
class Part:
    """One part: header names in lower case, and the body's bytes, read-only."""

    headers: Mapping[str, str]
    body: Octets

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


def write_multipart(parts: Iterable[Part], boundary: str) -> Iterator[Octets]:
    """Yield the body, without copying the bodies of the parts."""
    for part in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in part.headers.items())
        yield f"--{boundary}\r\n{lines}\r\n".encode("latin-1")
        yield part.body
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("latin-1")


def receive_multipart(into: Into, boundary: str, max_part_bytes: int, room: Room) -> Iterator[Part]:
    """Yield the parts of a body that is read to where they stay: one of stated length is not copied.

    Raises
    ------
    MalformedMultipart, MultipartTruncated
        As ``MultipartReader``; what was complete before has been yielded.
    """
    reader = MultipartReader(boundary, max_part_bytes, room)
    while count := into(reader.room()):
        yield from reader.filled(count)
    yield from reader.rest()
    reader.finish()


class MultipartReader:
    """An incremental reader: any split of the bytes gives the same parts.

    ``max_part_bytes`` bounds one part. A ``Content-Length`` of a part is believed only where a delimiter stands right
    behind it: then the part is not searched. Not thread safe; one reader reads one body.
    """

    def __init__(self, boundary: str, max_part_bytes: int, room: Room = plain_room) -> None:
        self._delimiter = b"--" + boundary.encode("latin-1")
        self._buffer = bytearray()
        self._searched = 0
        self._max_part_bytes = max_part_bytes
        self._new_room = room
        self._scratch = memoryview(bytearray(_SCRATCH_BYTES))
        self._is_begun = False
        self._in_part = False
        self._closed = False
        self._measured: MeasuredPart | None = None
        self._is_measure_open = False

    def room(self) -> memoryview:
        """Return where the next bytes are to be read to; ``filled`` says how many they were."""
        if self._measured is not None:
            return self._measured.room
        if len(self._buffer) >= _SCRATCH_BYTES and len(self._scratch) < _SEARCHED_BYTES:
            self._scratch = memoryview(bytearray(_SEARCHED_BYTES))
        return self._scratch if len(self._buffer) >= _SCRATCH_BYTES else self._scratch[:_SCRATCH_BYTES]

    def filled(self, count: int) -> list[Part]:
        """Take so many bytes, which stand at the start of ``room``, and return the parts that they complete.

        Raises
        ------
        MalformedMultipart
            A part is larger than allowed or its headers are broken.
        """
        if self._closed:
            return []
        if self._measured is None:
            self._buffer += self._scratch[:count]
        else:
            self._measured.have += count
        return self._parts()

    def feed(self, chunk: Octets) -> list[Part]:
        """Take more bytes and return the parts that they complete.

        Raises
        ------
        MalformedMultipart
            A part is larger than allowed or its headers are broken.
        """
        parts: list[Part] = []
        rest = memoryview(chunk)
        while len(rest) and not self._closed:
            if self._measured is None:
                self._buffer += rest
                rest = rest[len(rest) :]
            else:
                rest = rest[self._measured.take(rest) :]
            parts += self._parts()
        return parts

    def rest(self) -> list[Part]:
        """Return the parts that are found once no more bytes come, because a length was stated too long."""
        parts: list[Part] = []
        while self._measured is not None and not self._closed:
            self._search_instead(self._measured)
            while self._measured_step(parts) or self._step(parts):
                pass
        return parts

    def finish(self) -> None:
        """State that no more bytes come and ``rest`` was asked.

        Raises
        ------
        MultipartTruncated
            The closing boundary has not been seen.
        """
        if not self._closed:
            raise MultipartTruncated("the body ended without its closing boundary")

    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        while self._measured_step(parts) or self._step(parts):
            pass
        if self._measured is None and len(self._buffer) > self._max_part_bytes + MAX_HEADER_BYTES:
            raise PartTooLarge("a part is larger than allowed")
        return parts

    def _measured_step(self, parts: list[Part]) -> bool:
        """Get on with a part of stated length; false when more bytes are needed, or the part has to be searched."""
        if self._closed:
            return False
        if self._measured is None:
            self._measured = self._measure()
        measured = self._measured
        if measured is None or not measured.is_decidable:
            return False
        if not measured.is_followed_by_delimiter():
            self._search_instead(measured)
            return True
        parts.append(Part(_headers(measured.head), measured.body))
        # Where the part lay whole in the buffer, what is behind it lies there still.
        self._buffer = self._buffer or bytearray(measured.behind)
        self._measured, self._in_part, self._searched = None, False, 0
        return True

    def _measure(self) -> MeasuredPart | None:
        """Return the part that begins the buffer, if it is known how long it is."""
        if not (self._in_part and self._is_measure_open):
            return None
        empty_line = _EMPTY_LINE.search(self._buffer, 0, MAX_HEADER_BYTES)
        if empty_line is None:
            return None
        self._is_measure_open = False
        head = bytes(self._buffer[: empty_line.end()])
        length = _STATED_LENGTH.search(head)
        has_headers = not head.startswith((b"\r\n", b"\n")) and self._delimiter not in head
        if length is None or not has_headers or int(length[1]) > self._max_part_bytes:
            return None
        try:
            measured = MeasuredPart(head, int(length[1]), self._delimiter, self._new_room)
        except MemoryError:
            return None
        with memoryview(self._buffer) as view, view[empty_line.end() :] as rest:
            taken = measured.take(rest)
        del self._buffer[: len(head) + (measured.length if measured.is_decidable else taken)]
        return measured

    def _search_instead(self, measured: MeasuredPart) -> None:
        self._buffer, self._searched, self._measured = bytearray(measured.before(self._buffer)), 0, None

    def _step(self, parts: list[Part]) -> bool:
        """Consume one delimiter line; false when more bytes are needed."""
        found = None if self._closed or self._measured is not None else self._find_delimiter()
        if found is None:
            return False
        start, line_end, closing = found
        if self._in_part:
            with memoryview(self._buffer) as view:
                parts.append(_part(view[: _without_line_end(self._buffer, start)]))
        del self._buffer[:line_end]
        self._searched = 0
        self._in_part = self._is_begun = self._is_measure_open = True
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
            if self._buffer[end : end + 1] == b"\n":
                return start, end + 1, False
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
        if start == 0 or self._buffer[start - 1] == 0x0A:
            return True
        return not self._is_begun and self._buffer[:start] == _BYTE_ORDER_MARK


def _without_line_end(buffer: bytearray, start: int) -> int:
    if start >= 2 and buffer[start - 2 : start] == b"\r\n":
        return start - 2
    return max(0, start - 1)


def _part(content: memoryview) -> Part:
    begin = bytes(content[:MAX_HEADER_BYTES])
    if begin.startswith((b"\r\n", b"\n")):
        return Part({}, bytes(content[2 if begin.startswith(b"\r\n") else 1 :]))
    empty_line = _EMPTY_LINE.search(begin)
    if empty_line is None:
        raise MalformedMultipart("a part without the empty line after its headers")
    return Part(_headers(begin[: empty_line.start()]), bytes(content[empty_line.end() :]))


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines():
        name, found, value = line.partition(":")
        if line.strip() and not found:
            raise MalformedMultipart("a part header without a colon")
        if found:
            headers[name.strip().lower()] = value.strip()
    return headers
