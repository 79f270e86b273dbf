"""A document in a cell of the grid: pages of a PDF as a worker drew them, or a report as text with links to images.

Nothing in it is active: pages are pictures, text is built with a cursor, links lead to images of the case only.
"""

from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from viewers.identifiers import ViewportId
from viewers.qt.labels import ViewportLabels
from viewers.qt.pane import PaneWidget
from viewers.state.document_look import DocumentLook
from workstation.dicom.objects.model import Entry, ReadObject
from workstation.shell.document_find import DocumentFind
from workstation.shell.document_page import DocumentPage
from workstation.shell.labels import as_tooltip, plain
from workstation.shell.object_document import ObjectDocument, text_of
from workstation.shell.pages_view import Page, image_of
from workstation.translations import Translator

_ZOOM = 1.2
_TEXT_POINTS = 11.0
# Pages are drawn at one of these, the first that is fine enough.
_DPIS = (90, 150, 220, 330)
_PAGE_INCHES = 8.3
_FAR = 1_000_000
_TURNS = MappingProxyType(
    {
        Qt.Key.Key_PageDown: 1,
        Qt.Key.Key_PageUp: -1,
        Qt.Key.Key_Right: 1,
        Qt.Key.Key_Left: -1,
        Qt.Key.Key_Home: -_FAR,
        Qt.Key.Key_End: _FAR,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class DocumentContent:
    """What a document viewport shows. ``shown`` is ``None`` until the object has been read."""

    look: DocumentLook
    shown: ReadObject | None
    identity: tuple[str, ...]
    words: Translator

    def is_same(self, other: "DocumentContent | None") -> bool:
        """Whether two contents look the same."""
        if other is None or self.shown is not other.shown or self.words is not other.words:
            return False
        return (self.look, self.identity) == (other.look, other.identity)


@dataclass(frozen=True, slots=True)
class PageWanted:
    """A page to be drawn: of which object, counted from 0, how finely."""

    viewport: ViewportId
    shown: ReadObject
    page: int
    dpi: int


class DocumentViewport(PaneWidget):
    """A viewport for a document.

    Signals
    -------
    look_changed
        The new ``DocumentLook``.
    page_asked
        A ``PageWanted``; answered by ``show_page``.
    text_asked
        The ``ReadObject`` whose pages are to be searched; answered by ``show_texts`` or ``show_texts_refused``.
    image_asked
        The ``ImagePlace`` of a link that the reader followed.
    """

    look_changed = Signal(object)
    page_asked = Signal(object)
    text_asked = Signal(object)
    image_asked = Signal(object)

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, parent: QWidget | None = None) -> None:
        super().__init__(viewport, labels, parent)
        self._content: DocumentContent | None = None
        self._asked: PageWanted | None = None
        self._image: QImage | None = None
        self._count = 0
        self.identity, self.title = plain(style="heading"), plain(style="quiet")
        self.note = plain(style="quiet", wrap=True)
        self.text = ObjectDocument()
        self.page = DocumentPage(self.turn, self._zoom_by_wheel)
        self.finder = DocumentFind(self.text, self._go_to_page)
        self._stack = QStackedWidget()
        for widget in (self.note, self.text, self.page):
            self._stack.addWidget(widget)
        for view in (self.text, self.page):
            view.installEventFilter(self)
        self._lay_out()
        self.text.image_asked.connect(self.image_asked)
        self.finder.texts_wanted.connect(self._ask_for_texts)

    def show_document(self, content: DocumentContent | None) -> None:
        """Show a document, or nothing."""
        before, self._content = self._content, content
        if content is None:
            self._forget()
            return
        if content.is_same(before):
            return
        shown, words = content.shown, content.words
        self.identity.setText("   ".join(content.identity))
        self.identity.setToolTip(as_tooltip(self.identity.text()))
        self.finder.retranslate(words)
        if shown is None:
            self._say(words.text("document.awaited"))
        elif before is None or before.shown is not shown or before.words is not words:
            self._begin(shown, words)
        self._follow(content)

    def show_page(self, wanted: PageWanted, count: int, page: Page) -> None:
        """Show a page that was asked for; one that is wanted no more is dropped."""
        content = self._content
        if wanted != self._asked or content is None:
            return
        self._count, self._image = count, image_of(page)
        if content.look.page >= count:
            self.look_changed.emit(content.look.turned_to(count - 1, count))
        self.page.show_page(self._image, content.look.zoom)
        self._title(content)

    def show_refused(self, sentence: str) -> None:
        """Say why the document cannot be shown."""
        self._say(sentence)

    def show_texts(self, shown: ReadObject, texts: tuple[str, ...]) -> None:
        """Search these texts of an object, one for each page; those of one that is shown no more are dropped."""
        if self._content is not None and self._content.shown is shown:
            self.finder.show_texts(texts)

    def show_texts_refused(self, shown: ReadObject, sentence: str) -> None:
        """Say why the texts of an object do not come."""
        if self._content is not None and self._content.shown is shown:
            self.finder.show_refused(sentence)

    def turn(self, pages: int) -> None:
        """Turn by pages; a text is scrolled by as many screens."""
        content = self._content
        if content is None:
            return
        if not self._has_pages:
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.value() + pages * bar.pageStep())
            return
        look = content.look.turned_to(content.look.page + pages, self._count)
        if look != content.look:
            self.page.to_end(is_top=pages > 0)
            self.look_changed.emit(look)

    def zoom(self, *, is_nearer: bool) -> None:
        """Show nearer or further."""
        if self._content is not None:
            self.look_changed.emit(self._content.look.zoomed(_ZOOM if is_nearer else 1 / _ZOOM))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that turn, zoom and find before text and scroll area do; tell when the reader turns here."""
        if isinstance(event, QFocusEvent) and event.gotFocus():
            self.activated.emit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keyboard."""
        del event
        self.activated.emit()
        view = self._stack.currentWidget()
        if view is not None:
            view.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise, by a double click on the line at the top."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the new width."""
        super().resizeEvent(event)
        if self._content is not None:
            self._follow(self._content)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        self._draw_frame(painter)
        painter.end()

    @property
    def _has_pages(self) -> bool:
        return self._stack.currentWidget() is self.page

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for label, share in ((self.identity, 3), (self.title, 2)):
            # A long title is cut short, and told in full by the tooltip: it must not make the window wider.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            top.addWidget(label, share)
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.finder)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(self.text)

    def _forget(self) -> None:
        self._asked = self._image = None
        self._count = 0
        self.identity.clear()
        self.title.clear()
        self.text.clear()
        self.page.show_page(None, 1.0)
        self.finder.close_find()

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self._stack.setCurrentWidget(self.note)

    def _begin(self, shown: ReadObject, words: Translator) -> None:
        self._asked = self._image = None
        self._count = 0
        self.finder.close_find()
        if shown.pdf is not None:
            self.page.show_page(None, 1.0)
            self._turn_to(self.page)
        elif shown.refused is not None and not shown.blocks:
            self._say(text_of(shown.refused, words))
        else:
            heading = Entry(0, words.text(f"objects.kind.{shown.kind}"), shown.title)
            self.text.show_blocks((heading, *shown.blocks), words)
            self._turn_to(self.text)

    def _turn_to(self, view: QWidget) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._stack.setCurrentWidget(view)
        self.setFocusProxy(view)
        if had_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, content: DocumentContent) -> None:
        """Show the page and the zoom that are asked for."""
        font = self.text.font()
        font.setPointSizeF(_TEXT_POINTS * content.look.zoom)
        self.text.setFont(font)
        if content.shown is not None and self._has_pages:
            wanted = PageWanted(self.viewport, content.shown, content.look.page, self._dpi(content.look.zoom))
            if wanted != self._asked:
                self._asked = wanted
                self.page_asked.emit(wanted)
            self.page.show_page(self._image, content.look.zoom)
        self._title(content)

    def _title(self, content: DocumentContent) -> None:
        shown, words = content.shown, content.words
        if shown is None:
            self.title.clear()
            return
        parts = [words.text(f"objects.kind.{shown.kind}"), text_of(shown.title, words)]
        if self._count:
            parts.append(words.text("document.page", number=content.look.page + 1, count=self._count))
        self.title.setText(" · ".join(part for part in parts if part))
        self.title.setToolTip(as_tooltip(self.title.text()))

    def _dpi(self, zoom: float) -> int:
        needed = self.page.needed_width(zoom) * self.devicePixelRatioF() / _PAGE_INCHES
        return next((dpi for dpi in _DPIS if dpi >= needed), _DPIS[-1])

    def _ask_for_texts(self) -> None:
        content = self._content
        if content is not None and content.shown is not None and self._has_pages:
            self.finder.await_texts()
            self.text_asked.emit(content.shown)

    def _go_to_page(self, page: int) -> None:
        if self._content is not None:
            self.look_changed.emit(self._content.look.turned_to(page, self._count))

    def _zoom_by_wheel(self, is_nearer: bool) -> None:
        self.zoom(is_nearer=is_nearer)

    def _key(self, event: QKeyEvent) -> bool:
        key, has_control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if has_control and key == Qt.Key.Key_F:
            self.finder.open_find()
        elif key == Qt.Key.Key_Escape and self.finder.isVisible():
            self.finder.close_find()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(is_nearer=key != Qt.Key.Key_Minus)
        elif self._has_pages and key in _TURNS:
            self.turn(_TURNS[Qt.Key(key)])
        else:
            return False
        return True
