"""Studies, series and instances as summaries: what a list or a ledger needs, without pixels."""

from dataclasses import dataclass, field

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient


@dataclass(frozen=True, slots=True)
class InstanceReference:
    """One instance of one series of one study, by its identifiers; ``number`` orders a list and identifies nothing."""

    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    number: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StudyReference:
    """A study and the hub that holds it; ``counts`` is how many objects of its series a work item names."""

    study: StudyUID
    hub: HubName
    counts: tuple[tuple[SeriesUID, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """One series as a hub or the store lists it; ``instances`` is the count that the source states."""

    uid: SeriesUID
    modality: str
    number: int | None
    description: str
    instances: int | None
    body_part: str = ""
    laterality: str = ""


@dataclass(frozen=True, slots=True)
class StudySummary:
    """One study as a hub or the store lists it; ``date`` is YYYYMMDD, ``time`` HHMMSS, both may be empty."""

    uid: StudyUID
    patient: Patient
    date: str
    time: str
    description: str
    accession: str
    modalities: tuple[str, ...]
    instances: int | None
    series: tuple[SeriesSummary, ...] = ()
    hub: HubName | None = None
    study_id: str = ""
    referring_physician: str = ""
