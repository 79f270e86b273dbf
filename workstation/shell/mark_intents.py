"""What the pointer asks of marks becomes commands; a mark that wants a text gets a field to type it in."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, ViewportId
from viewers.tools import intents
from viewers.tools.registry import TOOLS
from workstation.reading import commands
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views
from workstation.shell.mark_text import MarkText
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator


class MarkIntents(QObject):
    """Turns the intents of one board into commands on the open case, and those of navigation over to its views."""

    selected = Signal(object)
    refused = Signal(object)

    def __init__(self, board: ViewportBoard, words: Callable[[], Translator]) -> None:
        super().__init__(board)
        self._board = board
        self._words = words
        self._session: ReadingSession | None = None
        self._dispatcher: Dispatcher | None = None
        self._views: Views | None = None
        self._text: MarkText | None = None
        board.intent.connect(self._intended)

    def open_case(self, session: ReadingSession, dispatcher: Dispatcher, views: Views) -> None:
        """Act on a case from now on."""
        self._session, self._dispatcher, self._views = session, dispatcher, views

    def close_case(self) -> None:
        """Act on nothing; a text being typed is kept first."""
        self.keep_text()
        self._session = self._dispatcher = self._views = self._text = None

    def keep_text(self) -> None:
        """Keep the text of a mark that is being typed."""
        if self._text is not None:
            self._text.keep()

    def rename(self, mark: AnnotationId, text: str) -> None:
        """Give a mark a text."""
        found = self._find(mark)
        if found is not None and found.text != text:
            self._dispatch(commands.ChangeAnnotation(found.id, found.points_lps, text))

    def delete(self, mark: AnnotationId) -> None:
        """Remove a mark."""
        if self._find(mark) is not None:
            self._dispatch(commands.DeleteAnnotation(mark))

    def _intended(self, viewport: ViewportId, intent: intents.Intent) -> None:
        match intent:
            case intents.AddAnnotation(annotation):
                self._dispatch(commands.AddAnnotation(annotation))
                if TOOLS[annotation.tool].asks_text:
                    self._ask_text(viewport, annotation)
            case intents.DeleteAnnotation(annotation):
                self.delete(annotation.id)
            case intents.MoveHandle(_, after) | intents.SetText(_, after):
                self._dispatch(commands.ChangeAnnotation(after.id, after.points_lps, after.text))
            case intents.SelectAnnotation(mark):
                self.selected.emit(mark)
            case _:
                if self._views is not None:
                    self._views.navigate(viewport, intent)

    def _ask_text(self, viewport: ViewportId, annotation: Annotation) -> None:
        content = self._board.contents.get(viewport)
        if content is None:
            return
        ratio = self._board.grid.viewports[viewport].devicePixelRatioF()
        column, row = content.resolved.plane.lps_to_pixel(annotation.points_lps[-1])
        place = self._board.place_of(viewport, (column / ratio, row / ratio))
        field = MarkText(annotation.text, self._words().text("reading_page.mark_text"), self._board)
        field.paused.connect(lambda text: self.rename(annotation.id, text))
        field.finished.connect(lambda text: self.rename(annotation.id, text))
        field.cancelled.connect(lambda: self.rename(annotation.id, annotation.text))
        field.finished.connect(lambda _text: self._board.focus_active())
        field.cancelled.connect(self._board.focus_active)
        self._text = field
        field.destroyed.connect(self._forget_text)
        field.open_at(place)

    def _forget_text(self) -> None:
        self._text = None

    def _find(self, mark: AnnotationId) -> Annotation | None:
        marks = self._session.annotations if self._session is not None else ()
        return next((one for one in marks if one.id == mark), None)

    def _dispatch(self, command: commands.Command) -> None:
        if self._dispatcher is None:
            return
        try:
            self._dispatcher.dispatch(command)
        except ReaderError as error:
            self.refused.emit(error)
