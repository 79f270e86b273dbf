"""The first report of a case as text that can be read and quoted."""

from collections.abc import Callable
from dataclasses import dataclass

from viewers.identifiers import InstanceUID, StudyUID
from workstation.decoding.pool import DecoderPool
from workstation.dicom.describe import describe_patient
from workstation.dicom.header import Header
from workstation.dicom.sr_text import report_text
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference
from workstation.report.context import FirstReport
from workstation.retrieval.asked import is_named
from workstation.retrieval.held_objects import HeldObjects
from workstation.store.catalogue import Catalogue, StoredInstance

_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
_EXCERPT = 1_500


@dataclass(frozen=True, slots=True)
class FoundReports:
    """The first reports of a request; ``has_strangers`` where one is held that is not what the request says."""

    reports: tuple[FirstReport, ...]
    has_strangers: bool = False


class FirstReports:
    """Reads first reports from the local store; reports that have not been received are left out.

    What is held under the identifier of a report and is of another study or patient is left out too;
    ``on_strangers`` is told of it, once.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        objects: HeldObjects,
        decoder: DecoderPool,
        on_strangers: Callable[[StudyUID], None],
    ) -> None:
        self._on_strangers = on_strangers
        self._told: set[InstanceUID] = set()
        self._catalogue = catalogue
        self._objects = objects
        self._decoder = decoder

    def read(self, request: Request) -> FoundReports:
        """Return the reports that are held, with who wrote them, when, and the beginning of their text."""
        found: list[FirstReport] = []
        has_strangers = False
        for reference in request.first_reports:
            stored = self._catalogue.instance(reference.instance)
            if stored is None:
                continue
            if is_named(stored.reference, reference) and not is_of_another(stored.header, request):
                found.append(self._read(stored))
                continue
            has_strangers = True
            if reference.instance not in self._told:
                self._on_strangers(reference.study or stored.reference.study)
                self._told.add(reference.instance)
        return FoundReports(tuple(found), has_strangers)

    def text(self, reference: InstanceReference) -> str:
        """Return the whole text of one report, empty where it is not held."""
        stored = self._catalogue.instance(reference.instance)
        return self._text(stored) if stored is not None else ""

    def pdf(self, reference: InstanceReference) -> bytes | None:
        """Return the document of an encapsulated PDF that is held."""
        stored = self._catalogue.instance(reference.instance)
        if reference.sop_class != _PDF or stored is None:
            return None
        return self._decoder.inspect(self._objects.get(stored)).document

    def of_study(self, study: StudyUID) -> tuple[InstanceReference, ...]:
        """Return every SR and encapsulated PDF of a study that is held."""
        stored = self._catalogue.instances(study)
        return tuple(one.reference for one in stored if _is_document(one.reference.sop_class))

    def _read(self, stored: StoredInstance) -> FirstReport:
        header = Header.parse(stored.header_json)
        observer = header.item("VerifyingObserverSequence").person("VerifyingObserverName").display
        author = observer or header.item("AuthorObserverSequence").person("PersonName").display
        date = header.text("ContentDate") or header.text("SeriesDate") or header.text("StudyDate")
        return FirstReport(stored.reference, author, date, self._text(stored)[:_EXCERPT])

    def _text(self, stored: StoredInstance) -> str:
        if stored.reference.sop_class != _PDF:
            return report_text(Header.parse(stored.header_json))
        document = self.pdf(stored.reference)
        return self._decoder.pdf_text(document) if document else ""


def is_of_another(report: Header, request: Request) -> bool:
    """Whether a report excludes that it is of the patient of a request."""
    return request.patient.is_named_otherwise(describe_patient(report))


def _is_document(sop_class: str) -> bool:
    return sop_class == _PDF or sop_class.startswith("1.2.840.10008.5.1.4.1.1.88.")
