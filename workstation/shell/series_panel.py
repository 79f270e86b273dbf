"""The studies and series of a case: the one being read first, then the priors, the latest first."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.shell.formats import dicom_date
from workstation.shell.labels import as_tooltip, plain
from workstation.shell.series_delegate import OPEN_ROLE, ROW_ROLE, THUMBNAIL_ROLE, SeriesDelegate
from workstation.shell.series_drag import series_mime
from workstation.shell.series_rows import SeriesRow, SeriesState, series_row, thumbnail, volume_row
from workstation.shell.viewport_captions import CaseDirectory
from workstation.translations import Translator

_REFERENCE_ROLE = int(Qt.ItemDataRole.UserRole)


class SeriesTree(QTreeWidget):
    """The tree; Enter opens, a drag carries a volume."""

    opened = Signal(object)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentences of a study the lines that they need in this width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter; everything else is the tree's."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.open_item(item)
            return
        super().keyPressEvent(event)

    def open_item(self, item: QTreeWidgetItem) -> None:
        """Ask for the volume of a row; a study opens and closes."""
        reference = item.data(0, _REFERENCE_ROLE)
        if isinstance(reference, VolumeReference):
            self.opened.emit(reference)
        else:
            item.setExpanded(not item.isExpanded())

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        """Return what a drag carries."""
        references = [item.data(0, _REFERENCE_ROLE) for item in items]
        found = [reference for reference in references if isinstance(reference, VolumeReference)]
        return series_mime(found[0]) if found else QMimeData()


class SeriesPanel(QWidget):
    """Shows what there is of a case and how complete it is.

    Signals
    -------
    open_asked
        The ``VolumeReference`` that the reader wants in the active viewport.
    """

    open_asked = Signal(object)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._case = CaseDirectory()
        self._volumes: dict[SeriesUID, tuple[Volume, ...]] = {}
        self._thumbnails: dict[SeriesUID, tuple[QPixmap | None, ...]] = {}
        self._states: dict[SeriesUID, SeriesState] = {}
        self._items: dict[SeriesUID, QTreeWidgetItem] = {}
        self._open: frozenset[SeriesUID] = frozenset()
        self._shortfalls: dict[StudyUID, tuple[str, ...]] = {}
        self._missed: dict[StudyUID, ReaderError] = {}
        self._confirmed: frozenset[StudyUID] = frozenset()
        self._title = plain(style="caption")
        self.tree = SeriesTree()
        self.tree.setHeaderHidden(True)
        self.tree.setItemDelegate(SeriesDelegate(self.tree))
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(8)
        self.tree.setDragEnabled(True)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemDoubleClicked.connect(lambda item, _column: self.tree.open_item(item))
        self.tree.opened.connect(self.open_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self.tree, 1)
        self.retranslate(translator)

    def show_case(self, case: CaseDirectory) -> None:
        """Show the studies of a case; what is known of their series stays."""
        self._case = case
        self._rebuild()

    def clear(self) -> None:
        """Show nothing and let go of volumes and thumbnails."""
        self._case = CaseDirectory()
        self._volumes.clear()
        self._thumbnails.clear()
        self._states.clear()
        self._shortfalls.clear()
        self._missed.clear()
        self._open = frozenset()
        self._confirmed = frozenset()
        self._rebuild()

    def show_progress(self, series: SeriesUID, received: int, expected: int | None, *, is_ended: bool = False) -> None:
        """Show how many objects of a series have come; once it ``is_ended``, what is missing is missing."""
        is_loading = not is_ended and (expected is None or received < expected)
        self._change(series, replace(self._state(series), received=received, expected=expected, is_loading=is_loading))

    def show_waiting(self, series: SeriesUID) -> None:
        """Show that a series is on its way."""
        self._change(series, replace(self._state(series), is_loading=True, failure=None))

    def show_cancelled(self) -> None:
        """Show of no series any more that it is on its way."""
        for series, state in tuple(self._states.items()):
            if state.is_loading:
                self._change(series, replace(state, is_loading=False))

    def show_shortfalls(self, study: StudyUID, sentences: tuple[str, ...]) -> None:
        """Show under a study where its hub lists less than it counts."""
        self._shortfalls[study] = sentences
        self._rebuild()

    def show_confirmed(self, studies: Collection[StudyUID]) -> None:
        """Point out no more that these studies may be of someone else: the reader confirmed their identity."""
        if self._confirmed != frozenset(studies):
            self._confirmed = frozenset(studies)
            self._rebuild()

    def show_missed(self, study: StudyUID, error: ReaderError | None) -> None:
        """Show under a study why it has not come, or that it has: without an ``error``."""
        former = self._missed.pop(study, None)
        if error is not None:
            self._missed[study] = error
            series = {one.uid for found in self._case.studies if found.uid == study for one in found.series}
            for one in series & self._states.keys():
                self._states[one] = replace(self._states[one], is_loading=False)
        if error != former:
            self._rebuild()

    def show_failure(self, series: SeriesUID, error: ReaderError) -> None:
        """Show in words why a series cannot be shown."""
        self._change(series, replace(self._state(series), is_loading=False, failure=error))

    def show_open(self, series: frozenset[SeriesUID]) -> None:
        """Point out the series that viewports show."""
        if series == self._open:
            return
        self._open = series
        for uid, item in self._items.items():
            item.setData(0, OPEN_ROLE, uid in series)

    def put(self, volumes: Sequence[Volume], *, are_arriving: bool = False) -> None:
        """Show thumbnail and findings of volumes, all of a series in one call; arriving ones leave it on its way."""
        by_series: dict[SeriesUID, list[Volume]] = {}
        for volume in volumes:
            by_series.setdefault(volume.series, []).append(volume)
        for series, found in by_series.items():
            self._volumes[series] = tuple(found)
            self._thumbnails[series] = tuple(thumbnail(volume) for volume in found)
            state = self._state(series)
            # What is built last of a transfer that broke off comes after the news that it did.
            is_broken = are_arriving and (state.failure is not None or self._is_missed(series))
            failure = state.failure if is_broken else None
            self._change(series, replace(state, is_loading=are_arriving and not is_broken, failure=failure))

    def withdraw(self, series: Collection[SeriesUID]) -> None:
        """Let go of volumes and thumbnails of some series."""
        for one in series:
            self._volumes.pop(one, None)
            self._thumbnails.pop(one, None)
            self._states.pop(one, None)
        self._rebuild()

    def row(self, series: SeriesUID) -> SeriesRow | None:
        """Return what the row of a series says."""
        item = self._items.get(series)
        row = item.data(0, ROW_ROLE) if item is not None else None
        return row if isinstance(row, SeriesRow) else None

    def beside(self, reference: VolumeReference | None, step: int) -> VolumeReference | None:
        """Return what stands so many places further in the list, or the last there is; ``None`` in an empty list."""
        rows = [
            VolumeReference(uid, index) for uid in self._items for index in range(len(self._volumes.get(uid, ())) or 1)
        ]
        if reference not in rows:
            return rows[0] if rows else None
        return rows[min(max(rows.index(reference) + step, 0), len(rows) - 1)]

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        self._title.setText(translator.text("reading_page.series.title"))
        self.tree.setAccessibleName(translator.text("reading_page.series.title"))
        self.tree.setToolTip(translator.text("reading_page.series.hint"))
        self._rebuild()

    def _is_missed(self, series: SeriesUID) -> bool:
        found = self._case.find(series)
        return found is not None and found[0].uid in self._missed

    def _state(self, series: SeriesUID) -> SeriesState:
        return self._states.get(series, SeriesState())

    def _change(self, series: SeriesUID, state: SeriesState) -> None:
        self._states[series] = state
        found = self._case.find(series)
        item = self._items.get(series)
        if found is not None and item is not None:
            self._fill(item, found[1])

    def _rebuild(self) -> None:
        chosen = self.tree.currentItem()
        current = chosen.data(0, _REFERENCE_ROLE) if chosen is not None else None
        self.tree.clear()
        self._items.clear()
        for study in self._ordered():
            heading = QTreeWidgetItem([self._heading(study)])
            heading.setToolTip(0, as_tooltip(heading.text(0)))
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.tree.addTopLevelItem(heading)
            for series in study.series:
                item = QTreeWidgetItem()
                item.setData(0, _REFERENCE_ROLE, VolumeReference(series.uid))
                item.setData(0, OPEN_ROLE, series.uid in self._open)
                heading.addChild(item)
                self._items[series.uid] = item
                self._fill(item, series)
            heading.setExpanded(True)
        if isinstance(current, VolumeReference) and current.series in self._items:
            self.tree.setCurrentItem(self._items[current.series])

    def _ordered(self) -> list[StudySummary]:
        studies = self._case.studies
        return [*studies[:1], *sorted(studies[1:], key=lambda study: (study.date, study.time), reverse=True)]

    def _heading(self, study: StudySummary) -> str:
        words = self._translator
        date = dicom_date(study.date, words.language) or words.text("viewport.no_date")
        key = "prior" if self._case.is_prior(study) else "current"
        parts = [words.text(f"reading_page.series.{key}", date=date), study.description]
        if self._case.doubts(study):
            is_confirmed = study.uid in self._confirmed
            doubt = "reading_page.series.identity_confirmed" if is_confirmed else "reading_page.series.other_patient"
            parts.insert(1, words.text(doubt))
        heading = "  ".join(part for part in parts if part)
        missed = self._missed.get(study.uid)
        why = () if missed is None else (words.error(missed),)
        return "\n".join((heading, *why, *self._shortfalls.get(study.uid, ())))

    def _fill(self, item: QTreeWidgetItem, series: SeriesSummary) -> None:
        volumes = self._volumes.get(series.uid, ())
        row = series_row(series, self._state(series.uid), volumes, self._translator)
        _show(item, row)
        thumbnails = self._thumbnails.get(series.uid, ())
        if thumbnails:
            item.setData(0, THUMBNAIL_ROLE, thumbnails[0])
        if len(volumes) > 1 and item.childCount() != len(volumes):
            item.takeChildren()
            for volume, picture in zip(volumes, thumbnails, strict=True):
                child = QTreeWidgetItem()
                child.setData(0, _REFERENCE_ROLE, VolumeReference(volume.series, volume.index))
                child.setData(0, THUMBNAIL_ROLE, picture)
                _show(child, volume_row(volume, self._translator))
                item.addChild(child)
            item.setExpanded(True)
        self.tree.doItemsLayout()


def _show(item: QTreeWidgetItem, row: SeriesRow) -> None:
    item.setData(0, ROW_ROLE, row)
    item.setToolTip(0, as_tooltip(row.text))
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, row.text)
