"""Files, folders and archives into the store, each study checked to be of one patient.

The data set says what an object is. Tools that remove names often leave the old identifier in the file meta
information; from a hub, which was asked for one object, such a contradiction is refused, in a file it is not.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from viewers.identifiers import SeriesUID, StudyUID
from workstation.decoding.errors import NotDicom, PoolClosed
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_series
from workstation.domain.listing import Doubt
from workstation.domain.study import SeriesSummary
from workstation.errors import WorkstationError
from workstation.retrieval.errors import ObjectLost, RetrievalCancelled, SomeoneElsesImages
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, ObjectsLike, never
from workstation.retrieval.result import ImportResult, PullResult, RefusedFile
from workstation.retrieval.sources import Candidate, ImportLimits, candidates
from workstation.retrieval.summing import SeriesSummer
from workstation.translations import Translator

_AHEAD = 3
ORIGIN = "import"

OnImported = Callable[[int, int], None]


@dataclass(slots=True)
class _StudyImport:
    """One study met in the files."""

    intake: StudyIntake
    series: dict[SeriesUID, SeriesSummary] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    is_mixed: bool = False


@dataclass(slots=True)
class _Run:
    """The state of one running import; counts of files taken and of files refused."""

    studies: dict[StudyUID, _StudyImport] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    taken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Importer:
    """Takes over what lies in files."""

    def __init__(
        self,
        catalogue: CatalogueLike,
        objects: ObjectsLike,
        decoder: DecoderLike,
        translator: Translator,
        limits: ImportLimits | None = None,
        on_strangers: Callable[[StudyUID], None] | None = None,
    ) -> None:
        self._on_strangers = on_strangers
        self._catalogue = catalogue
        self._objects = objects
        self._decoder = decoder
        self._translator = translator
        self._limits = limits or ImportLimits()
        self._summer = SeriesSummer(catalogue)

    def import_paths(
        self, paths: Iterable[Path], on_progress: OnImported | None = None, cancelled: Cancelled = never
    ) -> ImportResult:
        """Import what lies under ``paths``; ``on_progress`` gets the counts of files taken and refused.

        Raises
        ------
        RetrievalCancelled
            It was stopped; what had been read is kept.
        StoreError
            The store does not take more.
        """
        run = _Run()
        with ThreadPoolExecutor(self._decoder.workers, "import") as executor:
            try:
                self._drain(run, executor, candidates(paths, self._limits), on_progress, cancelled)
            finally:
                self._keep(run)
        return ImportResult(
            tuple(self._summed(uid, study) for uid, study in run.studies.items() if not study.is_mixed),
            tuple(run.refused),
        )

    def _drain(
        self,
        run: _Run,
        executor: ThreadPoolExecutor,
        found: Iterable[Candidate],
        on_progress: OnImported | None,
        cancelled: Cancelled,
    ) -> None:
        pending: deque[Future[None]] = deque()
        try:
            for candidate in found:
                if cancelled():
                    raise RetrievalCancelled("by the reader")
                pending.append(executor.submit(self._take, run, candidate))
                while len(pending) > self._decoder.workers * _AHEAD:
                    pending.popleft().result()
                if on_progress is not None:
                    on_progress(run.taken, len(run.refused))
            while pending:
                pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
            wait(pending)

    def _take(self, run: _Run, candidate: Candidate) -> None:
        received: ReceivedInstance | None = None
        try:
            if candidate.error is not None:
                raise candidate.error
            received = self._decoder.inspect(candidate.content)
            study = self._study(run, received, candidate.path)
            study.intake.accept(received, candidate.content, durable=True)
        except PoolClosed:
            raise
        except SomeoneElsesImages as error:
            self._refuse(run, candidate.path, error)
            if received is not None:
                run.studies[received.study].is_mixed = True
        except WorkstationError as error:
            if not _is_about_the_file(error):
                raise
            self._refuse(run, candidate.path, error)
        else:
            with run.lock:
                run.taken += 1

    def _study(self, run: _Run, received: ReceivedInstance, path: str) -> _StudyImport:
        with run.lock:
            study = run.studies.get(received.study)
            if study is None:
                intake = StudyIntake(received.study, self._catalogue, self._objects, ORIGIN)
                study = run.studies[received.study] = _StudyImport(intake)
            study.paths.append(path)
            if received.series not in study.series:
                study.series[received.series] = describe_series(received.header)
            return study

    def _refuse(self, run: _Run, path: str, error: WorkstationError) -> None:
        refused = RefusedFile(path, self._translator.error(error), not isinstance(error, NotDicom))
        with run.lock:
            run.refused.append(refused)

    def _keep(self, run: _Run) -> None:
        """Enter each study, or nothing of one that holds images of several patients."""
        why_lost = self._translator.error(ObjectLost("spoilt on the disk and not imported again"))
        for uid, study in run.studies.items():
            if not study.is_mixed:
                study.intake.keep(self._catalogue.expected(uid).keys(), Doubt.IMPORTED)
                study.intake.give_up_spoilt(why_lost)
                continue
            study.intake.abandon()
            if self._on_strangers is not None:
                self._on_strangers(uid)
            study.intake.give_up_spoilt(why_lost)
            told = {file.path for file in run.refused}
            for path in study.paths:
                if path not in told:
                    self._refuse(run, path, SomeoneElsesImages("a study of several patients"))

    def _summed(self, uid: StudyUID, study: _StudyImport) -> PullResult:
        expected = self._catalogue.expected(uid)
        return PullResult(
            uid,
            tuple(
                self._summer.summed(uid, summary, expected.get(series), ()) for series, summary in study.series.items()
            ),
        )


def _is_about_the_file(error: WorkstationError) -> bool:
    """Whether an error is about one file, and not about the store or the workstation, which end the import."""
    return error.key.startswith(("decoding.", "retrieval."))
