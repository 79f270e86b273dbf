"""Shows series while they arrive: builds what has come of those that are waited for, again and again, off the window.

The first image is built at once. Each further picture waits a multiple of what the last one cost, so that building
never takes the time that receiving needs.
"""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.identifiers import SeriesUID
from viewers.image.volume import Volume
from workstation.errors import WorkstationError
from workstation.reading.arriving import Arriving
from workstation.reading.images import Images
from workstation.runtime.executor import Executor, Job, Pool

_SHORTEST_MS = 150
# Building takes at most a fifth of one thread's time.
_REST_PER_COST = 4.0


class PartialVolumes(QObject):
    """Follows the arriving images of one case at a time; ``here`` carries the volumes of one series.

    ``gone`` names a series whose volumes must not be shown any more; those of what is left of it follow.
    """

    here = Signal(object)
    gone = Signal(object)
    failed = Signal(object, object)

    def __init__(self, images: Images, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._executor = executor
        self._arriving: Arriving | None = None
        self._wanted: set[SeriesUID] = set()
        self._changed: set[SeriesUID] = set()
        self._shrinks = 0
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._build)

    def begin(self, arriving: Arriving) -> None:
        """Follow another case; what was being built for the former one is dropped."""
        self.end()
        self._arriving = arriving

    def end(self) -> None:
        """Follow nothing."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        self._arriving = self._job = None
        self._wanted.clear()
        self._changed.clear()

    def want(self, series: SeriesUID) -> None:
        """Show what comes of a series from now on, beginning with what has come."""
        self._wanted.add(series)
        if self._arriving is not None and self._arriving.count(series):
            self.arrived(series)

    def settled(self, series: SeriesUID) -> None:
        """Build a series no more: it is shown from its place."""
        self._wanted.discard(series)
        self._changed.discard(series)

    def arrived(self, series: SeriesUID) -> None:
        """Note that something of a series has come."""
        if series not in self._wanted:
            return
        self._changed.add(series)
        if self._job is None and not self._timer.isActive():
            self._timer.start(0)

    def shrunk(self, series: SeriesUID) -> None:
        """Note that something that had come of a series was taken back: all that was built with it goes at once."""
        self._shrinks += 1
        self._images.settle(series, None)
        self.gone.emit(series)
        self.arrived(series)

    def _build(self) -> None:
        arriving, shrinks = self._arriving, self._shrinks
        if arriving is None or not self._changed:
            return
        series = self._changed.pop()

        def work(_job: Job) -> tuple[tuple[Volume, ...], float]:
            started = time.monotonic()
            volumes = arriving.volumes(series)
            return volumes, time.monotonic() - started

        def built(found: tuple[tuple[Volume, ...], float]) -> None:
            volumes, cost_s = found
            if shrinks != self._shrinks:
                # Perhaps built with what was taken back meanwhile.
                self._changed |= {series} & self._wanted
            elif volumes and series in self._wanted and self._images.lend(series, volumes):
                self.here.emit(volumes)
            self._rest(cost_s)

        def broke(error: WorkstationError) -> None:
            self.settled(series)
            self.failed.emit(series, error)
            self._rest(0.0)

        self._job = self._executor.run(Pool.COMPUTE, work, built, broke)

    def _rest(self, cost_s: float) -> None:
        self._job = None
        if self._changed:
            self._timer.start(max(_SHORTEST_MS, round(cost_s * _REST_PER_COST * 1000)))
