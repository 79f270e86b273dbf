"""Tells why the workstation does not open, where there is no window yet that could."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from workstation.shell.labels import plain
from workstation.translations import Translator


class RefusalDialog(QDialog):
    """One sentence and a button."""

    def __init__(self, words: Translator, sentence: str) -> None:
        super().__init__()
        self.setWindowTitle(words.text("shell.title"))
        self.setMinimumWidth(480)
        self.sentence = plain(sentence, wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(words.text("shell.about.close"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.sentence)
        layout.addWidget(buttons)
