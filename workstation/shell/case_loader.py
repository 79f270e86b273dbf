"""Brings a case to the screen, step by step and off the window: current study, its volumes, priors, first reports.

Each burst belongs to one case. When the case changes, what is still running is cancelled and its results are dropped,
so that nothing of one patient can appear in another's page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.request import Request
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.report.context import FirstReport
from workstation.retrieval.errors import RetrievalCancelled
from workstation.retrieval.result import PullResult
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.case_services import CaseServices
from workstation.shell.pages_view import Page

_DPI = 110
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the transfer of a study is."""

    series: SeriesUID
    received: int
    expected: int
    study_received: int
    study_expected: int


@dataclass(frozen=True, slots=True, eq=False)
class ReadFirstReport:
    """A first report with its whole text, or its pages."""

    report: FirstReport
    text: str
    pages: tuple[Page, ...]


class CaseLoader(QObject):
    """Signals carry what has arrived: a progress, a study that is here, volumes, first reports, a failure."""

    progressed = Signal(object)
    study_here = Signal(object, object)
    volumes_here = Signal(object)
    series_failed = Signal(object, object)
    first_reports_here = Signal(object)
    finished = Signal()
    failed = Signal(object)

    def __init__(self, services: CaseServices, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._executor = executor
        self._jobs: list[Job] = []
        self._waiting = 0

    def load(self, request: Request, *, offline: bool) -> None:
        """Bring all studies of a request, current ones first, then its priors and first reports."""
        self.cancel()
        self._take_next(request, [*request.studies, *request.priors], offline)

    def load_series(self, study: StudyUID, series: SeriesUID) -> None:
        """Build the volumes of one series that is on this computer."""
        self._start(
            Pool.COMPUTE,
            lambda _job: self._services.images.volumes(study, series),
            self.volumes_here.emit,
            lambda error: self.series_failed.emit(series, error),
        )

    def cancel(self) -> None:
        """Stop what is running for the case; its results are dropped."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._waiting = 0

    def _take_next(self, request: Request, studies: list[StudyReference], offline: bool) -> None:
        if not studies:
            self._start(Pool.COMPUTE, lambda _job: self._read(request), self.first_reports_here.emit, self.failed.emit)
            return
        reference, rest = studies[0], studies[1:]

        def arrived(found: tuple[StudySummary, PullResult | None]) -> None:
            self.study_here.emit(*found)
            self._take_next(request, rest, offline)

        def missed(error: WorkstationError) -> None:
            self.failed.emit(error)
            self._take_next(request, rest, offline)

        self._start(Pool.NETWORK, lambda job: self._receive(job, reference, offline), arrived, missed)

    def _receive(self, job: Job, reference: StudyReference, offline: bool) -> tuple[StudySummary, PullResult | None]:
        opening = self._services.opening
        if offline:
            return opening.study(reference.study), None

        def tell(progress: PullProgress) -> None:
            told = Progress(
                progress.series,
                progress.received,
                progress.expected,
                progress.study_received,
                progress.study_expected,
            )
            self._executor.post(lambda: None if job.is_cancelled else self.progressed.emit(told))

        result = opening.receive(reference, tell, lambda: job.is_cancelled)
        return opening.study(reference.study), result

    def _read(self, request: Request) -> tuple[ReadFirstReport, ...]:
        reports = self._services.first_reports
        found = []
        for report in reports.read(request.first_reports):
            pdf = reports.pdf(report.reference)
            decoder = self._services.decoder
            pages = [] if pdf is None else [decoder.render_pdf(pdf, n, _DPI) for n in range(decoder.pdf_pages(pdf))]
            text = "" if pdf else reports.text(report.reference)
            found.append(ReadFirstReport(report, text, tuple(pages)))
        return tuple(found)

    def _start(
        self,
        pool: Pool,
        work: Callable[[Job], Result],
        done: Callable[[Result], None],
        missed: Callable[[WorkstationError], None],
    ) -> None:
        self._waiting += 1

        def ended(result: Result) -> None:
            self._waiting -= 1
            done(result)
            self._perhaps_finished()

        def broke(error: WorkstationError) -> None:
            self._waiting -= 1
            if not isinstance(error, RetrievalCancelled):
                missed(error)
            self._perhaps_finished()

        self._jobs.append(self._executor.run(pool, work, ended, broke))

    def _perhaps_finished(self) -> None:
        if self._waiting == 0:
            self.finished.emit()
