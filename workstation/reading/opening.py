"""Opens a case: claims the request, brings its studies to this computer, finds the draft. Every method blocks."""

from collections.abc import Callable
from dataclasses import dataclass

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.domain.request import Request
from workstation.domain.study import SeriesSummary, StudyReference, StudySummary
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import HubUnreachable
from workstation.reading.drafting import Drafting
from workstation.reading.errors import StudyNotHeld
from workstation.retrieval.pull import PullProgress, Retrieval
from workstation.retrieval.result import PullResult
from workstation.store.catalogue import Catalogue
from workstation.worklist.worklist import Worklist

_NOT_IMAGES = frozenset({"SR", "DOC", "PR", "KO", "SEG", "RTSTRUCT", "RTPLAN", "RWV", "REG"})


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A request that is claimed, and the draft that answers it; ``offline`` when the hub did not answer."""

    request: Request
    draft: Draft
    offline: bool


class Opening:
    """The steps of opening a case, one method each, so that the window can show progress between them."""

    def __init__(
        self, worklist: Worklist, hubs: HubDirectory, retrieval: Retrieval, catalogue: Catalogue, drafting: Drafting
    ) -> None:
        self._worklist = worklist
        self._hubs = hubs
        self._retrieval = retrieval
        self._catalogue = catalogue
        self._drafting = drafting

    def open(self, request: Request, reader: Reader, language: str) -> OpenedCase:
        """Claim the request and take up its draft.

        Where the hub does not answer, a case that this profile holds and has claimed can be read all the same.

        Raises
        ------
        AlreadyClaimed
            Somebody else holds it.
        HubUnreachable
            The hub does not answer and the images are not here.
        """
        offline = False
        try:
            request = self._worklist.claim(request)
        except HubUnreachable:
            if not (self._worklist.is_mine(request) and self._catalogue.study(request.studies[0].study)):
                raise
            offline = True
        draft = self._drafting.resume_or_begin(request.studies[0].study, request, reader, request.language or language)
        return OpenedCase(request, draft, offline)

    def receive(
        self,
        reference: StudyReference,
        on_progress: Callable[[PullProgress], None],
        cancelled: Callable[[], bool],
    ) -> PullResult:
        """Bring one study to this computer, or only what is missing of it."""
        return self._retrieval.pull(self._hubs.client(reference.hub), reference.study, on_progress, cancelled)

    def study(self, study: StudyUID) -> StudySummary:
        """Return a study as it is held.

        Raises
        ------
        StudyNotHeld
            It is not here.
        """
        held = self._catalogue.study(study)
        if held is None:
            raise StudyNotHeld("the study is not in the catalogue")
        return held

    def image_series(self, study: StudyUID) -> tuple[SeriesSummary, ...]:
        """Return the series of a study that hold images, the largest first."""
        series = [one for one in self._catalogue.series(study) if one.modality not in _NOT_IMAGES]
        return tuple(sorted(series, key=lambda one: -(one.instances or 0)))

    def expected(self, study: StudyUID) -> dict[SeriesUID, int]:
        """Return how many instances of each series the hub stated."""
        return dict(self._catalogue.expected(study))
