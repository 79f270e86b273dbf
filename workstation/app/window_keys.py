"""The vault and the signing key in the settings, wired to the profile."""

from collections.abc import Callable
from pathlib import Path

from workstation.app.core import Core
from workstation.app.errors import SignerMissing
from workstation.app.signer_key import SignerFacts
from workstation.app.window_lock import WindowLock
from workstation.errors import WorkstationError
from workstation.runtime.executor import Executor, Pool
from workstation.shell.file_choice import choose_file
from workstation.shell.main_window import MainWindow
from workstation.shell.settings_page import SettingsPage
from workstation.shell.signer_box import SignerBox, SignerDialog
from workstation.shell.vault_box import VaultBox
from workstation.translations import Translator
from workstation.vault.slots import SlotsFound

_PATTERN = "PKCS#12 (*.p12 *.pfx)"


class WindowKeys:
    """Carries out what the two boxes of the settings ask for."""

    def __init__(
        self,
        core: Core,
        executor: Executor,
        window: MainWindow,
        page: SettingsPage,
        lock: WindowLock,
        words: Callable[[], Translator],
        *,
        asks: bool,
    ) -> None:
        self._core = core
        self._executor = executor
        self._window = window
        self._lock = lock
        self._words = words
        self.vault, self.signer = VaultBox(words(), asks=asks), SignerBox(words())
        page.add_box(self.vault)
        page.add_box(self.signer)
        self.vault.change_asked.connect(self._change_passphrase)
        self.vault.keyring_asked.connect(self._use_keyring)
        self.vault.minutes_changed.connect(self._set_minutes)
        self.signer.import_asked.connect(self._ask_for_key)
        self.signer.change_asked.connect(self._ask_for_change)
        self.signer.forget_asked.connect(self._forget)

    def start(self) -> None:
        """Show what the profile holds."""

        def look() -> tuple[SlotsFound, int, SignerFacts | None]:
            minutes = self._core.store.settings.lock_after_minutes()
            return self._core.keys.slots(), minutes, self._core.signers.key.facts()

        self._executor.run(Pool.STORE, lambda _job: look(), lambda found: self._show(*found), self._refused)

    def retranslate(self, words: Translator) -> None:
        """Show both boxes in another language."""
        self.vault.retranslate(words)
        self.signer.retranslate(words)

    def take_in(self, path: Path, passphrase: str, own: str) -> None:
        """Keep the key of a file as the profile's signer."""

        def work() -> None:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise SignerMissing(f"key file: {error.strerror}") from error
            self._core.signers.key.take_in(content, passphrase, own)

        self._do(work, "signer.imported")

    def _show(self, slots: SlotsFound, minutes: int, signer: SignerFacts | None) -> None:
        self.vault.show_slots(slots)
        self.vault.show_minutes(minutes)
        self.signer.show_signer(signer)

    def _change_passphrase(self, former: str, new: str) -> None:
        self._do(lambda: self._core.keys.change_passphrase(new, former), "vault.changed", self._say_at_the_vault)

    def _use_keyring(self, wanted: bool) -> None:
        keys = self._core.keys
        self._do(keys.use_keyring if wanted else keys.leave_keyring, "", self._say_at_the_vault)

    def _set_minutes(self, minutes: int) -> None:
        self._lock.set_limit(minutes)
        self._do(lambda: self._core.store.settings.set_lock_after_minutes(minutes), "")

    def _ask_for_key(self) -> None:
        path = choose_file(self._window, self._words().text("signer.choose"), _PATTERN)
        if path is not None:
            dialog = SignerDialog(self._words(), "signer.import_title", "signer.of_the_file", self._window)
            dialog.accepted.connect(lambda: self.take_in(path, *dialog.take()))
            dialog.open()

    def _ask_for_change(self) -> None:
        dialog = SignerDialog(self._words(), "signer.change_title", "signer.former", self._window)

        def change() -> None:
            former, new = dialog.take()
            self._do(lambda: self._core.signers.key.change_passphrase(former, new), "signer.changed")

        dialog.accepted.connect(change)
        dialog.open()

    def _forget(self) -> None:
        self._do(self._core.signers.key.forget, "signer.forgotten")

    def _do(
        self, work: Callable[[], object], done: str, refused: Callable[[WorkstationError], None] | None = None
    ) -> None:
        def told(_result: object) -> None:
            if done:
                self._window.notices.show_notice(self._words().text(done))
            self.start()

        self._executor.run(Pool.STORE, lambda _job: work(), told, refused or self._refused)

    def _say_at_the_vault(self, error: WorkstationError) -> None:
        self.vault.show_problem(self._words().error(error))
        self.start()

    def _refused(self, error: WorkstationError) -> None:
        self._window.notices.show_error(error)
