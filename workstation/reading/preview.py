"""What can be told of a request before it is claimed: its studies on their hubs, and the first report's text."""

from collections.abc import Callable
from dataclasses import dataclass

from viewers.identifiers import StudyUID
from workstation.decoding.pool import DecoderPool
from workstation.dicom.sr_text import report_text
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request, RequestKey
from workstation.domain.study import InstanceReference, StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled, never
from workstation.hub.protocol import StudyQuery
from workstation.reading.errors import SomeoneElsesReport
from workstation.reading.first_reports import is_of_another
from workstation.retrieval.asked import is_what_was_asked
from workstation.retrieval.strategies import Strategies


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """Studies found, priors found, hubs that could not be asked, and the text of the first report.

    ``readable_s`` is how long the current studies take to arrive at the present speed of the link, where it is known.
    Not ``is_counted`` where none of the current studies was found and a hub of theirs could not be asked.
    ``has_strangers`` where a report came that is not the one that the request names, or not of its patient.
    """

    request: RequestKey
    studies: tuple[StudySummary, ...]
    priors: tuple[StudySummary, ...]
    unreachable: tuple[HubName, ...]
    first_report: str
    readable_s: float | None = None
    has_strangers: bool = False
    is_counted: bool = True

    @property
    def images(self) -> int | None:
        """How many objects the current studies hold, as their hubs state; ``None`` where none could be asked."""
        return sum(study.instances or 0 for study in self.studies) if self.is_counted else None


class Previews:
    """Asks the hubs; nothing of a preview is kept on the disk. ``on_strangers`` is told where one sent a stranger's."""

    def __init__(
        self,
        hubs: HubDirectory,
        decoder: DecoderPool,
        strategies: Strategies,
        on_strangers: Callable[[StudyUID], None],
    ) -> None:
        self._on_strangers = on_strangers
        self._strategies = strategies
        self._hubs = hubs
        self._decoder = decoder

    def of(self, request: Request, cancelled: Cancelled = never) -> RequestPreview:
        """Return the preview of one request; a hub that does not answer is named."""
        unreachable: set[HubName] = set()
        studies = self._find(request.studies, unreachable, cancelled)
        is_counted = bool(studies) or not unreachable
        priors = self._find(request.priors, unreachable, cancelled)
        texts: list[str] = []
        has_strangers = False
        for reference in request.first_reports:
            try:
                texts.append(self._text(request, reference, unreachable, cancelled))
            except SomeoneElsesReport:
                has_strangers = True
                # A report whose study is not named is not asked for at all.
                self._on_strangers(reference.study)
        text = "\n\n".join(text for text in texts if text)
        named = tuple(sorted(unreachable))
        readable_s = self._readable_s(studies)
        return RequestPreview(request.key, studies, priors, named, text, readable_s, has_strangers, is_counted)

    def _readable_s(self, studies: tuple[StudySummary, ...]) -> float | None:
        """Return the sum over the studies, nothing where the speed to one of their hubs is not known."""
        total = 0.0
        for study in studies:
            client = self._hubs.client(study.hub) if study.hub is not None else None
            seconds = None if client is None else self._strategies.estimate(client, study.instances or 0)
            if seconds is None:
                return None
            total += seconds
        return total if studies else None

    def _find(
        self, references: tuple[StudyReference, ...], unreachable: set[HubName], cancelled: Cancelled
    ) -> tuple[StudySummary, ...]:
        found: list[StudySummary] = []
        for reference in references:
            try:
                client = self._hubs.reading(reference.hub)
                listed = client.search_studies(StudyQuery(study=reference.study), 1, cancelled)
            except WorkstationError:
                unreachable.add(reference.hub)
                continue
            found.extend(listed)
            if not listed and client.stand_ins:
                # A mirror may be behind: that it has no such study says nothing of the hub.
                unreachable.add(reference.hub)
        return tuple(found)

    def _text(
        self, request: Request, reference: InstanceReference, unreachable: set[HubName], cancelled: Cancelled
    ) -> str:
        try:
            client = self._hubs.reading(request.hub)
            received = self._decoder.inspect(client.retrieve_instance(reference, cancelled))
            if not is_what_was_asked(received, reference) or is_of_another(received.header, request):
                raise SomeoneElsesReport("another report than the request names")
            if received.document is not None:
                return self._decoder.pdf_text(received.document)
        except SomeoneElsesReport:
            raise
        except WorkstationError:
            unreachable.add(request.hub)
            return ""
        return report_text(received.header)
