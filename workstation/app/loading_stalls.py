"""How long the window keeps a hand waiting while a study arrives: for ``bench``, in a process of its own.

The window is the real one, off-screen, on a profile whose only hub holds the request. A timer that is due every few
milliseconds tells how late the event loop comes to it, and how much of that time the window's own thread was working:
on a busy machine the rest is what others took.
"""

import json
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from viewers.image.warming import warm_up
from workstation.app.core import Core, open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import profile_from_environment
from workstation.domain.identifiers import RequestId
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.translations import translator

_TICK_MS = 5
_SIZE = (1600, 1000)


class _Ticks:
    """How late each tick of the event loop came, and what the thread worked since the one before, in milliseconds."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.work_ms: list[float] = []
        self._before, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._before) * 1e3 - _TICK_MS))
        worked = time.thread_time()
        self.work_ms.append((worked - self._worked) * 1e3)
        self._before, self._worked = now, worked


def print_stalls(request: RequestId, images: int, timeout_s: float) -> None:
    """Open a request of the environment's profile, and print how late each tick was until its images were all shown."""
    warm_up()
    application = QApplication([])
    with open_core(profile_from_environment(), None) as core:
        executor = Executor(MainThread().post)
        parts = build_parts(core, executor, translator("en"))
        parts.window.closed.connect(parts.close)
        parts.window.resize(*_SIZE)
        parts.window.show()
        sys.stdout.write(json.dumps(_until_shown(application, core, parts, request, images, timeout_s)))
        parts.window.close()
        executor.close()


def _until_shown(
    application: QApplication, core: Core, parts: WindowParts, request: RequestId, images: int, timeout_s: float
) -> dict[str, list[float]]:
    """Return milliseconds, none where the images never came."""
    asked = core.worklist.find(request)
    ticks = _Ticks()
    parts.case.open(asked)
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        application.processEvents()
        shown = [one.volume for one in parts.reading_page.board.contents.values()]
        if any(one.is_complete and one.voxels.shape[0] >= images for one in shown):
            ticks.stop()
            return {"late_ms": ticks.late_ms, "work_ms": ticks.work_ms}
        time.sleep(0.0005)
    return {}
