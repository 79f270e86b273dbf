"""One case in the window: opens it, keeps its draft saved, follows its session, hands it to the signing."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import StudyUID
from workstation.domain.identity import Trait
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, TextChange
from workstation.domain.request import Request
from workstation.errors import WorkstationError
from workstation.reading.commands import SetAnswers
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.errors import BeingSigned
from workstation.reading.opening import OpenedCase
from workstation.reading.session import AnswersChanged, DraftChanged, ReadingSession
from workstation.reading.views import Views
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.alignment_controller import AlignmentController
from workstation.shell.case_arrivals import CaseArrivals
from workstation.shell.case_panels import FirstReportPanel, RequestPanel
from workstation.shell.case_services import CaseServices
from workstation.shell.draft_saver import DraftSaver
from workstation.shell.main_window import MainWindow
from workstation.shell.objects_controller import ObjectsController
from workstation.shell.reading_page import ReadingPage
from workstation.shell.report_editor import ReportEditor
from workstation.translations import Translator

# Why one request was not opened is no news of the next.
_OPENING = "opening"


class CaseController(QObject):
    """Reads one case at a time; opening another closes the one before, after its draft is saved."""

    opened = Signal(object)
    not_opened = Signal()
    sign_asked = Signal(object)
    room_wanted = Signal()

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
        self.arrivals = CaseArrivals(window, page, first_report, objects, services, executor, words)
        self._alignment = AlignmentController(page.comparison, executor)
        self._saver = DraftSaver(services.drafting, executor, self._saved, self._not_saved)
        self.session: ReadingSession | None = None
        self.request: Request | None = None
        self._opening: Job | None = None
        self._is_disk_full = False
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
        return tuple(dict.fromkeys((*(one.study for one in named), *self.arrivals.priors)))

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
        self._window.notices.take_off(_OPENING)
        self._window.status.show_loading("case.opening", 0, None)
        if self._opening is not None:
            self._opening.cancel()
        self.arrivals.line_wanted.emit()
        if self.session is None:
            # Where another case is on the screen, its images stay until this one is the reader's.
            self.arrivals.begin_early(request)
        self._opening = self._executor.run(
            Pool.NETWORK,
            lambda job: self._services.opening.open(request, reader, self._words().language, lambda: job.is_cancelled),
            self._begin,
            self._could_not_open,
        )

    def look_elsewhere(self) -> None:
        """Say no more why a request was not opened: the reader looks at another."""
        self._window.notices.take_off(_OPENING)

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
        self.arrivals.put_away(is_loading=is_loading)
        self._page.close_case()
        self.session = self.request = self._dispatcher = self._views = None
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
        self._page.notice.connect(self._window.notices.show_notice)
        self._page.view_state_changed.connect(self._keep_view_state)
        self._page.comparison.identity_confirmed.connect(self._record_identity)
        self.arrivals.study_known.connect(self._study_known)
        self._window.status.cancel.clicked.connect(self._cancel)

    def _begin(self, opened: OpenedCase) -> None:
        self._opening = None
        if self._is_being_signed():
            self.arrivals.give_up_early()
            return
        error = self.settle()
        if error is not None:
            # Another case over words that the disk has not taken would lose them.
            self._could_not_open(error)
            return
        here = self.session
        has_begun = self.arrivals.has_begun and not opened.offline
        self.close(is_loading=has_begun)
        # The stored draft was read while the reader went on writing in this one.
        draft = here.draft if here is not None and here.draft.id == opened.draft.id else opened.draft
        self.request = opened.request
        self.session = ReadingSession(draft, self._services.clock)
        self._dispatcher = Dispatcher(self.session)
        self._views = Views()
        self._views.view_changed.connect(partial(self.arrivals.look, self._views))
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
        self.arrivals.go_on(opened.request, offline=opened.offline)

    def _is_being_signed(self) -> bool:
        if self.session is None or not self.session.is_being_signed:
            return False
        self._window.notices.show_error(BeingSigned("another case while the report is signed"))
        return True

    def _could_not_open(self, error: WorkstationError) -> None:
        self._opening = None
        self.arrivals.give_up_early()
        self._window.notices.show_error(error, _OPENING)
        self.not_opened.emit()

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
            self._page.acts.act("undo" if is_undo else "redo")

    def _choose_language(self, language: str) -> None:
        if self.session is not None:
            self._editor.flush()
            self.session.set_language(language)
            self._show_answers(self.session.answers)

    def _keep_view_state(self, archived: str) -> None:
        if self.session is not None:
            self.session.set_view_state(archived)

    def _record_identity(self, study: StudyUID, traits: tuple[Trait, ...]) -> None:
        """Keep who took a prior for the patient's: with the draft at once, and in the log of acts."""
        reader = self._services.settings.reader()
        if self._views is not None and reader is not None:
            self._keep_view_state(self._views.archive())
            identities = self._services.identities
            self._executor.run(
                Pool.STORE,
                lambda _job: identities.confirmed(reader, study, traits),
                lambda _recorded: None,
                self._window.notices.show_error,
            )

    def _answers_changed(self, change: AnswersChanged) -> None:
        self._show_answers(change.answers)

    def _show_answers(self, answers: Answers) -> None:
        if self.session is not None:
            draft = self.session.draft
            self._editor.show_answers(answers, draft.language, self.arrivals.modalities(draft.study))
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

    def _study_known(self, study: StudyUID) -> None:
        if self.session is not None and study == self.session.draft.study:
            self._show_answers(self.session.answers)

    def _cancel(self) -> None:
        """Stop loading; a case that is still being opened is not opened."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self.arrivals.cancel()

    def reader(self) -> Reader | None:
        """Return who reads."""
        return self._services.settings.reader()
