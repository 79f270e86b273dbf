"""Which frames belong to one volume: those that lie side by side, one at each position.

Frames are told apart by their space, orientation, matrix and spacing. Split keys (echo, b-value, phase, image type)
count only where several frames claim one position; otherwise a series that changes its image type half way would fall
apart. Every frame ends in exactly one group.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from viewers.geometry.frame import Vector3, cross, dot, length, unit
from viewers.image.description import FrameDescription, FrameGeometry

# Direction cosines that differ by less are one orientation: less than a quarter of a millimetre over a body.
_SAME_COSINE = 1e-3
# Relative difference of spacings that are one.
_SAME_SPACING = 1e-3
# Row and column directions must be unit vectors at a right angle to this tolerance to be believed.
_RIGHT_ANGLE = 1e-2
# Positions, mm, that are one.
SAME_POSITION_MM = 0.01

Frames = tuple[FrameDescription, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The frames of one volume, in order; ``extra_layer`` counts from 1 where it repeats positions of another."""

    frames: Frames
    is_spatial: bool
    extra_layer: int = 0


def group(frames: Sequence[FrameDescription]) -> tuple[Group, ...]:
    """Return every frame in one group, spatial groups ordered along the normal, the others by instance number."""
    groups: list[Group] = []
    for like in _alike(frames):
        if is_placed(like[0]):
            groups.extend(_by_position(like))
        else:
            groups.append(Group(tuple(sorted(like, key=_acquired)), False))
    return tuple(sorted(groups, key=_first_acquired))


def is_placed(frame: FrameDescription) -> bool:
    """Whether the header gives the frame a believable place and size in the patient."""
    return frame.geometry is not None and _is_right_angled(frame.geometry) and has_spacing(frame)


def has_spacing(frame: FrameDescription) -> bool:
    """Whether the size of a pixel is known."""
    return (frame.row_spacing_mm or 0.0) > 0.0 and (frame.column_spacing_mm or 0.0) > 0.0


def normal_of(frame: FrameDescription) -> Vector3:
    """Return the unit normal of a placed frame, row direction × column direction."""
    geometry = _geometry(frame)
    return unit(cross(geometry.row_direction, geometry.column_direction))


def _geometry(frame: FrameDescription) -> FrameGeometry:
    if frame.geometry is None:
        raise ValueError("the frame has no place")
    return frame.geometry


def _is_right_angled(geometry: FrameGeometry) -> bool:
    row, column = geometry.row_direction, geometry.column_direction
    return (
        abs(length(row) - 1.0) < _RIGHT_ANGLE
        and abs(length(column) - 1.0) < _RIGHT_ANGLE
        and abs(dot(row, column)) < _RIGHT_ANGLE
    )


def _acquired(frame: FrameDescription) -> tuple[float, str, int]:
    number = float("inf") if frame.instance_number is None else frame.instance_number
    return (number, frame.instance, frame.frame_index)


def _first_acquired(group_: Group) -> tuple[float, int, tuple[tuple[str, float, str], ...], str, int]:
    first = min(group_.frames, key=_acquired)
    keys = tuple((name, _as_number(value), value) for name, value in first.split_key)
    number = float("inf") if first.instance_number is None else first.instance_number
    return (number, group_.extra_layer, keys, first.instance, first.frame_index)


def _as_number(value: str) -> float:
    """Let echo 10 come after echo 9."""
    try:
        return float(value)
    except ValueError:
        return 0.0


def _alike(frames: Iterable[FrameDescription]) -> list[list[FrameDescription]]:
    exact: dict[Hashable, list[list[FrameDescription]]] = defaultdict(list)
    for frame in frames:
        clusters = exact[_exact_key(frame)]
        for cluster in clusters:
            if _same_grid(cluster[0], frame):
                cluster.append(frame)
                break
        else:
            clusters.append([frame])
    return [cluster for clusters in exact.values() for cluster in clusters]


def _exact_key(frame: FrameDescription) -> Hashable:
    shape = frame.format
    negative = shape.photometric == "MONOCHROME1" or frame.inverse_shape
    place = (frame.frame_of_reference, is_placed(frame))
    return (frame.series, frame.modality, shape.rows, shape.columns, shape.samples, shape.photometric, negative, place)


def _same_grid(one: FrameDescription, other: FrameDescription) -> bool:
    if not _close(one.row_spacing_mm, other.row_spacing_mm):
        return False
    if not _close(one.column_spacing_mm, other.column_spacing_mm):
        return False
    if not is_placed(one):
        return True
    first, second = _geometry(one), _geometry(other)
    cosines = zip(
        first.row_direction + first.column_direction, second.row_direction + second.column_direction, strict=True
    )
    return all(abs(a - b) <= _SAME_COSINE for a, b in cosines)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME_SPACING * max(abs(one), abs(other))


def _by_position(frames: list[FrameDescription]) -> list[Group]:
    """Divide frames of one grid until no position is claimed twice, by split keys as far as they go."""
    normal = normal_of(frames[0])
    ranks = _position_ranks(frames, normal)
    parts: dict[Hashable, list[FrameDescription]] = {(): frames}
    claims = max(Counter(ranks.values()).values())
    if claims > 1:
        names = _separating(frames, ranks, claims)
        parts = defaultdict(list)
        for frame in frames:
            parts[tuple(read(frame) for read in names)].append(frame)
    groups: list[Group] = []
    for part in parts.values():
        groups.extend(_layers(part, ranks))
    return groups


def _position_ranks(frames: list[FrameDescription], normal: Vector3) -> dict[int, int]:
    """Return, by ``id`` of each frame, the rank of its position along the normal; equal positions share a rank."""
    ordered = sorted(frames, key=lambda frame: dot(_geometry(frame).position_lps, normal))
    ranks: dict[int, int] = {}
    rank, last = -1, float("-inf")
    for frame in ordered:
        position = dot(_geometry(frame).position_lps, normal)
        if position - last > SAME_POSITION_MM:
            rank += 1
            last = position
        ranks[id(frame)] = rank
    return ranks


Reader = Callable[[FrameDescription], Hashable]


def _separating(frames: list[FrameDescription], ranks: dict[int, int], claims: int) -> list[Reader]:
    """Return what tells frames of one position apart.

    A key with more values than any position has frames (a time that changes with each slice) would tear the volume
    apart, so it is not used.
    """
    names = list(dict.fromkeys(name for frame in frames for name, _ in frame.split_key))
    readers = [_key_reader(name) for name in names]
    readers.append(_origin_in_plane)
    chosen: list[Reader] = []
    for read in readers:
        values: dict[int, set[Hashable]] = defaultdict(set)
        for frame in frames:
            values[ranks[id(frame)]].add(read(frame))
        everywhere = set().union(*values.values())
        if len(everywhere) <= claims and any(len(found) > 1 for found in values.values()):
            chosen.append(read)
    return chosen


def _key_reader(name: str) -> Reader:
    return lambda frame: dict(frame.split_key).get(name)


def _origin_in_plane(frame: FrameDescription) -> Hashable:
    """Where the frame begins within its plane: several stations of one examination share positions, not origins."""
    geometry = _geometry(frame)
    return (
        round(dot(geometry.position_lps, geometry.row_direction), 1),
        round(dot(geometry.position_lps, geometry.column_direction), 1),
    )


def _layers(frames: list[FrameDescription], ranks: dict[int, int]) -> list[Group]:
    """Divide what nothing tells apart: the first frame of each position, the second of each, and so on."""
    by_rank: dict[int, list[FrameDescription]] = defaultdict(list)
    for frame in sorted(frames, key=_acquired):
        by_rank[ranks[id(frame)]].append(frame)
    depth = max(len(found) for found in by_rank.values())
    return [
        Group(tuple(by_rank[rank][layer] for rank in sorted(by_rank) if layer < len(by_rank[rank])), True, layer)
        for layer in range(depth)
    ]
