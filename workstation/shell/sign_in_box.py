"""Sign-in at hubs whose identity provider asks in the browser: who is signed in where, and a button for each."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QGroupBox, QPushButton

from workstation.domain.identifiers import HubName
from workstation.shell.labels import plain
from workstation.translations import Translator

_BUTTON_WIDTH = 260


class SignInBox(QGroupBox):
    """Says for which hub the reader wants to sign in, or to stop waiting for the browser; hidden where no hub asks."""

    asked = Signal(str)
    stopped = Signal(str)

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._words = words
        self._hubs: dict[HubName, bool] = {}
        self._waiting: frozenset[HubName] = frozenset()
        self.buttons: dict[HubName, QPushButton] = {}
        self._grid = QGridLayout(self)
        self.retranslate(words)

    def show_hubs(self, hubs: dict[HubName, bool]) -> None:
        """Show the hubs by name, with whether somebody is signed in there."""
        self._hubs = dict(hubs)
        self._show()

    def show_waiting(self, hubs: frozenset[HubName]) -> None:
        """Show for which hubs the browser is waited for."""
        self._waiting = hubs
        self._show()

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.setTitle(words.text("hub_sign_in.title"))
        self._show()

    def _show(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons.clear()
        for row, (hub, is_signed_in) in enumerate(self._hubs.items()):
            is_waiting = hub in self._waiting
            known = "hub_sign_in.signed_in" if is_signed_in else "hub_sign_in.needed"
            label = plain(wrap=True, style="" if is_signed_in or is_waiting else "warning")
            label.setText(self._words.text("hub_sign_in.waiting" if is_waiting else known, hub=hub))
            button = QPushButton(self._words.text("hub_sign_in.stop" if is_waiting else "hub_sign_in.start"))
            button.setFixedWidth(_BUTTON_WIDTH)
            button.clicked.connect(partial(self._clicked, hub, is_waiting))
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(button, row, 1)
            self.buttons[hub] = button
        self.setVisible(bool(self._hubs))

    def _clicked(self, hub: HubName, is_waiting: bool, _checked: bool = False) -> None:
        (self.stopped if is_waiting else self.asked).emit(hub)
