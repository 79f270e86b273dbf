"""The composition root of the window: pages, controllers and services of one open profile."""

import sys
from collections.abc import Callable
from contextlib import ExitStack

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from workstation.app.core import LANGUAGE, Core, open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell import theme
from workstation.shell.passphrase_dialog import PassphraseDialog
from workstation.store.profile_lock import ProfileLock
from workstation.translations import Translator, translator
from workstation.vault.errors import PassphraseNeeded, VaultLocked, WrongPassphrase
from workstation.vault.keyring_slot import KeyringSlot

_READY_MS = 50


def run_window(
    profile: Profile,
    keyring: KeyringSlot | None,
    words: Translator,
    *,
    passphrase: str | None = None,
    exit_when_ready: bool = False,
) -> int:
    """Open the workstation on a profile and return when its window is closed.

    Raises
    ------
    ProfileInUse
        Another window has the profile open.
    StoreError
        The profile cannot be used.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(application, QApplication):
        application.setApplicationName("Requis")
        theme.apply(application)
    with ExitStack() as stack:
        stack.enter_context(ProfileLock(profile.lock))
        core = _open(stack, profile, keyring, words, passphrase)
        if core is None:
            return 1
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        stack.callback(executor.close)
        parts = build_parts(core, executor, translator(core.store.settings.value(LANGUAGE) or words.language))
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
    reason = ""
    while True:
        try:
            return stack.enter_context(open_core(profile, keyring, passphrase=passphrase, clock=system_clock))
        except (PassphraseNeeded, VaultLocked, WrongPassphrase) as error:
            reason = words.error(error) if isinstance(error, WrongPassphrase) else ""
            dialog = PassphraseDialog(words, new=isinstance(error, PassphraseNeeded), reason=reason)
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return None
            passphrase = dialog.passphrase


def _leave_when(parts: WindowParts, leave: Callable[[], None]) -> None:
    timer = QTimer(parts.window)

    def look() -> None:
        if parts.queue_page.model.rowCount():
            timer.stop()
            parts.window.close()
            leave()

    timer.timeout.connect(look)
    timer.start(_READY_MS)
