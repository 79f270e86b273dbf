"""The queue page: requests in reading order, filters above, the chosen request in full at the side."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeyEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.clock import Clock
from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestKey
from workstation.shell.cancel_bar import CancelBar
from workstation.shell.labels import plain
from workstation.shell.queue_details import RequestDetails
from workstation.shell.queue_filter import QueueFilter
from workstation.shell.queue_model import COLUMNS, QueueModel
from workstation.translations import Translator

Silences = tuple[tuple[str, tuple[str, ...]], ...]
_TICK_MS = 15_000
_WIDTHS = {
    "severity": 92, "patient": 112, "question": 300, "modality": 84, "images": 70, "priors": 60, "requester": 104,
    "waiting": 68, "left": 80, "state": 84, "holder": 76,
}  # fmt: skip


class QueueTable(QTableView):
    """The table; Enter opens, D declines, I asks for information."""

    opened = Signal()
    decline_asked = Signal()
    information_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the three keys into signals; everything else is the table's."""
        signals = {
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_D: self.decline_asked,
            Qt.Key.Key_I: self.information_asked,
        }
        signal = signals.get(Qt.Key(event.key()))
        if signal is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            signal.emit()
            return
        super().keyPressEvent(event)


class QueuePage(QWidget):
    """Shows the queue and says what the reader wants with it; it claims and opens nothing itself."""

    open_asked = Signal(object)
    decline_asked = Signal(object)
    information_asked = Signal(object)
    refresh_asked = Signal()
    selected = Signal(object)

    def __init__(self, translator: Translator, clock: Clock) -> None:
        super().__init__()
        self._translator = translator
        self._requests: tuple[Request, ...] = ()
        self._reader: Reader | None = None
        self._silences: Silences = ()
        self.model = QueueModel(translator, clock)
        self.table = QueueTable()
        self.details = RequestDetails(translator)
        self.search = QLineEdit()
        self.modality, self.specialty, self.hub = QComboBox(), QComboBox(), QComboBox()
        self.mine, self.unclaimed = QPushButton(), QPushButton()
        self.refresh = QPushButton()
        self.notice = plain(style="warning", wrap=True)
        self.cancel_bar = CancelBar(translator)
        self._build()
        self._connect()
        self.retranslate(translator)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.model.tick)
        self._timer.setInterval(_TICK_MS)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the time left as it is now, and keep it so while the page is seen."""
        super().showEvent(event)
        self.model.tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody sees the page."""
        super().hideEvent(event)
        self._timer.stop()

    def show_queue(
        self,
        requests: tuple[Request, ...],
        reader: Reader | None,
        unreachable: tuple[str, ...],
        incomplete: tuple[str, ...] = (),
        refused: tuple[str, ...] = (),
    ) -> None:
        """Show the requests, keep the selection, and name the hubs that gave no answer, or not the whole one."""
        self._requests, self._reader = requests, reader
        self._fill(self.modality, {request.modality for request in requests if request.modality})
        self._fill(self.specialty, {request.specialty for request in requests if request.specialty})
        self._fill(self.hub, {request.hub for request in requests})
        self._silences = (
            ("shell.queue.unreachable", unreachable),
            ("shell.queue.refused", refused),
            ("shell.queue.incomplete", incomplete),
        )
        self._tell_silences()
        self._apply_filter()

    def show_images(self, images: Mapping[RequestKey, int]) -> None:
        """Show image counts by request."""
        self.model.show_images(images)

    def show_not_given(self, not_given: frozenset[RequestKey]) -> None:
        """Show of which requests the hub gives no images at present."""
        self.model.show_not_given(not_given)

    def show_of_mirror(self, of_mirror: frozenset[RequestKey]) -> None:
        """Show which requests only a mirror lists, while their hub is silent."""
        self.model.show_of_mirror(of_mirror)

    def show_priors(self, priors: Mapping[RequestKey, int]) -> None:
        """Show how many priors were found, by request."""
        self.model.show_priors(priors)

    @property
    def current(self) -> Request | None:
        """The request of the selected row."""
        row = self.table.currentIndex().row()
        return self.model.request(row) if 0 <= row < self.model.rowCount() else None

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        self.model.retranslate(translator)
        self.details.retranslate(translator)
        self.cancel_bar.retranslate(translator)
        self.search.setPlaceholderText(translator.text("shell.queue.search"))
        self.mine.setText(translator.text("shell.queue.mine"))
        self.unclaimed.setText(translator.text("shell.queue.unclaimed"))
        self.refresh.setText(translator.text("shell.queue.refresh"))
        self._name_filters()
        self._tell_silences()

    def _build(self) -> None:
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(42)
        header = self.table.horizontalHeader()
        for column, name in enumerate(COLUMNS):
            self.table.setColumnWidth(column, _WIDTHS[name])
        header.setSectionResizeMode(COLUMNS.index("question"), QHeaderView.ResizeMode.Stretch)
        for button in (self.mine, self.unclaimed):
            button.setCheckable(True)
        for box in (self.modality, self.specialty, self.hub):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(130)
        bar = QHBoxLayout()
        for widget in (self.search, self.mine, self.unclaimed, self.modality, self.specialty, self.hub, self.refresh):
            bar.addWidget(widget)
        bar.setStretch(0, 1)
        left = QWidget()
        column_layout = QVBoxLayout(left)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.addLayout(bar)
        column_layout.addWidget(self.notice)
        column_layout.addWidget(self.table, 1)
        splitter = QSplitter()
        splitter.addWidget(left)
        # Beside the table, whose rows it must not move under the pointer.
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.cancel_bar)
        side.addWidget(self.details, 1)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([1000, 372])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.table.opened.connect(lambda: self._emit(self.open_asked))
        self.table.doubleClicked.connect(lambda _index: self._emit(self.open_asked))
        self.table.decline_asked.connect(lambda: self._emit(self.decline_asked))
        self.table.information_asked.connect(lambda: self._emit(self.information_asked))
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self.details.open_asked.connect(lambda: self._emit(self.open_asked))
        self.details.decline_asked.connect(lambda: self._emit(self.decline_asked))
        self.details.information_asked.connect(lambda: self._emit(self.information_asked))
        self.refresh.clicked.connect(self.refresh_asked)
        self.search.textChanged.connect(lambda _text: self._apply_filter())
        for button in (self.mine, self.unclaimed):
            button.toggled.connect(lambda _checked: self._apply_filter())
        for box in (self.modality, self.specialty, self.hub):
            box.currentIndexChanged.connect(lambda _index: self._apply_filter())
        QShortcut(Qt.Key.Key_F5, self, self.refresh_asked.emit)

    def _emit(self, signal: SignalInstance) -> None:
        request = self.current
        if request is not None:
            signal.emit(request)

    def _fill(self, box: QComboBox, values: set[str]) -> None:
        chosen = box.currentData()
        box.blockSignals(True)
        box.clear()
        box.addItem("", "")
        for value in sorted(values):
            box.addItem(value, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._name_filters()

    def _tell_silences(self) -> None:
        words = self._translator
        text = "\n".join(words.text(key, hubs=", ".join(hubs)) for key, hubs in self._silences if hubs)
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def _name_filters(self) -> None:
        for box, key in ((self.modality, "modality"), (self.specialty, "specialty"), (self.hub, "hub")):
            everything = self._translator.text(f"shell.queue.filter.{key}")
            box.setAccessibleName(everything)
            if box.count():
                box.setItemText(0, everything)

    def _apply_filter(self) -> None:
        current = self.current
        wanted = QueueFilter(
            self.search.text().strip(),
            self.modality.currentData() or "",
            self.specialty.currentData() or "",
            self.hub.currentData() or "",
            self.mine.isChecked(),
            self.unclaimed.isChecked(),
        )
        self.model.show_requests(wanted.apply(self._requests, self._reader))
        row = self.model.row_of(current.key) if current else None
        if not self.model.rowCount():
            self.details.clear()
        elif row is None:
            self.table.selectRow(0)
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self.details.renew(self.model.request(row))

    def _row_changed(self, index: QModelIndex, _previous: QModelIndex) -> None:
        if 0 <= index.row() < self.model.rowCount():
            request = self.model.request(index.row())
            self.details.show_request(request)
            self.selected.emit(request)
