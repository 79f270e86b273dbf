"""The viewports of the reading page: shows what the views say, turns intents into commands and navigation.

It paints once per turn of the event loop and only what has changed. It holds nothing that must survive it.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from viewers.identifiers import AnnotationId, SeriesUID, ViewportId
from viewers.image.bands import Bands, OneBand
from viewers.qt.cell import CellWidget
from viewers.qt.content import ViewportContent
from viewers.qt.grid import ViewportGrid
from viewers.qt.pane import PaneWidget
from viewers.qt.viewport import ViewportWidget
from viewers.signal import Connection
from viewers.state.layout import Layout, grid
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind
from viewers.tools.intents import Intent, PanBy, SelectAnnotation, ZoomBy
from workstation.reading.views import Views
from workstation.shell.board_hands import BoardHands
from workstation.shell.board_labels import BoardLabels
from workstation.shell.cine_player import CinePlayer
from workstation.shell.display_watch import DisplayWatch
from workstation.shell.joined_pictures import Joined
from workstation.shell.shown_documents import ShownDocuments
from workstation.shell.viewport_captions import CaseDirectory
from workstation.shell.viewport_contents import Marks, content_of, same
from workstation.shell.viewport_panes import PaneHost
from workstation.shell.viewport_pictures import Pictures
from workstation.shell.viewport_turns import ReaderTurns
from workstation.shell.viewport_words import viewport_labels
from workstation.translations import Translator

# After this long without a drag every picture is drawn at full resolution.
_REST_MS = 150


class ViewportBoard(QWidget):
    """The grid of viewports.

    Signals
    -------
    intent
        The viewport and an intent on marks or a selection; navigation goes to the views directly.
    key_pressed
        The viewport and a ``KeyPress`` that no shortcut took.
    menu_requested
        The viewport and the global position.
    series_dropped
        The viewport, the series and the index of the volume in it.
    object_dropped
        The viewport and the instance of an object that is no image.
    failed
        A ``ReaderError``.
    full_screen_asked
        The active viewport is wanted over the whole screen.
    manner_changed
        By itself or by the reader's hand a viewport has begun or ended to play, or the lens was let go.
    """

    intent = Signal(object, object)
    key_pressed = Signal(object, object)
    menu_requested = Signal(object, object)
    series_dropped = Signal(object, object, int)
    object_dropped = Signal(object, object)
    failed = Signal(object)
    full_screen_asked = Signal()
    manner_changed = Signal()

    def __init__(
        self,
        translator: Translator,
        displays: DisplayWatch | None = None,
        bands: Bands | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._translator = translator
        self._bands = bands or OneBand()
        self._displays = displays or DisplayWatch()
        self._views = Views()
        self._case = CaseDirectory()
        self._connections: list[Connection] = []
        self._marks = Marks()
        self._pictures = Pictures()
        self._shown: dict[ViewportId, ViewportContent | None] = {}
        self._lost: frozenset[SeriesUID] = frozenset()
        self._is_dragging = False
        self._is_arranging = False
        self._turns = ReaderTurns(self)
        self._turns.turned_to.connect(self._turned_to)
        self._turns.series_dropped.connect(self.series_dropped)
        self._turns.object_dropped.connect(self.object_dropped)
        self.grid = ViewportGrid(self._make)
        self.panes = PaneHost(self.grid, viewport_labels(translator), self._bands, self)
        self.hands = BoardHands(lambda: self.grid.viewports.values(), lambda: self.panes.widgets.values())
        self._labels = BoardLabels(self.grid, self.panes)
        self.cine = CinePlayer(lambda: self._views, self)
        self.cine.changed.connect(self.refresh)
        self.cine.changed.connect(self.manner_changed)
        self.documents = ShownDocuments(self.panes, self)
        self._repaint = _timer(self, 0, self._flush)
        self._rest = _timer(self, _REST_MS, self._come_to_rest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        self.panes.made.connect(self._connect_pane)
        self.close_case()

    def open_case(self, views: Views, case: CaseDirectory) -> None:
        """Show the views of a case from now on."""
        self._views, self._case = views, case
        self._connections = [
            views.view_changed.connect(self._view_changed),
            views.layout_changed.connect(self._arrange),
        ]
        self._arrange(views.layout)

    def show_case(self, case: CaseDirectory) -> None:
        """Name the pictures by what is known of the case now."""
        self._case = case
        self.refresh()

    def close_case(self) -> None:
        """Let go of everything."""
        for connection in self._connections:
            connection.disconnect()
        self._connections = []
        self._views, self._case, self._marks, self._lost = Views(), CaseDirectory(), Marks(), frozenset()
        self.cine.stop_all()
        self.panes.forget()
        self.documents.close_case()
        self._shown.clear()
        for widget in self.grid.viewports.values():
            widget.show_content(None)
        self._arrange(grid(1, 1))

    def show_marks(self, marks: Marks) -> None:
        """Show marks, selection, key images."""
        self._marks = marks
        self.refresh()

    def show_lost(self, series: frozenset[SeriesUID]) -> None:
        """Say of these series that they could not be loaded, where one is waited for."""
        self._lost = series
        self.refresh()

    def refresh(self) -> None:
        """Paint what has changed, once the event loop has its turn."""
        if not self._repaint.isActive():
            self._repaint.start()

    def retranslate(self, translator: Translator) -> None:
        """Draw the words of another language."""
        self._translator = translator
        self._label()
        self.refresh()

    @property
    def active(self) -> ViewportId:
        """The viewport that keys act on."""
        return self._views.layout.active

    @property
    def contents(self) -> dict[ViewportId, ViewportContent]:
        """What is on screen, by viewport."""
        return {viewport: content for viewport, content in self._shown.items() if content is not None}

    def place_of(self, viewport: ViewportId, position: tuple[float, float]) -> QPoint:
        """Return a position of a viewport in the coordinates of the board."""
        widget = self.grid.viewports[viewport]
        return widget.mapTo(self, QPointF(*position).toPoint())

    def focus_active(self) -> None:
        """Give the keyboard to the active viewport."""
        self._focus_target().setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the views the size of cells that a case opened behind another page has not been told."""
        super().showEvent(event)
        window = self.window().windowHandle()
        if window is not None:
            window.screenChanged.connect(self.refresh, Qt.ConnectionType.UniqueConnection)
        for viewport in self._views.layout.visible:
            self._tell_size(viewport)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Play nothing that nobody sees."""
        super().hideEvent(event)
        self.cine.stop_all()

    def _turned_to(self, viewport: ViewportId) -> None:
        if not self._is_arranging:
            self._views.activate(viewport)

    def _make(self, viewport: ViewportId) -> ViewportWidget:
        widget = ViewportWidget(viewport, _new_annotation, viewport_labels(self._translator), bands=self._bands)
        self.hands.put_into(widget)
        self._connect(widget)
        widget.failed.connect(self.failed)
        widget.lens_let_go.connect(self._put_lens_away)
        return widget

    def _connect_pane(self, pane: PaneWidget) -> None:
        self.hands.put_into(pane)
        self._connect(pane)
        pane.failed.connect(lambda error: pane.set_message(self._translator.error(error)))

    def _connect(self, cell: CellWidget) -> None:
        viewport = cell.viewport
        cell.setAcceptDrops(True)
        cell.installEventFilter(self._turns)
        cell.intent.connect(lambda intent: self._intended(viewport, intent))
        cell.resized.connect(lambda size: self._views.resize(viewport, size))
        cell.activated.connect(lambda: self._views.activate(viewport))
        cell.maximise_requested.connect(lambda: self._maximise(viewport))
        cell.menu_requested.connect(lambda place: self.menu_requested.emit(viewport, place))
        cell.key_pressed.connect(lambda press: self.key_pressed.emit(viewport, press))

    def _put_lens_away(self) -> None:
        self.hands.set_lens(False)
        self.manner_changed.emit()

    def _maximise(self, viewport: ViewportId) -> None:
        """Enlarge a viewport in the grid; with Control, over the whole screen."""
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self.full_screen_asked.emit()
        else:
            self._views.toggle_enlarged(viewport)

    def _intended(self, viewport: ViewportId, intent: Intent) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton and not isinstance(intent, SelectAnnotation):
            self._is_dragging = True
            self._rest.start()
        ratio = self.grid.viewports[viewport].devicePixelRatioF()
        match intent:
            case PanBy(right, down):
                self._views.navigate(viewport, PanBy(right * ratio, down * ratio))
            case ZoomBy(factor, anchor):
                self._views.navigate(viewport, ZoomBy(factor, (anchor[0] * ratio, anchor[1] * ratio)))
            case _:
                self.intent.emit(viewport, intent)

    def _arrange(self, layout: Layout) -> None:
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._is_arranging = True
        self.grid.show_layout(layout)
        self._is_arranging = False
        self._shown = {viewport: self._shown.get(viewport) for viewport in layout.viewports}
        self._labels.keep(layout.viewports)
        self.panes.show_for(self._kinds(), layout)
        self._label()
        self._order_focus()
        for viewport in layout.visible:
            if self.cell(viewport).isVisible():
                self._tell_size(viewport)
        if had_focus and not self._focus_target().hasFocus():
            self._focus_target().setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.refresh()

    def _tell_size(self, viewport: ViewportId) -> None:
        size = self.cell(viewport).size_in_pixels()
        if size != ViewportSize(1, 1):
            self._views.resize(viewport, size)

    def _order_focus(self) -> None:
        """Let Tab go from viewport to viewport, row by row, before it leaves the board."""
        cells = [self.cell(viewport) for viewport in self._views.layout.viewports]
        for before, after in pairwise(cells):
            QWidget.setTabOrder(before, after)
        self.setFocusProxy(self._focus_target())

    def cell(self, viewport: ViewportId) -> ViewportWidget | PaneWidget:
        """Return what stands in the cell of a viewport."""
        return self.panes.widgets.get(viewport) or self.grid.viewports[viewport]

    def _focus_target(self) -> QWidget:
        return self.cell(self._views.layout.active)

    def _label(self) -> None:
        self._labels.show(self._views, self._case, self._lost, self._translator)

    def _flush(self) -> None:
        self.panes.show_for(self._kinds(), self._views.layout)
        self.documents.show(self._views, self._marks.objects, self._case, self._translator)
        pictures = self._pictures.of(self._views, self.failed.emit)
        marks, joined = self._marks_now(), Joined.of(self._views)
        self._label()
        for viewport in self._views.layout.visible:
            if viewport not in pictures:
                self._show(viewport, None)
                continue
            content = content_of(
                viewport,
                pictures,
                self.active,
                marks,
                self._case,
                self._translator,
                joined=joined,
                on_display=self._displays.look(self.cell(viewport), pictures[viewport].volume.modality, self._views),
                is_coarse=self._is_dragging,
            )
            if not same(content, self._shown.get(viewport)):
                self._show(viewport, content)

    def _view_changed(self, viewport: ViewportId) -> None:
        self.cine.view_changed(viewport)
        self.refresh()

    def _marks_now(self) -> Marks:
        return replace(self._marks, playing=self.cine.playing)

    def _kinds(self) -> dict[ViewportId, ViewKind]:
        states = {viewport: self._views.state(viewport) for viewport in self._views.layout.viewports}
        return {viewport: state.kind for viewport, state in states.items() if state is not None}

    def _show(self, viewport: ViewportId, content: ViewportContent | None) -> None:
        self._shown[viewport] = content
        if not self.panes.show(viewport, content):
            self.grid.viewports[viewport].show_content(content)

    def _come_to_rest(self) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._rest.start()
            return
        self._is_dragging = False
        self.refresh()


def _timer(parent: QObject, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer


def _new_annotation() -> AnnotationId:
    return AnnotationId(uuid.uuid4().hex)
