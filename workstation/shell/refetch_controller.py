"""Fetches an admitted study anew: its copy is held as its hub named it before, and the report would name it so too."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from workstation.domain.request import Request
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled
from workstation.hub.errors import NotOnHub
from workstation.hub.protocol import StudyQuery
from workstation.reading.opening import Opening
from workstation.retrieval.housekeeping import Housekeeping
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.acts.errors import NoAdmittedStudy, NotAllOnHub
from workstation.shell.case_controller import CaseController
from workstation.shell.confirm_dialog import ConfirmDialog
from workstation.shell.formats import dicom_date
from workstation.shell.main_window import MainWindow
from workstation.shell.reading_page import ReadingPage
from workstation.store.catalogue import Catalogue
from workstation.translations import Translator

Admitted = tuple[StudyReference, StudySummary]


class RefetchController(QObject):
    """Asks first; nothing is erased while the hub does not answer, or does not list all that is held of the study.

    A transfer of the study is ended before: it would go on with images that are not here any more, and take those that
    come as their hub names them now for other contents of the same.
    """

    def __init__(
        self,
        window: MainWindow,
        page: ReadingPage,
        case: CaseController,
        holdings: Catalogue,
        hubs: HubDirectory,
        opening: Opening,
        housekeeping: Housekeeping,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._case = case
        self._holdings = holdings
        self._hubs = hubs
        self._opening = opening
        self._housekeeping = housekeeping
        self._executor = executor
        self._words = words
        self.dialog: ConfirmDialog | None = None
        page.acts.fetch_anew_asked.connect(self._ask)

    def _ask(self) -> None:
        request = self._case.request
        if request is None:
            return

        def look(_job: Job) -> Admitted:
            for reference in request.studies:
                held = self._holdings.study(reference.study)
                if held is not None and self._holdings.admitted(reference.study):
                    return reference, held
            raise NoAdmittedStudy("of the open case")

        self._executor.run(Pool.STORE, look, partial(self._show, request), self._window.notices.show_error)

    def _show(self, request: Request, admitted: Admitted) -> None:
        if self._case.request is not request:
            return
        (reference, held), words = admitted, self._words()
        parts = (held.patient.name.display, held.description, dicom_date(held.date, words.language))
        self.dialog = ConfirmDialog(
            words.text("refetch.title"),
            " · ".join(part for part in parts if part),
            words.text("refetch.question"),
            words.text("refetch.confirm"),
            words.text("refetch.back"),
            self._page,
        )
        self.dialog.accepted.connect(lambda: self._fetch(request, reference))
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _fetch(self, request: Request, reference: StudyReference) -> None:
        was_loading = self._case.request is request and self._case.arrivals.is_loading
        if was_loading:
            self._case.arrivals.cancel()
            self._window.status.show_loading("case.opening", 0, None)

        def erase(job: Job) -> int:
            def cancelled() -> bool:
                return job.is_cancelled

            with self._opening.alone(reference.study, cancelled):
                if not self._holdings.admitted(reference.study):
                    raise NoAdmittedStudy("no longer")
                self._check_comes_again(reference, cancelled)
                return self._housekeeping.erase(reference.study)

        def erased(_count: int) -> None:
            self._window.notices.show_notice(self._words().text("refetch.done"))
            self._open_again(request)

        def failed(error: WorkstationError) -> None:
            self._window.notices.show_error(error)
            if was_loading:
                self._open_again(request)

        self._executor.run(Pool.NETWORK, erase, erased, failed)

    def _open_again(self, request: Request) -> None:
        if self._case.request is request:
            self._case.open(request)

    def _check_comes_again(self, reference: StudyReference, cancelled: Cancelled) -> None:
        """Ask the hub, and no mirror, whether it lists all that is held: what came from files may lie nowhere else."""
        client, study = self._hubs.client(reference.hub), reference.study
        if not client.search_studies(StudyQuery(study=study), 1, cancelled):
            raise NotOnHub("not listed", hub=reference.hub)
        held = [one.reference for one in self._holdings.instances(study)]
        series = dict.fromkeys(one.series for one in held)
        listed = {found.instance for one in series for found in client.search_instances(study, one, cancelled)}
        if lacking := sum(one.instance not in listed for one in held):
            raise NotAllOnHub("held and not listed", hub=reference.hub, count=lacking)
