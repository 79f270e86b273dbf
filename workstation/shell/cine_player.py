"""Plays the stacks of viewports: keeps their time, tells when it cannot, and stops at the reader's touch.

Only slices that are here are played; a frame is never left out to keep the time, because it may be the one that counts.
It takes no focus and holds nothing that must survive it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.state.cine import Cine, cine_of, following, rate_per_s, shown_for_ms
from viewers.state.kinds.registry import KINDS
from viewers.tools.intents import ScrollBy
from workstation.reading.views import Views

# So much of the rate that was asked for must be reached; the measure is a mean over about so many frames.
_FAST_ENOUGH = 0.85
_MEAN_OVER = 12
_MS_PER_S = 1000.0


@dataclass(frozen=True, slots=True)
class Playing:
    """What is told of a viewport that plays; ``reached_per_s`` is ``None`` as long as the rate is kept."""

    per_s: float
    is_sweeping: bool
    reached_per_s: float | None


@dataclass(slots=True)
class _Run:
    cine: Cine
    volume: Volume
    k: int
    due_s: float
    last_s: float
    timer: QTimer
    mean_s: float = 0.0
    frames: int = 0


class CinePlayer(QObject):
    """Plays viewports of ``views``; ``changed`` tells that what is said of playing has changed."""

    changed = Signal()

    def __init__(
        self, views: Callable[[], Views], parent: QObject, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._views = views
        self._clock = clock
        self._runs: dict[ViewportId, _Run] = {}
        self._kept: dict[ViewportId, Cine] = {}
        self._is_stepping = False

    @property
    def playing(self) -> Mapping[ViewportId, Playing]:
        """The viewports that play."""
        return MappingProxyType({viewport: _told(run) for viewport, run in self._runs.items()})

    def can_play(self, viewport: ViewportId) -> bool:
        """Whether a viewport shows slices that can be played."""
        return self._stack(viewport) is not None

    def toggle(self, viewport: ViewportId) -> None:
        """Play a viewport from the slice that it shows, or stop it there."""
        if viewport in self._runs:
            self.stop(viewport)
        else:
            self._start(viewport)

    def change(self, viewport: ViewportId, change: Callable[[Cine], Cine]) -> None:
        """Play faster, slower, forth and back; a viewport that stands still begins to play."""
        if viewport not in self._runs:
            self._start(viewport)
        run = self._runs.get(viewport)
        if run is not None:
            run.cine = self._kept[viewport] = change(run.cine)
            run.frames, run.last_s = 0, self._clock()
            self._await(run)
            self.changed.emit()

    def stop(self, viewport: ViewportId) -> None:
        """Stop at the slice shown."""
        run = self._runs.pop(viewport, None)
        if run is not None:
            run.timer.stop()
            run.timer.deleteLater()
            self.changed.emit()

    def stop_all(self) -> None:
        """Stop everything and forget how it was played."""
        for viewport in tuple(self._runs):
            self.stop(viewport)
        self._kept.clear()

    def view_changed(self, viewport: ViewportId) -> None:
        """Stop a viewport that the reader has scrolled, or that shows something else."""
        run = self._runs.get(viewport)
        if run is None or self._is_stepping:
            return
        found = self._stack(viewport)
        if found is None or found[0].series != run.volume.series:
            self.stop(viewport)
            return
        volume, k = found
        if volume is run.volume and k != run.k:
            self.stop(viewport)
        # More slices of the series have come: it goes on from the image that it shows.
        run.volume, run.k = volume, k

    def _start(self, viewport: ViewportId) -> None:
        found = self._stack(viewport)
        if found is None:
            return
        volume, k = found
        cine = self._kept.setdefault(viewport, cine_of(volume))
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: self._step(viewport))
        now = self._clock()
        self._runs[viewport] = run = _Run(cine, volume, k, now, now, timer)
        self._await(run)
        self.changed.emit()

    def _step(self, viewport: ViewportId) -> None:
        run, found = self._runs.get(viewport), self._stack(viewport)
        if run is None or found is None:
            self.stop(viewport)
            return
        was_slow = _told(run).reached_per_s
        k, run.cine = following(run.k, len(run.volume.sources), run.cine)
        step, run.k = k - run.k, k
        self._is_stepping = True
        self._views().navigate(viewport, ScrollBy(step))
        self._is_stepping = False
        self._measure(run)
        self._await(run)
        if _told(run).reached_per_s != was_slow:
            self.changed.emit()

    def _measure(self, run: _Run) -> None:
        now = self._clock()
        took = now - run.last_s
        run.last_s = now
        run.frames += 1
        run.mean_s += (took - run.mean_s) / min(run.frames, _MEAN_OVER)

    def _await(self, run: _Run) -> None:
        """Wait for the next slice; time that was lost is not made up by showing slices too short."""
        now = self._clock()
        run.due_s = max(run.due_s + shown_for_ms(run.volume, run.k, run.cine) / _MS_PER_S, now)
        run.timer.start(round((run.due_s - now) * _MS_PER_S))

    def _stack(self, viewport: ViewportId) -> tuple[Volume, int] | None:
        views = self._views()
        state, volume = views.state(viewport), views.volume(viewport)
        if state is None or volume is None or len(volume.sources) < 2:
            return None
        k = KINDS[state.kind].slice_index(state, volume)
        return None if k is None else (volume, k)


def _told(run: _Run) -> Playing:
    asked = rate_per_s(run.volume, run.cine)
    is_slow = run.frames >= _MEAN_OVER and run.mean_s > 0.0 and 1.0 / run.mean_s < _FAST_ENOUGH * asked
    return Playing(asked, run.cine.is_sweeping, round(1.0 / run.mean_s, 1) if is_slow else None)
