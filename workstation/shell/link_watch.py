"""Tells in the status bar how fast the links to the hubs are, as measured last by the present network."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from workstation.domain.hub import HubSettings
from workstation.domain.link import LinkSpeed
from workstation.errors import WorkstationError
from workstation.retrieval.strategies import Strategies
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.main_window import MainWindow

LOOK_MS = 5_000


class LinkWatch(QObject):
    """Looks from time to time; of several hubs the slowest is told, with its name. Nothing is measured for it."""

    def __init__(
        self,
        window: MainWindow,
        hubs: Callable[[], tuple[HubSettings, ...]],
        strategies: Strategies,
        executor: Executor,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._hubs = hubs
        self._strategies = strategies
        self._executor = executor
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Look now, and from time to time."""
        self._look()
        self._timer.start(LOOK_MS)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def _look(self) -> None:
        if self._job is not None:
            return

        def slowest(_job: Job) -> LinkSpeed | None:
            # A mirror is read only where its hub does not answer.
            return self._strategies.slowest(one for one in self._hubs() if one.mirror_of is None)

        # By which network a hub is reached takes a look at names, and that takes its time where there is none.
        self._job = self._executor.run(Pool.NETWORK, slowest, self._show, self._failed)

    def _show(self, speed: LinkSpeed | None) -> None:
        self._job = None
        self._window.status.show_link(speed)

    def _failed(self, error: WorkstationError) -> None:
        self._job = None
        self._window.notices.show_error(error)
