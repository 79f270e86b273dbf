"""Carries out the acts of the reading page, whichever way they are asked for: button, menu, key."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from viewers.identifiers import AnnotationId, ViewportId
from viewers.qt.content import KeyPress
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views
from workstation.shell.acts.act import Act, Place
from workstation.shell.acts.context import ActContext, OpenCase, PageCalls
from workstation.shell.acts.registry import ACTS, ACTS_BY_ID
from workstation.shell.keys.keymap import Keymap, in_words
from workstation.shell.palette.search import Entry
from workstation.shell.reading_bar import ReadingBar
from workstation.shell.reading_menu import fill_menu
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator


class ReadingActs(QObject):
    """Carries acts out. ``selected_mark`` is the selection that acts on marks act on.

    ``has_closed`` is whether a study of the case is closed.

    ``stepping`` is emitted before a step is taken back or done again: what is being typed becomes a step first.
    """

    stepping = Signal()
    compare_asked = Signal()
    comparison_asked = Signal(object)
    protocol_stepped = Signal(int)
    protocols_asked = Signal()
    series_stepped = Signal(int)
    palette_asked = Signal()
    keys_asked = Signal()
    carry_asked = Signal(str)
    admit_asked = Signal()
    fetch_anew_asked = Signal()
    selected = Signal(object)
    refused = Signal(object)
    notice = Signal(str)

    def __init__(
        self, page: QWidget, bar: ReadingBar, board: ViewportBoard, keymap: Keymap, words: Callable[[], Translator]
    ) -> None:
        super().__init__(page)
        self._page = page
        self._bar = bar
        self._board = board
        self.keymap = keymap
        self._words = words
        self._case: OpenCase | None = None
        self.selected_mark: AnnotationId | None = None
        self.is_aligning = self.has_closed = False
        self.carried = ""
        self._calls = PageCalls(
            say=self.notice.emit,
            refuse=self.refused.emit,
            compare=self.compare_asked.emit,
            select=self.selected.emit,
            flush_typing=self.stepping.emit,
            show_menu=self._show_menu_over,
            step_protocol=self.protocol_stepped.emit,
            show_protocols=self.protocols_asked.emit,
            step_series=self.series_stepped.emit,
            comparison=self.comparison_asked.emit,
            is_aligning=lambda: self.is_aligning,
            admit=self.admit_asked.emit,
            has_closed=lambda: self.has_closed,
            fetch_anew=self.fetch_anew_asked.emit,
            open_palette=self.palette_asked.emit,
            show_keys=self.keys_asked.emit,
            carry=self.carry_asked.emit,
        )
        bar.acted.connect(lambda name: self.act(name))
        board.key_pressed.connect(self._key_pressed)
        board.menu_requested.connect(self.show_menu)
        self.show_state()

    def open_case(self, session: ReadingSession, dispatcher: Dispatcher, views: Views) -> None:
        """Act on a case from now on."""
        self._case = OpenCase(session, dispatcher, views)

    def close_case(self) -> None:
        """Act on no case."""
        self._case = self.selected_mark = None
        self.has_closed = False

    def set_keymap(self, keymap: Keymap) -> None:
        """Act by other keys."""
        self.keymap = keymap
        self._bar.set_keymap(keymap)

    def act(self, name: str, *, is_repeated: bool = False) -> None:
        """Do what the act ``name`` says, or say why it cannot be done: once, not again for a key that is held."""
        act, context = ACTS_BY_ID[name], self._context()
        refusal = act.refusal(context)
        if refusal is None:
            context.views.touch()
            act.do(context)
        elif not is_repeated:
            self.refused.emit(refusal)
        self.show_state()

    def show_state(self) -> None:
        """Show which acts are on."""
        context = self._context()

        def is_on(act: Act) -> bool:
            return act.is_on is not None and act.is_on(context)

        self._bar.show_on(is_on)

    def entries(self) -> tuple[Entry, ...]:
        """Return every act as the palette shows it, with the reason where it cannot be done now."""
        words, context = self._words(), self._context()

        def entry(act: Act) -> Entry:
            refusal = act.refusal(context)
            return Entry(
                act.id,
                words.text(act.title_key),
                words.text(act.group.title_key),
                in_words(self.keymap.keys_of(act.id), words),
                "" if refusal is None else words.error(refusal),
            )

        return tuple(entry(act) for act in ACTS if act.id != "palette")

    def show_menu(self, viewport: ViewportId, place: QPoint) -> None:
        """Show what can be done with a picture."""
        if self._case is None or self._case.views.volume(viewport) is None:
            return
        self._case.views.activate(viewport)
        menu = QMenu(self._board)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        context = self._context()
        offered = [act for act in ACTS if Place.MENU in act.places and act.refusal(context) is None]
        fill_menu(menu, offered, self._bar.actions_by_id, self._words())
        menu.popup(place)

    def _show_menu_over(self, viewport: ViewportId) -> None:
        widget = self._board.cell(viewport)
        self.show_menu(viewport, widget.mapToGlobal(widget.rect().center()))

    def _key_pressed(self, viewport: ViewportId, press: KeyPress) -> None:
        act = self.keymap.act_of(press)
        if act is not None and self._case is not None:
            self._case.views.activate(viewport)
            self.act(act, is_repeated=press.is_repeated)

    def _context(self) -> ActContext:
        views = self._case.views if self._case is not None else Views()
        return ActContext(
            self._page, self._board, self._words(), self._calls, views, self._case, self.selected_mark, self.carried
        )
