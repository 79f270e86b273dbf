"""The content of an object as a document that can be read, searched and copied; text is text, whatever it holds.

The document is built with a cursor, never from markup: nothing in an object can become a link, a picture or a style.
The only links are those to images, which are numbers into a list of our own.
"""

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from viewers.graphics.model import ImagePlace
from workstation.dicom.objects.model import Block, Entry, Grid, Heading, Phrase, Text
from workstation.translations import Translator

_LINK = QColor(88, 166, 214)
_QUIET = QColor(150, 158, 166)
_INDENT = 12
_LARGEST = 5
_MOST_ROWS = 2_000


class ObjectDocument(QTextBrowser):
    """Shows blocks.

    Signals
    -------
    image_asked
        The ``ImagePlace`` of a link that the reader followed.
    """

    image_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: list[ImagePlace] = []
        self.setOpenLinks(False)
        # A table too wide is scrolled: words and numbers are never broken.
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(self._follow)

    def loadResource(self, _type: int, _name: QUrl | str) -> object:
        """Load nothing: a document has no pictures and no files."""
        return None

    def show_blocks(self, blocks: Sequence[Block], words: Translator) -> None:
        """Replace what is shown."""
        self.clear()
        self._links = []
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for block in blocks:
            match block:
                case Heading():
                    self._heading(cursor, block, words)
                case Entry():
                    self._entry(cursor, block, words)
                case Grid():
                    self._grid(cursor, block, words)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _heading(self, cursor: QTextCursor, heading: Heading, words: Translator) -> None:
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.DemiBold)
        form.setFontPointSize(QFontInfo(self.font()).pointSizeF() + max(0, _LARGEST - 2 * heading.level) / 2)
        _begin(cursor, 0, above=6)
        cursor.insertText(text_of(heading.text, words), form)

    def _entry(self, cursor: QTextCursor, entry: Entry, words: Translator) -> None:
        _begin(cursor, entry.depth, above=0)
        name, value = text_of(entry.name, words), text_of(entry.value, words)
        quiet = QTextCharFormat()
        quiet.setForeground(QBrush(_QUIET))
        if name:
            cursor.insertText(f"{name}: " if value else name, quiet)
        if not entry.links:
            cursor.insertText(value, QTextCharFormat())
            return
        for place in entry.links:
            self._links.append(place)
            cursor.insertText(f"{value} {len(self._links)}{frames_text(place)}", self._link_form())
            cursor.insertText("  ", QTextCharFormat())

    def _link_form(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setAnchor(True)
        form.setAnchorHref(f"image:{len(self._links) - 1}")
        form.setForeground(QBrush(_LINK))
        form.setFontUnderline(True)
        return form

    def _grid(self, cursor: QTextCursor, grid: Grid, words: Translator) -> None:
        rows = grid.rows[:_MOST_ROWS]
        _begin(cursor, 0, above=4)
        form = QTextTableFormat()
        form.setCellPadding(3.0)
        form.setCellSpacing(0.0)
        form.setBorder(0.5)
        form.setBorderCollapse(True)
        form.setHeaderRowCount(1)
        table = cursor.insertTable(len(rows) + 1, max(1, len(grid.columns)), form)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)
        for column, title in enumerate(grid.columns):
            table.cellAt(0, column).firstCursorPosition().insertText(text_of(title, words), bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row[: len(grid.columns)]):
                table.cellAt(number, column).firstCursorPosition().insertText(text_of(cell, words))
        cursor.movePosition(QTextCursor.MoveOperation.End)

    def _follow(self, link: QUrl) -> None:
        scheme, _, number = link.toString().partition(":")
        if scheme == "image" and number.isdigit() and int(number) < len(self._links):
            self.image_asked.emit(self._links[int(number)])


def text_of(text: Text, words: Translator) -> str:
    """Return words of the object as they are, and our own in the reader's language."""
    return words.text(text.key, **dict(text.details)) if isinstance(text, Phrase) else text


def frames_text(place: ImagePlace) -> str:
    """Return which frames are meant, counted from 1."""
    return f" ({', '.join(str(frame + 1) for frame in place.frames)})" if place.frames else ""


def _begin(cursor: QTextCursor, depth: int, *, above: int) -> None:
    form = QTextBlockFormat()
    form.setLeftMargin(depth * _INDENT)
    form.setTopMargin(above)
    if cursor.position() == 0:
        cursor.setBlockFormat(form)
    else:
        cursor.insertBlock(form)
