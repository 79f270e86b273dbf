"""The reading page: banner, bar, series, viewports, tabs. It shows one open case and says what it needs."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.volume import Volume
from viewers.signal import Connection
from viewers.state.view_state import VolumeReference
from workstation.domain.study import StudySummary
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.shown_objects import ChosenObjects, ShownObjects
from workstation.reading.views import Views
from workstation.shell.acts.registry import ACTS
from workstation.shell.awaited_series import AwaitedSeries
from workstation.shell.banner import PatientBanner
from workstation.shell.cancel_bar import CancelBar
from workstation.shell.case_hanging import CaseHanging
from workstation.shell.case_state import CaseState
from workstation.shell.keymap import read_keymap
from workstation.shell.mark_intents import MarkIntents
from workstation.shell.measurements_panel import Measure, MeasurementsPanel
from workstation.shell.page_tabs import page_tabs
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.reading_bar import ReadingBar
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_board import ViewportBoard
from workstation.shell.viewport_captions import CaseDirectory
from workstation.shell.viewport_contents import Marks
from workstation.translations import Translator

MEASUREMENTS = "measurements"
_ARCHIVE_MS = 800


class ReadingPage(QWidget):
    """Shows one case. ``tabs`` are (key, widget): titles are the translations ``reading_page.tab.<key>``.

    Signals
    -------
    series_asked
        The ``StudyUID`` and ``SeriesUID`` of images that the reader wants and that have not been put.
    view_state_changed
        The archived state of the viewports, some time after the last change.
    notice
        A sentence for the reader.
    volumes_put
        Volumes have come.
    """

    series_asked = Signal(object, object)
    view_state_changed = Signal(str)
    notice = Signal(str)
    volumes_put = Signal()

    def __init__(
        self, translator: Translator, tabs: Sequence[tuple[str, QWidget]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._translator = translator
        self._session: ReadingSession | None = None
        self._views: Views | None = None
        self._case = CaseDirectory()
        self._connections: list[Connection] = []
        self._selected: AnnotationId | None = None
        self._objects = ShownObjects()
        self.banner = PatientBanner(translator)
        self.cancel_bar = CancelBar(translator)
        keymap = read_keymap()
        self.bar = ReadingBar(translator, keymap)
        self.series = SeriesPanel(translator)
        self.board = ViewportBoard(translator)
        self._awaited = AwaitedSeries(self.series, self.board, self.series_asked.emit)
        self.hanging = CaseHanging(self._awaited, lambda key: self.notice.emit(self._translator.text(key)))
        self.measurements = MeasurementsPanel(translator)
        self.tabs = page_tabs()
        self._tab_keys = [key for key, _ in tabs]
        self.acts = ReadingActs(self, self.bar, self.board, keymap, lambda: self._translator)
        self.marks = MarkIntents(self.board, lambda: self._translator)
        self.state = CaseState(self.bar, self.acts, translator)
        self._archive = QTimer(self)
        self._archive.setSingleShot(True)
        self._archive.setInterval(_ARCHIVE_MS)
        self._archive.timeout.connect(self._tell_view_state)
        self._build(tabs)
        self._connect()
        self.retranslate(translator)

    def open_case(
        self,
        session: ReadingSession,
        dispatcher: Dispatcher,
        views: Views,
        measure: Measure,
        studies: Sequence[StudySummary],
    ) -> None:
        """Show a case: ``studies`` with the one being read first; asks for the series to begin with.

        ``views`` may already hold volumes. The draft's archived view state is hung again where it can be.
        """
        self.close_case()
        self._session, self._views, self._case = session, views, CaseDirectory(studies)
        self.hanging.open_case(views, self._case)
        self._connections = [
            session.annotations_changed.connect(lambda change: self._marks_changed(change.annotations)),
            session.answers_changed.connect(lambda _change: self._show_marks()),
            views.view_changed.connect(lambda _viewport: self._view_changed()),
            views.layout_changed.connect(lambda _layout: self._show_arrangement()),
            views.refused.connect(self._refused),
        ]
        patient = self._case.patient
        if patient is not None:
            self.banner.show_patient(patient)
        self.series.show_case(self._case)
        self.measurements.open_case(measure, lambda mark: self.holds(mark.instance, mark.frame_index))
        self.marks.open_case(session, dispatcher, views)
        self.acts.open_case(session, dispatcher, views)
        self.board.open_case(views, self._case)
        self.state.open_case(session)
        self.hanging.restore(session.draft.view_state)
        self._show_marks()
        self._show_arrangement()

    def close_case(self) -> None:
        """Tell a view state still to be told, then let go of everything."""
        if self._archive.isActive():
            self._archive.stop()
            self._tell_view_state()
        self.keep_text()
        for connection in self._connections:
            connection.disconnect()
        self._connections = []
        self._session = self._views = self._selected = None
        self._case = CaseDirectory()
        self.hanging.close_case()
        self.marks.close_case()
        self.acts.close_case()
        self.board.close_case()
        self.series.clear()
        self.measurements.clear()
        self.banner.clear()
        self.state.close_case()

    def set_series(self, *found: StudySummary) -> None:
        """Show studies with their series as they are known now, those new to the case too; what is on screen stays."""
        studies = {one.uid: one for one in self._case.studies}
        studies |= {one.uid: replace(studies.get(one.uid, one), series=one.series) for one in found}
        self._case = CaseDirectory(tuple(studies.values()))
        self.hanging.show_case(self._case)
        self.series.show_case(self._case)
        if self._views is not None:
            self.board.show_case(self._case)
            if self._views.current is None:
                self.hanging.open_leading()

    def set_progress(self, series: SeriesUID, received: int, expected: int | None, *, is_ended: bool = False) -> None:
        """Show how many objects of a series have come; no more come once it ``is_ended``."""
        self.series.show_progress(series, received, expected, is_ended=is_ended)

    def put_volumes(self, volumes: Sequence[Volume], *, are_arriving: bool = False) -> None:
        """Take volumes that have been loaded, all of a series at once; no occupied viewport changes its image.

        ``are_arriving`` is of partial volumes whose series is still on its way: fuller ones follow by themselves.
        """
        if self._views is None:
            return
        if not are_arriving:
            self._awaited.come({volume.series for volume in volumes})
        self._views.put(tuple(volumes))
        self.series.put(volumes, are_arriving=are_arriving)
        fit = [volume for volume in volumes if volume.series not in self._views.priors]
        if self._views.current is None and fit:
            self._views.open(VolumeReference(fit[0].series, fit[0].index))
        self.board.refresh()
        self._show_marks()
        self._show_arrangement()
        self.volumes_put.emit()

    def show_objects(self, shown: ShownObjects) -> None:
        """Show what others drew on these images, and apply a presentation state or none."""
        self._objects = shown
        if self._views is not None and shown.objects:
            self._views.show_objects(shown)
            self._archive.start()
        self._show_marks()

    @property
    def chosen_objects(self) -> ChosenObjects:
        """What the reader chose of the objects of others, here or when the draft was last open."""
        return ChosenObjects() if self._views is None else self._views.chosen

    def holds(self, instance: InstanceUID, frame_index: int) -> bool:
        """Whether an image can be shown now."""
        return self._views is not None and self._views.holds(instance, frame_index)

    def take_back(self, study: StudyUID, error: ReaderError) -> tuple[SeriesUID, ...]:
        """Show nothing of a study any more, and return its series: what came of it is of someone else."""
        series = tuple(one.uid for found in self._case.studies if found.uid == study for one in found.series)
        if self._views is not None:
            self._views.withdraw(series)
        self._awaited.withdraw(series, self._translator.error(error))
        self.board.refresh()
        self._show_marks()
        return series

    def show_failure(self, series: SeriesUID, error: ReaderError) -> None:
        """Say in words why a series that was asked for cannot be shown."""
        sentence = self._translator.error(error)
        self._awaited.fail(series, sentence)
        self.notice.emit(sentence)

    def show_missed(self, series: SeriesUID, sentence: str) -> None:
        """Say of a series that it has not come whole, and why; it may be asked for again."""
        self._awaited.fail(series, sentence)

    def show_shortfalls(self, study: StudyUID, sentences: tuple[str, ...]) -> None:
        """Show where the hub lists less of a study than it counts."""
        self.series.show_shortfalls(study, sentences)

    def show_cancelled(self) -> None:
        """Show that nothing more comes by itself; what was asked for may be asked for again."""
        self._awaited.cancel()

    def keep_text(self) -> None:
        """Keep the text of a mark that is being typed, wherever it is typed."""
        self.marks.keep_text()
        self.measurements.keep_text()

    def show_tab(self, key: str) -> None:
        """Bring one tab to the front; the focus stays where it is."""
        self.tabs.setCurrentIndex(self._tab_keys.index(key))

    def go_to(self, mark: AnnotationId) -> None:
        """Show the image of a mark and select it."""
        found = [one for one in (self._session.annotations if self._session is not None else ()) if one.id == mark]
        if not found or self._views is None:
            return
        self.select(mark)
        if not self._views.go_to(found[0]):
            self.load_series(found[0].series)
            self.notice.emit(self._translator.text("reading_page.mark_not_here"))

    def go_to_image(self, instance: InstanceUID, frame_index: int) -> None:
        """Show one image, such as a key image."""
        if self._views is not None and self._views.go_to_image(instance, frame_index) is None:
            self.notice.emit(self._translator.text("reading_page.image_not_here"))

    def select(self, mark: AnnotationId | None) -> None:
        """Select a mark on the pictures and in the list."""
        self._selected = mark
        self._show_marks()

    @property
    def selected(self) -> AnnotationId | None:
        """The selected mark."""
        return self._selected

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        for part in (self.banner, self.cancel_bar, self.bar, self.series, self.board, self.measurements):
            part.retranslate(translator)
        for index, key in enumerate(self._tab_keys):
            self.tabs.setTabText(index, translator.text(f"reading_page.tab.{key}"))
        self.state.retranslate(translator)

    def ask_for(self, reference: VolumeReference) -> None:
        """Open a series in the active viewport; ask for it where it has not come."""
        self.hanging.ask_for(reference)

    def load_series(self, series: SeriesUID) -> bool:
        """Ask for the images of a series; false where the case does not have it, or it holds no pictures."""
        return self.hanging.load_series(series)

    def compare(self) -> None:
        """Hang the case beside its most similar prior."""
        self.hanging.compare()
        self._show_arrangement()

    def _build(self, tabs: Sequence[tuple[str, QWidget]]) -> None:
        for _key, widget in tabs:
            self.tabs.addTab(widget, "")
        self.tabs.addTab(self.measurements, "")
        self._tab_keys.append(MEASUREMENTS)
        self.series.setMinimumWidth(190)
        # Beside the pictures, which it must not move.
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.cancel_bar)
        column.addWidget(self.tabs, 1)
        side.setMinimumWidth(260)
        self.panes = QSplitter()
        for place, (widget, stretch) in enumerate(((self.series, 0), (self.board, 1), (side, 0))):
            self.panes.addWidget(widget)
            self.panes.setStretchFactor(place, stretch)
            self.panes.setCollapsible(place, place != 1)
        self.panes.setSizes([240, 1000, 424])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.banner)
        layout.addWidget(self.bar)
        layout.addWidget(self.panes, 1)
        self.setFocusProxy(self.board)

    def _connect(self) -> None:
        for act in ACTS:
            action = self.bar.actions_by_id[act.id]
            wide = (self,) if act.is_everywhere else (self.board, self.series, self.bar, self.measurements)
            for widget in wide:
                widget.addAction(action)
        self.acts.compare_asked.connect(self.compare)
        for part in (self.acts, self.marks):
            part.selected.connect(self.select)
            part.refused.connect(self._refused)
        self.acts.notice.connect(self.notice)
        self.series.open_asked.connect(self.ask_for)
        self.board.series_dropped.connect(self._dropped)
        self.board.failed.connect(self._refused)
        self.measurements.chosen.connect(self.go_to)
        self.measurements.renamed.connect(self.marks.rename)
        self.measurements.delete_asked.connect(self.marks.delete)

    def _dropped(self, viewport: ViewportId, series: SeriesUID, index: int) -> None:
        if self._views is not None:
            self._views.activate(viewport)
            self.ask_for(VolumeReference(series, index))

    def _view_changed(self) -> None:
        self._archive.start()
        if self._views is not None:
            self.series.show_open(self._views.open_series())

    def _marks_changed(self, annotations: tuple[Annotation, ...]) -> None:
        if self._selected not in {one.id for one in annotations}:
            self._selected = None
        self._show_marks()

    def _show_marks(self) -> None:
        annotations = self._session.annotations if self._session is not None else ()
        key_images = self._session.answers.key_images if self._session is not None else ()
        self.board.show_marks(Marks(annotations, self._selected, key_images, objects=self._objects))
        self.measurements.show_marks(annotations, self._selected)
        self.acts.selected_mark = self._selected

    def _show_arrangement(self) -> None:
        if self._views is not None:
            self.acts.show_state()
            self._archive.start()

    def _refused(self, error: ReaderError) -> None:
        self.notice.emit(self._translator.error(error))

    def _tell_view_state(self) -> None:
        if self._views is not None:
            self.view_state_changed.emit(self._views.archive())
