"""The composition root of the window: pages, controllers and services of one open profile."""

import logging
import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog

from workstation.app.core import LANGUAGE, Core, open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.errors import WorkstationError
from workstation.runtime.executor import Executor, UnexpectedFailure
from workstation.runtime.main_thread import MainThread
from workstation.shell import theme
from workstation.shell.passphrase_dialog import PassphraseDialog
from workstation.shell.refusal_dialog import RefusalDialog
from workstation.store.profile_lock import ProfileLock
from workstation.translations import Translator, translator
from workstation.vault.errors import PassphraseNeeded, TooManyTries, VaultLocked, WrongPassphrase
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.slots import why_locked

_READY_MS = 50
_LONGEST_NAME = 80
_log = logging.getLogger("workstation.qt")


def run_window(
    profile: Profile,
    keyring: KeyringSlot | None,
    words: Translator,
    *,
    passphrase: str | None = None,
    exit_when_ready: bool = False,
) -> int:
    """Open the workstation on a profile and return when its window is closed.

    A ``passphrase`` is one that the program made; a window opened with it asks for none when it was locked.

    Raises
    ------
    ProfileInUse
        Another window has the profile open; the reader was told.
    StoreError
        The profile cannot be used; the reader was told.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(application, QApplication):
        application.setApplicationName("Requis")
        theme.apply(application)
    with ExitStack() as stack:
        stack.callback(qInstallMessageHandler, qInstallMessageHandler(_keep_message))
        try:
            stack.enter_context(ProfileLock(profile.lock))
            core = _open(stack, profile, keyring, words, passphrase)
        except WorkstationError as error:
            if not exit_when_ready:
                refusal = RefusalDialog(words, words.error(error))
                refusal.exec()
            raise
        if core is None:
            return 1
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        stack.callback(executor.close)
        own = translator(core.store.settings.value(LANGUAGE) or words.language)
        parts = build_parts(core, executor, own, asks=passphrase is None)
        _tell_of_crashes(stack, parts)
        parts.window.closed.connect(parts.close)
        parts.window.show()
        parts.start()
        if exit_when_ready:
            _leave_when(parts, application.quit)
        return int(application.exec())


def _open(
    stack: ExitStack, profile: Profile, keyring: KeyringSlot | None, words: Translator, passphrase: str | None
) -> Core | None:
    """Open the profile, asking for the passphrase as often as it takes; ``None`` when the reader gives up."""
    # Who was locked out must not get in by closing and starting again, where the key store would open by itself.
    first = None if profile.locked.exists() else keyring
    while True:
        try:
            core = stack.enter_context(open_core(profile, first, passphrase=passphrase, clock=system_clock))
        except (PassphraseNeeded, VaultLocked, WrongPassphrase, TooManyTries) as error:
            dialog = _passphrase_dialog(profile, keyring, words, error)
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return None
            passphrase, first = dialog.passphrase, keyring
        else:
            profile.locked.unlink(missing_ok=True)
            return core


def _passphrase_dialog(
    profile: Profile, keyring: KeyringSlot | None, words: Translator, error: WorkstationError
) -> PassphraseDialog:
    if isinstance(error, PassphraseNeeded):
        return PassphraseDialog(words, new=True)
    problem = "" if isinstance(error, VaultLocked) else words.error(error)
    return PassphraseDialog(words, new=False, why=why_locked(profile, keyring), reason=problem)


def _tell_of_crashes(stack: ExitStack, parts: WindowParts) -> None:
    """Tell the reader when something failed in the window itself; the log has where."""
    former = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        former(kind, error, trace)
        parts.window.notices.show_error(UnexpectedFailure(kind.__name__))

    sys.excepthook = tell
    stack.callback(setattr, sys, "excepthook", former)


def _keep_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Keep what Qt says of itself: the part before the first colon or quotation mark, which names its own function."""
    level = logging.INFO if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
    _log.log(level, "%s: %s", context.category, re.split("[:\"'(“/\\\\]", text, maxsplit=1)[0][:_LONGEST_NAME])


def _leave_when(parts: WindowParts, leave: Callable[[], None]) -> None:
    timer = QTimer(parts.window)

    def look() -> None:
        if parts.queue_page.model.rowCount():
            timer.stop()
            parts.window.close()
            leave()

    timer.timeout.connect(look)
    timer.start(_READY_MS)
