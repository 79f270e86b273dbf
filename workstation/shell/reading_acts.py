"""What the acts of the reading page do: to the views, to the session through its dispatcher, to the window."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.presets import KEYS
from viewers.qt.content import KeyPress
from viewers.state.quantities import in_next_quantity
from viewers.state.view_state import ViewState
from viewers.tools import intents
from viewers.tools.registry import TOOLS
from workstation.domain.report import KeyImage
from workstation.reading import commands
from workstation.reading.arrangement import Arrangement
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.view_changes import shown_slice
from workstation.reading.views import Views
from workstation.shell.mark_text import MarkText
from workstation.shell.reading_bar import ReadingBar
from workstation.shell.reading_tools import ARRANGEMENTS_OF_ACTS, ROAMING, SLICES, STRIDE, TOOLS_OF_ACTS, Roam
from workstation.shell.step_words import step_words
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator

_PICTURE: dict[str, Callable[[ViewState], ViewState]] = {
    "invert": lambda state: replace(state, inverted=not state.inverted),
    "graphics": lambda state: replace(state, graphics=not state.graphics),
    "flip_horizontally": lambda state: _flipped(state, horizontally=True),
    "flip_vertically": lambda state: _flipped(state, horizontally=False),
    "rotate_left": lambda state: state.turned(-90),
    "rotate_right": lambda state: state.turned(90),
    "reset": ViewState.reset,
}
_IN_MENU = (
    "undo", "redo", "invert", "graphics", "flip_horizontally", "flip_vertically", "rotate_left", "rotate_right",
    "reset", "quantity", "key_image",
)  # fmt: skip


class ReadingActs(QObject):
    """Carries acts out. ``selected_mark`` is the selection that Delete and the menu act on.

    ``stepping`` is emitted before a step is taken back or done again: what is being typed becomes a step first.
    """

    stepping = Signal()
    compare_asked = Signal()
    selected = Signal(object)
    refused = Signal(object)
    notice = Signal(str)

    def __init__(self, page: QWidget, bar: ReadingBar, board: ViewportBoard, words: Callable[[], Translator]) -> None:
        super().__init__(page)
        self._page = page
        self._bar = bar
        self._board = board
        self._words = words
        self._session: ReadingSession | None = None
        self._dispatcher: Dispatcher | None = None
        self._views: Views | None = None
        self._text: MarkText | None = None
        self.selected_mark: AnnotationId | None = None
        bar.acted.connect(self.act)
        board.intent.connect(self._intended)
        board.key_pressed.connect(self._key_pressed)
        board.menu_requested.connect(self.show_menu)
        bar.show_chosen("window")

    def open_case(self, session: ReadingSession, dispatcher: Dispatcher, views: Views) -> None:
        """Act on a case from now on."""
        self._session, self._dispatcher, self._views = session, dispatcher, views

    def keep_text(self) -> None:
        """Keep the text of a mark that is being typed."""
        if self._text is not None:
            self._text.keep()

    def close_case(self) -> None:
        """Act on nothing; a text being typed is kept first."""
        self.keep_text()
        self._session = self._dispatcher = self._views = self._text = self.selected_mark = None

    def act(self, name: str) -> None:
        """Do what the act ``name`` says, on the active viewport."""
        if name == "full_screen":
            window = self._page.window()
            window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif name in TOOLS_OF_ACTS:
            self._bar.show_chosen(name)
            self._board.set_tool(TOOLS_OF_ACTS[name])
        elif self._views is not None and self._dispatcher is not None:
            self._act_on_case(name, self._views, self._dispatcher)

    def rename(self, mark: AnnotationId, text: str) -> None:
        """Give a mark a text."""
        found = self._find(mark)
        if found is not None and found.text != text:
            self._dispatch(commands.ChangeAnnotation(found.id, found.points_lps, text))

    def delete(self, mark: AnnotationId) -> None:
        """Remove a mark."""
        if self._find(mark) is not None:
            self._dispatch(commands.DeleteAnnotation(mark))

    def show_menu(self, viewport: ViewportId, place: QPoint) -> None:
        """Show what can be done with a picture."""
        if self._views is None or self._views.volume(viewport) is None:
            return
        self._views.activate(viewport)
        actions = self._bar.actions_by_id
        menu = QMenu(self._board)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([actions[f"preset.{preset}"] for preset in KEYS.values()])
        menu.addSeparator()
        menu.addActions([actions[name] for name in _IN_MENU])
        mark = self.selected_mark
        if mark is not None:
            menu.addSeparator()
            delete = menu.addAction(self._words().text("reading_page.delete_mark"))
            delete.triggered.connect(lambda _checked: self.delete(mark))
        menu.popup(place)

    def _act_on_case(self, name: str, views: Views, dispatcher: Dispatcher) -> None:
        active = views.layout.active
        if name.startswith("preset."):
            views.preset(active, name.removeprefix("preset."))
        elif name in _PICTURE:
            views.change(active, _PICTURE[name])
        elif name in ARRANGEMENTS_OF_ACTS:
            self._arrange(ARRANGEMENTS_OF_ACTS[name], views)
        elif name == "link":
            views.link_by_hand(not views.is_linked_by_hand)
            self._bar.show_linked(views.is_linked_by_hand, views.arrangement is Arrangement.COMPARE)
        elif name == "quantity":
            self._read_in_next_quantity(views, active)
        elif name == "key_image":
            self._toggle_key_image(views, active)
        elif name in ("undo", "redo"):
            self.step(dispatcher, is_undo=name == "undo")

    def step(self, dispatcher: Dispatcher, *, is_undo: bool) -> None:
        """Take the last step back or do it again, and say which it was: it may be one that is out of sight."""
        self.stepping.emit()
        way = "undo" if is_undo else "redo"
        try:
            change = dispatcher.undo() if is_undo else dispatcher.redo()
        except ReaderError as error:
            self.refused.emit(error)
            return
        words = self._words()
        if change is None:
            self.notice.emit(words.text(f"reading_page.nothing_to_{way}"))
        else:
            self.notice.emit(words.text(f"reading_page.{way}_done", what=step_words(change, words)))

    def _arrange(self, arrangement: Arrangement, views: Views) -> None:
        wanted = Arrangement.STACK if arrangement is views.arrangement else arrangement
        if wanted is Arrangement.COMPARE:
            self.compare_asked.emit()
        else:
            views.arrange(wanted)
        self._bar.show_chosen(views.arrangement.value)

    def _read_in_next_quantity(self, views: Views, viewport: ViewportId) -> None:
        volume, words = views.volume(viewport), self._words()
        if volume is None:
            return
        views.change(viewport, lambda state: in_next_quantity(state, volume))
        read = views.volume(viewport)
        if read is None or read is volume:
            whys = [words.text(one.why) for one in volume.alternatives.withheld]
            self.notice.emit(whys[0] if whys else words.text("reading_page.one_quantity"))
        else:
            self.notice.emit(words.text("reading_page.read_in", quantity=read.quantity.name))

    def _toggle_key_image(self, views: Views, viewport: ViewportId) -> None:
        state, volume = views.state(viewport), views.volume(viewport)
        if state is None or volume is None:
            return
        shown = views.resolved(viewport)
        if shown is None or shown.slice_index is None:
            self.notice.emit(self._words().text("reading_page.key_image_of_stack"))
            return
        source = volume.sources[shown_slice(state, volume)]
        self._dispatch(commands.ToggleKeyImage(KeyImage(source.instance, source.frame_index)))

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

    def _key_pressed(self, viewport: ViewportId, press: KeyPress) -> None:
        roam = ROAMING.get(Qt.Key(press.key))
        views = self._views
        if roam is None or views is None:
            return
        if roam in SLICES:
            is_far = bool(press.modifiers & Qt.KeyboardModifier.ShiftModifier) and abs(SLICES[roam]) == 1
            views.navigate(viewport, intents.ScrollBy(SLICES[roam] * (STRIDE if is_far else 1)))
        elif roam is Roam.RESET:
            self.act("reset")
        elif roam is Roam.ENLARGE:
            views.toggle_enlarged(viewport)
        elif roam is Roam.MENU:
            widget = self._board.grid.viewports[viewport]
            self.show_menu(viewport, widget.mapToGlobal(widget.rect().center()))
        else:
            self._cancel()

    def _cancel(self) -> None:
        if self.selected_mark is not None:
            self.selected.emit(None)
        else:
            self.act("window")

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


def _flipped(state: ViewState, *, horizontally: bool) -> ViewState:
    """Flip what is on screen: of a picture turned by a quarter, left and right are the image's top and bottom."""
    turned = state.rotation_degrees % 180 == 90
    if horizontally != turned:
        return replace(state, flipped_horizontally=not state.flipped_horizontally)
    return replace(state, flipped_vertically=not state.flipped_vertically)
