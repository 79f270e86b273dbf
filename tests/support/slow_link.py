"""A link of limited speed in front of one hub that counts the objects whose first bytes passed."""

import threading
from collections.abc import Callable

from workstation.bench.shaped_link import Direction, ShapedLink

_MARK = b"DICM"
_AT_ONCE = 0.0


class SlowLink(ShapedLink):
    """A ``ShapedLink`` without distance; ``begun`` counts Part 10 objects whose first bytes passed."""

    def __init__(self, url: str, bytes_per_s: float) -> None:
        super().__init__(url, bytes_per_s, round_trip_s=0.0)
        self._ways = (_Way(bytes_per_s, 0.0), _Way(bytes_per_s, 0.0))
        self._directions = self._ways
        self._changed = threading.Condition()
        self.begun = 0

    def wait_until(self, count: int, timeout_s: float) -> bool:
        """Wait until so many objects have begun, and say whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self.begun >= count, timeout_s)

    def hasten(self) -> None:
        """Let all that still comes pass as fast as it can."""
        for way in self._ways:
            way.is_open = True

    def follow(self) -> Callable[[bytes], None]:
        """Count what passes through one connection; a mark may lie in two pieces of it."""
        tail = b""

        def told(piece: bytes) -> None:
            nonlocal tail
            passing = tail + piece
            with self._changed:
                self.begun += passing.count(_MARK)
                self._changed.notify_all()
            tail = passing[1 - len(_MARK) :]

        return told


class _Way(Direction):
    """A direction whose limit can be lifted."""

    is_open = False

    def carried_at(self, size_bytes: int) -> float:
        return _AT_ONCE if self.is_open else super().carried_at(size_bytes)
