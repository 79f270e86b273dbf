"""Counts every call to the file system that goes through the one place for them, and acts at one of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from workstation.durable import FileCalls

NAMES = ("open", "write", "flush", "replace", "flush_folder")


class Counted:
    """How many calls were made so far."""

    made = 0


@contextmanager
def acting_at(number: int, act: Callable[[], None]) -> Iterator[Counted]:
    """Call ``act`` in place of the beginning of the call of that number; whatever it does not end goes on."""
    counted = Counted()

    def watched(original: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            counted.made += 1
            if counted.made == number:
                act()
            return original(*arguments)

        return call

    with ExitStack() as stack:
        for name in NAMES:
            stack.enter_context(patch.object(FileCalls, name, watched(getattr(FileCalls, name))))
        yield counted
