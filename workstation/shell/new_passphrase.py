"""Two fields for a new passphrase, with a word on its strength. What is typed is emptied when it has been taken."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator
from workstation.vault.passphrase import MINIMUM_LENGTH, Strength, strength

_WIDEST = 460


def password_field() -> QLineEdit:
    """Return a field that shows dots."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaximumWidth(_WIDEST)
    return field


class NewPassphrase(QWidget):
    """A new passphrase, typed twice."""

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._words = words
        self.first, self.second = password_field(), password_field()
        self.judgement = plain(style="quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.first, self.second, self.judgement):
            layout.addWidget(widget)
        self.retranslate(words)
        self.first.textChanged.connect(lambda _text: self._judge())

    def problem(self) -> str:
        """Return why this cannot be the new passphrase, in words; empty when it can."""
        if strength(self.first.text()) is Strength.TOO_SHORT:
            return self._words.text("vault.dialog.short", shortest=MINIMUM_LENGTH)
        if self.first.text() != self.second.text():
            return self._words.text("vault.dialog.differ")
        return ""

    def take(self) -> str:
        """Return what was typed, and empty the fields."""
        typed = self.first.text()
        self.clear()
        return typed

    def clear(self) -> None:
        """Empty the fields."""
        self.first.clear()
        self.second.clear()

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        for field, key in ((self.first, "vault.box.new"), (self.second, "vault.box.again")):
            field.setPlaceholderText(words.text(key))
            field.setAccessibleName(words.text(key))
        self._judge()

    def _judge(self) -> None:
        typed = self.first.text()
        self.judgement.setText(self._words.text(f"vault.strength.{strength(typed)}") if typed else "")
