"""The list of marks with their values: what is computed now, never what was once written."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewers.annotations.model import Annotation, Measurement
from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId
from workstation.shell import theme
from workstation.shell.labels import as_tooltip, plain
from workstation.shell.measurement_words import MeasuredLine, measured_line
from workstation.translations import Translator

Measure = Callable[[Annotation], Measurement]

_PAUSE_MS = 700
_ID_ROLE = int(Qt.ItemDataRole.UserRole)
_TOOL, _NAME, _VALUE = range(3)
_COLUMNS = ("tool", "name", "value")


class MeasurementsTable(QTableWidget):
    """The table; Enter goes to the mark, Delete removes it."""

    chosen = Signal()
    delete_asked = Signal()

    @property
    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn Enter and Delete into signals; everything else is the table's."""
        if self.is_editing:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)


class NameDelegate(QStyledItemDelegate):
    """Lets names be typed, and takes them over at each pause, so that none is lost."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._field: QLineEdit | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.keep)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Make the field in which a name is typed."""
        field = super().createEditor(parent, option, index)
        if isinstance(field, QLineEdit):
            field.textEdited.connect(lambda _text: self._pause.start())
            self._field = field
        return field

    def destroyEditor(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Forget the field: its name was taken over, or left as it was."""
        self._pause.stop()
        self._field = None
        super().destroyEditor(editor, index)

    def leave(self) -> None:
        """Put the field away before its list is emptied."""
        if self._field is not None:
            self.closeEditor.emit(self._field, QStyledItemDelegate.EndEditHint.NoHint)

    def keep(self) -> None:
        """Take over what has been typed so far."""
        self._pause.stop()
        if self._field is not None:
            self.commitData.emit(self._field)


class MeasurementsPanel(QWidget):
    """Shows the marks of a case.

    Signals
    -------
    chosen
        The ``AnnotationId`` to show.
    renamed
        The ``AnnotationId`` and its new text.
    delete_asked
        The ``AnnotationId`` to remove.
    """

    chosen = Signal(object)
    renamed = Signal(object, str)
    delete_asked = Signal(object)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._annotations: tuple[Annotation, ...] = ()
        self._measure: Measure | None = None
        self._is_held: Callable[[Annotation], bool] = lambda _annotation: False
        self._is_filling = False
        self.table = MeasurementsTable(0, len(_COLUMNS))
        self._names = NameDelegate(self)
        self._none = plain(style="quiet", wrap=True)
        self._details = plain(style="quiet", wrap=True)
        self.rename, self.delete = QPushButton(), QPushButton()
        self._build()
        self.retranslate(translator)

    def open_case(self, measure: Measure, is_held: Callable[[Annotation], bool]) -> None:
        """Measure with ``measure``, and only marks whose images are held: it may block for others."""
        self._measure, self._is_held = measure, is_held

    def clear(self) -> None:
        """Show nothing."""
        self._names.leave()
        self._measure = None
        self._is_held = lambda _annotation: False
        self.show_marks((), None)

    def keep_text(self) -> None:
        """Keep the name that is being typed."""
        self._names.keep()

    def show_marks(self, annotations: Sequence[Annotation], selected: AnnotationId | None) -> None:
        """Show the marks, measured again, and which is selected."""
        if self.table.is_editing and [one.id for one in annotations] == [one.id for one in self._annotations]:
            # A name is being typed: the list is filled again when it is done.
            return
        self._annotations = tuple(annotations)
        self._is_filling = True
        self.table.setRowCount(len(self._annotations))
        for row, annotation in enumerate(self._annotations):
            self._fill(row, annotation)
            if annotation.id == selected:
                self.table.selectRow(row)
        if selected is None:
            self.table.clearSelection()
        self.table.resizeRowsToContents()
        self._is_filling = False
        self._none.setVisible(not self._annotations)
        self._show_details()
        self.rename.setEnabled(bool(self._annotations))
        self.delete.setEnabled(bool(self._annotations))

    def line(self, annotation: Annotation) -> MeasuredLine:
        """Return what is said of one mark."""
        words = self._translator
        if self._measure is None or not self._is_held(annotation):
            return MeasuredLine("", words.text("reading_page.measurements.not_held"))
        try:
            measured = self._measure(annotation)
        except ReaderError as error:
            return MeasuredLine("", words.error(error))
        return measured_line(measured, words)

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        titles = [translator.text(f"reading_page.measurements.column.{name}") for name in _COLUMNS]
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setAccessibleName(translator.text("reading_page.tab.measurements"))
        self._none.setText(translator.text("reading_page.measurements.none"))
        self.rename.setText(translator.text("reading_page.measurements.rename"))
        self.delete.setText(translator.text("reading_page.measurements.delete"))
        self.show_marks(self._annotations, self._selected())

    def _build(self) -> None:
        table = self.table
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setItemDelegateForColumn(_NAME, self._names)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(_TOOL, 84)
        table.setColumnWidth(_VALUE, 170)
        table.cellClicked.connect(lambda _row, _column: self._choose())
        table.chosen.connect(self._choose)
        table.delete_asked.connect(self._ask_delete)
        table.itemChanged.connect(self._renamed)
        table.itemSelectionChanged.connect(self._show_details)
        self.rename.clicked.connect(self._edit)
        self.delete.clicked.connect(self._ask_delete)
        bar = QHBoxLayout()
        bar.addWidget(self.rename)
        bar.addWidget(self.delete)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._none)
        layout.addWidget(table, 1)
        layout.addWidget(self._details)
        layout.addLayout(bar)

    def _fill(self, row: int, annotation: Annotation) -> None:
        words = self._translator
        line = self.line(annotation)
        tool = _cell(words.text(f"reading_page.act.{annotation.tool}"))
        name = QTableWidgetItem(annotation.text)
        value = _cell("\n".join(part for part in (line.values, line.warning) if part))
        if line.warning:
            value.setForeground(QColor(theme.WARNING))
        value.setToolTip(as_tooltip(value.text()))
        for column, item in ((_TOOL, tool), (_NAME, name), (_VALUE, value)):
            item.setData(_ID_ROLE, annotation.id)
            self.table.setItem(row, column, item)

    def _show_details(self) -> None:
        """Say where the values of the selected mark come from."""
        if self._is_filling:
            return
        selected = self._selected()
        chosen = next((one for one in self._annotations if one.id == selected), None)
        details = "" if chosen is None else self.line(chosen).details
        self._details.setText(details)
        self._details.setVisible(bool(details))

    def _selected(self) -> AnnotationId | None:
        items = self.table.selectedItems()
        return AnnotationId(str(items[0].data(_ID_ROLE))) if items else None

    def _choose(self) -> None:
        selected = self._selected()
        if selected is not None:
            self.chosen.emit(selected)

    def _ask_delete(self) -> None:
        selected = self._selected()
        if selected is not None:
            self.delete_asked.emit(selected)

    def _edit(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), _NAME) if rows else None
        if item is not None:
            self.table.editItem(item)

    def _renamed(self, item: QTableWidgetItem) -> None:
        if not self._is_filling and item.column() == _NAME:
            self.renamed.emit(AnnotationId(str(item.data(_ID_ROLE))), item.text().strip())


def _cell(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item
