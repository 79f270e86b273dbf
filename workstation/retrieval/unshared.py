"""Studies that a hub would not give when it was asked last: withdrawn, not for this person, or not there yet.

Such a mark lasts for a while: images come late, and permissions are mended. Thread safe.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from workstation.domain.study import StudyReference

LASTS_S: Final = 900.0


class Unshared:
    """Which studies are not to be had at present; a request for them stays in the queue and says so."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._noted: dict[StudyReference, float] = {}
        self._lock = threading.Lock()

    def note(self, reference: StudyReference, *, is_given: bool) -> None:
        """Note whether the hub gave a study."""
        with self._lock:
            self._noted.pop(reference, None)
            if not is_given:
                self._noted[reference] = self._monotonic()

    def holds(self, reference: StudyReference) -> bool:
        """Whether the hub would not give the study when it was asked last, a short while ago."""
        with self._lock:
            noted = self._noted.get(reference)
            return noted is not None and self._monotonic() - noted < LASTS_S
