"""The vault and the signing key in the settings page: what is asked is done, and nothing typed stays in a field."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.patience import PATIENCE_MS
from tests.workstation.app.test_signer_key import OF_THE_FILE, OWN, container, issued
from tests.workstation.vault.keepers import MemoryKeeper
from workstation.app.core import Core, open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.signer_box import SignerDialog
from workstation.translations import translator
from workstation.vault.errors import WrongPassphrase
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.passphrase import Strength, strength

pytestmark = pytest.mark.qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PASSPHRASE, NEW = "five words nobody will guess", "five other words than before"


@dataclass
class Bench:
    core: Core
    parts: WindowParts
    qtbot: QtBot

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def typed(self) -> list[str]:
        fields = self.parts.window.findChildren(QLineEdit)
        return [one.text() for one in fields if one.echoMode() is QLineEdit.EchoMode.Password and one.text()]


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    slot = KeyringSlot(MemoryKeeper(), "one")
    with open_core(Profile(tmp_path / "profile"), slot, passphrase=PASSPHRASE) as core:
        main_thread = MainThread()
        executor = Executor(main_thread.post)
        parts = build_parts(core, executor, translator("en"), displays=on(READING_ROOM))
        parts.window.closed.connect(parts.close)
        qtbot.addWidget(parts.window)
        parts.window.show()
        parts.window.show_page("settings")
        parts.keys.start()
        bench = Bench(core, parts, qtbot)
        bench.wait(parts.keys.vault.keyring.isChecked)
        yield bench
        parts.window.close()
        executor.close()


def test_the_passphrase_is_changed_only_by_who_knows_the_present_one(bench: Bench) -> None:
    box = bench.parts.keys.vault
    box.new.first.setText("short")
    box.change.click()
    assert "8" in box.problem.text()
    for former, told in (("a wrong one entirely", "does not open"), (PASSPHRASE, "")):
        box.former.setText(former)
        box.new.first.setText(NEW)
        box.new.second.setText(NEW)
        box.change.click()
        assert bench.typed() == []
        if told:
            bench.wait(lambda: "does not open" in box.problem.text())
            bench.core.keys.check(PASSPHRASE)
    bench.wait(lambda: "was changed" in bench.parts.window.notices.text)
    bench.core.keys.check(NEW)
    with pytest.raises(WrongPassphrase):
        bench.core.keys.check(PASSPHRASE)


def test_the_key_store_is_turned_off_and_on(bench: Bench) -> None:
    box = bench.parts.keys.vault
    box.keyring.click()
    bench.wait(lambda: "not used, as chosen" in box.state.text())
    assert not bench.core.keys.slots().keyring_opens
    box.keyring.click()
    bench.wait(lambda: "opens the profile now" in box.state.text())
    assert bench.core.keys.slots().keyring_opens


def test_the_minutes_of_the_lock_hold_at_once_and_are_kept(bench: Bench) -> None:
    box = bench.parts.keys.vault
    assert box.minutes.value() == 10
    assert (box.minutes.minimum(), box.minutes.maximum()) == (1, 30)
    box.minutes.setValue(3)
    bench.wait(lambda: bench.core.store.settings.lock_after_minutes() == 3)
    assert bench.parts.lock.idle._limit_s == 180


def test_a_key_file_is_taken_in_and_destroyed(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "reader.p12"
    file.write_bytes(container(issued()))

    def choose() -> None:
        chooser = QApplication.activeModalWidget()
        assert isinstance(chooser, QFileDialog)
        chooser.setDirectory(str(tmp_path))
        chooser.selectFile(file.name)
        chooser.done(QFileDialog.DialogCode.Accepted)

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    QTimer.singleShot(0, choose)
    bench.parts.keys.signer.take.click()
    dialog = bench.parts.window.findChild(SignerDialog)
    assert dialog is not None
    dialog.former.setText(OF_THE_FILE)
    dialog.new.first.setText(OWN)
    dialog.new.second.setText(OWN)
    dialog._try()
    bench.wait(lambda: bench.parts.keys.signer.forget.isEnabled())
    assert bench.typed() == []
    assert bench.core.signers.key.signer(OWN) is not None
    assert all(str(tmp_path) not in one.read_text() for one in (tmp_path / "config").rglob("*") if one.is_file())
    bench.parts.keys.signer.forget.click()
    bench.wait(lambda: not bench.parts.keys.signer.forget.isEnabled())
    assert bench.core.signers.key.facts() is None


@pytest.mark.parametrize(
    ("passphrase", "expected"),
    [
        ("", Strength.TOO_SHORT),
        ("1234567", Strength.TOO_SHORT),
        ("12345678", Strength.WEAK),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", Strength.WEAK),
        ("four words", Strength.WEAK),
        ("correct horse", Strength.FAIR),
        (PASSPHRASE, Strength.GOOD),
    ],
)
def test_strength_is_told_by_length_and_variety(passphrase: str, expected: Strength) -> None:
    assert strength(passphrase) is expected
