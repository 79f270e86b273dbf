"""What came of a pull or an import, as people and scripts are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import HubName

Json = dict[str, Any]


class CountSource(StrEnum):
    """Who says how many instances a series has; ``EARLIER`` is what was expected before, where that is more."""

    COUNT = "count"
    LIST = "list"
    MANIFEST = "manifest"
    WORK_ITEM = "work_item"
    EARLIER = "earlier"


Counts = Mapping[SeriesUID, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """One object that was not taken, and the sentence that says why; what could not be read has no identifier."""

    why: str
    instance: InstanceUID | None = None

    def to_json(self) -> Json:
        """Return the form that scripts rely upon."""
        return {"why": self.why} if self.instance is None else {"instance": self.instance, "why": self.why}


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """One series: ``expected`` is the most that a source states, unknown for files.

    ``geometry`` is of its first volume, ``stated`` are the numbers of each source, ``unlisted`` the objects that were
    sent besides those that the hub lists and were dropped, ``quarantined`` those set aside. ``besides`` are objects
    that are held, that the hub does not list, and that do not count as received; ``uncompared`` is how many came before
    a cut, or from files, and were not compared with its list. ``withheld`` says why the hub gives it, or its list, not
    whole. ``decoded`` and ``shown`` count images that were decoded for, and painted on, the screen of an open draft;
    ``None`` where there is none. ``classes`` are the names of the SOP classes that are held, and how many of each.
    """

    uid: SeriesUID
    modality: str
    expected: int | None
    received: int
    refused: tuple[Refused, ...] = ()
    geometry: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[CountSource, int] = field(default_factory=dict)
    unlisted: tuple[InstanceUID, ...] = ()
    quarantined: tuple[InstanceUID, ...] = ()
    decoded: int | None = None
    shown: int | None = None
    classes: Mapping[str, int] = field(default_factory=dict)
    besides: tuple[InstanceUID, ...] = ()
    uncompared: int = 0
    withheld: str = ""

    @property
    def is_disputed(self) -> bool:
        """Whether two sources state different numbers."""
        return len(set(self.stated.values())) > 1

    @property
    def missing(self) -> int:
        """How many instances are expected and not held."""
        return max(0, (self.expected or 0) - self.received)

    @property
    def is_complete(self) -> bool:
        """Whether everything that the source has is held, compared with its list, and of one content."""
        is_doubted = self.refused or self.quarantined or self.uncompared
        return not is_doubted and self.expected in (None, self.received)

    def to_json(self) -> Json:
        """Return the form that scripts rely upon."""
        return {
            "uid": self.uid,
            "modality": self.modality,
            "classes": dict(self.classes),
            "expected": self.received + len(self.refused) if self.expected is None else self.expected,
            "received": self.received,
            "refused": [one.to_json() for one in self.refused],
            "missing": self.missing,
            "stated": {str(source): count for source, count in self.stated.items()},
            "disputed": self.is_disputed,
            "unlisted": list(self.unlisted),
            "besides": list(self.besides),
            "uncompared": self.uncompared,
            "withheld": self.withheld,
            "quarantined": list(self.quarantined),
            "decoded": self.decoded,
            "shown": self.shown,
            "complete": self.is_complete,
            "geometry": dict(self.geometry),
        }


@dataclass(frozen=True, slots=True)
class PullResult:
    """One study; ``shortfalls`` says in sentences where the hub lists less than it counts.

    ``served_by`` are the hubs that gave it: the one that was asked, or its mirrors, of which ``stand_ins`` answered.
    """

    study: StudyUID
    series: tuple[SeriesResult, ...]
    shortfalls: tuple[str, ...] = ()
    served_by: tuple[HubName, ...] = ()
    stand_ins: tuple[HubName, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every series is complete, there is at least one, and none is left out of the hub's lists."""
        return bool(self.series) and not self.shortfalls and all(one.is_complete for one in self.series)

    def counted(self, source: CountSource, counts: Counts) -> "PullResult":
        """Return the result with what another source says of its series; of each, the largest number is expected."""
        listed = {one.uid: one for one in self.series}
        for series, count in counts.items():
            known = listed.get(series, SeriesResult(series, "", 0, 0))
            expected = None if known.expected is None else max(known.expected, count)
            # What is stated again is no matter of the past.
            stated = {one: n for one, n in known.stated.items() if one is not CountSource.EARLIER or n > count}
            listed[series] = replace(known, expected=expected, stated={**stated, source: count})
        return replace(self, series=tuple(listed.values()))

    def to_json(self) -> Json:
        """Return the form that scripts rely upon."""
        return {
            "study": self.study,
            "complete": self.is_complete,
            "served_by": list(self.served_by),
            "shortfalls": list(self.shortfalls),
            "series": [one.to_json() for one in self.series],
        }


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """One file, or entry of an archive, that was not imported, and the sentence that says why.

    Discs also hold viewers and leaflets: ``is_dicom`` tells whether anything is missing without this file.
    """

    path: str
    why: str
    is_dicom: bool = True

    def to_json(self) -> Json:
        """Return the form that scripts rely upon."""
        return {"path": self.path, "why": self.why, "dicom": self.is_dicom}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All studies found in the given files and folders."""

    studies: tuple[PullResult, ...]
    refused: tuple[RefusedFile, ...]

    @property
    def is_complete(self) -> bool:
        """Whether something was imported and no image refused."""
        refused = any(file.is_dicom for file in self.refused)
        return bool(self.studies) and not refused and all(study.is_complete for study in self.studies)

    def to_json(self) -> Json:
        """Return the form that scripts rely upon."""
        return {
            "studies": [study.to_json() for study in self.studies],
            "refused": [file.to_json() for file in self.refused],
        }
