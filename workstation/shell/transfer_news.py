"""What the threads of a transfer tell, passed on to the window at most ten times a second, always the latest."""

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.identifiers import SeriesUID
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor

_EVERY_MS = 100


class TransferNews(QObject):
    """The news of one case; ``tell``, ``came`` and ``went`` may be called from any thread.

    Signals
    -------
    progressed
        The latest ``PullProgress`` of a series.
    arrived
        The ``SeriesUID`` of which something has come.
    shrunk
        The ``SeriesUID`` of which something that had come was taken back.
    """

    progressed = Signal(object)
    arrived = Signal(object)
    shrunk = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._lock = threading.Lock()
        self._latest: dict[SeriesUID, PullProgress] = {}
        self._arrived: set[SeriesUID] = set()
        self._shrunk: set[SeriesUID] = set()
        self._is_told = self._has_ended = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._pass_on_rest)

    def tell(self, progress: PullProgress) -> None:
        """Note how far a transfer is."""
        with self._lock:
            self._latest[progress.series] = progress
        self._wake()

    def came(self, series: SeriesUID) -> None:
        """Note that something of a series has come."""
        with self._lock:
            self._arrived.add(series)
        self._wake()

    def went(self, series: SeriesUID) -> None:
        """Note that something that had come of a series was taken back."""
        with self._lock:
            self._shrunk.add(series)
        self._wake()

    def flush(self) -> None:
        """Pass on now what has been told, before something that follows from it is said."""
        with self._lock:
            latest, self._latest = self._latest, {}
            arrived, self._arrived = self._arrived, set()
            shrunk, self._shrunk = self._shrunk, set()
        if self._has_ended:
            return
        for progress in latest.values():
            self.progressed.emit(progress)
        for series in shrunk:
            self.shrunk.emit(series)
        for series in arrived:
            self.arrived.emit(series)

    def end(self) -> None:
        """Pass on nothing more."""
        self._has_ended = True
        self._timer.stop()

    def _wake(self) -> None:
        with self._lock:
            if self._is_told:
                return
            self._is_told = True
        self._executor.post(self._pass_on)

    def _pass_on(self) -> None:
        if not self._has_ended:
            self.flush()
            self._timer.start()

    def _pass_on_rest(self) -> None:
        with self._lock:
            self._is_told = bool(self._latest or self._arrived or self._shrunk)
            has_more = self._is_told
        if has_more:
            self._pass_on()
