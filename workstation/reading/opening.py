"""Opens a case: claims the request, brings its studies to this computer, finds the draft. Every method blocks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from viewers.identifiers import SeriesUID, StudyUID
from workstation.audit.events import AuditEvent
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.domain.request import Request
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import never
from workstation.hub.errors import HubUnreachable, SignInNeeded
from workstation.hub.protocol import StudyQuery
from workstation.reading.drafting import Drafting
from workstation.reading.errors import NoStudyNamed, StudyNotHeld
from workstation.retrieval.errors import RetrievalCancelled
from workstation.retrieval.hub_retrieval import HubRetrieval
from workstation.retrieval.interest import Interest
from workstation.retrieval.lossy_previews import LossyPreviews
from workstation.retrieval.result import PullResult
from workstation.retrieval.summing import as_held
from workstation.retrieval.transfer import OnDropped, OnReceived, PullProgress
from workstation.store.audit import AuditLog
from workstation.store.catalogue import Catalogue
from workstation.store.library import Library
from workstation.worklist.worklist import Worklist

_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A request that is claimed, its studies (current ones first), and the draft that answers it.

    ``offline`` when the hub did not answer: the studies are then as this profile holds them.
    """

    request: Request
    studies: tuple[StudySummary, ...]
    draft: Draft
    offline: bool


class Opening:
    """The steps of opening a case, one method each, so that the window can show progress between them."""

    def __init__(
        self,
        worklist: Worklist,
        hubs: HubDirectory,
        retrieval: HubRetrieval,
        previews: LossyPreviews,
        catalogue: Catalogue,
        drafting: Drafting,
        audit: AuditLog,
        library: Library,
    ) -> None:
        self._worklist = worklist
        self._hubs = hubs
        self._retrieval = retrieval
        self._previews = previews
        self._catalogue = catalogue
        self._drafting = drafting
        self._audit = audit
        self._turns: dict[StudyUID, threading.Lock] = {}
        self._lock = threading.Lock()
        self._library = library

    def open(
        self, request: Request, reader: Reader, language: str, cancelled: Callable[[], bool] = never
    ) -> OpenedCase:
        """Claim the request and take up its draft; ``cancelled`` ends the questions about its studies.

        Where the hub does not answer, a case that this profile holds and has claimed can be read all the same.

        Raises
        ------
        AlreadyClaimed
            Somebody else holds it.
        HubUnreachable, SignInNeeded
            The hub does not answer, or not before the reader signs in, and the images are not here.
        StudyBarred
            The hub does not answer, and something of someone else came for the study before.
        NoStudyNamed
            There is nothing to read; the request is not claimed.
        """
        if not request.studies:
            raise NoStudyNamed("a request without a study")
        offline = False
        try:
            request = self._worklist.claim(request)
        except (HubUnreachable, SignInNeeded):
            current = request.studies[0]
            offline = not self._is_on_mirror(current, cancelled)
            if not self._worklist.was_given(request) or (offline and self._catalogue.study(current.study) is None):
                raise
        draft = self._drafting.resume_or_begin(request.studies[0].study, request, reader, request.language or language)
        self._audit.record(AuditEvent.OPENED, actor=reader.identifier or reader.name, object=draft.study)
        references = (*request.studies, *request.priors)
        for reference in references:
            self._library.use(reference.study)
        studies = tuple(self._summary(reference, request, cancelled, offline=offline) for reference in references)
        return OpenedCase(request, studies, draft, offline)

    def _is_on_mirror(self, reference: StudyReference, cancelled: Callable[[], bool]) -> bool:
        if not self._hubs.mirrors(reference.hub):
            return False
        try:
            return self._hubs.reading(reference.hub).patient_of(reference.study, cancelled) is not None
        except WorkstationError:
            return False

    def receive(
        self,
        reference: StudyReference,
        on_progress: Callable[[PullProgress], None],
        cancelled: Callable[[], bool],
        on_received: OnReceived | None = None,
        interest: Interest | None = None,
        on_preview: OnReceived | None = None,
        on_dropped: OnDropped | None = None,
    ) -> PullResult:
        """Bring one study to this computer, or only what is missing of it; ``interest`` says what first.

        ``on_dropped`` names what ``on_received`` was given and must not be shown, since the hub does not list it.
        ``on_preview`` gets a lossy image of each series beforehand, where the reader wants that on a slow link.
        """
        self._library.use(reference.study)
        with self.alone(reference.study, cancelled):
            return self._receive(reference, on_progress, cancelled, on_received, interest, on_preview, on_dropped)

    def _receive(
        self,
        reference: StudyReference,
        on_progress: Callable[[PullProgress], None],
        cancelled: Callable[[], bool],
        on_received: OnReceived | None,
        interest: Interest | None,
        on_preview: OnReceived | None,
        on_dropped: OnDropped | None,
    ) -> PullResult:
        hub = self._hubs.reading(reference.hub)
        if self._catalogue.is_barred(reference.study):
            # Nothing of it is shown before all of it is here and was found to be of this study.
            on_received = on_preview = None
        if on_preview is not None:
            self._previews.show(hub, reference.study, on_preview, cancelled)
        result = self._retrieval.pull(
            hub,
            reference.study,
            on_progress,
            cancelled,
            on_received,
            interest=interest,
            named=dict(reference.counts),
            on_dropped=on_dropped,
        )
        return replace(result, served_by=hub.served_by)

    @contextmanager
    def alone(self, study: StudyUID, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Wait until no transfer of a study runs, and let none begin: one that was fetched ahead ends before another.

        Raises
        ------
        RetrievalCancelled
            ``cancelled`` ended the waiting.
        """
        with self._lock:
            turn = self._turns.setdefault(study, threading.Lock())
        while not turn.acquire(timeout=_LOOK_S):
            if cancelled():
                raise RetrievalCancelled("while another transfer of the study ended")
        try:
            yield
        finally:
            turn.release()

    def held(self, study: StudyUID) -> tuple[SeriesUID, ...]:
        """Return the series of a study that have images on this computer, before any hub is asked."""
        return tuple(one.uid for one in self._catalogue.series(study))

    def _summary(
        self, reference: StudyReference, request: Request, cancelled: Callable[[], bool], *, offline: bool
    ) -> StudySummary:
        """Return a study with its series: as the hub lists it, else as it is held, else by its name alone."""
        if not offline:
            try:
                client = self._hubs.reading(reference.hub)
                listed = client.search_studies(StudyQuery(study=reference.study), 1, cancelled)
                if listed:
                    return replace(listed[0], series=client.search_series(reference.study, cancelled))
            except WorkstationError:
                # The transfer that follows meets the same failure and tells the reader.
                pass
        is_barred = self._catalogue.is_barred(reference.study)
        held = None if is_barred else self._catalogue.study(reference.study)
        if held is not None:
            return replace(held, series=self._catalogue.series(reference.study))
        return StudySummary(reference.study, request.patient, "", "", "", "", (), None)

    def as_held(self, study: StudyUID) -> PullResult:
        """Return how much of a study is held, without asking a hub."""
        return as_held(self._catalogue, study)

    def study(self, study: StudyUID) -> StudySummary:
        """Return a study as it is held.

        Raises
        ------
        StudyNotHeld
            It is not here.
        StudyBarred
            Something of someone else came for it, and it has not come whole since.
        """
        held = self._catalogue.study(study)
        if held is None:
            raise StudyNotHeld("the study is not in the catalogue")
        return replace(held, series=self._catalogue.series(study))
