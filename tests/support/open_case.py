"""A case with phantoms on a reading page, as the application would open it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from viewers.image.volume import Volume
from viewers.tools.registry import measure
from workstation.domain.identifiers import DraftId
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, Draft
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views

NOW = datetime(2026, 11, 22, 3, 12, 5, tzinfo=UTC)
CURRENT, PRIOR = SeriesUID("2.25.100"), SeriesUID("2.25.101")
PATIENT = Patient("42", PersonName("TEST", "ALPHA"), birth_date="19600102", sex="F")


def series(uid: SeriesUID, description: str, count: int, modality: str = "CT") -> SeriesSummary:
    return SeriesSummary(uid, modality, 2, description, count)


def study(uid: str, date: str, *listed: SeriesSummary, patient: Patient = PATIENT) -> StudySummary:
    return StudySummary(StudyUID(uid), patient, date, "", "Thorax", "", ("CT",), None, listed)


def as_series(volume: Volume, uid: SeriesUID, space: str | None = None) -> Volume:
    """The volume under another series, and in another frame of reference where one is given."""
    passport = volume.passport
    if space is not None:
        passport = replace(passport, frame_of_reference=FrameOfReferenceUID(space))
    sources = tuple(replace(source, instance=InstanceUID(f"{uid}.{k}")) for k, source in enumerate(volume.sources))
    return replace(volume, series=uid, passport=passport, sources=sources)


@dataclass
class Case:
    """Session, dispatcher and views over some volumes."""

    volumes: list[Volume]
    view_state: str = ""
    views: Views = field(default_factory=Views)

    def __post_init__(self) -> None:
        draft = Draft(
            DraftId("d"), StudyUID("1"), None, "gen-so", "fr", Answers(), (), Reader("R", "1", "O"), NOW, NOW,
            view_state=self.view_state,
        )  # fmt: skip
        self.session = ReadingSession(draft, lambda: NOW)
        self.dispatcher = Dispatcher(self.session)
        self.studies = [
            study("1", "20260110", series(CURRENT, "Thorax 1 mm", 40), series(SeriesUID("2.25.109"), "Scout", 1)),
            study("2", "20250110", series(PRIOR, "Thorax 1 mm", 40)),
        ]

    def measure(self, annotation: Annotation) -> Measurement:
        (volume,) = [
            one for one in self.volumes if any(source.instance == annotation.instance for source in one.sources)
        ]
        return measure(annotation, volume)
