"""The evidence of a report as groups of instances that can be divided over more items. Source: PS3.3 C.17.2.1."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from workstation.signing.elements import Element, Elements, items_of
from workstation.signing.verifier_buffer import VerifierBuffer

SERIES, _INSTANCES = 0x00081115, 0x00081199
_ENDLESS = 1 << 40


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """One series of one study: ``sums`` are the sizes of its first instances together, ``empty`` that of the rest."""

    study: Elements
    series: Elements
    sums: tuple[int, ...]
    empty: int

    @property
    def count(self) -> int:
        """How many instances the group has."""
        return len(self.sums) - 1


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a group that goes into one item."""

    group: int
    start: int
    count: int


def groups_of(evidence: Element) -> tuple[EvidenceGroup, ...]:
    """Return the series of all studies of an evidence sequence that have instances."""
    found = []
    for study in evidence.items or ():
        for series in items_of(study, SERIES):
            instances = items_of(series, _INSTANCES)
            sums = tuple(accumulate((_size(one) for one in instances), initial=0))
            found.append(EvidenceGroup(study, series, sums, _size(_series_with(series, ()))))
    return tuple(group for group in found if group.count)


def regrouped(evidence: Element, groups: Sequence[EvidenceGroup], shares: Sequence[Share]) -> Element:
    """Return the evidence with one item for each share."""
    return replace(evidence, items=tuple(_item(groups[share.group], share) for share in shares))


def _item(group: EvidenceGroup, share: Share) -> Elements:
    instances = items_of(group.series, _INSTANCES)[share.start : share.start + share.count]
    series = _series_with(group.series, instances)
    return tuple(replace(one, items=(series,)) if one.tag == SERIES else one for one in group.study)


def _series_with(series: Elements, instances: tuple[Elements, ...]) -> Elements:
    return tuple(replace(one, items=instances) if one.tag == _INSTANCES else one for one in series)


def _size(item: Elements) -> int:
    endless = VerifierBuffer(left=_ENDLESS)
    endless.take_item(item, 1)
    return _ENDLESS - endless.left
