"""Graphic annotations of a presentation state: shapes and texts, layer by layer, on the images that they name.

Source: PS3.3 C.10.5, C.10.7.
"""

from collections.abc import Iterator, Sequence

from viewers.geometry.frame import Vector3
from viewers.graphics.model import Colour, Drawing, Figure, ImagePlace, Layer
from viewers.graphics.presentation import Presentation
from workstation.dicom.header import Header
from workstation.dicom.objects.provenance import colour_from_lab, colour_of, image_place
from workstation.dicom.objects.report_marks import shapes_of

Images = Sequence[tuple[ImagePlace, Presentation]]
# The corner of the first pixel is 0\0 there, its centre 0\0 here. Source: PS3.3 C.10.5.1.2.
_HALF_PIXEL = 0.5


def presentation_layers(header: Header, images: Images) -> tuple[Layer, ...]:
    """Return the graphic layers, the lowest first; a layer that is not described keeps its place at the end."""
    described = {item.text("GraphicLayer"): item for item in header.items("GraphicLayerSequence")}
    drawings: dict[str, list[Drawing]] = {}
    for annotation in header.items("GraphicAnnotationSequence"):
        drawings.setdefault(annotation.text("GraphicLayer"), []).extend(_drawings(annotation, images))
    order = sorted(drawings, key=lambda name: _order(described.get(name)))
    uid = header.uid("SOPInstanceUID")
    return tuple(
        Layer(f"{uid}/{name}", name, _colour(described.get(name), uid), tuple(drawings[name]), stack_only=True)
        for name in order
        if drawings[name]
    )


def _order(layer: Header | None) -> int:
    order = None if layer is None else layer.integer("GraphicLayerOrder")
    return 1 << 30 if order is None else order


def _colour(layer: Header | None, uid: str) -> Colour:
    if layer is None:
        return colour_of(uid)
    coloured = colour_from_lab(layer.numbers("GraphicLayerRecommendedDisplayCIELabValue"))
    return coloured or colour_of(uid)


def _drawings(annotation: Header, images: Images) -> Iterator[Drawing]:
    named = [image_place(image) for image in annotation.items("ReferencedImageSequence")]
    for place, shown in _meant(named, images):
        for shape in annotation.items("GraphicObjectSequence"):
            yield from _shape(shape, place, shown)
        for text in annotation.items("TextObjectSequence"):
            yield from _text(text, place, shown)


def _meant(named: Sequence[ImagePlace], images: Images) -> Iterator[tuple[ImagePlace, Presentation]]:
    """Yield the images of an annotation with how each is shown; one that names none is on all of the state's images."""
    if not named:
        yield from images
        return
    for place in named:
        for own, shown in images:
            common = _common(place, own)
            if common is not None:
                yield common, shown


def _common(place: ImagePlace, own: ImagePlace) -> ImagePlace | None:
    """Return the frames of an annotation that the state is for; an image, or frame, that it is not for gets nothing."""
    if place.instance != own.instance:
        return None
    if not place.frames or not own.frames:
        return ImagePlace(own.instance, place.frames or own.frames)
    frames = tuple(one for one in place.frames if one in own.frames)
    return ImagePlace(own.instance, frames) if frames else None


def _shape(shape: Header, place: ImagePlace, shown: Presentation) -> Iterator[Drawing]:
    points = _points(shape.numbers("GraphicData"), shape.text("GraphicAnnotationUnits"), shown)
    is_filled = shape.text("GraphicFilled") == "Y"
    for figure, drawn in shapes_of(shape.text("GraphicType"), points):
        yield Drawing((place,), figure, drawn, is_filled=is_filled and figure is Figure.OUTLINE)


def _text(text: Header, place: ImagePlace, shown: Presentation) -> Iterator[Drawing]:
    lines = tuple(line for line in text.text("UnformattedTextValue").splitlines() if line.strip())
    box = _points(
        (*text.numbers("BoundingBoxTopLeftHandCorner"), *text.numbers("BoundingBoxBottomRightHandCorner")),
        text.text("BoundingBoxAnnotationUnits"),
        shown,
    )
    anchor = _points(text.numbers("AnchorPoint"), text.text("AnchorPointAnnotationUnits"), shown)
    at = box[0] if box else anchor[0] if anchor else None
    if not lines or at is None:
        return
    is_tied = anchor and text.text("AnchorPointVisibility") == "Y"
    yield Drawing((place,), Figure.LINE, (at, anchor[0]) if box and is_tied else (), lines, at)


def _points(numbers: Sequence[float], units: str, shown: Presentation) -> tuple[Vector3, ...]:
    if not numbers or len(numbers) % 2:
        return ()
    pairs = [(numbers[start], numbers[start + 1]) for start in range(0, len(numbers), 2)]
    if units == "DISPLAY":
        return tuple(_from_display(x, y, shown) for x, y in pairs)
    return tuple((x - _HALF_PIXEL, y - _HALF_PIXEL, 0.0) for x, y in pairs)


def _from_display(x: float, y: float, shown: Presentation) -> Vector3:
    """Return the image pixel at a part of the displayed area, as it stands turned and flipped on the screen."""
    if shown.flipped_horizontally:
        x = 1.0 - x
    for _ in range(shown.rotation_degrees // 90):
        x, y = y, 1.0 - x
    left, top, right, bottom = shown.area or (-0.5, -0.5, 0.5, 0.5)
    return left + x * (right - left), top + y * (bottom - top), 0.0
