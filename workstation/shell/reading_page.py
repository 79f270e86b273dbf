"""The reading page: banner, bar, series, viewports, tabs. It shows one open case and says what it needs."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.bands import Bands
from viewers.signal import Connection
from viewers.state.view_state import VolumeReference
from workstation.domain.study import StudySummary
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views
from workstation.shell.banner import PatientBanner
from workstation.shell.cancel_bar import CancelBar
from workstation.shell.case_state import CaseState
from workstation.shell.display_watch import DisplayWatch
from workstation.shell.keys.keymaps import read_keymap
from workstation.shell.mark_intents import MarkIntents
from workstation.shell.measurements_panel import Measure, MeasurementsPanel
from workstation.shell.page_comparison import PageComparison
from workstation.shell.page_hands import PageHands
from workstation.shell.page_images import PageImages
from workstation.shell.page_layout import panes_of, stack
from workstation.shell.page_marks import PageMarks
from workstation.shell.page_protocols import PageProtocols
from workstation.shell.page_tabs import page_tabs
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.reading_bar import ReadingBar
from workstation.shell.second_screen import SIDE, VIEWPORTS, SecondScreen
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator

MEASUREMENTS = "measurements"
_ARCHIVE_MS = 800


class ReadingPage(QWidget):
    """Shows one case: its series by ``images``, its marks by ``marks``.

    ``tabs`` are (key, widget): titles are the translations ``reading_page.tab.<key>``.

    Signals
    -------
    series_asked
        The ``StudyUID`` and ``SeriesUID`` of images that the reader wants and that have not been put.
    view_state_changed
        The archived state of the viewports, some time after the last change.
    notice
        A sentence for the reader.
    volumes_changed
        Volumes have come or gone.
    """

    series_asked = Signal(object, object)
    view_state_changed = Signal(str)
    notice = Signal(str)
    volumes_changed = Signal()

    def __init__(
        self,
        translator: Translator,
        tabs: Sequence[tuple[str, QWidget]] = (),
        displays: DisplayWatch | None = None,
        bands: Bands | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._translator = translator
        self._views: Views | None = None
        self._connections: list[Connection] = []
        self._archive = QTimer(self)
        self._archive.setSingleShot(True)
        self._archive.setInterval(_ARCHIVE_MS)
        self._archive.timeout.connect(self._tell_view_state)
        self.banner = PatientBanner(translator)
        self.cancel_bar = CancelBar(translator)
        keymap = read_keymap()
        self.bar = ReadingBar(translator, keymap)
        self.series = SeriesPanel(translator)
        self.board = ViewportBoard(translator, displays, bands)
        self.measurements = MeasurementsPanel(translator)
        self.acts = ReadingActs(self, self.bar, self.board, keymap, self._words)
        self.intents = MarkIntents(self.board, self._words)
        self.images = PageImages(
            self.series, self.board, self.series_asked.emit, self.notice.emit, self._images_changed, self._words
        )
        self.comparison = PageComparison(self, self.images, self._words)
        self.marks = PageMarks(
            self.board, self.measurements, self.acts, self.images.load_series, self._archive.start, self._say
        )
        self.protocols = PageProtocols(
            self, self.board, self.acts, self.images.hanging.protocols, self.notice.emit, self._words
        )
        self.state = CaseState(self.bar, self.acts, translator)
        self.tabs = page_tabs()
        self._tab_keys = [*(key for key, _ in tabs), MEASUREMENTS]
        for _key, widget in (*tabs, (MEASUREMENTS, self.measurements)):
            self.tabs.addTab(widget, "")
        self.panes = panes_of(self.series, self.board, self.cancel_bar, self.tabs)
        stack(self, self.banner, self.bar, self.panes)
        side = self.tabs.parentWidget() or self.tabs
        self.second = SecondScreen(self, self.panes, {VIEWPORTS: self.board, SIDE: side}, translator)
        near = (self.series, self.measurements)
        self.hands = PageHands(self, self.bar, self.board, self.acts, self.second, near, self._words)
        self.setFocusProxy(self.board)
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
        self._views = views
        self._connections = [
            session.annotations_changed.connect(lambda change: self.marks.changed(change.annotations)),
            session.answers_changed.connect(lambda _change: self.marks.show()),
            session.annotations_changed.connect(lambda _change: views.touch()),
            views.view_changed.connect(lambda _viewport: self._view_changed()),
            views.layout_changed.connect(lambda _layout: self._show_arrangement()),
            views.refused.connect(self._refused),
        ]
        self.marks.open_case(session, views, measure)
        self.intents.open_case(session, dispatcher, views)
        self.acts.open_case(session, dispatcher, views)
        self.images.open_case(views, studies)
        self.comparison.open_case(views)
        self.protocols.open_case(views)
        patient = self.images.case.patient
        if patient is not None:
            self.banner.show_patient(patient)
        self.second.open_case(patient)
        self.state.open_case(session)
        self.images.hanging.restore(session.draft.view_state)
        self.marks.show()
        self._show_arrangement()

    def close_case(self) -> None:
        """Tell a view state still to be told, then let go of everything."""
        if self._archive.isActive():
            self._archive.stop()
            self._tell_view_state()
        self.keep_text()
        self.hands.palette.close_quietly()
        self.second.close_case()
        for connection in self._connections:
            connection.disconnect()
        self._connections = []
        self._views = None
        self.intents.close_case()
        self.acts.close_case()
        self.marks.close_case()
        self.comparison.close_case()
        self.protocols.close_case()
        self.images.close_case()
        self.banner.clear()
        self.state.close_case()

    def showEvent(self, event: QShowEvent) -> None:
        """Hear the digits of the top row on every layout of keyboard."""
        super().showEvent(event)
        self.hands.watch()

    def keep_text(self) -> None:
        """Keep the text of a mark that is being typed, wherever it is typed."""
        self.intents.keep_text()
        self.measurements.keep_text()

    def show_tab(self, key: str) -> None:
        """Bring one tab to the front; the focus stays where it is."""
        self.tabs.setCurrentIndex(self._tab_keys.index(key))

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        for part in (
            self.banner,
            self.cancel_bar,
            self.bar,
            self.series,
            self.board,
            self.measurements,
            self.hands.palette,
            self.second,
        ):
            part.retranslate(translator)
        for index, key in enumerate(self._tab_keys):
            self.tabs.setTabText(index, translator.text(f"reading_page.tab.{key}"))
        self.state.retranslate(translator)

    def compare(self) -> None:
        """Hang the case beside its most similar prior."""
        self.images.hanging.compare()
        self._show_arrangement()

    def _show_comparison(self) -> None:
        self.acts.is_aligning = self.comparison.is_aligning
        self.acts.show_state()

    def _connect(self) -> None:
        self.acts.compare_asked.connect(self.compare)
        self.acts.comparison_asked.connect(self.comparison.ask)
        self.comparison.changed.connect(self._show_comparison)
        self.comparison.notice.connect(self.notice)
        self.acts.series_stepped.connect(self.images.step_series)
        self.comparison.refused.connect(self._refused)
        for part in (self.acts, self.intents):
            part.selected.connect(self.marks.select)
            part.refused.connect(self._refused)
        self.acts.notice.connect(self.notice)
        self.series.open_asked.connect(self._open)
        self.board.series_dropped.connect(self._dropped)
        self.board.object_dropped.connect(lambda viewport, instance: self.marks.open_document(instance, viewport))
        self.board.failed.connect(self._refused)
        self.board.manner_changed.connect(self.acts.show_state)
        self.measurements.chosen.connect(self.marks.go_to)
        self.measurements.renamed.connect(self.intents.rename)
        self.measurements.delete_asked.connect(self.intents.delete)

    def _dropped(self, viewport: ViewportId, series: SeriesUID, index: int) -> None:
        if self._views is not None:
            self._views.activate(viewport)
            self._open(VolumeReference(series, index))

    def _open(self, reference: VolumeReference) -> None:
        """Open a series in the active viewport: its images, or the document that it holds."""
        if not self.marks.open_document_of(reference.series):
            self.images.ask_for(reference)

    def _images_changed(self) -> None:
        self.marks.show()
        self._show_arrangement()
        self.volumes_changed.emit()

    def _view_changed(self) -> None:
        self._archive.start()
        if self._views is not None:
            self.series.show_open(self._views.open_series())
            self.series.show_confirmed(self._views.comparing.confirmed)

    def _show_arrangement(self) -> None:
        if self._views is not None:
            self.acts.show_state()
            self._archive.start()

    def _words(self) -> Translator:
        return self._translator

    def _say(self, key: str) -> None:
        self.notice.emit(self._translator.text(key))

    def _refused(self, error: ReaderError) -> None:
        self.notice.emit(self._translator.error(error))

    def _tell_view_state(self) -> None:
        if self._views is not None:
            self.view_state_changed.emit(self._views.archive())
