"""The choice of lossy previews in the settings; off until the reader wants them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout

from workstation.shell.labels import plain
from workstation.translations import Translator


class PreviewBox(QGroupBox):
    """Says what previews are, and whether they are wanted."""

    chosen = Signal(bool)

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self.wanted = QCheckBox()
        self._hint = plain(wrap=True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.wanted)
        layout.addWidget(self._hint)
        self.retranslate(words)
        self.wanted.clicked.connect(self.chosen)

    def show_wanted(self, is_wanted: bool) -> None:
        """Show the choice."""
        self.wanted.setChecked(is_wanted)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self.setTitle(words.text("shell.settings.previews.title"))
        self.wanted.setText(words.text("shell.settings.previews.wanted"))
        self._hint.setText(words.text("shell.settings.previews.hint"))
