"""Segments of a volume: masks laid into a grid by their positions, and cut by any plane of the same space.

Source: PS3.3 C.8.20.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import (
    FloatArray,
    Vector3,
    as_vector,
    cross,
    dot,
    index_to_lps,
    length,
    lps_to_index,
    make_affine,
    scaled,
    subtracted,
    unit,
)
from viewers.geometry.plane import ImagePlane
from viewers.graphics.errors import SegmentsTooMany, SegmentsUnplaced
from viewers.graphics.model import Colour
from viewers.identifiers import FrameOfReferenceUID

# What all masks of one object may take.
_MOST_BYTES = 1 << 31
# Positions that differ by less, mm, are one position; directions that differ by less are one direction.
_SAME_MM = 0.01
_SAME_DIRECTION = 1e-3
_UNIT = 1e-2
# Steps between positions that are whole multiples of the smallest to this part are one grid.
_EVEN = 0.02
_FULL = 255


@dataclass(frozen=True, slots=True, eq=False)
class SegmentFrame:
    """One received mask: ``values`` 0 to 255, shape (rows, columns), 255 where it is fully inside.

    ``position_lps`` is the centre of its first pixel; spacings are between rows and between columns, mm.
    """

    values: NDArray[np.uint8]
    position_lps: Vector3
    row_direction: Vector3
    column_direction: Vector3
    row_spacing_mm: float
    column_spacing_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One segment: its mask, shape (k, j, i), 0 to 255, cropped to what is inside, and the affine of that part.

    ``ml`` is its volume where its frames follow each other evenly, else ``None``.
    """

    id: str
    name: str
    colour: Colour
    mask: NDArray[np.uint8] = field(repr=False)
    affine: FloatArray = field(repr=False)
    ml: float | None
    is_fractional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """The segments of one object, in one frame of reference."""

    frame_of_reference: FrameOfReferenceUID
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SegmentCut:
    """What a plane shows of a segment: values 0 to 255, shape (height, width), at ``corner`` (column, row)."""

    segment: Segment
    corner: tuple[int, int]
    values: NDArray[np.uint8]


def build_segment(
    identifier: str,
    name: str,
    colour: Colour,
    frames: Sequence[SegmentFrame],
    depth_mm: float | None,
    *,
    is_fractional: bool = False,
    has_gaps: bool = False,
) -> Segment:
    """Return a segment from its frames, in any order.

    Frames at one position are united. A position without a frame is empty, as the standard allows: a frame reaches
    half of ``depth_mm`` to either side, or half of the way to the nearest other where that is less or nothing is
    stated. Where it ``has_gaps`` the depth says nothing of what lies between frames, and there is no volume.

    Raises
    ------
    SegmentsUnplaced
        Frames are missing, or do not lie parallel on one grid.
    SegmentsTooMany
        The grid would be too large.
    """
    if not frames:
        raise SegmentsUnplaced("a segment without frames")
    first = frames[0]
    _check_parallel(frames)
    normal = unit(cross(first.row_direction, first.column_direction))
    along = np.array([dot(frame.position_lps, normal) for frame in frames])
    step, is_even = _step(along, depth_mm)
    lowest = float(along.min())
    rows, columns = first.values.shape
    if ((float(along.max()) - lowest) / step + 1.0) * rows * columns > _MOST_BYTES:
        raise SegmentsTooMany("the grid of a segment")
    places = np.rint((along - lowest) / step).astype(int)
    mask = np.zeros((int(places.max()) + 1, rows, columns), np.uint8)
    for place, frame in zip(places, frames, strict=True):
        np.maximum(mask[place], frame.values, out=mask[place])
    start = frames[int(np.argmin(along))].position_lps
    affine = make_affine(
        start,
        scaled(first.row_direction, first.column_spacing_mm),
        scaled(first.column_direction, first.row_spacing_mm),
        scaled(normal, step),
    )
    voxel_ml = first.row_spacing_mm * first.column_spacing_mm * step / 1000.0
    inside = float(mask.sum(dtype=np.float64)) / _FULL if is_fractional else float(np.count_nonzero(mask))
    ml = inside * voxel_ml if is_even and not has_gaps else None
    return _cropped(Segment(identifier, name, colour, mask, affine, ml, is_fractional))


def closest_mm(positions_lps: Sequence[Vector3], normal: Vector3) -> float | None:
    """Return how far the two closest positions lie apart along a normal, mm; ``None`` where all are one."""
    steps = np.diff(np.unique([dot(position, normal) for position in positions_lps]))
    steps = steps[steps > _SAME_MM]
    return float(steps.min()) if steps.size else None


def cut(segment: Segment, plane: ImagePlane) -> SegmentCut | None:
    """Return what a plane shows of a segment, by the nearest voxel; ``None`` where it does not meet it."""
    if not segment.mask.size:
        return None
    counts = np.array(segment.mask.shape[::-1])
    corners = index_to_lps(
        segment.affine,
        np.array([(x, y, z) for x in _ends(counts[0]) for y in _ends(counts[1]) for z in _ends(counts[2])]),
    )
    seen = np.array([(*plane.lps_to_pixel(as_vector(one)), plane.distance_mm(as_vector(one))) for one in corners])
    if seen[:, 2].min() > 0.0 or seen[:, 2].max() < 0.0:
        return None
    left, top = (max(0, int(np.floor(seen[:, axis].min()))) for axis in (0, 1))
    right = min(plane.width, int(np.ceil(seen[:, 0].max())) + 1)
    bottom = min(plane.height, int(np.ceil(seen[:, 1].max())) + 1)
    if left >= right or top >= bottom:
        return None
    index = _indices(segment, plane, (left, top), (right - left, bottom - top))
    inside = np.all((index >= 0) & (index < counts), axis=-1)
    if not inside.any():
        return None
    i, j, k = (np.clip(index[..., axis], 0, counts[axis] - 1) for axis in range(3))
    values = np.where(inside, segment.mask[k, j, i], 0).astype(np.uint8)
    return SegmentCut(segment, (left, top), values) if values.any() else None


def _ends(count: int) -> tuple[float, float]:
    return -0.5, count - 0.5


def _indices(segment: Segment, plane: ImagePlane, corner: tuple[int, int], size: tuple[int, int]) -> NDArray[np.int64]:
    """Return the nearest voxel (i, j, k) of each pixel, shape (height, width, 3)."""
    start = np.array(plane.pixel_to_lps(*corner))
    points = np.array([start, start + plane.column_step_mm, start + plane.row_step_mm])
    first, across, down = lps_to_index(segment.affine, points)
    columns, rows = np.arange(size[0])[np.newaxis, :, np.newaxis], np.arange(size[1])[:, np.newaxis, np.newaxis]
    nearest: NDArray[np.int64] = np.floor(first + columns * (across - first) + rows * (down - first) + 0.5).astype(
        np.int64
    )
    return nearest


def _check_parallel(frames: Sequence[SegmentFrame]) -> None:
    first = frames[0]
    sizes = (length(first.row_direction), length(first.column_direction))
    if max(abs(size - 1.0) for size in sizes) > _UNIT or abs(dot(first.row_direction, first.column_direction)) > _UNIT:
        raise SegmentsUnplaced("directions that are no axes")
    for frame in frames:
        away = subtracted(frame.position_lps, first.position_lps)
        apart = max(
            *(abs(a - b) for a, b in zip(frame.row_direction, first.row_direction, strict=True)),
            *(abs(a - b) for a, b in zip(frame.column_direction, first.column_direction, strict=True)),
        )
        aside = max(abs(dot(away, first.row_direction)), abs(dot(away, first.column_direction)))
        if apart > _SAME_DIRECTION or aside > first.column_spacing_mm / 2 or frame.values.shape != first.values.shape:
            raise SegmentsUnplaced("frames that lie on no common grid")


def _step(along: FloatArray, depth_mm: float | None) -> tuple[float, bool]:
    """Return the step of the grid along the normal, and whether all positions are whole steps from the first."""
    ordered = np.unique(along)
    steps = np.diff(ordered)
    steps = steps[steps > _SAME_MM]
    if not steps.size:
        return (depth_mm or 1.0), depth_mm is not None
    step = float(steps.min())
    if depth_mm is not None:
        # Frames that lie further apart than they are deep have empty positions between them.
        step /= max(1, round(step / depth_mm))
    # Several rounded positions tell the step better than the smallest difference of two.
    whole = np.rint(steps / step)
    is_even = bool(np.abs(steps / step - whole).max() <= _EVEN)
    return (float(steps.sum() / whole.sum()) if is_even else step), is_even


def _cropped(segment: Segment) -> Segment:
    found = np.nonzero(segment.mask)
    if not found[0].size:
        return Segment(
            segment.id,
            segment.name,
            segment.colour,
            segment.mask[:0],
            segment.affine,
            segment.ml,
            segment.is_fractional,
        )
    low = [int(axis.min()) for axis in found]
    high = [int(axis.max()) + 1 for axis in found]
    part = np.ascontiguousarray(segment.mask[low[0] : high[0], low[1] : high[1], low[2] : high[2]])
    part.flags.writeable = False
    affine = np.array(segment.affine)
    affine[:3, 3] = index_to_lps(segment.affine, np.array([[low[2], low[1], low[0]]]))[0]
    return Segment(segment.id, segment.name, segment.colour, part, affine, segment.ml, segment.is_fractional)
