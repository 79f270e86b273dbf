"""Wrong tries at a passphrase, counted across starts of the program, and the wait that follows too many of them.

The count is kept beside the keys, in a file that tells nothing but numbers. Who can write into the profile can reset
it: it slows a person at the keyboard. Against a stolen disk stands the cost of Argon2id.
"""

import json
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from workstation.domain.clock import Clock
from workstation.durable import make_private_folder, write_file
from workstation.vault.errors import TooManyTries

FREE_TRIES = 5
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 300
_LIMIT_BYTES = 4096
_NEVER = datetime.min.replace(tzinfo=UTC)
Result = TypeVar("Result")


class Door(StrEnum):
    """What a passphrase was tried on; each is counted alone, so that a script's stale file keeps no reader out."""

    TYPED = "typed"
    FILE = "file"
    SIGNER = "signer"


@dataclass(frozen=True, slots=True)
class _Count:
    wrong: int = 0
    last: datetime = _NEVER


class Tries:
    """Counts the wrong tries at one door of one profile."""

    def __init__(self, path: Path, door: Door, clock: Clock) -> None:
        self._path = path
        self._door = door
        self._clock = clock

    def attempt(self, work: Callable[[], Result], wrong: type[Exception]) -> Result:
        """Run ``work``, unless it comes too soon; an error of the class ``wrong`` counts as a wrong try.

        Raises
        ------
        TooManyTries
            Before the wait is over; ``work`` was not run.
        """
        wait_s = self.wait_s()
        if wait_s:
            raise TooManyTries("too many wrong tries", seconds=wait_s)
        try:
            result = work()
        except wrong:
            self._keep(_Count(self._count().wrong + 1, self._clock()))
            raise
        if self._count().wrong:
            self._keep(_Count())
        return result

    def wait_s(self) -> int:
        """Return for how many seconds nothing may be tried; it doubles with each wrong try after the free ones."""
        count = self._count()
        if count.wrong < FREE_TRIES:
            return 0
        whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(count.wrong - FREE_TRIES, 10))
        passed = (self._clock() - count.last).total_seconds()
        if passed < 0:
            # The clock was set back: the wait begins anew, or it would last until the former time comes again.
            self._keep(_Count(count.wrong, self._clock()))
            passed = 0.0
        return math.ceil(whole - passed) if passed < whole else 0

    def _count(self) -> _Count:
        try:
            found = self._all()[self._door]
            return _Count(int(str(found["wrong"])), datetime.fromisoformat(str(found["last"])))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return _Count()

    def _all(self) -> dict[str, dict[str, object]]:
        with self._path.open("rb") as file:
            found = json.loads(file.read(_LIMIT_BYTES))
        return found if isinstance(found, dict) else {}

    def _keep(self, count: _Count) -> None:
        try:
            known = self._all()
        except (OSError, ValueError, RecursionError):
            known = {}
        known[self._door] = {"wrong": count.wrong, "last": count.last.isoformat()}
        # A full disk must not keep the reader out; the wrong tries are then counted no further.
        with suppress(OSError):
            make_private_folder(self._path.parent)
            write_file(self._path, (json.dumps(known).encode(),), durable=False)
