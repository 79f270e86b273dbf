"""A typed signal for code that knows no Qt. It is used on one thread, the one that owns the model."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


class Connection:
    """A subscription that can be ended once; ending it twice is harmless."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end: Callable[[], None] | None = end

    def disconnect(self) -> None:
        """Stop receiving."""
        if self._end is not None:
            self._end()
            self._end = None


class Signal(Generic[Payload]):
    """Calls each connected slot with one payload, in order of connection.

    A slot that is disconnected while an emission runs is not called any more in that emission.
    """

    def __init__(self) -> None:
        self._slots: dict[int, Callable[[Payload], None]] = {}
        self._next = 0
        self._blocked = 0

    def connect(self, slot: Callable[[Payload], None]) -> Connection:
        """Call ``slot`` at each emission until the connection is ended."""
        key = self._next
        self._next += 1
        self._slots[key] = slot
        return Connection(lambda: self._forget(key))

    def emit(self, payload: Payload) -> None:
        """Call every slot; an exception of a slot is not swallowed."""
        if self._blocked:
            return
        for key in tuple(self._slots):
            slot = self._slots.get(key)
            if slot is not None:
                slot(payload)

    def blocked(self) -> AbstractContextManager[None]:
        """Silence the signal inside a ``with`` block, so that an update makes no echo."""
        return _Blocked(self)

    def _forget(self, key: int) -> None:
        self._slots.pop(key, None)

    def _block(self, step: int) -> None:
        self._blocked += step


class _Blocked(AbstractContextManager[None]):
    def __init__(self, signal: Signal[Payload]) -> None:
        self._signal = signal

    def __enter__(self) -> None:
        self._signal._block(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._signal._block(-1)
