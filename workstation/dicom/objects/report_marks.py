"""Coordinates of a structured report as drawings: on the image that they name, or in its frame of reference.

Source: PS3.3 C.18.6 (SCOORD), C.18.9 (SCOORD3D), PS3.16 TID 1500.
"""

from collections.abc import Iterator

from viewers.geometry.frame import Vector3
from viewers.graphics.model import Drawing, Figure, Layer, Place, SpacePlace
from viewers.graphics.outlines import circle, ellipse, ellipsoid
from viewers.identifiers import FrameOfReferenceUID
from workstation.dicom.header import Header
from workstation.dicom.objects.content_tree import ContentItem, ContentTree, value_text
from workstation.dicom.objects.provenance import author_of, colour_of, image_place

TRACKING_IDENTIFIER = "112039"
FINDING = "121071"
FINDING_SITES = ("363698007", "G-C0E3")
_MOST_VALUES = 4
_COORDINATES = frozenset({"SCOORD", "SCOORD3D"})
# The first pixel's corner is 0\0 there, its centre 0\0 here. Source: PS3.3 C.18.6.1.1.
_HALF_PIXEL = 0.5
Shape = tuple[Figure, tuple[Vector3, ...]]


def report_layers(tree: ContentTree, header: Header) -> tuple[Layer, ...]:
    """Return the drawings of a report as one layer with the name of its author or device; none where it has none."""
    drawings = tuple(_drawings(tree, tree.root, ()))
    if not drawings:
        return ()
    uid = header.uid("SOPInstanceUID")
    return (Layer(uid, observer(tree) or author_of(header), colour_of(uid), drawings),)


def observer(tree: ContentTree) -> str:
    """Return the observer that the report names: a person, else a device with its model. Source: PS3.16 TID 1002."""
    person = tree.root.find("121008")
    if person is not None:
        return value_text(person)
    names = (tree.root.find("121013"), tree.root.find("121015"))
    return " ".join(value_text(one) for one in names if one is not None)


def _drawings(tree: ContentTree, item: ContentItem, above: tuple[ContentItem, ...]) -> Iterator[Drawing]:
    if item.kind in _COORDINATES and not item.points_to:
        yield from _drawing(tree, item, above)
    for child in item.children:
        yield from _drawings(tree, child, (item, *above))


def _drawing(tree: ContentTree, item: ContentItem, above: tuple[ContentItem, ...]) -> Iterator[Drawing]:
    places = _places(tree, item)
    shapes = _shapes(item)
    label = _label(item, above)
    for number, (figure, points) in enumerate(shapes):
        yield Drawing(places, figure, points, label if number == 0 else ())


def _places(tree: ContentTree, item: ContentItem) -> tuple[Place, ...]:
    if item.kind == "SCOORD3D":
        return (SpacePlace(FrameOfReferenceUID(item.header.uid("ReferencedFrameOfReferenceUID"))),)
    below = (tree.target(child) for child in item.children)
    return tuple(image_place(one.header.item("ReferencedSOPSequence")) for one in below if one.kind == "IMAGE")


def _shapes(item: ContentItem) -> tuple[Shape, ...]:
    """Return what is drawn; coordinates of a wrong number are left out."""
    numbers = item.header.numbers("GraphicData")
    step = 3 if item.kind == "SCOORD3D" else 2
    if not numbers or len(numbers) % step:
        return ()
    rows = [numbers[start : start + step] for start in range(0, len(numbers), step)]
    points: tuple[Vector3, ...] = tuple(
        (row[0], row[1], row[2]) if step == 3 else (row[0] - _HALF_PIXEL, row[1] - _HALF_PIXEL, 0.0) for row in rows
    )
    return shapes_of(item.header.text("GraphicType"), points)


def shapes_of(graphic: str, points: tuple[Vector3, ...]) -> tuple[Shape, ...]:
    """Return a graphic of the standard as figures; one with too few points, or of no known type, is none."""
    if graphic in ("POINT", "MULTIPOINT"):
        return ((Figure.POINTS, points),)
    if graphic in ("POLYLINE", "INTERPOLATED"):
        is_closed = len(points) > 3 and points[0] == points[-1]
        return ((Figure.OUTLINE, points[:-1]),) if is_closed else ((Figure.LINE, points),)
    if graphic == "POLYGON":
        return ((Figure.OUTLINE, points[:-1] if len(points) > 3 and points[0] == points[-1] else points),)
    if graphic == "CIRCLE" and len(points) == 2:
        return ((Figure.OUTLINE, circle(points[0], points[1])),)
    if graphic == "ELLIPSE" and len(points) == 4:
        return ((Figure.OUTLINE, ellipse(points)),)
    if graphic == "ELLIPSOID" and len(points) == 6:
        return tuple((Figure.OUTLINE, outline) for outline in ellipsoid(points))
    return ()


def _label(item: ContentItem, above: tuple[ContentItem, ...]) -> tuple[str, ...]:
    """Return what a mark is called: its group's tracking identifier, finding, site, and what was measured on it."""
    parent = above[0] if above else item
    group = next((one for one in above if one.kind == "CONTAINER"), parent)
    below = group.children
    named = [one for one in below if one.concept.value == TRACKING_IDENTIFIER]
    named += [one for one in below if one.kind == "CODE" and one.concept.value in (FINDING, *FINDING_SITES)]
    lines = [" · ".join(dict.fromkeys(value_text(one) for one in named if value_text(one)))]
    numbers = [parent] if parent.kind == "NUM" else [one for one in below if one.kind == "NUM"]
    lines += [f"{one.name} {value_text(one)}" for one in numbers[:_MOST_VALUES]]
    if not any(lines):
        lines = [" ".join(part for part in (parent.name, value_text(parent)) if part) or item.name]
    return tuple(line for line in lines if line)
