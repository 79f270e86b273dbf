"""The body of an answer that is still coming, read in pieces or to where its bytes are wanted."""

from collections.abc import Callable, Iterator


class Body:
    """What comes, once: however it is read, each byte is handed over one time.

    ``direct`` reads what has come to the room it is given, 0 at the end, from the same source as ``pieces``; it is left
    out where the body has to be decoded on its way.
    """

    def __init__(self, pieces: Iterator[bytes], direct: Callable[[memoryview], int] | None = None) -> None:
        self._pieces = pieces
        self._direct = direct
        self._ahead = memoryview(b"")

    def start(self) -> bytes:
        """Return the first piece, which is handed over all the same; to be asked before anything is read."""
        self._ahead = memoryview(next(self._pieces, b""))
        return bytes(self._ahead)

    def pieces(self) -> Iterator[bytes]:
        """Yield what comes, in pieces of any size."""
        if len(self._ahead):
            ahead, self._ahead = self._ahead, memoryview(b"")
            yield bytes(ahead)
        yield from self._pieces

    def into(self, room: memoryview) -> int:
        """Read what has come to the start of ``room``, waiting for some; return how much, 0 at the end."""
        if self._direct is not None and not len(self._ahead):
            return self._direct(room)
        while not len(self._ahead):
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ahead = memoryview(piece)
        count = min(len(room), len(self._ahead))
        room[:count] = self._ahead[:count]
        self._ahead = self._ahead[count:]
        return count
