"""QIDO-RS with paging. Some hubs cap a page below the limit asked for, some ignore ``offset``: both are noticed.

Some refuse a limit above their own by an error: they are asked for ``MODEST_PAGE`` from then on. Azure's DICOM service
takes 1 to 200, says its conformance statement (v2, Supported search parameters).
A hub that caps its pages and ignores ``offset`` as well cannot be listed in full; what it holds beyond is found by the
counts that it states. Source: PS3.18 10.6.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.describe import describe_patient, describe_series, describe_study
from workstation.dicom.header import Header
from workstation.domain.hub import HubSettings
from workstation.domain.listing import Listed, Shortfall
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.hub.answers import data_sets, segment
from workstation.hub.door import Call, Cancelled, Door, never
from workstation.hub.errors import AnsweredOfAnother, HubAnsweredWrongly
from workstation.hub.paging import PageHabits, Pages
from workstation.hub.protocol import StudyQuery

PAGE = 1000
MODEST_PAGE = 200
# By these a hub says that it does not take the limit, among other things. Source: PS3.18 table 10.6.3-1.
_LIMIT_REFUSED = (400, 413)
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


@dataclass(frozen=True, slots=True)
class Documents:
    """Instances of one modality; ``may_be_cut`` where the hub may hold more of them than it lists."""

    listed: tuple[InstanceReference, ...]
    may_be_cut: bool


class Search:
    """Questions to one hub about what it holds."""

    def __init__(self, door: Door, settings: HubSettings) -> None:
        self._door = door
        self._hub = settings.name
        self._habits = PageHabits()
        self._most = PAGE
        self._stated: dict[SeriesUID, int] = {}
        self._rows: dict[str, int] = {}
        self._short: dict[StudyUID, dict[SeriesUID, Shortfall | None]] = {}
        self._lock = threading.Lock()

    @property
    def habits(self) -> PageHabits:
        """How the hub was seen to page."""
        return self._habits

    def studies(self, query: StudyQuery, limit: int, cancelled: Cancelled = never) -> tuple[StudySummary, ...]:
        """Return at most ``limit`` studies that match; of one study asked for, no other."""
        found: list[StudySummary] = []
        fields = [("includefield", name) for name in _STUDY_FIELDS]
        asked = {"StudyInstanceUID": query.study} if query.study else {}
        matching, page = [*_matching(query), *fields], min(limit, PAGE)
        pages = self.pages("studies", matching, "StudyInstanceUID", page, cancelled)
        for header in self._all_of(pages, **asked):
            found.append(describe_study(header, self._hub))
            if len(found) >= limit:
                break
        return tuple(found)

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        """Return whose study the hub says that it is."""
        fields = [("includefield", name) for name in _STUDY_FIELDS]
        pages = self.pages("studies", [("StudyInstanceUID", study), *fields], "StudyInstanceUID", 1, cancelled)
        header = next(self._all_of(pages, StudyInstanceUID=study), None)
        return None if header is None else describe_patient(header)

    def series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return all series of a study."""
        fields = [("includefield", name) for name in _SERIES_FIELDS]
        path = f"studies/{segment(study, self._hub)}/series"
        rows: list[Counter[str]] = []

        def ask(limit: int, offset: int) -> tuple[Header, ...]:
            page = self._page(path, fields, limit, offset, cancelled)
            rows.append(Counter(one.uid("SeriesInstanceUID") for one in page))
            return page

        headers = self._all_of(self._read(Pages(ask, "SeriesInstanceUID", PAGE, self._hub)), StudyInstanceUID=study)
        found = tuple(describe_series(header) for header in headers)
        with self._lock:
            # A page that is given again repeats all of its rows; one that names a series twice has two rows of it.
            self._rows.update(reduce(or_, rows, Counter()))
            self._stated.update({one.uid: one.instances for one in found if one.instances is not None})
        return found

    def is_one(self, series: SeriesUID) -> bool:
        """Whether the hub listed a series, and once: one of which images have two patients is two to some hubs."""
        with self._lock:
            return self._rows.get(series) == 1

    def instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return all instances of a series."""
        path = f"studies/{segment(study, self._hub)}/series/{segment(series, self._hub)}/instances"
        with self._lock:
            stated = self._stated.get(series)
        pages = self.pages(path, [], "SOPInstanceUID", PAGE, cancelled, stated)
        headers = self._all_of(pages, StudyInstanceUID=study, SeriesInstanceUID=series)
        found = tuple(_listed(study, series, header) for header in headers)
        self._compare(study, series, len(found))
        return found

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        """Whether the hub may have more of a series than it listed last: it counts nothing, and ignores ``offset``."""
        with self._lock:
            short = self._short.get(study, {}).get(series)
        return short is not None and short.stated is None

    def instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never
    ) -> InstanceReference | None:
        """Return the instance at a place of a series, or another of it where the hub does not count places."""
        path = f"studies/{segment(study, self._hub)}/series/{segment(series, self._hub)}/instances"
        answer = self._door.ask(Call("GET", path, [("limit", "1"), ("offset", str(place))]), cancelled)
        found = iter(data_sets(answer, self._hub))
        for header in self._all_of(found, StudyInstanceUID=study, SeriesInstanceUID=series):
            return _listed(study, series, header)
        return None

    def _compare(self, study: StudyUID, series: SeriesUID, listed: int) -> None:
        """Note whether a list of instances is shorter than what the hub has said of the series."""
        with self._lock:
            stated = self._stated.get(series)
            is_short = listed < stated if stated is not None else self._habits.ignores_offset
            short = Shortfall(Listed.INSTANCES, listed, stated, series) if is_short and listed else None
            self._short.setdefault(study, {})[series] = short
            if short is not None and self._habits.ignores_offset:
                self._habits = PageHabits(listed, ignores_offset=True)

    def documents(self, modality: str, study: StudyUID | None = None) -> Documents:
        """Return all instances of one modality on the hub, wherever they are, or in one study."""
        query = [("Modality", modality), *([("StudyInstanceUID", study)] if study else [])]
        listed = tuple(map(_reference, self.pages("instances", query, "SOPInstanceUID", PAGE)))
        is_doubtful = bool(listed) and self._habits.ignores_offset
        return Documents(listed, is_doubtful and not self._gives_more_than(len(listed)))

    def _gives_more_than(self, count: int) -> bool:
        """Whether one answer of the hub has more than ``count`` matches where it holds more: then its limit is higher.

        It is asked for instances of any kind.
        """
        answer = self._door.ask(Call("GET", "instances", [("limit", str(count + 1)), ("offset", "0")]))
        return len(data_sets(answer, self._hub)) > count

    def _all_of(self, headers: Iterator[Header], **asked: str) -> Iterator[Header]:
        """Yield answers; ``AnsweredOfAnother`` where one says that it is of another study or series."""
        for header in headers:
            if any(header.uid(keyword) not in ("", uid) for keyword, uid in asked.items()):
                raise AnsweredOfAnother("an identifier in the answer", hub=self._hub)
            yield header

    def pages(
        self,
        path: str,
        query: Query,
        identity: str,
        page: int,
        cancelled: Cancelled = never,
        stated: int | None = None,
    ) -> Iterator[Header]:
        """Yield each match once, asking page after page, and remember how the hub pages.

        ``stated`` is how many there are by the hub's word, where it gave one.
        """

        def ask(limit: int, offset: int) -> tuple[Header, ...]:
            return self._page(path, query, limit, offset, cancelled)

        yield from self._read(Pages(ask, identity, page, self._hub, stated))

    def _page(self, path: str, query: Query, limit: int, offset: int, cancelled: Cancelled) -> tuple[Header, ...]:
        asked = min(limit, self._most)
        try:
            return self._asked(path, query, asked, offset, cancelled)
        except HubAnsweredWrongly as error:
            if error.status not in _LIMIT_REFUSED or asked <= MODEST_PAGE:
                raise
        page = self._asked(path, query, MODEST_PAGE, offset, cancelled)
        self._most = MODEST_PAGE
        return page

    def _asked(self, path: str, query: Query, limit: int, offset: int, cancelled: Cancelled) -> tuple[Header, ...]:
        paging = [("limit", str(limit)), ("offset", str(offset))]
        return data_sets(self._door.ask(Call("GET", path, [*query, *paging]), cancelled), self._hub)

    def _read(self, pages: Pages) -> Iterator[Header]:
        yield from pages
        if pages.habits != PageHabits():
            self._habits = pages.habits

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        """Return where the hub lists fewer series or instances of a study than it says it has.

        Its two counts of the study are compared with the list of series and with their counts.
        """
        fields = [("includefield", name) for name in ("NumberOfStudyRelatedSeries", *_STUDY_FIELDS)]
        query = [("StudyInstanceUID", segment(study, self._hub)), *fields]
        pages = self.pages("studies", query, "StudyInstanceUID", 1, cancelled)
        header = next(self._all_of(pages, StudyInstanceUID=study), Header({}))
        found: list[Shortfall] = []
        stated = header.integer("NumberOfStudyRelatedSeries")
        if stated is not None and stated > len(listed):
            found.append(Shortfall(Listed.SERIES, len(listed), stated))
        images = header.integer("NumberOfStudyRelatedInstances")
        counted = sum(one.instances or 0 for one in listed)
        if images is not None and images > counted and all(one.instances is not None for one in listed):
            found.append(Shortfall(Listed.INSTANCES, counted, images))
        with self._lock:
            return (*found, *(one for one in self._short.get(study, {}).values() if one is not None))


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


def _listed(study: StudyUID, series: SeriesUID, header: Header) -> InstanceReference:
    instance = InstanceUID(header.uid("SOPInstanceUID"))
    return InstanceReference(study, series, instance, header.uid("SOPClassUID"), header.integer("InstanceNumber"))


def _reference(header: Header) -> InstanceReference:
    return InstanceReference(
        StudyUID(header.uid("StudyInstanceUID")),
        SeriesUID(header.uid("SeriesInstanceUID")),
        InstanceUID(header.uid("SOPInstanceUID")),
        header.uid("SOPClassUID"),
    )
