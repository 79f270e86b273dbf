"""A layout of a report in which DCMTK's verifier reads it whole; see ``verifier_buffer`` for what it loses otherwise.

The evidence is grouped into more items, and the description of the contributing equipment is filled up. Neither
changes what the report says, nor its conformance.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from workstation.signing.elements import Element, Elements, find, items_of
from workstation.signing.encoding import encode
from workstation.signing.evidence_groups import SERIES, EvidenceGroup, Share, groups_of, regrouped
from workstation.signing.part10 import read_part10
from workstation.signing.verifier_buffer import LONG_HEADER, SHORT_HEADER, TAG, VerifierBuffer, is_read_whole
from workstation.signing.verifier_steps import VerifierSteps

_EVIDENCE = (0x0040A375, 0x0040A385)
_EQUIPMENT, _DESCRIPTION = 0x0018A001, 0x0018A003
_DESCRIPTION_BYTES = 1024
_LARGEST_GROUPS = (1_000, 60, 45, 30, 24, 17, 13, 9, 7, 5, 4, 3, 2, 1)
_ALTERNATIVES = 12


def laid_out(part10: bytes) -> bytes | None:
    """Return an unsigned object as DCMTK reads it whole, unchanged where it does already; ``None`` without a layout."""
    part = read_part10(part10)
    if is_read_whole(part.elements):
        return part10
    layout = _Layout(part.elements)
    whole = next((one for one in layout.candidates() if is_read_whole(one)), None)
    return None if whole is None else part.head + encode(whole)


class _Layout:
    """A data set in three parts: what can be filled up, the evidence that can be regrouped, and what follows."""

    def __init__(self, elements: Elements) -> None:
        self._front = tuple(one for one in elements if one.tag < _EVIDENCE[0])
        self._evidence = tuple((one, groups_of(one)) for one in elements if one.tag in _EVIDENCE)
        between = tuple(one for one in elements if _EVIDENCE[0] <= one.tag <= _EVIDENCE[-1])
        self._is_plain = len(between) == len(self._evidence)
        self._rest = tuple(one for one in elements if one.tag > _EVIDENCE[-1])
        self._following = VerifierSteps(self._rest)

    def candidates(self) -> Iterator[Elements]:
        """Yield layouts that may be read whole."""
        if not self._is_plain:
            return
        for fill in range(0, _room(self._front) + 1, 2):
            front = tuple(_filled(one, fill) for one in self._front)
            buffer = VerifierBuffer()
            if not buffer.takes(front):
                continue
            for largest in _LARGEST_GROUPS:
                evidence = self._evidence_from(buffer.left, largest)
                if evidence is not None:
                    yield (*front, *evidence, *self._rest)

    def _evidence_from(self, left: int, largest: int) -> Elements | None:
        chosen: list[tuple[Share, ...]] = []
        for _, groups in self._evidence:
            buffer = VerifierBuffer(left=left)
            buffer.put(SHORT_HEADER, LONG_HEADER, is_safe=True)
            shares, left = _shares(groups, 0, 0, buffer.left, largest)
            if shares is None:
                return None
            end = VerifierBuffer(left=left)
            end.put(TAG, TAG, is_safe=True)
            left = end.left
            chosen.append(shares)
        if not self._following.fit(left):
            return None
        return tuple(regrouped(*one, shares) for one, shares in zip(self._evidence, chosen, strict=True))


def _room(front: Elements) -> int:
    described = [find(item, _DESCRIPTION) for item in items_of(front, _EQUIPMENT)]
    return min((_DESCRIPTION_BYTES - len(one.value) for one in described if one is not None), default=0)


def _filled(element: Element, fill: int) -> Element:
    if element.tag == _DESCRIPTION:
        return replace(element, value=element.value + b" ." * (fill // 2))
    if element.tag == _EQUIPMENT and element.items is not None:
        return replace(element, items=tuple(tuple(_filled(one, fill) for one in item) for item in element.items))
    return element


def _shares(
    groups: tuple[EvidenceGroup, ...], number: int, start: int, left: int, largest: int
) -> tuple[tuple[Share, ...] | None, int]:
    """Divide groups, from one instance on, into items that are not torn, and tell the room left after them."""
    if number == len(groups):
        return (), left
    group = groups[number]
    inside = VerifierBuffer(left=left)
    inside.put(TAG, TAG, is_safe=True)
    inside.put(SHORT_HEADER, LONG_HEADER, is_safe=True)
    space = group.sums[start] + inside.left - group.empty - LONG_HEADER
    most = min(largest, bisect_right(group.sums, space) - 1 - start)
    for count in range(most, max(0, most - _ALTERNATIVES), -1):
        after = VerifierBuffer(left=inside.left - group.empty - (group.sums[start + count] - group.sums[start]))
        after.put(TAG, TAG, is_safe=True)
        for element in group.study:
            if element.tag != SERIES:
                after.take(element, 1)
        is_last = start + count == group.count
        following = (number + 1, 0) if is_last else (number, start + count)
        rest, end = _shares(groups, *following, after.left, largest)
        if rest is not None:
            return (Share(number, start, count), *rest), end
    return None, left
