"""QIDO-RS with paging. Some hubs cap a page below the limit asked for, some ignore ``offset``: both are noticed.

A page is followed by another question until one brings nothing new. A hub that caps its pages and ignores ``offset``
as well cannot be listed in full; what it holds beyond is found by the counts that it states. Source: PS3.18 10.6.
"""

from collections.abc import Iterator, Sequence

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.describe import describe_series, describe_study
from workstation.dicom.header import Header
from workstation.domain.hub import HubSettings
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.hub.answers import data_sets, segment
from workstation.hub.door import Call, Door
from workstation.hub.errors import AnsweredOfAnother, HubAnsweredWrongly
from workstation.hub.protocol import StudyQuery

PAGE = 1000
# No listing that a reader can use is longer; an endless one is a fault of the hub.
MOST_PAGES = 200
_STUDY_FIELDS = (
    "StudyDescription",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedInstances",
    "PatientBirthName",
    "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence",
    "ReferringPhysicianName",
)
_SERIES_FIELDS = ("SeriesDescription", "NumberOfSeriesRelatedInstances", "BodyPartExamined", "Laterality")
Query = Sequence[tuple[str, str]]


class Search:
    """Questions to one hub about what it holds."""

    def __init__(self, door: Door, settings: HubSettings) -> None:
        self._door = door
        self._hub = settings.name

    def studies(self, query: StudyQuery, limit: int) -> tuple[StudySummary, ...]:
        """Return at most ``limit`` studies that match."""
        found: list[StudySummary] = []
        fields = [("includefield", name) for name in _STUDY_FIELDS]
        for header in self.pages("studies", [*_matching(query), *fields], "StudyInstanceUID", min(limit, PAGE)):
            found.append(describe_study(header, self._hub))
            if len(found) >= limit:
                break
        return tuple(found)

    def series(self, study: StudyUID) -> tuple[SeriesSummary, ...]:
        """Return all series of a study."""
        fields = [("includefield", name) for name in _SERIES_FIELDS]
        path = f"studies/{segment(study, self._hub)}/series"
        headers = self._all_of(self.pages(path, fields, "SeriesInstanceUID", PAGE), StudyInstanceUID=study)
        return tuple(describe_series(header) for header in headers)

    def instances(self, study: StudyUID, series: SeriesUID) -> tuple[InstanceReference, ...]:
        """Return all instances of a series."""
        path = f"studies/{segment(study, self._hub)}/series/{segment(series, self._hub)}/instances"
        return tuple(
            InstanceReference(
                study,
                series,
                InstanceUID(header.uid("SOPInstanceUID")),
                header.uid("SOPClassUID"),
                header.integer("InstanceNumber"),
            )
            for header in self._all_of(
                self.pages(path, [], "SOPInstanceUID", PAGE), StudyInstanceUID=study, SeriesInstanceUID=series
            )
        )

    def documents(self, modality: str) -> tuple[InstanceReference, ...]:
        """Return all instances of one modality on the hub, wherever they are."""
        headers = self.pages("instances", [("Modality", modality)], "SOPInstanceUID", PAGE)
        return tuple(_reference(header) for header in headers)

    def _all_of(self, headers: Iterator[Header], **asked: str) -> Iterator[Header]:
        """Yield answers; ``AnsweredOfAnother`` where one says that it is of another study or series."""
        for header in headers:
            if any(header.uid(keyword) not in ("", uid) for keyword, uid in asked.items()):
                raise AnsweredOfAnother("an identifier in the answer", hub=self._hub)
            yield header

    def pages(self, path: str, query: Query, identity: str, page: int) -> Iterator[Header]:
        """Yield each match once, asking page after page."""
        seen: set[str] = set()
        offset = 0
        for _ in range(MOST_PAGES):
            paging = [("limit", str(page)), ("offset", str(offset))]
            headers = data_sets(self._door.ask(Call("GET", path, [*query, *paging])), self._hub)
            fresh = [header for header in headers if header.uid(identity) and header.uid(identity) not in seen]
            if not fresh:
                return
            seen.update(header.uid(identity) for header in fresh)
            yield from fresh
            offset += len(headers)
        raise HubAnsweredWrongly("a listing without end", hub=self._hub)


def _matching(query: StudyQuery) -> list[tuple[str, str]]:
    dates = f"{query.date_from}-{query.date_to}" if query.date_from or query.date_to else ""
    fields = (
        ("StudyInstanceUID", query.study),
        ("PatientID", query.patient_id),
        ("PatientName", query.patient_name),
        ("PatientBirthDate", query.birth_date),
        ("AccessionNumber", query.accession),
        ("StudyDate", dates),
        ("ModalitiesInStudy", query.modality),
        ("StudyDescription", query.description),
    )
    return [(name, value) for name, value in fields if value]


def _reference(header: Header) -> InstanceReference:
    return InstanceReference(
        StudyUID(header.uid("StudyInstanceUID")),
        SeriesUID(header.uid("SeriesInstanceUID")),
        InstanceUID(header.uid("SOPInstanceUID")),
        header.uid("SOPClassUID"),
    )
