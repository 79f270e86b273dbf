"""The line under a document in which a text is looked for: in the text itself, or in the pages of a PDF."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QToolButton, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator


class DocumentFind(QWidget):
    """Looks onwards from what was found last, and begins again at the end.

    Pages are searched once ``show_texts`` has brought their texts, which ``texts_wanted`` asks for; what is looked
    for until then is found when they have come. ``go_to_page`` is called with the page that holds the text.
    """

    texts_wanted = Signal()

    def __init__(self, text: QTextBrowser, go_to_page: Callable[[int], None]) -> None:
        super().__init__()
        self._text = text
        self._go_to_page = go_to_page
        self._pages: tuple[str, ...] | None = None
        self._page = -1
        self._is_awaiting = self._is_asked = self._is_refused = False
        self._words: Translator | None = None
        self.field = QLineEdit()
        self.said = plain(style="quiet")
        self._close = QToolButton()
        self._close.setText("×")
        self._close.clicked.connect(self.close_find)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.field, self.said, self._close):
            row.addWidget(widget)
        self.field.installEventFilter(self)
        self.hide()

    def retranslate(self, words: Translator) -> None:
        """Say everything in another language."""
        self._words = words
        self.field.setPlaceholderText(words.text("document.find"))
        self._close.setToolTip(words.text("document.close_find"))

    def open_find(self) -> None:
        """Show the line and type there."""
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.texts_wanted.emit()

    def close_find(self) -> None:
        """Hide the line; the document has the keyboard again."""
        had_focus = self.field.hasFocus()
        self.hide()
        self._pages, self._page = None, -1
        self._is_awaiting = self._is_asked = self._is_refused = False
        self.said.clear()
        parent = self.parentWidget()
        if had_focus and parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def await_texts(self) -> None:
        """Search pages, whose texts come later."""
        self._is_awaiting = self._pages is None

    def show_texts(self, texts: tuple[str, ...]) -> None:
        """Search these pages from now on."""
        is_asked = self._is_asked
        self._pages, self._page = texts, -1
        self._is_awaiting = self._is_asked = False
        if is_asked:
            self.find_next()

    def show_refused(self, sentence: str) -> None:
        """Say why the texts of the pages do not come; whoever looks for something asks for them again."""
        self._is_asked, self._is_refused = False, True
        self.said.setText(sentence)

    def find_next(self) -> None:
        """Go to the next place that holds the text."""
        wanted = self.field.text().strip()
        if not wanted:
            return
        if self._is_awaiting:
            self._is_asked = True
            self._say("document.texts_awaited")
            if self._is_refused:
                self._is_refused = False
                self.texts_wanted.emit()
            return
        if self._pages is not None:
            self._in_pages(wanted.casefold(), self._pages)
            return
        if not self._text.find(wanted) and not self._from_start(wanted):
            self._say("document.not_found")
        else:
            self.said.clear()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Find on Enter, close on Escape; neither key reaches the viewport, where it means something else."""
        del watched
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.find_next()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_find()
        else:
            return False
        return True

    def _from_start(self, wanted: str) -> bool:
        before = self._text.textCursor()
        self._text.moveCursor(QTextCursor.MoveOperation.Start)
        if self._text.find(wanted, QTextDocument.FindFlag(0)):
            return True
        self._text.setTextCursor(before)
        return False

    def _in_pages(self, wanted: str, pages: tuple[str, ...]) -> None:
        if not any(text.strip() for text in pages):
            self._say("document.no_text")
            return
        holding = [number for number, text in enumerate(pages) if wanted in text.casefold()]
        if not holding:
            self._say("document.not_found")
            return
        self._page = next((number for number in holding if number > self._page), holding[0])
        self._say(
            "document.found_on_page", number=self._page + 1, place=holding.index(self._page) + 1, count=len(holding)
        )
        self._go_to_page(self._page)

    def _say(self, key: str, **details: int) -> None:
        if self._words is not None:
            self.said.setText(self._words.text(key, **details))
