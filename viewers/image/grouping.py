"""Which frames belong to one volume: those that lie side by side, one at each position.

Frames are told apart by their space, orientation, matrix, spacing and stack, and a localiser from what it plans; then,
where several claim one position, by what ``viewers.image.layers`` reads. Every frame ends in exactly one group.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from viewers.geometry.frame import Vector3, cross, dot, length, unit
from viewers.image.description import FrameDescription, FrameGeometry
from viewers.image.layers import Apart, acquired, geometry_of, layers

# Direction cosines that differ by less are one orientation: less than a quarter of a millimetre over a body.
_SAME_COSINE = 1e-3
# Relative difference of spacings that are one.
_SAME_SPACING = 1e-3
# Row and column directions must be unit vectors at a right angle to this tolerance to be believed.
_RIGHT_ANGLE = 1e-2
_STACK = "stack"

Frames = tuple[FrameDescription, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The frames of one volume, in order, and what tells them from those of the other volumes.

    ``layer`` counts from 1 where it repeats positions of another group that nothing but the order tells from it;
    ``repeated_mm`` are the positions, along the normal from the first slice, at which such frames were taken out.
    """

    frames: Frames
    is_spatial: bool
    layer: int = 0
    is_repeat: bool = False
    repeated_mm: tuple[float, ...] = ()
    apart: Apart = ()


def group(frames: Sequence[FrameDescription]) -> tuple[Group, ...]:
    """Return every frame in one group, spatial groups ordered along the normal, the others by instance number."""
    groups: list[Group] = []
    clusters = _alike(frames)
    kinds = [name for name, read in _KINDS if len({read(cluster[0]) for cluster in clusters}) > 1]
    for cluster in clusters:
        apart = tuple((name, str(dict(_KINDS)[name](cluster[0]))) for name in kinds)
        if not is_placed(cluster[0]):
            groups.append(Group(tuple(sorted(cluster, key=acquired)), False, apart=apart))
            continue
        for found in layers(cluster, normal_of(cluster[0])):
            groups.append(
                Group(found.frames, True, found.layer, found.is_repeat, found.repeated_mm, apart + found.apart)
            )
    return tuple(sorted(groups, key=_first_acquired))


def is_placed(frame: FrameDescription) -> bool:
    """Whether the header gives the frame a believable place and size in the patient."""
    return frame.geometry is not None and _is_right_angled(frame.geometry) and has_spacing(frame)


def has_spacing(frame: FrameDescription) -> bool:
    """Whether the size of a pixel is known."""
    return (frame.row_spacing_mm or 0.0) > 0.0 and (frame.column_spacing_mm or 0.0) > 0.0


def normal_of(frame: FrameDescription) -> Vector3:
    """Return the unit normal of a placed frame, row direction × column direction."""
    geometry = geometry_of(frame)
    return unit(cross(geometry.row_direction, geometry.column_direction))


def _is_right_angled(geometry: FrameGeometry) -> bool:
    row, column = geometry.row_direction, geometry.column_direction
    return (
        abs(length(row) - 1.0) < _RIGHT_ANGLE
        and abs(length(column) - 1.0) < _RIGHT_ANGLE
        and abs(dot(row, column)) < _RIGHT_ANGLE
    )


def _first_acquired(group_: Group) -> tuple[float, int, tuple[tuple[str, float, str], ...], str, int]:
    first = min(group_.frames, key=acquired)
    keys = tuple((name, _as_number(value), value) for name, value in first.split_key)
    number = float("inf") if first.instance_number is None else first.instance_number
    return (number, group_.layer, keys, first.instance, first.frame_index)


def _as_number(value: str) -> float:
    """Let echo 10 come after echo 9."""
    try:
        return float(value)
    except ValueError:
        return 0.0


def _alike(frames: Iterable[FrameDescription]) -> list[list[FrameDescription]]:
    exact: dict[Hashable, list[list[FrameDescription]]] = defaultdict(list)
    kept = tuple(frames)
    stacks = _stacks(kept)
    for frame in kept:
        clusters = exact[_exact_key(frame), stacks and _stack(frame)]
        for cluster in clusters:
            if _same_grid(cluster[0], frame):
                cluster.append(frame)
                break
        else:
            clusters.append([frame])
    return [cluster for clusters in exact.values() for cluster in clusters]


def _stacks(frames: Sequence[FrameDescription]) -> bool:
    """Whether the stacks that a multi-frame object names are volumes: several, each of more than one frame."""
    sizes: dict[str, int] = defaultdict(int)
    for frame in frames:
        sizes[_stack(frame)] += 1
    return "" not in sizes and len(sizes) > 1 and min(sizes.values()) > 1


def _stack(frame: FrameDescription) -> str:
    return dict(frame.split_key).get(_STACK, "")


def _matrix(frame: FrameDescription) -> str:
    return f"{frame.format.columns}x{frame.format.rows}"


def _photometric(frame: FrameDescription) -> str:
    negative = frame.format.photometric == "MONOCHROME1" or frame.inverse_shape
    return f"{frame.format.photometric}{' inverse' if negative else ''}"


def _window_function(frame: FrameDescription) -> str:
    """Return how the windows of a stack work; the slices of one body share one window, and so one function."""
    return "" if is_placed(frame) else str(frame.voi_function)


def _spacing(frame: FrameDescription) -> str:
    if frame.row_spacing_mm is None or frame.column_spacing_mm is None:
        return ""
    return f"{frame.row_spacing_mm:g}\\{frame.column_spacing_mm:g}"


def _spacing_source(frame: FrameDescription) -> str:
    return f"{frame.spacing_source}{' ' if frame.calibration else ''}{frame.calibration}"


def _aspect(frame: FrameDescription) -> str:
    return f"{frame.pixel_aspect:.3f}"


def _orientation(frame: FrameDescription) -> str:
    if frame.geometry is None:
        return ""
    cosines = frame.geometry.row_direction + frame.geometry.column_direction
    # Without a zero that is negative.
    return "\\".join(f"{round(cosine, 3) + 0.0:.3f}" for cosine in cosines)


def _is_localizer(frame: FrameDescription) -> bool:
    return "LOCALIZER" in frame.image_type


# What can tell one volume of a series from another before any position is looked at, as scripts and readers are told.
_KINDS: tuple[tuple[str, Callable[[FrameDescription], Hashable]], ...] = (
    ("modality", lambda frame: frame.modality),
    ("matrix", _matrix),
    ("photometric", _photometric),
    ("voi_function", _window_function),
    ("localizer", _is_localizer),
    ("frame_of_reference", lambda frame: frame.frame_of_reference or ""),
    ("has_place", lambda frame: is_placed(frame)),
    ("spacing", _spacing),
    ("spacing_source", _spacing_source),
    ("pixel_aspect", _aspect),
    ("orientation", _orientation),
    (_STACK, _stack),
)


def _exact_key(frame: FrameDescription) -> Hashable:
    place = (frame.frame_of_reference, is_placed(frame), _is_localizer(frame))
    size = (_spacing_source(frame), "" if has_spacing(frame) else _aspect(frame))
    shown = (_photometric(frame), _window_function(frame))
    return (frame.series, frame.modality, _matrix(frame), frame.format.samples, shown, place, size)


def _same_grid(one: FrameDescription, other: FrameDescription) -> bool:
    if not _close(one.row_spacing_mm, other.row_spacing_mm):
        return False
    if not _close(one.column_spacing_mm, other.column_spacing_mm):
        return False
    if not is_placed(one):
        return True
    first, second = geometry_of(one), geometry_of(other)
    cosines = zip(
        first.row_direction + first.column_direction, second.row_direction + second.column_direction, strict=True
    )
    return all(abs(a - b) <= _SAME_COSINE for a, b in cosines)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME_SPACING * max(abs(one), abs(other))
