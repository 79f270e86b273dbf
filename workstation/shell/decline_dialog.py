"""Declining a request: a coded reason and a word to the requester."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator


class DeclineDialog(QDialog):
    """Asks why; ``reasons`` are codes whose words are translations ``decline.<code>``."""

    def __init__(self, translator: Translator, reasons: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translator.text("decline.title"))
        self.setMinimumWidth(460)
        self.reason = QComboBox()
        for code in reasons:
            self.reason.addItem(translator.text(f"decline.reason.{code}"), code)
        # Nobody is told a reason that the reader has not chosen.
        self.reason.setPlaceholderText(translator.text("decline.choose"))
        self.reason.setCurrentIndex(-1)
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(translator.text("decline.note"))
        self.note.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        confirm = buttons.button(QDialogButtonBox.StandardButton.Ok)
        confirm.setText(translator.text("decline.confirm"))
        confirm.setEnabled(False)
        self.reason.currentIndexChanged.connect(lambda chosen: confirm.setEnabled(chosen >= 0))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(translator.text("decline.back"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(translator.text("decline.question"), wrap=True))
        layout.addWidget(self.reason)
        layout.addWidget(self.note)
        layout.addWidget(buttons)

    @property
    def code(self) -> str:
        """The code of the chosen reason."""
        return str(self.reason.currentData())

    @property
    def words(self) -> str:
        """What the reader adds for the requester."""
        return self.note.toPlainText().strip()
