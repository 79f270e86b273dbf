"""The viewports of the reading page: shows what the views say, turns intents into commands and navigation.

It paints once per turn of the event loop and only what has changed. It holds nothing that must survive it.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QFocusEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, SeriesUID, ViewportId
from viewers.qt.content import KeyPress, ViewportContent
from viewers.qt.grid import ViewportGrid
from viewers.qt.viewport import ViewportWidget
from viewers.signal import Connection
from viewers.state.layout import Layout, grid
from viewers.state.presented import PresentedVolumes
from viewers.state.resolved import ViewportSize
from viewers.tools.intents import Intent, PanBy, SelectAnnotation, ZoomBy
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool
from workstation.reading.views import Views
from workstation.shell.series_drag import dragged_series
from workstation.shell.viewport_captions import CaseDirectory
from workstation.shell.viewport_contents import Marks, Picture, content_of, same
from workstation.shell.viewport_words import viewport_labels
from workstation.shell.volume_pane import VolumePane
from workstation.translations import Translator

# After this long without a drag every picture is drawn at full resolution.
_REST_MS = 150
_TURNED_TO = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


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
    failed
        A ``ReaderError``.
    """

    intent = Signal(object, object)
    key_pressed = Signal(object, object)
    menu_requested = Signal(object, object)
    series_dropped = Signal(object, object, int)
    failed = Signal(object)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._views = Views()
        self._case = CaseDirectory()
        self._connections: list[Connection] = []
        self._marks = Marks()
        self._presented = PresentedVolumes()
        self._tool: ActiveTool = Navigation.WINDOW
        self._shown: dict[ViewportId, ViewportContent | None] = {}
        self._labelled: dict[ViewportId, tuple[str, str]] = {}
        self._lost: frozenset[SeriesUID] = frozenset()
        self._is_dragging = False
        self._is_arranging = False
        self.grid = ViewportGrid(self._make)
        self.volume_pane = VolumePane(self.grid, self)
        self._repaint = _timer(self, 0, self._flush)
        self._rest = _timer(self, _REST_MS, self._come_to_rest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        self.volume_pane.retranslate(viewport_labels(translator))
        self.volume_pane.made.connect(self._connect_pane)
        self.close_case()

    def open_case(self, views: Views, case: CaseDirectory) -> None:
        """Show the views of a case from now on."""
        self._views, self._case = views, case
        self._connections = [
            views.view_changed.connect(lambda _viewport: self.refresh()),
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
        self.volume_pane.forget()
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

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does everywhere."""
        self._tool = tool
        for widget in self.grid.viewports.values():
            widget.set_tool(tool)

    def retranslate(self, translator: Translator) -> None:
        """Draw the words of another language."""
        self._translator = translator
        self._label()
        self.volume_pane.retranslate(viewport_labels(translator))
        self.refresh()

    @property
    def tool(self) -> ActiveTool:
        """What the left button does."""
        return self._tool

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
        for viewport in self._views.layout.visible:
            self._tell_size(viewport)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make a viewport active when the reader turns to it, and take series dropped on it."""
        viewport = getattr(watched, "viewport", None)
        if viewport is None:
            return super().eventFilter(watched, event)
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _TURNED_TO:
            if not self._is_arranging:
                self._views.activate(ViewportId(viewport))
        elif isinstance(event, QDropEvent):
            # The events of entering, moving and dropping are one family.
            return self._dragged_over(ViewportId(viewport), event)
        return super().eventFilter(watched, event)

    def _dragged_over(self, viewport: ViewportId, event: QDropEvent) -> bool:
        dragged = dragged_series(event.mimeData())
        if dragged is None:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.series_dropped.emit(viewport, dragged.series, dragged.index)
        return True

    def _make(self, viewport: ViewportId) -> ViewportWidget:
        widget = ViewportWidget(viewport, _new_annotation, viewport_labels(self._translator))
        widget.set_tool(self._tool)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)
        widget.intent.connect(lambda intent: self._intended(viewport, intent))
        widget.activated.connect(lambda: self._views.activate(viewport))
        widget.maximise_requested.connect(lambda: self._views.toggle_enlarged(viewport))
        widget.menu_requested.connect(lambda place: self.menu_requested.emit(viewport, place))
        widget.key_pressed.connect(lambda press: self._key(viewport, press))
        widget.resized.connect(lambda size: self._views.resize(viewport, size))
        widget.failed.connect(self.failed)
        return widget

    def _connect_pane(self) -> None:
        pane = self.volume_pane.widget
        if pane is None:
            return
        self._order_focus()
        pane.installEventFilter(self)
        viewport = pane.viewport
        pane.activated.connect(lambda: self._views.activate(viewport))
        pane.maximise_requested.connect(lambda: self._views.toggle_enlarged(viewport))
        pane.key_pressed.connect(lambda press: self._key(viewport, press))
        pane.failed.connect(lambda error: pane.set_message(self._translator.error(error)))

    def _key(self, viewport: ViewportId, press: KeyPress) -> None:
        self.key_pressed.emit(viewport, press)

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
        self._labelled = {viewport: kept for viewport, kept in self._labelled.items() if viewport in layout.viewports}
        self._label()
        self.volume_pane.show_for(self._views, layout)
        self._order_focus()
        for viewport in layout.visible:
            if self.grid.viewports[viewport].isVisible():
                self._tell_size(viewport)
        if had_focus and not self._focus_target().hasFocus():
            self._focus_target().setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.refresh()

    def _tell_size(self, viewport: ViewportId) -> None:
        size = self.grid.viewports[viewport].size_in_pixels()
        if size != ViewportSize(1, 1):
            self._views.resize(viewport, size)

    def _order_focus(self) -> None:
        """Let Tab go from viewport to viewport, row by row, before it leaves the board."""
        cells = [self._cell(viewport) for viewport in self._views.layout.viewports]
        for before, after in pairwise(cells):
            QWidget.setTabOrder(before, after)
        self.setFocusProxy(self._focus_target())

    def _cell(self, viewport: ViewportId) -> QWidget:
        pane = self.volume_pane.widget
        return pane if pane is not None and pane.viewport == viewport else self.grid.viewports[viewport]

    def _focus_target(self) -> QWidget:
        return self._cell(self._views.layout.active)

    def _label(self) -> None:
        for viewport, widget in self.grid.viewports.items():
            wanted = (self._why_empty(viewport), self._translator.language)
            if self._labelled.get(viewport) != wanted:
                self._labelled[viewport] = wanted
                widget.set_labels(viewport_labels(self._translator, wanted[0]))

    def _why_empty(self, viewport: ViewportId) -> str:
        state = self._views.state(viewport)
        if state is None or state.volume is None or self._views.volume(viewport) is not None:
            return "empty"
        return "not_loaded" if state.volume.series in self._lost else "loading"

    def _flush(self) -> None:
        pictures = self._pictures()
        marks = self._marks_now()
        self._label()
        for viewport in self._views.layout.visible:
            if viewport not in pictures:
                self._show(viewport, None)
                continue
            content = content_of(
                viewport, pictures, self.active, marks, self._case, self._translator, is_coarse=self._is_dragging
            )
            if not same(content, self._shown.get(viewport)):
                self._show(viewport, content)
        self.volume_pane.show_captions(self.contents)

    def _marks_now(self) -> Marks:
        return replace(self._marks, crosshair=self._views.crosshair)

    def _pictures(self) -> dict[ViewportId, Picture]:
        pictures: dict[ViewportId, Picture] = {}
        for viewport in self._views.layout.visible:
            volume = self._views.volume(viewport)
            try:
                resolved = self._views.resolved(viewport)
            except ReaderError as error:
                self.failed.emit(error)
                continue
            if volume is not None and resolved is not None:
                state = self._views.state(viewport)
                painted = self._presented.of(state, volume, self._views.presentation) if state else volume
                pictures[viewport] = Picture(painted, resolved)
                self._views.shown.paint(resolved, volume)
        return pictures

    def _show(self, viewport: ViewportId, content: ViewportContent | None) -> None:
        self._shown[viewport] = content
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
