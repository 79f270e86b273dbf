"""Aligns two examinations off the window's thread, one pair at a time; cancelling ends the process at once."""

from PySide6.QtCore import QObject

from viewers.image.volume import Volume
from viewers.sync.bridges.base import Bridge, BridgeKind, space_of
from workstation.errors import WorkstationError
from workstation.registration.aligning import Aligning
from workstation.registration.model import Registered
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.page_comparison import PageComparison


class AlignmentController(QObject):
    """Answers what the page asks to be aligned."""

    def __init__(self, comparison: PageComparison, executor: Executor) -> None:
        super().__init__(comparison)
        self._comparison = comparison
        self._executor = executor
        self._running: tuple[Job, Aligning] | None = None
        comparison.align_asked.connect(self._align)
        comparison.align_dropped.connect(self.drop)

    def drop(self) -> None:
        """End what is being aligned; nothing is told of it."""
        if self._running is not None:
            job, aligning = self._running
            self._running = None
            job.cancel()
            aligning.cancel()

    def _align(self, source: Volume, target: Volume) -> None:
        self.drop()
        aligning = Aligning()
        job = self._executor.run(
            Pool.COMPUTE,
            lambda _job: aligning.run(source, target),
            lambda found: self._done(source, target, found),
            self._failed,
        )
        self._running = (job, aligning)

    def _done(self, source: Volume, target: Volume, found: Registered) -> None:
        self._running = None
        quality = found.quality
        provenance = (
            f"{found.method}; mutual information {quality.before:.3f} to {quality.after:.3f}, beside it "
            f"{quality.beside:.3f}; {found.seconds:.1f} s"
        )
        self._comparison.take(
            Bridge(
                BridgeKind.REGISTRATION,
                space_of(source),
                space_of(target),
                found.transform,
                quality.shared,
                provenance,
            ),
            quality.before,
            quality.after,
        )

    def _failed(self, error: WorkstationError) -> None:
        self._running = None
        self._comparison.fail(error)
