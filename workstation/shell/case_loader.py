"""Brings a case to the screen, step by step and off the window: current study, its volumes, priors, first reports.

Beside that, priors are searched on every hub; those that the request does not name come after all it names.

Each burst belongs to one case. When the case changes, what is still running is cancelled and its results are dropped,
so that nothing of one patient can appear in another's page.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.volume import Volume
from workstation.decoding.received import ReceivedInstance
from workstation.domain.octets import Octets
from workstation.domain.request import Request
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.reading.arriving import Arriving
from workstation.reading.priors import FoundPriors
from workstation.reading.protocols.facts import VolumeFacts
from workstation.report.context import FirstReport
from workstation.retrieval.errors import RetrievalCancelled, SomeoneElsesImages
from workstation.retrieval.interest import Interest
from workstation.retrieval.result import PullResult
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.case_services import CaseServices
from workstation.shell.pages_view import Page
from workstation.shell.partial_volumes import PartialVolumes
from workstation.shell.transfer_news import TransferNews

_DPI = 110
# A study and the hub to bring it from; nothing where it is read as it is held.
Whereabouts = tuple[StudyUID, StudyReference | None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class ReadFirstReport:
    """A first report with its whole text, or its pages."""

    report: FirstReport
    text: str
    pages: tuple[Page, ...]


class CaseLoader(QObject):
    """Signals carry what has arrived: a progress, a study that is here, volumes, first reports, a failure.

    ``held`` names the series of a study that are on this computer before any hub is asked; ``study_missed`` a study
    that did not come, ``taken_back`` one of which nothing may be shown any more, each with why. ``partial_here``
    carries what has come of a series, again and again, ``shrunk`` names one of which something was taken back, so that
    its volumes may not be shown any more. ``priors_found`` carries what the search on every hub gave,
    ``outlines_here`` what the headers of a study that is here say of its volumes. ``first_reports_here`` also tells
    whether one was left out that is of someone else.
    """

    progressed = Signal(object)
    study_here = Signal(object, object)
    volumes_here = Signal(object)
    outlines_here = Signal(object)
    partial_here = Signal(object)
    shrunk = Signal(object)
    priors_found = Signal(object)
    series_failed = Signal(object, object)
    held = Signal(object, object)
    study_missed = Signal(object, object)
    taken_back = Signal(object, object)
    first_reports_here = Signal(object, bool)
    finished = Signal()
    failed = Signal(object)

    def __init__(self, services: CaseServices, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._executor = executor
        self._jobs: list[Job] = []
        self._waiting = 0
        self._arriving = self._new_arriving()
        self._interest = Interest()
        self._settled: set[StudyUID] = set()
        self._barred: dict[StudyUID, SomeoneElsesImages] = {}
        self._found: list[Whereabouts] = []
        self._listed: set[StudyUID] = set()
        self._is_taking = False
        self._partial = PartialVolumes(services.images, executor, self)
        self._partial.here.connect(self.partial_here)
        self._partial.gone.connect(self.shrunk)
        self._partial.failed.connect(self.series_failed)
        self._news = self._new_news()

    @property
    def is_loading(self) -> bool:
        """Whether something is on its way."""
        return self._waiting > 0

    def load(self, request: Request, *, offline: bool) -> None:
        """Bring all studies of a request, current ones first, then its priors and first reports; key series first."""
        self.cancel()
        self._interest = Interest(map(SeriesUID, request.key_series))
        studies: list[Whereabouts] = [
            (one.study, None if offline else one)
            for one in (*request.studies, *request.priors)
            if one.study not in self._barred
        ]
        opening = self._services.opening
        if not offline:
            self._start(
                Pool.COMPUTE,
                lambda _job: tuple((study, opening.held(study)) for study, _where in studies),
                self._tell_held,
                self.failed.emit,
            )
        self._listed = {one.study for one in (*request.studies, *request.priors)} | self._barred.keys()
        self._is_taking = True
        self._take_next(studies, lambda: self._finish_named(request))
        self._start(
            Pool.NETWORK,
            lambda job: self._services.priors.of(request, lambda: job.is_cancelled),
            self._priors_found,
            self.failed.emit,
        )

    def load_series(self, study: StudyUID, series: SeriesUID) -> None:
        """Build the volumes of one series that is on this computer; of a study that was taken back, nothing."""
        if study in self._barred:
            self.series_failed.emit(series, self._barred[study])
            return
        is_settled = study in self._settled
        if is_settled:
            self._partial.settled(series)
        arriving, images = self._arriving, self._services.images

        def work(_job: Job) -> tuple[Volume, ...]:
            if is_settled and arriving.is_news(series):
                images.settle(series, arriving.volumes(series) if arriving.is_whole(series) else None)
                arriving.forget(series)
            return images.volumes(study, series)

        def built(volumes: tuple[Volume, ...]) -> None:
            if study in self._barred:
                images.settle(series, None)
            else:
                self.volumes_here.emit(volumes)

        self._start(Pool.COMPUTE, work, built, lambda error: self.series_failed.emit(series, error))

    def want(self, series: SeriesUID) -> None:
        """Let a series that is not here come first, and show what comes of it."""
        self._interest.look_at(series)
        self._partial.want(series)

    def look_at(self, series: SeriesUID, instance: InstanceUID) -> None:
        """Let the neighbours of an image on the screen come before others."""
        self._interest.look_at(series, instance)

    def cancel(self) -> None:
        """Stop what is running for the case; its results are dropped."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._waiting = 0
        self._settled.clear()
        self._found.clear()
        self._listed.clear()
        self._is_taking = False
        self._interest = Interest()
        self._arriving = self._new_arriving()
        self._partial.begin(self._arriving)
        self._news.end()
        self._news.deleteLater()
        self._news = self._new_news()

    def leave(self) -> None:
        """Stop what is running and let go of the case, of what is known of its studies too."""
        self.cancel()
        self._barred.clear()

    def is_barred(self, study: StudyUID) -> bool:
        """Whether a study of the case proved to be of someone else."""
        return study in self._barred

    def _new_arriving(self) -> Arriving:
        return Arriving(self._services.decoder.decode)

    def _new_news(self) -> TransferNews:
        news = TransferNews(self._executor, self)
        news.progressed.connect(self.progressed)
        news.arrived.connect(self._partial.arrived)
        news.shrunk.connect(self._partial.shrunk)
        return news

    def _tell_held(self, found: tuple[tuple[StudyUID, tuple[SeriesUID, ...]], ...]) -> None:
        for study, series in found:
            if series:
                self.held.emit(study, series)

    def _finish_named(self, request: Request) -> None:
        self._start(Pool.COMPUTE, lambda _job: self._read(request), self._tell_reports, self.failed.emit)
        self._look_in_manifests(request)
        self._take_found()

    def _look_in_manifests(self, request: Request) -> None:
        """Search again where a manifest came with the studies that lists others beside them."""
        search, listed = self._services.priors, frozenset(self._listed)

        def look(job: Job) -> FoundPriors | None:
            if {one.study for one in search.of_manifests(request)} <= listed:
                return None
            return search.of(request, lambda: job.is_cancelled)

        def ended(found: FoundPriors | None) -> None:
            if found is not None:
                self._priors_found(found)

        self._start(Pool.NETWORK, look, ended, self.failed.emit)

    def _priors_found(self, found: FoundPriors) -> None:
        self.priors_found.emit(found)
        new = [one for one in found.priors if one.uid not in self._listed]
        self._listed.update(one.uid for one in new)
        self._found.extend((one.uid, None if one.hub is None else StudyReference(one.uid, one.hub)) for one in new)
        if not self._is_taking:
            self._take_found()

    def _take_found(self) -> None:
        """Bring what the search has found by now, after all that the request names."""
        studies, self._found = self._found, []
        self._is_taking = bool(studies)
        if studies:
            self._take_next(studies, self._take_found)

    def _take_next(self, studies: list[Whereabouts], then: Callable[[], None]) -> None:
        if not studies:
            then()
            return
        (study, where), rest = studies[0], studies[1:]
        outlines = self._services.outlines

        def outlined(facts: tuple[VolumeFacts, ...]) -> None:
            if study not in self._barred:
                self.outlines_here.emit(facts)

        def arrived(found: tuple[StudySummary, PullResult]) -> None:
            self._news.flush()
            self._settled.add(study)
            self.study_here.emit(*found)
            self._start(Pool.COMPUTE, lambda _job: outlines.of(study), outlined, self.failed.emit)
            self._take_next(rest, then)

        def missed(error: WorkstationError) -> None:
            self._news.flush()
            if isinstance(error, SomeoneElsesImages):
                self._bar(study, error)
            self.study_missed.emit(study, error)
            self._take_next(rest, then)

        self._start(Pool.NETWORK, lambda job: self._receive(job, study, where), arrived, missed)

    def _bar(self, study: StudyUID, error: SomeoneElsesImages) -> None:
        """Let nothing of a study come to the screen any more, what is being built at this moment included."""
        self._barred[study] = error
        for series in self._arriving.withdraw(study):
            self._partial.settled(series)
        self.taken_back.emit(study, error)

    def _receive(self, job: Job, study: StudyUID, where: StudyReference | None) -> tuple[StudySummary, PullResult]:
        opening = self._services.opening
        if where is None:
            return opening.study(study), opening.as_held(study)

        arriving, news, interest = self._arriving, self._news, self._interest

        def tell(progress: PullProgress) -> None:
            arriving.expect(progress.series, progress.expected)
            news.tell(progress)

        def take(received: ReceivedInstance, part10: Octets) -> None:
            arriving.take(received, part10)
            news.came(received.series)

        def preview(received: ReceivedInstance, part10: Octets) -> None:
            arriving.take(received, part10, is_preview=True)
            news.came(received.series)

        def drop(series: SeriesUID, instances: Collection[InstanceUID]) -> None:
            arriving.drop(series, instances)
            news.went(series)

        result = opening.receive(where, tell, lambda: job.is_cancelled, take, interest, preview, drop)
        return opening.study(study), result

    def _tell_reports(self, found: tuple[tuple[ReadFirstReport, ...], bool]) -> None:
        self.first_reports_here.emit(*found)

    def _read(self, request: Request) -> tuple[tuple[ReadFirstReport, ...], bool]:
        """Return the first reports, and whether one was left out that is of someone else."""
        reports = self._services.first_reports
        held = reports.read(request)
        found = []
        for report in held.reports:
            pdf = reports.pdf(report.reference)
            decoder = self._services.decoder
            pages = [] if pdf is None else [decoder.render_pdf(pdf, n, _DPI) for n in range(decoder.pdf_pages(pdf))]
            text = "" if pdf else reports.text(report.reference)
            found.append(ReadFirstReport(report, text, tuple(pages)))
        return tuple(found), held.has_strangers

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
