"""The volumes of the studies at hand: built once, shared by viewports, measurements and key images.

While a series is still arriving its partial volumes serve viewports and measurements, which are marked as such; what
goes into a report is read from the store.
"""

import threading
from collections.abc import Callable, Sequence

from viewers.annotations.calibration import calibrated
from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.volume import Volume
from viewers.tools.registry import measure
from workstation.reading.errors import NotMeasurable

LoadSeries = Callable[[StudyUID, SeriesUID], tuple[Volume, ...]]


class Images:
    """Loads each series at most once while a case is open. Thread safe; loading blocks."""

    def __init__(self, load: LoadSeries) -> None:
        self._load = load
        self._volumes: dict[SeriesUID, tuple[Volume, ...]] = {}
        self._partial: dict[SeriesUID, tuple[Volume, ...]] = {}
        self._cases_closed = 0
        self._lock = threading.Lock()

    def volumes(self, study: StudyUID, series: SeriesUID) -> tuple[Volume, ...]:
        """Return the volumes of one series, loaded at the first call."""
        with self._lock:
            known, begun = self._volumes.get(series), self._cases_closed
        if known is not None:
            return known
        loaded = self._load(study, series)
        with self._lock:
            if begun != self._cases_closed:
                # Whoever asked is of a case that is closed: nothing of it stays beside the next one.
                return loaded
            self._partial.pop(series, None)
            return self._volumes.setdefault(series, loaded)

    def lend(self, series: SeriesUID, partial: tuple[Volume, ...]) -> bool:
        """Measure on the volumes of a series that is still arriving, until it is loaded whole.

        False where more of it is here already, of an earlier transfer: they are not taken then.
        """
        with self._lock:
            came = _count(partial)
            if came <= _count(self._volumes.get(series, ())) or came < _count(self._partial.get(series, ())):
                return False
            self._partial[series] = partial
            return True

    def settle(self, series: SeriesUID, whole: tuple[Volume, ...] | None) -> None:
        """Take the volumes of a series that has come whole, or ``None``: it is read from the store at the next need."""
        with self._lock:
            self._partial.pop(series, None)
            self._volumes.pop(series, None)
            if whole is not None:
                self._volumes[series] = whole

    def volume_of(self, study: StudyUID, series: SeriesUID, instance: InstanceUID, frame_index: int) -> Volume:
        """Return the volume that one frame went into.

        Raises
        ------
        NotMeasurable
            No volume of the series holds the frame.
        """
        with self._lock:
            partial = self._partial.get(series)
        for volume in partial or self.volumes(study, series):
            if any(one.instance == instance and one.frame_index == frame_index for one in volume.sources):
                return volume
        raise NotMeasurable("no volume holds the frame")

    def measure(self, study: StudyUID, annotation: Annotation, among: Sequence[Annotation] = ()) -> Measurement:
        """Return the values of one annotation on its own series, as the calibrations ``among`` the others have it."""
        volume = self.volume_of(study, annotation.series, annotation.instance, annotation.frame_index)
        return measure(annotation, calibrated(volume, among))

    def forget(self) -> None:
        """Let go of every volume."""
        with self._lock:
            self._cases_closed += 1
            self._volumes.clear()
            self._partial.clear()


def _count(volumes: Sequence[Volume]) -> int:
    return sum(len(volume.sources) for volume in volumes)
