"""A gate for news that may come before there is a page to show it: held back, then passed on in order, or dropped."""

from collections.abc import Callable
from functools import partial


class Gate:
    """Lives on the thread of the model; open at first."""

    def __init__(self) -> None:
        self._is_shut = False
        self._held: list[Callable[[], None]] = []

    @property
    def is_shut(self) -> bool:
        """Whether calls are held back."""
        return self._is_shut

    def through(self, act: Callable[..., None]) -> Callable[..., None]:
        """Return ``act`` as it is called through the gate."""

        def call(*values: object) -> None:
            if self._is_shut:
                self._held.append(partial(act, *values))
            else:
                act(*values)

        return call

    def shut(self) -> None:
        """Hold back calls from now on."""
        self._held.clear()
        self._is_shut = True

    def open(self) -> None:
        """Make the calls that were held back, and hold back no more."""
        self._is_shut = False
        held, self._held = self._held, []
        for call in held:
            call()

    def drop(self) -> None:
        """Forget the calls that were held back, and hold back no more."""
        self._is_shut = False
        self._held.clear()
