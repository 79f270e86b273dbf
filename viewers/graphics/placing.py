"""Which drawings lie in a picture, and where: by the image they name or by their position, never by their number.

A contour that lies in the plane shown is drawn as it is; one that crosses it leaves its chords, so that a stack of
contours can be followed in planes cut through it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from viewers.geometry.frame import Vector3, added, dot, scaled, subtracted
from viewers.geometry.plane import ImagePlane
from viewers.graphics.model import Drawing, Figure, ImagePlace, Layer, SpacePlace
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume

# A drawing whose points differ by less along the normal lies in one plane parallel to the picture.
_FLAT_MM = 0.05


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a picture lies: the volume, the slice of a stack, the plane and how far marks reach to either side."""

    volume: Volume
    slice_index: int | None
    plane: ImagePlane
    half_thickness_mm: float


@dataclass(frozen=True, slots=True)
class PlacedDrawing:
    """A drawing with its points in the space of the picture. ``is_chord`` tells what is cut from what lies flat."""

    drawing: Drawing
    figure: Figure
    points: tuple[Vector3, ...]
    label_at: Vector3 | None
    is_chord: bool = False


def placed(layers: Iterable[Layer], shown: Shown) -> tuple[tuple[Layer, tuple[PlacedDrawing, ...]], ...]:
    """Return what lies in the picture, layer by layer, in their order."""
    found = []
    for layer in layers:
        if layer.stack_only and shown.slice_index is None:
            continue
        drawings = tuple(one for drawing in layer.drawings for one in _placed(drawing, shown))
        if drawings:
            found.append((layer, drawings))
    return tuple(found)


def _placed(drawing: Drawing, shown: Shown) -> Iterable[PlacedDrawing]:
    for place in drawing.places:
        match place:
            case ImagePlace():
                yield from _on_image(drawing, place, shown)
            case SpacePlace(space) if shown.volume.is_spatial and shown.volume.frame_of_reference == space:
                yield from _in_space(drawing, drawing.points, drawing.label_at, shown)
            case _:
                continue


def _on_image(drawing: Drawing, place: ImagePlace, shown: Shown) -> Iterable[PlacedDrawing]:
    volume = shown.volume
    wanted = range(len(volume.sources)) if shown.slice_index is None else (shown.slice_index,)
    for k in wanted:
        source = volume.sources[k]
        if not place.holds(source.instance, source.frame_index):
            continue
        if not volume.is_spatial:
            yield PlacedDrawing(drawing, drawing.figure, drawing.points, drawing.label_at)
            continue
        own = slice_plane(volume, k)
        points = tuple(own.pixel_to_lps(x, y) for x, y, _ in drawing.points)
        at = None if drawing.label_at is None else own.pixel_to_lps(drawing.label_at[0], drawing.label_at[1])
        if shown.slice_index is None:
            yield from _in_space(drawing, points, at, shown)
        else:
            yield PlacedDrawing(drawing, drawing.figure, points, at)


def _in_space(
    drawing: Drawing, points: tuple[Vector3, ...], label_at: Vector3 | None, shown: Shown
) -> Iterable[PlacedDrawing]:
    plane, reach = shown.plane, shown.half_thickness_mm
    away = [plane.distance_mm(point) for point in (points or ((label_at,) if label_at is not None else ()))]
    if not away:
        return
    if drawing.figure is Figure.POINTS or not points:
        near = tuple(point for point, distance in zip(points, away, strict=False) if abs(distance) <= reach)
        if near or (not points and abs(away[0]) <= reach):
            yield PlacedDrawing(drawing, drawing.figure, near, label_at)
    elif max(map(abs, away)) <= reach:
        yield PlacedDrawing(drawing, drawing.figure, points, label_at)
    elif max(away) - min(away) <= _FLAT_MM:
        return
    elif drawing.figure is Figure.OUTLINE:
        for chord in _chords(points, away):
            yield PlacedDrawing(drawing, Figure.LINE, chord, None, is_chord=True)
    else:
        crossings = tuple(_crossings(points, away, is_closed=False))
        if crossings:
            yield PlacedDrawing(drawing, Figure.POINTS, crossings, None, is_chord=True)


def _chords(points: tuple[Vector3, ...], away: list[float]) -> Iterable[tuple[Vector3, Vector3]]:
    """Return the parts of the picture's plane that lie inside an outline which crosses it."""
    crossings = list(_crossings(points, away, is_closed=True))
    if len(crossings) < 2:
        return
    start = crossings[0]
    along = subtracted(max(crossings, key=lambda one: _far(one, start)), start)
    crossings.sort(key=lambda one: dot(subtracted(one, start), along))
    yield from zip(crossings[::2], crossings[1::2], strict=False)


def _far(one: Vector3, other: Vector3) -> float:
    between = subtracted(one, other)
    return dot(between, between)


def _crossings(points: tuple[Vector3, ...], away: list[float], *, is_closed: bool) -> Iterable[Vector3]:
    following = (*range(1, len(points)), *((0,) if is_closed else ()))
    for index, after in zip(range(len(following)), following, strict=True):
        before, behind = away[index], away[after]
        if (before < 0.0) != (behind < 0.0):
            step = subtracted(points[after], points[index])
            yield added(points[index], scaled(step, before / (before - behind)))
