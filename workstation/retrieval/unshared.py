"""Studies that a hub would not give when it was asked: withdrawn, removed, or not for this person.

Kept for as long as the program runs: then the hub is asked again. Thread safe.
"""

import threading

from workstation.domain.study import StudyReference


class Unshared:
    """Which studies are not to be had at present; they leave the lists until they are."""

    def __init__(self) -> None:
        self._studies: set[StudyReference] = set()
        self._lock = threading.Lock()

    def note(self, reference: StudyReference, *, is_given: bool) -> None:
        """Note whether the hub gave a study."""
        with self._lock:
            if is_given:
                self._studies.discard(reference)
            else:
                self._studies.add(reference)

    def holds(self, reference: StudyReference) -> bool:
        """Whether the hub would not give the study when it was asked last."""
        with self._lock:
            return reference in self._studies
