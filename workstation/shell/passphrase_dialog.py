"""Asks for the recovery passphrase: to make a new profile, or to open one whose key store does not."""

from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator
from workstation.vault.slots import WhyLocked

SHORTEST = 8


class PassphraseDialog(QDialog):
    """A new passphrase is typed twice; an existing one once."""

    def __init__(
        self,
        words: Translator,
        *,
        new: bool,
        why: WhyLocked = WhyLocked.EMPTIED,
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._new = new
        self._words = words
        self.setWindowTitle(words.text("vault.dialog.title"))
        self.setMinimumWidth(480)
        self.first, self.second = QLineEdit(), QLineEdit()
        self._problem = plain(reason, style="warning", wrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(words.text("vault.dialog.new" if new else f"vault.why.{why}"), wrap=True))
        for field, key in ((self.first, "vault.dialog.passphrase"), (self.second, "vault.dialog.again")):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setPlaceholderText(words.text(key))
            layout.addWidget(field)
        self.second.setVisible(new)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        for button, key in (("Ok", "vault.dialog.go"), ("Cancel", "vault.dialog.leave")):
            shown = self._buttons.button(QDialogButtonBox.StandardButton[button])
            shown.setText(words.text(key))
            shown.setIcon(QIcon())
        self._buttons.accepted.connect(self._try)
        self._buttons.rejected.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the field the keyboard."""
        super().showEvent(event)
        self.first.setFocus()

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.first.text()

    def _try(self) -> None:
        if self._new and len(self.first.text()) < SHORTEST:
            self._problem.setText(self._words.text("vault.dialog.short", shortest=SHORTEST))
        elif self._new and self.first.text() != self.second.text():
            self._problem.setText(self._words.text("vault.dialog.differ"))
        else:
            self.accept()
