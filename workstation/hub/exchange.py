"""One request and its answer, as they pass the door, and the limits that hold for both."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workstation.hub.body import Body

Cancelled = Callable[[], bool]
JSON_TYPE: Final = "application/dicom+json"


def never() -> bool:
    """Return false: for transfers that nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """Patience and appetite.

    Name and connection have the connect timeout, after which a hub counts as away; TLS has its own. ``silence_s`` is
    how long a request may stay unacknowledged by the hub's machine, whatever the hub itself does meanwhile. The read
    timeout is per piece, the header deadline covers the wait for all headers, the deadline one whole exchange (more for
    what takes long to send). While a body comes, fewer than ``floor_bytes_s`` during ``floor_window_s`` of waiting for
    it end the exchange.
    """

    connect_timeout_s: float = 2.5
    secure_timeout_s: float = 5.0
    silence_s: float = 2.0
    read_timeout_s: float = 30.0
    header_deadline_s: float = 60.0
    deadline_s: float = 60.0
    transfer_deadline_s: float = 3600.0
    floor_bytes_s: float = 8192.0
    floor_window_s: float = 30.0
    header_bytes: int = 64 << 10
    answer_bytes: int = 64 << 20
    transfer_bytes: int = 16 << 30

    @property
    def ready_timeout_s(self) -> float:
        """The time for a connection on which a request can be sent."""
        return self.connect_timeout_s + self.secure_timeout_s


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``path`` is below the hub's root, or an address that an answer of the hub named."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class StreamedAnswer:
    """An answer whose body is still coming."""

    status: int
    headers: Mapping[str, str]
    body: Body

    @property
    def chunks(self) -> Iterator[bytes]:
        """The body in pieces as it comes."""
        return self.body.pieces()

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.headers.get("content-type", "")
