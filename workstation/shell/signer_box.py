"""The signing key in the settings: who signs, taking in a key file, its passphrase, forgetting it."""

from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain
from workstation.shell.new_passphrase import NewPassphrase, password_field
from workstation.translations import Translator


class SignerFacts(Protocol):
    """What may be told of the profile's signer."""

    @property
    def holder(self) -> str:
        """Whom the certificate names."""

    @property
    def issuer(self) -> str:
        """Who certified it."""

    @property
    def not_after(self) -> datetime:
        """When the certificate ends."""


class SignerBox(QGroupBox):
    """Shows the signer and asks for changes; the key itself is never shown and never given out."""

    import_asked = Signal()
    change_asked = Signal()
    forget_asked = Signal()

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._words = words
        self._facts: SignerFacts | None = None
        self.signer = plain(wrap=True)
        self.take, self.change, self.forget = QPushButton(), QPushButton(), QPushButton()
        row = QHBoxLayout()
        for button, asked in (
            (self.take, self.import_asked), (self.change, self.change_asked), (self.forget, self.forget_asked),
        ):  # fmt: skip
            row.addWidget(button)
            button.clicked.connect(asked)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.signer)
        layout.addLayout(row)
        self.retranslate(words)

    def show_signer(self, facts: SignerFacts | None) -> None:
        """Show who signs."""
        self._facts = facts
        words = self._words
        if facts is None:
            self.signer.setText(words.text("signer.none"))
        else:
            until = dicom_date(facts.not_after.strftime("%Y%m%d"), words.language)
            self.signer.setText(words.text("signer.facts", holder=facts.holder, issuer=facts.issuer, until=until))
        for button in (self.change, self.forget):
            button.setEnabled(facts is not None)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.setTitle(words.text("signer.title"))
        self.take.setText(words.text("signer.import"))
        self.change.setText(words.text("signer.change"))
        self.forget.setText(words.text("signer.forget"))
        self.show_signer(self._facts)


class SignerDialog(QDialog):
    """Asks for the passphrase that is, and a new one for signing; ``title`` and ``former`` are keys of translations."""

    def __init__(self, words: Translator, title: str, former: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.text(title))
        self.setMinimumWidth(480)
        self.former, self.new = password_field(), NewPassphrase(words)
        self.problem = plain(style="warning", wrap=True)
        self.former.setPlaceholderText(words.text(former))
        self.former.setAccessibleName(words.text(former))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for which, key in (
            (QDialogButtonBox.StandardButton.Ok, title),
            (QDialogButtonBox.StandardButton.Cancel, "sign.back"),
        ):
            buttons.button(which).setText(words.text(key))
            buttons.button(which).setIcon(QIcon())
        buttons.accepted.connect(self._try)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(plain(words.text("signer.explained"), wrap=True))
        for widget in (self.former, self.new, self.problem, buttons):
            form.addRow(widget)

    def take(self) -> tuple[str, str]:
        """Return what was typed, former and new, and empty the fields."""
        former = self.former.text()
        self.former.clear()
        return former, self.new.take()

    def _try(self) -> None:
        problem = self.new.problem()
        self.problem.setText(problem)
        if not problem:
            self.accept()
