"""A report and its drafts: section texts, agreement, critical result, key images; frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from viewers.annotations.model import Annotation
from viewers.identifiers import InstanceUID, StudyUID
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.reader import Reader


class Grade(StrEnum):
    """Agreement with the first reading, by consequence."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    NA = "NA"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement with the first reading; ``type``, ``impact`` and ``reason`` matter from A1 on."""

    grade: Grade
    type: str = ""
    impact: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CriticalResult:
    """The six fields of a communicated critical result, and its category (1 minutes, 2 hours, 3 days)."""

    finding: str
    identified_at: str
    communicated_by: str
    received_by: str
    received_at: str
    method: str
    category: int = 1
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class KeyImage:
    """One image that the report points to; ``frame_index`` counts from 0."""

    instance: InstanceUID
    frame_index: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the reader has written so far. ``sections`` maps section ids to text; every part may be missing."""

    sections: Mapping[str, str] = field(default_factory=dict)
    agreement: Agreement | None = None
    critical: CriticalResult | None = None
    addendum: str = ""
    key_images: tuple[KeyImage, ...] = ()
    fields: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One mark placed (no ``before``), changed, or removed (no ``after``); ``place`` is where it stands in the list."""

    place: int
    before: Annotation | None
    after: Annotation | None


@dataclass(frozen=True, slots=True)
class TextChange:
    """What was typed in one section: at ``at`` stood ``removed``, now stands ``inserted``.

    ``None`` where the section had, or has, no text at all, which is not the same as an empty one.
    """

    section: str
    at: int
    removed: str | None
    inserted: str | None


Part = str | int | float | bool | Agreement | CriticalResult | tuple[KeyImage, ...] | None


@dataclass(frozen=True, slots=True)
class PartChange:
    """Another value of one part of the answers: ``agreement``, ``critical``, ``addendum``, ``key_images``, or a field.

    A field is named ``fields.<id>``; ``None`` stands for an absent one.
    """

    part: str
    before: Part
    after: Part


Change = MarkChange | TextChange | PartChange


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a reading that can be taken back; its number is never given again in the same draft."""

    number: int
    change: Change


@dataclass(frozen=True, slots=True)
class History:
    """The last steps of a reading, oldest first; the last ``undone`` of them are taken back and can be done again."""

    steps: tuple[Step, ...] = ()
    undone: int = 0
    last_number: int = 0

    @property
    def done(self) -> tuple[Step, ...]:
        """The steps that hold, oldest first."""
        return self.steps[: len(self.steps) - self.undone]

    @property
    def taken_back(self) -> tuple[Step, ...]:
        """The steps that were taken back; the first is done again first."""
        return self.steps[len(self.steps) - self.undone :]


class DraftState(StrEnum):
    """A draft is open until its objects are signed; a signed one is never edited."""

    OPEN = "open"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Draft:
    """One reader's unsigned opinion on one study, perhaps for a request; several may exist per study.

    ``hub`` is the one whose request it answers: the report goes there and nowhere else. Drafts of early versions do not
    say it. ``view_state`` is the archived state of the viewports (versioned JSON), opaque to everything but the window.
    ``history`` leads from an earlier state to this one: who changes words or marks without it forgets it.
    """

    id: DraftId
    study: StudyUID
    request: RequestId | None
    template: str
    language: str
    answers: Answers
    annotations: tuple[Annotation, ...]
    author: Reader
    created: datetime
    saved: datetime
    state: DraftState = DraftState.OPEN
    view_state: str = ""
    history: History = field(default_factory=History)
    hub: HubName | None = None

    def says_the_same_as(self, other: "Draft") -> bool:
        """Whether both hold the same words and marks; not when saved, nor what the screen showed, nor by which way."""
        same = replace(self, saved=other.saved, view_state=other.view_state, state=other.state, history=other.history)
        return same == other


@dataclass(frozen=True, slots=True)
class AcceptedGap:
    """A shortcoming that the reader accepted knowingly; its sentence goes into the report's limits."""

    check: str
    sentence: str
