"""The tab of objects: what others made of these images, what of it is drawn, and its content to read."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from viewers.graphics.model import Layer
from viewers.graphics.segments import Segment
from viewers.identifiers import InstanceUID
from viewers.qt.graphics import swatch
from workstation.dicom.objects.model import Entry, ReadObject
from workstation.dicom.objects.segmentation import volume_text
from workstation.reading.shown_objects import ShownObjects, parts_of
from workstation.shell.formats import dicom_date, numeral
from workstation.shell.labels import as_tooltip, plain
from workstation.shell.object_document import ObjectDocument, text_of
from workstation.shell.object_drag import ObjectTree
from workstation.shell.pages_view import Page, PagesView
from workstation.translations import Translator

_ID_ROLE = int(Qt.ItemDataRole.UserRole)
_OBJECT_ROLE = _ID_ROLE + 1
_SWATCH = 12


class ObjectsPanel(QWidget):
    """Lists the objects of a case; ticks say what is drawn, the current one is shown below.

    Signals
    -------
    part_ticked
        Ids of layers and segments, and whether they are to be drawn.
    presentation_chosen
        The instance of the presentation state to apply, or ``None``.
    image_asked
        The ``ImagePlace`` of an image that the reader wants to see.
    pages_asked
        The ``ReadObject`` whose pages are to be drawn.
    opened
        The ``ReadObject`` that the reader wants to see in a viewport.
    """

    part_ticked = Signal(object, bool)
    presentation_chosen = Signal(object)
    image_asked = Signal(object)
    pages_asked = Signal(object)
    opened = Signal(object)

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._words = translator
        self._shown = ShownObjects()
        self.tree = ObjectTree(lambda item: InstanceUID(str(item.data(0, _OBJECT_ROLE))))
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(1)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(14)
        self.refused = plain(style="warning", wrap=True)
        self.document = ObjectDocument()
        self.pages = PagesView()
        self._empty = plain(style="quiet", wrap=True)
        self._stack = QStackedWidget()
        for widget in (self._empty, self.document, self.pages):
            self._stack.addWidget(widget)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self._stack)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([160, 480])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.refused)
        layout.addWidget(self.splitter, 1)
        self.tree.currentItemChanged.connect(lambda item, _before: self._show_current(item))
        self.tree.itemChanged.connect(self._ticked)
        self.tree.itemActivated.connect(lambda _item, _column: self._open())
        self.document.image_asked.connect(self.image_asked)
        self.retranslate(translator)

    @property
    def current(self) -> ReadObject | None:
        """The object that is shown below."""
        item = self.tree.currentItem()
        found = item.data(0, _OBJECT_ROLE) if item is not None else None
        return next((one for one in self._shown.objects if one.reference.instance == found), None)

    def show_objects(self, shown: ShownObjects) -> None:
        """Show the objects of a case; the current one stays current."""
        is_same = (shown.objects, shown.is_read) == (self._shown.objects, self._shown.is_read)
        current = self.current
        self._shown = shown
        if is_same:
            self._tick()
        else:
            self._rebuild(None if current is None else current.reference.instance)

    def show_pages(self, shown: ReadObject, pages: Sequence[Page]) -> None:
        """Show the pages of a document, if it is still the current one."""
        if self.current is shown:
            self.pages.show_pages(pages)
            self._stack.setCurrentWidget(self.pages)

    def show_refused(self, sentence: str) -> None:
        """Say why the current object cannot be shown."""
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._words = translator
        self.tree.setAccessibleName(translator.text("reading_page.tab.objects"))
        current = self.current
        self._rebuild(None if current is None else current.reference.instance)

    def _open(self) -> None:
        current = self.current
        if current is not None:
            self.opened.emit(current)

    def _rebuild(self, current: InstanceUID | None) -> None:
        self.tree.blockSignals(True)
        self.tree.clear()
        chosen: QTreeWidgetItem | None = None
        for shown in self._shown.objects:
            item = self._row(shown)
            self.tree.addTopLevelItem(item)
            item.setExpanded(True)
            if shown.reference.instance == current:
                chosen = item
        self.tree.blockSignals(False)
        self._tick()
        if chosen is not None:
            self.tree.setCurrentItem(chosen)
        else:
            self._show_current(None)

    def _row(self, shown: ReadObject) -> QTreeWidgetItem:
        words = self._words
        title = text_of(shown.title, words)
        facts = (words.text(f"objects.kind.{shown.kind}"), title, dicom_date(shown.date, words.language), shown.author)
        item = QTreeWidgetItem([" · ".join(fact for fact in facts if fact)])
        item.setData(0, _OBJECT_ROLE, shown.reference.instance)
        why = "" if shown.refused is None else text_of(shown.refused, words)
        item.setToolTip(0, as_tooltip("\n".join(part for part in (item.text(0), why) if part)))
        if shown.presentation is not None:
            item.setData(0, _ID_ROLE, shown.reference.instance)
            item.setCheckState(0, Qt.CheckState.Unchecked)
        for part in parts_of(shown):
            item.addChild(self._part(shown, part))
        return item

    def _part(self, shown: ReadObject, part: Layer | Segment) -> QTreeWidgetItem:
        text = part.name
        if isinstance(part, Segment) and part.ml is not None:
            number = numeral(volume_text(part.ml), self._words.language)
            text = f"{text}  {number} ml"
        item = QTreeWidgetItem([text])
        item.setData(0, _ID_ROLE, part.id)
        item.setData(0, _OBJECT_ROLE, shown.reference.instance)
        item.setIcon(0, QIcon(QPixmap.fromImage(swatch(part.colour, _SWATCH))))
        item.setCheckState(0, Qt.CheckState.Unchecked)
        item.setToolTip(0, as_tooltip(text))
        return item

    def _tick(self) -> None:
        """Let the boxes say what is drawn."""
        self.tree.blockSignals(True)
        for item in self._items():
            identifier = item.data(0, _ID_ROLE)
            if identifier is not None:
                is_on = identifier in self._shown.ticked or identifier == self._shown.applied
                item.setCheckState(0, Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        self.tree.viewport().update()

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for row in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(row)
            if top is not None:
                yield top
                below = (top.child(number) for number in range(top.childCount()))
                yield from (item for item in below if item is not None)

    def _ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        identifier = item.data(0, _ID_ROLE)
        is_on = item.checkState(0) == Qt.CheckState.Checked
        if identifier is None:
            return
        if item.parent() is None:
            self.presentation_chosen.emit(identifier if is_on else None)
        else:
            self.part_ticked.emit((identifier,), is_on)

    def _show_current(self, item: QTreeWidgetItem | None) -> None:
        shown = self.current if item is not None else None
        if shown is None:
            self.show_refused("")
            self._stack.setCurrentWidget(self._empty)
            self._empty.setVisible(not self._shown.objects)
            self._empty.setText(self._words.text("objects.none" if self._shown.is_read else "objects.awaited"))
            return
        self.show_refused("" if shown.refused is None else text_of(shown.refused, self._words))
        heading = Entry(0, self._words.text(f"objects.kind.{shown.kind}"), shown.title)
        self.document.show_blocks((heading, *shown.blocks), self._words)
        self._stack.setCurrentWidget(self.document)
        if shown.pdf is not None:
            self.pages_asked.emit(shown)
