"""One case in the window: opens it, keeps its draft saved, follows its session, hands it to the signing."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import SeriesUID, StudyUID, ViewportId
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, TextChange
from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.errors import WorkstationError
from workstation.reading.commands import SetAnswers
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.errors import BeingSigned
from workstation.reading.opening import OpenedCase
from workstation.reading.priors import FoundPriors
from workstation.reading.session import AnswersChanged, DraftChanged, ReadingSession
from workstation.reading.view_changes import shown_slice
from workstation.reading.views import Views
from workstation.retrieval.result import PullResult
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.case_loader import CaseLoader
from workstation.shell.case_panels import FirstReportPanel, RequestPanel
from workstation.shell.case_services import CaseServices
from workstation.shell.draft_saver import DraftSaver
from workstation.shell.gate import Gate
from workstation.shell.main_window import MainWindow
from workstation.shell.objects_controller import ObjectsController
from workstation.shell.reading_page import ReadingPage
from workstation.shell.report_editor import ReportEditor
from workstation.shell.request_words import disputed_words, silent_words
from workstation.translations import Translator


class CaseController(QObject):
    """Reads one case at a time; opening another closes the one before, after its draft is saved."""

    opened = Signal(object)
    sign_asked = Signal(object)
    room_wanted = Signal()
    line_wanted = Signal()
    line_free = Signal()

    def __init__(
        self,
        window: MainWindow,
        page: ReadingPage,
        editor: ReportEditor,
        request_panel: RequestPanel,
        first_report: FirstReportPanel,
        objects: ObjectsController,
        services: CaseServices,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._editor = editor
        self._request_panel = request_panel
        self._first_report = first_report
        self._objects = objects
        self._services = services
        self._executor = executor
        self._words = words
        self._loader = CaseLoader(services, executor, self)
        self._saver = DraftSaver(services.drafting, executor, self._saved, self._not_saved)
        self._here: dict[StudyUID, StudySummary] = {}
        self._wanted: set[tuple[StudyUID, SeriesUID]] = set()
        self._held: set[tuple[StudyUID, SeriesUID]] = set()
        self._priors: tuple[StudyUID, ...] = ()
        self._gate = Gate()
        self.session: ReadingSession | None = None
        self.request: Request | None = None
        self._opening: Job | None = None
        self._is_disk_full = self._is_offline = self._is_cancelled = False
        self._dispatcher: Dispatcher | None = None
        self._views: Views | None = None
        self._connect()

    @property
    def is_saved(self) -> bool:
        """Whether everything typed and drawn is on the disk."""
        return self._saver.is_idle

    @property
    def studies(self) -> tuple[StudyUID, ...]:
        """The studies on the screen."""
        named = () if self.request is None else (*self.request.studies, *self.request.priors)
        return tuple(dict.fromkeys((*(one.study for one in named), *self._priors)))

    @property
    def views(self) -> Views | None:
        """What the viewports of the open case show."""
        return self._views

    def open(self, request: Request) -> None:
        """Claim a request and bring it to the screen; not while the case before it is being signed."""
        if self._is_being_signed():
            return
        reader = self._services.settings.reader()
        if reader is None or not reader.is_complete:
            self._window.notices.show_notice(self._words().text("case.no_reader"))
            self._window.show_page("settings")
            return
        self._window.status.show_loading("case.opening", 0, None)
        if self._opening is not None:
            self._opening.cancel()
        self.line_wanted.emit()
        self._begin_early(request)
        self._opening = self._executor.run(
            Pool.NETWORK,
            lambda _job: self._services.opening.open(request, reader, self._words().language),
            self._begin,
            self._could_not_open,
        )

    def flush(self) -> None:
        """Take what is being typed and the state of the viewports into the draft, now."""
        if self.session is not None and self._views is not None:
            self._editor.flush()
            self._page.keep_text()
            self.session.set_view_state(self._views.archive())

    def settle(self) -> WorkstationError | None:
        """Bring what is open to the disk now, and return why that could not be done."""
        if self.session is None:
            return None
        self.flush()
        if self._saver.is_idle and self._saver.failure is not None:
            self._saver.save(self.session.draft)
        self._saver.wait()
        return self._saver.failure

    def close(self, *, is_loading: bool = False) -> None:
        """Put the case away; its draft is saved. ``is_loading`` when the images of the next one come already."""
        self.flush()
        self._saver.hand_over()
        self._put_away(is_loading=is_loading)

    def finish(self) -> None:
        """Put a signed case away: its draft is closed and takes nothing more."""
        self.session = None
        self._put_away()

    def _put_away(self, *, is_loading: bool = False) -> None:
        if not is_loading:
            self._gate.drop()
            self._loader.cancel()
            self._window.status.show_idle()
        self._is_cancelled = False
        self._page.close_case()
        self.session = self.request = self._dispatcher = self._views = None
        self._here.clear()
        self._wanted.clear()
        self._held.clear()
        self._priors = ()
        self._services.images.forget()
        self._editor.clear()
        self._request_panel.show_case(None)
        self._first_report.clear()
        self._objects.close_case()

    def _connect(self) -> None:
        self._editor.answers_changed.connect(self._typed)
        self._editor.undo_asked.connect(lambda section: self._step_in(section, is_undo=True))
        self._editor.redo_asked.connect(lambda section: self._step_in(section, is_undo=False))
        self._editor.language_chosen.connect(self._choose_language)
        self._editor.sign_asked.connect(lambda: self.sign_asked.emit(self.session))
        self._page.acts.stepping.connect(self._editor.flush)
        self._page.series_asked.connect(self._load_series)
        self._page.notice.connect(self._window.notices.show_notice)
        self._page.view_state_changed.connect(self._keep_view_state)
        early, reports = self._gate.through, self._first_report
        self._loader.progressed.connect(early(self._progressed))
        self._loader.study_here.connect(early(self._study_here))
        self._loader.held.connect(early(self._held_here))
        self._loader.priors_found.connect(early(self._priors_found))
        self._loader.taken_back.connect(early(self._take_back))
        self._loader.volumes_here.connect(early(self._page.put_volumes))
        self._loader.partial_here.connect(early(lambda volumes: self._page.put_volumes(volumes, are_arriving=True)))
        self._loader.first_reports_here.connect(early(lambda found: reports.show_found(found, self._words())))
        self._loader.finished.connect(early(self._loaded))
        self._loader.series_failed.connect(early(self._page.show_failure))
        self._loader.failed.connect(early(self._failed))
        self._window.status.cancel.clicked.connect(self._cancel)

    def _begin_early(self, request: Request) -> None:
        """Let the images come while the request is being claimed, where no other case is on the screen."""
        if self.session is None:
            self._gate.shut()
            self._loader.load(request, offline=False)

    def _begin(self, opened: OpenedCase) -> None:
        if self._is_being_signed():
            self._window.status.show_idle()
            return
        error = self.settle()
        if error is not None:
            # Another case over words that the disk has not taken would lose them.
            self._could_not_open(error)
            return
        here = self.session
        has_begun = self._gate.is_shut and not opened.offline
        self.close(is_loading=has_begun)
        # The stored draft was read while the reader went on writing in this one.
        draft = here.draft if here is not None and here.draft.id == opened.draft.id else opened.draft
        self.request = opened.request
        self.session = ReadingSession(draft, self._services.clock)
        self._dispatcher = Dispatcher(self.session)
        self._views = Views()
        self._views.view_changed.connect(self._looked)
        self.session.draft_changed.connect(self._draft_changed)
        self.session.answers_changed.connect(self._answers_changed)
        self.session.being_signed_changed.connect(lambda is_being_signed: self._editor.setEnabled(not is_being_signed))
        self._request_panel.show_case(opened.request)
        self._page.open_case(self.session, self._dispatcher, self._views, self._measure, opened.studies)
        self._show_answers(draft.answers)
        self._window.show_page("reading")
        if opened.offline:
            self._window.notices.show_notice(self._words().text("case.offline"))
        self.opened.emit(opened.request)
        self._is_offline = opened.offline
        if has_begun:
            self._gate.open()
        else:
            self._load(opened.request)

    def _is_being_signed(self) -> bool:
        if self.session is None or not self.session.is_being_signed:
            return False
        self._window.notices.show_error(BeingSigned("another case while the report is signed"))
        return True

    def _load(self, request: Request) -> None:
        self._is_cancelled = False
        self._loader.load(request, offline=self._is_offline)
        for _study, series in self._wanted:
            self._loader.want(series)

    def _could_not_open(self, error: WorkstationError) -> None:
        if self._gate.is_shut:
            self._gate.drop()
            self._loader.cancel()
        self.line_free.emit()
        self._window.status.show_idle()
        self._window.notices.show_error(error)

    def _measure(self, annotation: Annotation) -> Measurement:
        if self.session is None:
            raise RuntimeError("no case is open")
        draft = self.session.draft
        return self._services.images.measure(draft.study, annotation, draft.annotations)

    def _typed(self, answers: Answers, is_undo: bool) -> None:
        if self._dispatcher is not None:
            self._dispatcher.dispatch(SetAnswers(answers, is_undo))

    def _step_in(self, section: str, *, is_undo: bool) -> None:
        """Step through the history from a text field: only as far as the steps are of that text."""
        if self.session is None or self._dispatcher is None:
            return
        self._editor.flush()
        history = self.session.draft.history
        steps = history.done[-1:] if is_undo else history.taken_back[:1]
        if any(isinstance(one.change, TextChange) and one.change.section == section for one in steps):
            self._page.acts.step(self._dispatcher, is_undo=is_undo)

    def _choose_language(self, language: str) -> None:
        if self.session is not None:
            self._editor.flush()
            self.session.set_language(language)
            self._show_answers(self.session.answers)

    def _keep_view_state(self, archived: str) -> None:
        if self.session is not None:
            self.session.set_view_state(archived)

    def _answers_changed(self, change: AnswersChanged) -> None:
        self._show_answers(change.answers)

    def _show_answers(self, answers: Answers) -> None:
        if self.session is not None:
            current = self._here.get(self.session.draft.study)
            self._editor.show_answers(answers, self.session.draft.language, current.modalities if current else ())
            self._editor.setEnabled(not self.session.is_being_signed)

    def _draft_changed(self, change: DraftChanged) -> None:
        if self.session is not None:
            self._saver.save(change.draft)

    def _saved(self, moment: datetime) -> None:
        self._page.state.show_saved(moment)
        is_full = self._services.drafting.is_disk_full
        if is_full and not self._is_disk_full:
            self._window.notices.show_warning(self._words().text("library.reserve_spent"))
            self.room_wanted.emit()
        self._is_disk_full = is_full

    def _not_saved(self, error: WorkstationError) -> None:
        self._page.state.show_unsaved(self._words().error(error))
        self._window.notices.show_error(error)

    def _progressed(self, progress: PullProgress) -> None:
        self._page.set_progress(progress.series, progress.received, progress.expected)
        self._window.status.show_loading("case.pulling", progress.study_received, progress.study_expected)

    def _study_here(self, study: StudySummary, result: PullResult) -> None:
        if self.session is None or self._views is None:
            return
        self._here[study.uid] = study
        self._page.set_series(study)
        self._objects.study_here(study.uid, self._views.chosen)
        if study.uid == self.session.draft.study:
            self._show_answers(self.session.answers)
        for wanted in [one for one in self._wanted if one[0] == study.uid]:
            self._wanted.discard(wanted)
            self._loader.load_series(*wanted)
        self._tell_missing(result)

    def _tell_missing(self, result: PullResult) -> None:
        for one in result.series:
            self._page.set_progress(one.uid, one.received, one.expected, is_ended=True)
        for sentence in result.shortfalls:
            self._window.notices.show_warning(sentence)
        disputed = [one for one in result.series if one.is_disputed]
        told = tuple(disputed_words(one, self._words()) for one in disputed)
        self._page.show_shortfalls(result.study, (*result.shortfalls, *told))
        if not result.is_complete and not result.shortfalls:
            expected = sum(one.expected or 0 for one in result.series)
            missing = expected - sum(one.received for one in result.series)
            self._window.notices.show_warning(self._words().text("case.incomplete", missing=missing, expected=expected))

    def _held_here(self, study: StudyUID, series: tuple[SeriesUID, ...]) -> None:
        found = {(study, one) for one in series}
        self._held |= found
        for wanted in found & self._wanted:
            self._loader.load_series(*wanted)

    def _priors_found(self, found: FoundPriors) -> None:
        if self.session is None:
            return
        self._page.set_series(*(one for one in found.priors if one.uid not in self.studies))
        self._priors = tuple(one.uid for one in found.priors)
        if found.silent:
            self._window.notices.show_warning(silent_words(found, self._words()))

    def _take_back(self, study: StudyUID, error: WorkstationError) -> None:
        """Show nothing more of a study that proved to be of someone else, nor measure on it."""
        self._wanted = {one for one in self._wanted if one[0] != study}
        self._page.banner.show_alarm("shell.banner.strangers")
        for series in self._page.take_back(study, error):
            self._services.images.settle(series, None)

    def _looked(self, viewport: ViewportId) -> None:
        """Tell the transfer which image is on the screen."""
        state = self._views.state(viewport) if self._views is not None else None
        volume = self._views.volume(viewport) if self._views is not None else None
        if state is not None and volume is not None and not volume.is_complete:
            self._loader.look_at(volume.series, volume.sources[shown_slice(state, volume)].instance)

    def _load_series(self, study: StudyUID, series: SeriesUID) -> None:
        if study in self._here:
            self._loader.load_series(study, series)
            return
        # What is on this computer is shown at once; it is looked at again when the hub has said what it has.
        if (study, series) in self._held:
            self._loader.load_series(study, series)
        else:
            self._loader.want(series)
        if study not in self._here:
            self._wanted.add((study, series))
            if self._is_cancelled and self.request is not None:
                self._load(self.request)

    def _loaded(self) -> None:
        self._window.status.show_idle("case.complete" if self.session else "")
        self.line_free.emit()

    def _failed(self, error: WorkstationError) -> None:
        self._window.notices.show_error(error)

    def _cancel(self) -> None:
        self._gate.drop()
        self._loader.cancel()
        self._is_cancelled = True
        self._wanted.clear()
        self._page.show_cancelled()
        self._window.status.show_idle("case.cancelled")
        self.line_free.emit()

    def reader(self) -> Reader | None:
        """Return who reads."""
        return self._services.settings.reader()
