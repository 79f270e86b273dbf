"""What assembling met, in the words of the passport: each irregularity is told, none is smoothed over."""

from collections.abc import Iterator
from itertools import pairwise

from viewers.image.compression import Compression
from viewers.image.grouping import Frames, Group, has_spacing
from viewers.image.spacing import Stacking
from viewers.image.volume import FindingKind, GeometryFinding

# Slices further apart than this many times their thickness leave more than half of the body between them unmeasured.
_FAR_THICKNESSES = 2.01


def group_findings(found: Group, count: int) -> Iterator[GeometryFinding]:
    """Yield what the frames of one of ``count`` volumes tell before any position is looked at."""
    frames = found.frames
    if count > 1:
        yield GeometryFinding(FindingKind.SPLIT, count=count)
    if found.is_repeat:
        yield GeometryFinding(FindingKind.REPEAT, count=len(frames))
    if found.repeated_mm:
        yield GeometryFinding(FindingKind.DUPLICATE, found.repeated_mm, count=len(found.repeated_mm))
    if not has_spacing(frames[0]):
        yield GeometryFinding(FindingKind.MISSING_SPACING, count=len(frames))
    parts = missing_parts(frames)
    if parts:
        yield GeometryFinding(FindingKind.CONCATENATION, count=parts)
    if found.is_spatial and str(frames[0].frame_of_reference) == str(frames[0].series):
        yield GeometryFinding(FindingKind.OWN_SPACE, count=len(frames))
    lossy = sum(frame.lossy for frame in frames)
    if lossy:
        ratio = max(Compression.of(frame.compression for frame in frames).ratios, default=None)
        yield GeometryFinding(FindingKind.LOSSY, value=ratio, count=lossy)


def missing_parts(frames: Frames) -> int:
    """Return how many objects of the concatenations that the frames come from are not there. Source: PS3.3 C.7.6.16."""
    totals: dict[str, int] = {}
    held: dict[str, set[int]] = {}
    for frame in frames:
        part = frame.concatenation
        if part is not None:
            totals[part.uid] = max(totals.get(part.uid, 0), part.total or 0, part.number)
            held.setdefault(part.uid, set()).add(part.number)
    return sum(max(0, total - len(held[uid])) for uid, total in totals.items())


def placeless_finding(frames: Frames) -> GeometryFinding:
    """Return why frames are only a stack: they have no place, or one that cannot be believed."""
    has_place = all(frame.geometry is not None for frame in frames)
    kind = FindingKind.SKEWED if has_place and has_spacing(frames[0]) else FindingKind.NO_GEOMETRY
    return GeometryFinding(kind, count=len(frames))


def stacking_findings(piled: Stacking, thickness_mm: float | None) -> Iterator[GeometryFinding]:
    """Yield what the positions of the slices tell; ``thickness_mm`` is that of one slice, where it is known."""
    for gap in piled.gaps:
        yield GeometryFinding(FindingKind.GAP, gap.positions_mm, gap.distance_mm, len(gap.positions_mm))
    if piled.is_uneven:
        yield GeometryFinding(FindingKind.UNEVEN_SPACING, piled.positions_mm, piled.largest_deviation_mm)
    if piled.is_tilted:
        yield GeometryFinding(FindingKind.TILT, value=piled.tilt_degrees)
    if piled.is_shifted:
        yield GeometryFinding(FindingKind.SHIFTED, value=piled.largest_shift_mm)
    if len(piled.positions_mm) == 1:
        yield GeometryFinding(FindingKind.SINGLE_SLICE, count=1)
    else:
        yield from _apart(piled, thickness_mm)


def _apart(piled: Stacking, thickness_mm: float | None) -> Iterator[GeometryFinding]:
    """Yield that slices lie so far apart that most of what is shown between them was never measured.

    Of two alone no other distance says what is usual: without a thickness that is told too.
    """
    inside = [after - before for before, after in pairwise(piled.positions_mm)]
    kept = [distance for distance, is_gap in zip(inside, piled.gap_after.tolist(), strict=True) if not is_gap]
    widest = max(kept, default=0.0)
    far = widest > _FAR_THICKNESSES * thickness_mm if thickness_mm else len(inside) == 1
    if far:
        yield GeometryFinding(FindingKind.APART, value=widest, count=len(piled.positions_mm))
