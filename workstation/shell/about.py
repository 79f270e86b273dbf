"""What Requis is, and what it is not."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator


class AboutDialog(QDialog):
    """Version, licence, and the statement of intended use."""

    def __init__(self, words: Translator, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.text("shell.about.title"))
        self.setMinimumWidth(480)
        self.statement = plain(words.text("shell.intended_use"), style="danger", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(words.text("shell.about.close"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(words.text("shell.about.name", version=version), style="heading"))
        layout.addWidget(self.statement)
        layout.addWidget(plain(words.text("shell.about.what"), wrap=True))
        layout.addWidget(plain(words.text("shell.about.licence"), style="quiet", wrap=True))
        layout.addWidget(buttons)
