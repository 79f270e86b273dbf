"""What comes of the open case, and what the reader asks for of it: follows the loader's news onto the page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from viewers.identifiers import SeriesUID, StudyUID, ViewportId
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.errors import WorkstationError
from workstation.reading.priors import FoundPriors
from workstation.reading.view_changes import shown_slice
from workstation.reading.views import Views
from workstation.retrieval.ledger_words import doubtful_words, gap_words, warning_words
from workstation.retrieval.result import PullResult
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor
from workstation.shell.case_loader import CaseLoader, ReadFirstReport
from workstation.shell.case_panels import FirstReportPanel
from workstation.shell.case_services import CaseServices
from workstation.shell.gate import Gate
from workstation.shell.main_window import MainWindow
from workstation.shell.notices import CASE
from workstation.shell.objects_controller import ObjectsController
from workstation.shell.reading_page import ReadingPage
from workstation.shell.request_words import silent_words
from workstation.shell.tries import Tries
from workstation.store.errors import StudyBarred
from workstation.translations import Translator

_CLOSED = "shell.banner.barred"


class CaseArrivals(QObject):
    """Brings the images of one case at a time; those of the next may come before its page is open.

    Signals
    -------
    study_known
        The ``StudyUID`` of a study of which is known now what it holds.
    line_wanted, line_free
        A case needs the line to the hub from now on; it needs it no more.
    """

    study_known = Signal(object)
    line_wanted = Signal()
    line_free = Signal()

    def __init__(
        self,
        window: MainWindow,
        page: ReadingPage,
        first_report: FirstReportPanel,
        objects: ObjectsController,
        services: CaseServices,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._objects = objects
        self._images = services.images
        self._words = words
        self._loader = CaseLoader(services, executor, self)
        self._gate = Gate()
        self._request: Request | None = None
        self._here: dict[StudyUID, StudySummary] = {}
        self._wanted: set[tuple[StudyUID, SeriesUID]] = set()
        self._held: set[tuple[StudyUID, SeriesUID]] = set()
        self._is_offline = self._is_cancelled = False
        self._missed: set[StudyUID] = set()
        self._closed: set[StudyUID] = set()
        self._tries = Tries()
        self.priors: tuple[StudyUID, ...] = ()
        self._connect(first_report)

    @property
    def has_begun(self) -> bool:
        """Whether the images of a case come whose page is not open yet."""
        return self._gate.is_shut

    @property
    def is_loading(self) -> bool:
        """Whether something of the case is on its way."""
        return self._loader.is_loading

    def modalities(self, study: StudyUID) -> tuple[str, ...]:
        """Return the modalities of a study, none while nothing is known of it."""
        known = self._here.get(study)
        return known.modalities if known is not None else ()

    def begin_early(self, request: Request) -> None:
        """Let the images come while the request is being claimed; what comes is shown when its page is open."""
        self._loader.leave()
        self._gate.shut()
        self._loader.load(request, offline=False)

    def go_on(self, request: Request, *, offline: bool) -> None:
        """Show what has come early, or let the images come from now on: the page is open."""
        self._request, self._is_offline = request, offline
        if self._gate.is_shut:
            self._gate.open()
        else:
            self._load(request)

    def give_up_early(self) -> None:
        """Let nothing come of a case that could not be opened; another that is open is left alone."""
        if self._gate.is_shut:
            self._stop()
        if not self._loader.is_loading:
            self._window.status.show_idle()
            self.line_free.emit()

    def put_away(self, *, is_loading: bool) -> None:
        """Let go of the case; ``is_loading`` when the images of the next one come already."""
        if not is_loading:
            self._stop()
            self._window.status.show_idle()
            self.line_free.emit()
        self._window.notices.take_off(CASE)
        self._request = None
        self._is_cancelled = False
        self._here.clear()
        self._wanted.clear()
        self._held.clear()
        self._missed.clear()
        self._closed.clear()
        self._tries = Tries()
        self.priors = ()
        self._images.forget()

    def look(self, views: Views, viewport: ViewportId) -> None:
        """Tell the transfer which image a viewport shows."""
        state, volume = views.state(viewport), views.volume(viewport)
        if state is not None and volume is not None and not volume.is_complete:
            self._loader.look_at(volume.series, volume.sources[shown_slice(state, volume)].instance)

    def hubs_answer(self, hubs: set[HubName]) -> None:
        """Ask again for what did not come while one of these hubs was silent; after each time in vain less soon."""
        if self._request is None or self._is_cancelled or self._loader.is_loading or not self._tries.may_try(hubs):
            return
        lost = self._tries.begin()
        self._load(self._request)
        for series in lost:
            self._page.images.load_series(series)

    def cancel(self) -> None:
        """Stop loading by the reader's wish; what is asked for afterwards is loaded again."""
        self._gate.drop()
        self._loader.cancel()
        self._is_cancelled = True
        self._wanted.clear()
        self._page.images.show_cancelled()
        self._window.status.show_idle("case.cancelled")
        self.line_free.emit()

    def _connect(self, first_report: FirstReportPanel) -> None:
        self._page.series_asked.connect(self._load_series)
        early = self._gate.through
        self._loader.progressed.connect(early(self._progressed))
        self._loader.study_here.connect(early(self._study_here))
        self._loader.study_missed.connect(early(self._study_missed))
        self._loader.held.connect(early(self._held_here))
        self._loader.priors_found.connect(early(self._priors_found))
        self._loader.taken_back.connect(early(self._take_back))
        self._loader.volumes_here.connect(early(self._page.images.put_volumes))
        self._loader.outlines_here.connect(early(self._page.images.know))
        self._loader.partial_here.connect(
            early(lambda volumes: self._page.images.put_volumes(volumes, are_arriving=True))
        )
        self._loader.shrunk.connect(early(self._page.images.let_go))
        self._loader.first_reports_here.connect(
            early(lambda found, others: self._first_reports_here(first_report, found, has_strangers=others))
        )
        self._loader.finished.connect(early(self._loaded))
        self._loader.series_failed.connect(early(self._page.images.show_failure))
        self._loader.failed.connect(early(lambda error: self._window.notices.show_error(error, CASE)))

    def _first_reports_here(
        self, panel: FirstReportPanel, found: Sequence[ReadFirstReport], *, has_strangers: bool
    ) -> None:
        panel.show_found(found, self._words(), has_strangers=has_strangers)
        if has_strangers:
            self._page.banner.show_alarm("shell.banner.strange_report")

    def _stop(self) -> None:
        self._gate.drop()
        self._loader.leave()

    def _load(self, request: Request) -> None:
        self._is_cancelled = False
        self._missed.clear()
        self.line_wanted.emit()
        self._loader.load(request, offline=self._is_offline)
        for _study, series in self._wanted:
            self._loader.want(series)

    def _progressed(self, progress: PullProgress) -> None:
        self._page.images.set_progress(progress.series, progress.received, progress.expected)
        self._window.status.show_loading("case.pulling", progress.study_received, progress.study_expected)

    def _study_here(self, study: StudySummary, result: PullResult) -> None:
        self._here[study.uid] = study
        self._opened(study.uid)
        self._page.images.set_series(study)
        self._objects.study_here(study.uid)
        self.study_known.emit(study.uid)
        for wanted in self._take_wanted(study.uid):
            self._loader.load_series(*wanted)
        self._tell_missing(result)

    def _tell_missing(self, result: PullResult) -> None:
        for one in result.series:
            self._page.images.set_progress(one.uid, one.received, one.expected, is_ended=True)
        words = self._words()
        told = (*gap_words(result, words), *doubtful_words(result, words))
        self._page.images.show_missed_study(result.study, None)
        self._page.images.show_shortfalls(result.study, told)
        for sentence in warning_words(result, words):
            self._window.notices.show_warning(sentence, CASE)
        if not result.is_complete:
            self._missed.add(result.study)

    def _study_missed(self, study: StudyUID, error: WorkstationError) -> None:
        """Wait no more for the series of a study that does not come, and say why; the reader may ask again."""
        self._missed.add(study)
        self._window.notices.show_error(error, CASE)
        if isinstance(error, StudyBarred):
            self._closed.add(study)
            self._page.acts.has_closed = True
            self._page.banner.show_alarm(_CLOSED)
        self._page.images.show_missed_study(study, error)
        taken = [series for _study, series in self._take_wanted(study)]
        self._tries.note(error, taken)
        for series in taken:
            self._page.images.show_missed(series, error)

    def _opened(self, study: StudyUID) -> None:
        """End the alarm when the last study of the case that was closed can be read again."""
        self._closed.discard(study)
        if not self._closed:
            self._page.banner.end_alarm(_CLOSED)

    def _take_wanted(self, study: StudyUID) -> list[tuple[StudyUID, SeriesUID]]:
        found = [one for one in self._wanted if one[0] == study]
        self._wanted.difference_update(found)
        return found

    def _held_here(self, study: StudyUID, series: tuple[SeriesUID, ...]) -> None:
        found = {(study, one) for one in series}
        self._held |= found
        for wanted in found & self._wanted:
            self._loader.load_series(*wanted)

    def _priors_found(self, found: FoundPriors) -> None:
        named = () if self._request is None else (*self._request.studies, *self._request.priors)
        known = {*(one.study for one in named), *self.priors}
        self._page.images.set_series(*(one for one in found.priors if one.uid not in known))
        self.priors = tuple(one.uid for one in found.priors)
        if found.silent:
            self._window.notices.show_warning(silent_words(found, self._words()), CASE)

    def _take_back(self, study: StudyUID, error: WorkstationError) -> None:
        """Show nothing more of a study that proved to be of someone else, nor measure on it."""
        self._take_wanted(study)
        self._held = {one for one in self._held if one[0] != study}
        self._here.pop(study, None)
        self._page.banner.show_alarm("shell.banner.strangers")
        self._page.acts.has_closed = True
        self._objects.take_back(study)
        for series in self._page.images.take_back(study, error):
            self._images.settle(series, None)

    def _load_series(self, study: StudyUID, series: SeriesUID) -> None:
        if study in self._here or self._loader.is_barred(study):
            self._loader.load_series(study, series)
            return
        # What is on this computer is shown at once; it is looked at again when the hub has said what it has.
        if (study, series) in self._held:
            self._loader.load_series(study, series)
        else:
            self._loader.want(series)
        self._wanted.add((study, series))
        if self._request is not None and (self._is_cancelled or study in self._missed):
            self._load(self._request)

    def _loaded(self) -> None:
        if self._is_cancelled:
            self._window.status.show_idle("case.cancelled")
        else:
            self._window.status.show_idle("case.not_all" if self._missed else "case.complete")
        self.line_free.emit()
