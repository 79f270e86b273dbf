"""The names that Orthanc gives to the instances of a series, by which all of it is compared in one short answer.

Orthanc keeps each instance under a digest of what identifies it, and tells those of a series in a hundredth of the time
that QIDO-RS takes for it. Nothing is learned from them but that what is here is what the hub has; whatever else is
answered, QIDO-RS is asked. Source: The Orthanc Book, "Orthanc identifiers" and "REST API of Orthanc".
"""

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.hub.door import Cancelled, Door, never
from workstation.hub.errors import TransferCancelled

_ROOT: Final = "/dicom-web"
_DIGITS: Final = 8
_AGAIN_S: Final = 600.0
_LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class SeriesNames:
    """What the instances of one series are called; ``path`` is what identifies the series, from the patient down."""

    path: tuple[str, ...]
    names: frozenset[str]

    def are_of(self, instances: Collection[InstanceUID]) -> bool:
        """Whether these and no other are the instances of the series."""
        return len(instances) == len(self.names) and {orthanc_name(*self.path, one) for one in instances} == self.names


class OrthancIndex:
    """The index of one hub; one that proves to have none is not asked again for some minutes. Thread safe."""

    def __init__(self, door: Door, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._monotonic = monotonic
        self._root = door.root.removesuffix(_ROOT)
        self._absent_until = math.inf if self._root == door.root else 0.0
        self._lock = threading.Lock()

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never
    ) -> SeriesNames | None:
        """Return what the instances of a series of a patient are called; ``None`` where the hub does not tell.

        Raises
        ------
        TransferCancelled
            Cancelled.
        """
        path = (patient_id, study, series)
        # One after the other: what hangs is waited for once.
        while not self._lock.acquire(timeout=_LOOK_S):
            if cancelled():
                raise TransferCancelled("cancelled", hub=self._door.hub)
        try:
            if self._monotonic() < self._absent_until:
                return None
            content = self._door.glance(f"{self._root}/series/{orthanc_name(*path)}", cancelled)
            names = None if content is None else _names(content)
            if names is None:
                self._absent_until = self._monotonic() + _AGAIN_S
        finally:
            self._lock.release()
        return None if names is None else SeriesNames(path, names)


def orthanc_name(*path: str) -> str:
    """Return what Orthanc calls what the identifiers lead to: of patient, study, series and instance, or the first."""
    digest = hashlib.sha1("|".join(path).encode(), usedforsecurity=False).hexdigest()
    return "-".join(digest[at : at + _DIGITS] for at in range(0, len(digest), _DIGITS))


def _names(body: bytes) -> frozenset[str] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    names = answer.get("Instances") if isinstance(answer, dict) else None
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        return None
    return frozenset(names)
