"""What a slow or metered link is used for: a lossy preview, and images that nobody has asked for yet."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout

from workstation.shell.labels import plain
from workstation.translations import Translator


class LinkBox(QGroupBox):
    """Says what each choice is, and whether it is wanted.

    Signals
    -------
    previews_chosen
        Whether lossy previews are wanted.
    ahead_chosen
        Whether studies of the next requests are fetched unasked.
    """

    previews_chosen = Signal(bool)
    ahead_chosen = Signal(bool)

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self.previews, self.ahead = QCheckBox(), QCheckBox()
        self._about_previews, self._about_ahead = plain(wrap=True), plain(wrap=True)
        layout = QVBoxLayout(self)
        for widget in (self.previews, self._about_previews, self.ahead, self._about_ahead):
            layout.addWidget(widget)
        self.retranslate(words)
        self.previews.clicked.connect(self.previews_chosen)
        self.ahead.clicked.connect(self.ahead_chosen)

    def show_wanted(self, *, previews: bool, ahead: bool) -> None:
        """Show the choices."""
        self.previews.setChecked(previews)
        self.ahead.setChecked(ahead)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self.setTitle(words.text("shell.settings.link.title"))
        self.previews.setText(words.text("shell.settings.link.previews"))
        self._about_previews.setText(words.text("shell.settings.link.about_previews"))
        self.ahead.setText(words.text("shell.settings.link.ahead"))
        self._about_ahead.setText(words.text("shell.settings.link.about_ahead"))
