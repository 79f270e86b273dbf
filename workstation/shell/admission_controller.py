"""Lets the reader admit a closed study of the open case: shows why it is closed, and opens the case anew after."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from viewers.identifiers import StudyUID
from workstation.domain.contradiction import Contradiction
from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.acts.errors import NoClosedStudy
from workstation.shell.admission_dialog import AdmissionDialog
from workstation.shell.case_controller import CaseController
from workstation.shell.main_window import MainWindow
from workstation.shell.reading_page import ReadingPage
from workstation.store.bars import Bars
from workstation.store.catalogue import Catalogue
from workstation.translations import Translator

Closed = tuple[StudyUID, StudySummary | None, tuple[Contradiction, ...]]


class AdmissionController(QObject):
    """Asks about one study at a time; ``holdings`` says what is held of it although it is closed."""

    def __init__(
        self,
        window: MainWindow,
        page: ReadingPage,
        case: CaseController,
        bars: Bars,
        holdings: Catalogue,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._case = case
        self._bars = bars
        self._holdings = holdings
        self._executor = executor
        self._words = words
        self.dialog: AdmissionDialog | None = None
        page.acts.admit_asked.connect(self._ask)

    def _ask(self) -> None:
        studies, request = self._case.studies, self._case.request

        def look(_job: Job) -> Closed:
            closed = self._bars.studies()
            study = next((one for one in studies if one in closed), None)
            if study is None:
                raise NoClosedStudy("of the open case")
            return study, self._holdings.study(study), self._bars.contradictions(study)

        self._executor.run(Pool.STORE, look, partial(self._show, request), self._window.notices.show_error)

    def _show(self, request: Request | None, closed: Closed) -> None:
        if request is None or self._case.request is not request:
            return
        study, held, found = closed
        self.dialog = AdmissionDialog(held, found, self._words(), self._page)
        self.dialog.accepted.connect(lambda: self._admit(request, study, found))
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _admit(self, request: Request, study: StudyUID, found: tuple[Contradiction, ...]) -> None:
        def admit(_job: Job) -> None:
            self._bars.admit(study, found)

        def admitted(_none: None) -> None:
            self._window.notices.show_notice(self._words().text("admission.admitted"))
            if self._case.request is request:
                self._case.open(request)

        self._executor.run(Pool.STORE, admit, admitted, self._window.notices.show_error)
