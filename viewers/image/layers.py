"""Which frames of one grid belong to one volume where several claim one position.

Split keys (echo, b-value, phase, image type) count only there; otherwise a series that changes its image type half way
would fall apart. What nothing tells apart is a repetition: it is shown too, in a volume of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from viewers.geometry.frame import Vector3, dot
from viewers.image.description import FrameDescription, FrameGeometry

# Positions that are one: mm, or this share of the thickness, since several passes differ by what their decimals round.
_SAME_POSITION_MM = 0.01
_SAME_POSITION_SHARE = 0.02
# Keys that order the frames of one position in time, where each slice has times of its own.
_TIMES = ("trigger_time", "temporal_position", "frame_time", "acquisition_time", "content_time")

Apart = tuple[tuple[str, str], ...]
Reader = Callable[[FrameDescription], Hashable]


@dataclass(frozen=True, slots=True)
class Layer:
    """One frame at each of some positions, in order along the normal; the fields are those of ``Group``."""

    frames: tuple[FrameDescription, ...]
    layer: int
    is_repeat: bool
    repeated_mm: tuple[float, ...]
    apart: Apart


def acquired(frame: FrameDescription) -> tuple[float, str, int]:
    """Return what orders frames that have no place: the instance number, then the identifiers."""
    number = float("inf") if frame.instance_number is None else frame.instance_number
    return (number, frame.instance, frame.frame_index)


def geometry_of(frame: FrameDescription) -> FrameGeometry:
    """Return the place of a frame that is known to have one."""
    if frame.geometry is None:
        raise ValueError("the frame has no place")
    return frame.geometry


def layers(frames: list[FrameDescription], normal: Vector3) -> list[Layer]:
    """Divide frames of one grid until no position is claimed twice, by split keys as far as they go."""
    ranks = _position_ranks(frames, normal)
    claims = max(Counter(ranks.values()).values())
    readers = _separating(frames, ranks, claims) if claims > 1 else []
    parts: dict[tuple[Hashable, ...], list[FrameDescription]] = defaultdict(list)
    for frame in frames:
        parts[tuple(read(frame) for _, read in readers)].append(frame)
    told = [name for place, (name, _) in enumerate(readers) if len({values[place] for values in parts}) > 1]
    found: list[Layer] = []
    for values, part in parts.items():
        named = {name: _text(value) for (name, _), value in zip(readers, values, strict=True)}
        found.extend(_piled(part, ranks, normal, tuple((name, named[name]) for name in told)))
    return found


def _text(value: Hashable) -> str:
    return "" if value is None else str(value)


def _position_ranks(frames: list[FrameDescription], normal: Vector3) -> dict[int, int]:
    """Return, by ``id`` of each frame, the rank of its position along the normal; equal positions share a rank."""
    ordered = sorted(frames, key=lambda frame: dot(geometry_of(frame).position_lps, normal))
    ranks: dict[int, int] = {}
    rank, last = -1, float("-inf")
    near = max(_SAME_POSITION_MM, _SAME_POSITION_SHARE * (frames[0].thickness_mm or 0.0))
    for frame in ordered:
        position = dot(geometry_of(frame).position_lps, normal)
        if position - last > near:
            rank += 1
            last = position
        ranks[id(frame)] = rank
    return ranks


def _separating(frames: list[FrameDescription], ranks: dict[int, int], claims: int) -> list[tuple[str, Reader]]:
    """Return what tells frames of one position apart, with its name.

    A key with more values than any position has frames (a time that changes with each slice) would tear the volume
    apart, so it is not used.
    """
    names = list(dict.fromkeys(name for frame in frames for name, _ in frame.split_key))
    readers = [*((name, _key_reader(name)) for name in names), ("origin", _origin_in_plane)]
    chosen: list[tuple[str, Reader]] = []
    for name, read in readers:
        values: dict[int, set[Hashable]] = defaultdict(set)
        for frame in frames:
            values[ranks[id(frame)]].add(read(frame))
        everywhere = set().union(*values.values())
        if len(everywhere) <= claims and any(len(found) > 1 for found in values.values()):
            chosen.append((name, read))
    return chosen


def _key_reader(name: str) -> Reader:
    return lambda frame: dict(frame.split_key).get(name)


def _origin_in_plane(frame: FrameDescription) -> Hashable:
    """Where the frame begins within its plane: several stations of one examination share positions, not origins."""
    geometry = geometry_of(frame)
    return (
        round(dot(geometry.position_lps, geometry.row_direction), 1),
        round(dot(geometry.position_lps, geometry.column_direction), 1),
    )


def _piled(frames: list[FrameDescription], ranks: dict[int, int], normal: Vector3, apart: Apart) -> list[Layer]:
    """Divide what no key serves: the first frame of each position, the second of each, and so on, in time."""
    by_rank: dict[int, list[FrameDescription]] = defaultdict(list)
    for frame in sorted(frames, key=_in_time):
        by_rank[ranks[id(frame)]].append(frame)
    order = sorted(by_rank)
    repeated = {rank for rank in order if len({frame.split_key for frame in by_rank[rank]}) < len(by_rank[rank])}
    start = dot(geometry_of(by_rank[order[0]][0]).position_lps, normal)
    places = tuple(dot(geometry_of(by_rank[rank][0]).position_lps, normal) - start for rank in sorted(repeated))
    depth = max(len(found) for found in by_rank.values())
    found: list[Layer] = []
    for layer in range(depth):
        held = [rank for rank in order if layer < len(by_rank[rank])]
        told = apart if depth == 1 else (*apart, ("pass", str(layer + 1)))
        found.append(
            Layer(
                frames=tuple(by_rank[rank][layer] for rank in held),
                layer=layer,
                is_repeat=layer > 0 and any(rank in repeated for rank in held),
                repeated_mm=() if layer else places,
                apart=told,
            )
        )
    return found


def _in_time(frame: FrameDescription) -> tuple[tuple[tuple[float, str], ...], tuple[float, str, int]]:
    keys = dict(frame.split_key)
    return tuple(_moment(keys.get(name, "")) for name in _TIMES), acquired(frame)


def _moment(text: str) -> tuple[float, str]:
    try:
        return float(text), ""
    except ValueError:
        return 0.0, text
