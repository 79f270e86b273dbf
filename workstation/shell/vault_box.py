"""The vault in the settings: what opens the profile, a change of the passphrase, the key store, the idle lock."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QGroupBox, QPushButton, QSpinBox

from workstation.shell.labels import plain
from workstation.shell.new_passphrase import NewPassphrase, password_field
from workstation.store.settings import LONGEST_LOCK_MINUTES, SHORTEST_LOCK_MINUTES
from workstation.translations import Translator
from workstation.vault.slots import KeyringState, SlotsFound

_BUTTON_WIDTH = 260


class VaultBox(QGroupBox):
    """Says what is wanted; nothing that was typed stays in a field."""

    change_asked = Signal(str, str)
    keyring_asked = Signal(bool)
    minutes_changed = Signal(int)

    def __init__(self, words: Translator, *, asks: bool) -> None:
        super().__init__()
        self._words = words
        self._asks = asks
        self._state: KeyringState | None = None
        self.state, self.problem = plain(wrap=True), plain(style="warning", wrap=True)
        self.keyring = QCheckBox()
        self.former, self.new, self.change = password_field(), NewPassphrase(words), QPushButton()
        self.change.setMaximumWidth(_BUTTON_WIDTH)
        self.minutes = QSpinBox()
        self.minutes.setRange(SHORTEST_LOCK_MINUTES, LONGEST_LOCK_MINUTES)
        self.minutes.setFixedWidth(90)
        self._labels = {name: plain() for name in ("keyring", "passphrase", "lock")}
        self._build()
        self.retranslate(words)
        self.keyring.clicked.connect(self.keyring_asked)
        self.change.clicked.connect(self._ask)
        self.minutes.valueChanged.connect(self.minutes_changed)

    def show_slots(self, found: SlotsFound) -> None:
        """Show what the key store does now."""
        self._state = found.keyring_state
        self.keyring.setChecked(found.keyring_opens)
        self.keyring.setEnabled(self._asks and (found.keyring_here is not None or found.keyring_opens))
        self._say_state()

    def show_minutes(self, minutes: int) -> None:
        """Show after how many minutes the window locks."""
        self.minutes.blockSignals(True)
        self.minutes.setValue(minutes)
        self.minutes.blockSignals(False)

    def show_problem(self, sentence: str) -> None:
        """Say why something was refused, or nothing."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.setTitle(words.text("vault.box.title"))
        self.keyring.setText(words.text("vault.box.use_keyring"))
        self.former.setPlaceholderText(words.text("vault.box.former"))
        self.former.setAccessibleName(words.text("vault.box.former"))
        self.change.setText(words.text("vault.box.change"))
        self.minutes.setSuffix(words.text("vault.box.minutes"))
        for name, label in self._labels.items():
            label.setText(words.text(f"vault.box.field.{name}"))
        self.new.retranslate(words)
        self._say_state()

    def _say_state(self) -> None:
        if not self._asks:
            self.state.setText(self._words.text("vault.box.demonstration"))
        elif self._state is not None:
            self.state.setText(self._words.text(f"vault.slot.{self._state}"))

    def _ask(self) -> None:
        problem = self.new.problem()
        self.show_problem(problem)
        if not problem:
            former = self.former.text()
            self.former.clear()
            self.change_asked.emit(former, self.new.take())

    def _build(self) -> None:
        form = QFormLayout(self)
        form.addRow(self.state)
        form.addRow(self._labels["keyring"], self.keyring)
        form.addRow(self._labels["passphrase"], self.former)
        form.addRow("", self.new)
        form.addRow("", self.problem)
        form.addRow("", self.change)
        form.addRow(self._labels["lock"], self.minutes)
        self.problem.hide()
        for widget in (self._labels["passphrase"], self.former, self.new, self.change):
            widget.setVisible(self._asks)
