"""The lock of a window, wired: when it closes, and what it waits for."""

from collections.abc import Callable
from dataclasses import dataclass

from workstation.app.core import Core
from workstation.app.screen_lock import ScreenLock
from workstation.runtime.executor import Executor
from workstation.shell.case_controller import CaseController
from workstation.shell.idle_watch import IdleWatch
from workstation.shell.lock_controller import LockController
from workstation.shell.lock_page import LockReason
from workstation.shell.main_window import MainWindow
from workstation.shell.queue_controller import QueueController
from workstation.shell.report_editor import ReportEditor
from workstation.shell.session_watch import SessionWatch
from workstation.translations import Translator

_MINUTE_S = 60.0


@dataclass(frozen=True)
class WindowLock:
    """The lock and what triggers it."""

    controller: LockController
    idle: IdleWatch
    session: SessionWatch

    def start(self) -> None:
        """Listen to the desktop."""
        self.session.listen()

    def set_limit(self, minutes: int) -> None:
        """Lock after so many minutes without a touch."""
        self.idle.set_limit(minutes * _MINUTE_S)

    def retranslate(self, words: Translator) -> None:
        """Show the page in another language."""
        self.controller.page.retranslate(words)

    def close(self) -> None:
        """Watch no more."""
        self.idle.stop()
        self.session.close()
        self.controller.close()


def build_lock(
    core: Core,
    executor: Executor,
    window: MainWindow,
    case: CaseController,
    editor: ReportEditor,
    queue: QueueController,
    words: Callable[[], Translator],
    *,
    asks: bool,
) -> WindowLock:
    """Build the lock of one window and connect it."""
    keeper = ScreenLock(core, asks=asks)
    controller = LockController(window, keeper, case.flush, executor, words)
    idle = IdleWatch(window, core.store.settings.lock_after_minutes() * _MINUTE_S)
    session = SessionWatch(window)
    idle.idle.connect(lambda: controller.lock(LockReason.IDLE))
    idle.slept.connect(lambda: controller.lock(LockReason.SLEEP))
    session.sleeping.connect(lambda: controller.lock(LockReason.SLEEP))
    session.locked.connect(lambda: controller.lock(LockReason.SESSION))
    editor.answers_changed.connect(idle.touch)
    controller.unlocked.connect(idle.touch)
    queue.refreshed.connect(controller.show_immediate)
    controller.locked.connect(queue.fall_deaf)
    controller.unlocked.connect(queue.hear_again)
    return WindowLock(controller, idle, session)
