"""The hanging protocols in the settings: their order, and which of them hang by themselves."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QGroupBox, QListWidget, QListWidgetItem, QVBoxLayout

from workstation.reading.protocols.shelf import Shelf
from workstation.shell.labels import plain
from workstation.shell.protocol_menu import protocol_title
from workstation.translations import Translator

_ID = Qt.ItemDataRole.UserRole


class ProtocolsBox(QGroupBox):
    """``changed`` gives the ids in the reader's order, and those that are off. Dragging changes the order."""

    changed = Signal(object, object)

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._words = words
        self._shelf = Shelf()
        self._about, self._refused = plain(wrap=True), plain(wrap=True, style="danger")
        self.protocols = QListWidget()
        self.protocols.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.protocols.setMinimumHeight(160)
        layout = QVBoxLayout(self)
        for widget in (self._about, self.protocols, self._refused):
            layout.addWidget(widget)
        self.protocols.itemChanged.connect(lambda _item: self._tell())
        self.protocols.model().rowsMoved.connect(lambda *_moved: self._tell())
        self.retranslate(words)

    def show_shelf(self, shelf: Shelf) -> None:
        """Show the protocols, and which files of the reader are none."""
        self._shelf = shelf
        self.retranslate(self._words)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.setTitle(words.text("shell.settings.protocols.title"))
        self._about.setText(words.text("shell.settings.protocols.about"))
        self._refused.setText("\n".join(words.error(error) for error in self._shelf.refused))
        self._refused.setVisible(bool(self._shelf.refused))
        self._fill(self._shelf)

    def _fill(self, shelf: Shelf) -> None:
        blocked = self.protocols.blockSignals(True)
        self.protocols.clear()
        for protocol in shelf.protocols:
            title = protocol_title(protocol, self._words)
            text = self._words.text("shell.settings.protocols.own", title=title) if protocol.is_own else title
            item = QListWidgetItem(text, self.protocols)
            item.setData(_ID, protocol.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if protocol.id in shelf.off else Qt.CheckState.Checked)
        self.protocols.blockSignals(blocked)

    def _tell(self) -> None:
        items = [self.protocols.item(row) for row in range(self.protocols.count())]
        off = frozenset(str(item.data(_ID)) for item in items if item.checkState() is Qt.CheckState.Unchecked)
        order = tuple(str(item.data(_ID)) for item in items)
        self._shelf = self._shelf.arranged(order, off)
        self.changed.emit(order, off)
