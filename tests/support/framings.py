"""Forms in which the same parts are framed: each a fault that takes nothing away. Source: RFC 2046 5.1.1."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.support.faults import Chance, Fault, Reply

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Framing:
    """One form; ``stated`` is the boundary as the header states it."""

    boundary: bytes = b"b0"
    stated: str = "b0"
    newline: bytes = b"\r\n"
    before: bytes = b""
    after: bytes = b""
    padding: bytes = b""

    def __call__(self, reply: Reply, chance: Chance) -> Reply:
        """Frame the parts of an answer so."""
        line, body = self.newline, self.before
        for part in reply.parts():
            headers = b"".join(f"{name}: {value}".encode() + line for name, value in part.headers.items())
            body += b"--" + self.boundary + self.padding + line + headers + line + part.body + line
        body += b"--" + self.boundary + b"--" + self.padding + line + self.after
        stated = f'multipart/related; type="application/dicom"; boundary={self.stated}'
        return replace(reply, body=body, headers={**reply.headers, "content-type": stated})


def in_chunks(reply: Reply, chance: Chance) -> Reply:
    """Send the body in chunks of one odd size, so that boundaries lie across them."""
    return replace(reply, chunk_bytes=int(chance.integers(3, 23)))


def marked(reply: Reply, chance: Chance) -> Reply:
    """Put a byte order mark before the body."""
    return replace(reply, body=_BOM + reply.body)


FRAMINGS: Mapping[str, Fault] = {
    "line feeds alone": Framing(newline=b"\n"),
    "a quoted boundary": Framing(b"a b'()+_,-./:=?", '"a b\'()+_,-./:=?"'),
    "an unquoted boundary": Framing(b"a_b-c.d", "a_b-c.d"),
    "a preamble and an epilogue": Framing(before=b"This is a message.\r\n\r\n", after=b"The end.\r\n--b0\r\nmore"),
    "spaces after the boundary": Framing(padding=b" \t"),
    "a boundary that begins another": Framing(b"b", "b"),
    "a byte order mark": marked,
    "odd chunks": in_chunks,
}
