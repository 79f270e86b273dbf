"""The frames of one object after the other: what an object has in common with the one before it is not read again.

Which attributes a description rests on is not listed anywhere, but watched while the first object of a series is
described: where all of them are the same in the next object, its description is the same, but for what is its own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from viewers.identifiers import InstanceUID, SeriesUID
from viewers.image.description import FrameDescription, FrameGeometry
from workstation.dicom.describe_frames import describe_frames
from workstation.dicom.functional_groups import frame_headers
from workstation.dicom.header import DicomJson, Header, tag_of
from workstation.dicom.split_keys import split_key

_INSTANCE, _NUMBER, _POSITION = "SOPInstanceUID", "InstanceNumber", "ImagePositionPatient"
_OWN: Final = tuple(tag_of(keyword) for keyword in (_INSTANCE, _NUMBER, _POSITION))
# Which change from slice to slice, and tell slices apart; nothing else is made of them, unless that was seen.
_TIMES: Final = tuple(tag_of(keyword) for keyword in ("AcquisitionTime", "ContentTime"))


class _Watched(Header):
    """A header that notes which attributes are read of it, and how often."""

    __slots__ = ("is_read_whole", "reads")

    def __init__(self, header: Header) -> None:
        super().__init__(header.elements)
        self.reads: Counter[str] = Counter()
        self.is_read_whole = False

    @property
    def elements(self) -> DicomJson:
        self.is_read_whole = True
        return super().elements

    def at(self, tag: str) -> Any:
        self.reads[tag] += 1
        return super().at(tag)


@dataclass(frozen=True, slots=True)
class _Alike:
    """What the description of one frame rests on: ``tags`` all of it, ``times`` its split key alone."""

    transfer_syntax: str
    described: FrameDescription
    geometry: FrameGeometry
    tags: Sequence[str]
    values: Sequence[Any]
    times: Sequence[str]
    at_times: Sequence[Any]

    def again(self, header: Header, transfer_syntax: str) -> FrameDescription | None:
        """Return the description of another object, ``None`` where it differs in more than what is each object's."""
        if transfer_syntax != self.transfer_syntax or _values(header, self.tags) != self.values:
            return None
        position = header.numbers(_POSITION)
        if len(position) != 3:
            return None
        is_simultaneous = _values(header, self.times) == self.at_times
        return replace(
            self.described,
            instance=InstanceUID(header.uid(_INSTANCE)),
            instance_number=header.integer(_NUMBER),
            geometry=replace(self.geometry, position_lps=(position[0], position[1], position[2])),
            split_key=self.described.split_key if is_simultaneous else split_key(frame_headers(header)[0]),
        )


class FrameDescriber:
    """Describes objects of any series. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[SeriesUID, _Alike] = {}

    def describe(self, header: Header, transfer_syntax: str) -> tuple[FrameDescription, ...]:
        """Return what ``describe_frames`` does."""
        series = SeriesUID(header.uid("SeriesInstanceUID"))
        known = self._known.get(series)
        again = known.again(header, transfer_syntax) if known is not None else None
        if again is not None:
            return (again,)
        watched = _Watched(header)
        described = describe_frames(watched, transfer_syntax)
        alike = _alike(watched, transfer_syntax, described)
        if alike is not None:
            self._known[series] = alike
        return described


def _alike(watched: _Watched, transfer_syntax: str, described: Sequence[FrameDescription]) -> _Alike | None:
    """Return what a description rests on; ``None`` where what is an object's own may have gone into more than it."""
    geometry = described[0].geometry if len(described) == 1 else None
    if geometry is None or watched.is_read_whole or any(watched.reads[tag] != 1 for tag in _OWN):
        return None
    telling = _Watched(watched)
    split_key(frame_headers(telling)[0])
    times = [tag for tag in _TIMES if watched.reads[tag] == telling.reads[tag]]
    tags = [tag for tag in watched.reads if tag not in _OWN and tag not in times]
    return _Alike(transfer_syntax, described[0], geometry, tags, _values(watched, tags), times, _values(watched, times))


def _values(header: Header, tags: Sequence[str]) -> list[Any]:
    return [*map(header.elements.get, tags)]
