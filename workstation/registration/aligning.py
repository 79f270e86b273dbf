"""One registration seen from the workstation: a process is started, given two grids, and ended, whatever happens."""

import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import Final

from viewers.geometry.rigid import RigidTransform
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.decoding.errors import DecodeTimeout, DecodingError, WorkerLost
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.process import Answer, WorkerCommand, WorkerProcess
from workstation.decoding.watchdog import Watchdog
from workstation.registration.errors import RegistrationCancelled, RegistrationError, TookTooLong
from workstation.registration.grids import VolumeGrid, grid_of
from workstation.registration.model import Registered, quality_of

WITHIN_S: Final = 60.0
_COMMAND = WorkerCommand("workstation.registration.worker")


class Aligning:
    """One registration: ``run`` blocks until it is done, ``cancel`` ends it at once from any other thread."""

    def __init__(self, within_s: float = WITHIN_S, command: WorkerCommand = _COMMAND) -> None:
        self._within_s = within_s
        self._command = command
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._is_cancelled = False

    @property
    def pid(self) -> int | None:
        """The process that is at work, while there is one."""
        with self._lock:
            return None if self._worker is None else self._worker.pid

    @property
    def is_cancelled(self) -> bool:
        """Whether it is no longer wanted."""
        return self._is_cancelled

    def cancel(self) -> None:
        """End the process, or do not start it."""
        with self._lock:
            self._is_cancelled = True
            if self._worker is not None:
                self._worker.kill()

    def run(self, source: Volume, target: Volume) -> Registered:
        """Return the motion from the space of ``source`` to that of ``target``.

        Raises
        ------
        NotRegistrable
            One of them cannot be aligned at all.
        TooLittleShared, NotConvincing
            What was found is not to be believed.
        TookTooLong, RegistrationCancelled, RegistrationError
            The process was ended, or failed.
        """
        began = monotonic()
        fixed, moving = (grid_of(volume, lambda: self._is_cancelled) for volume in (source, target))
        answer = self._asked(fixed, moving)
        quality = quality_of(answer.fields)
        objection = quality.objection()
        if objection is not None:
            raise objection
        transform = RigidTransform.from_matrix([float(value) for value in answer.fields["matrix"]])
        here, there = (VolumeReference(volume.series, volume.index) for volume in (source, target))
        return Registered(here, there, transform, quality, str(answer.fields["method"]), monotonic() - began)

    def _asked(self, fixed: VolumeGrid, moving: VolumeGrid) -> Answer:
        watchdog = Watchdog()
        try:
            worker = self._started(lambda: WorkerProcess(self._command, DecodeLimits(), watchdog))
            try:
                data = [grid.values.data.cast("B") for grid in (fixed, moving)]
                return worker.call("register", data, self._within_s, **_described(fixed, moving))
            finally:
                with self._lock:
                    self._worker = None
                worker.close()
        except DecodeTimeout as error:
            raise TookTooLong(error.technical) from error
        except WorkerLost as error:
            lost = RegistrationCancelled("by the reader") if self._is_cancelled else RegistrationError(error.technical)
            raise lost from error
        except DecodingError as error:
            raise RegistrationError(error.technical) from error
        finally:
            watchdog.close()

    def _started(self, start: Callable[[], WorkerProcess]) -> WorkerProcess:
        with self._lock:
            if self._is_cancelled:
                raise RegistrationCancelled("before it began")
            self._worker = start()
            return self._worker


def _described(fixed: VolumeGrid, moving: VolumeGrid) -> dict[str, float | list[float]]:
    """Return the small fields of the call; one core is left to the window."""
    fields: dict[str, float | list[float]] = {"threads": max(1, (os.cpu_count() or 1) - 1)}
    for name, grid in (("fixed", fixed), ("moving", moving)):
        fields[f"{name}_shape"] = list(grid.values.shape)
        fields[f"{name}_spacing"] = list(grid.spacing_mm)
        fields[f"{name}_origin"] = list(grid.origin_lps)
        fields[f"{name}_directions"] = [value for direction in grid.directions for value in direction]
    return fields
