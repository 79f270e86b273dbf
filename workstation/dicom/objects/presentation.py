"""Softcopy presentation states: window, inversion, turn, displayed area and annotations, image by image.

Source: PS3.3 A.33.1, A.33.2, C.10.4 to C.10.7, C.11.6, C.11.8.
"""

from collections.abc import Iterator, Sequence

from viewers.graphics.model import ImagePlace
from viewers.graphics.presentation import Box, Presentation, PresentationState
from viewers.image.description import VoiFunction, Window
from viewers.image.lookup import LookupTable
from viewers.image.overlay import GROUPS as OVERLAY_GROUPS
from viewers.image.pixels import followed
from workstation.dicom.describe_shutter import shutter
from workstation.dicom.describe_values import lookup_table
from workstation.dicom.functional_groups import FrameHeader
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block, Contents, Entry, Phrase, ReadObject
from workstation.dicom.objects.presentation_marks import presentation_layers
from workstation.dicom.objects.provenance import author_of, date_of, image_place, reference_of
from workstation.dicom.objects.report import about

_SHAPES = {"INVERSE": True, "IDENTITY": False}
# Inputs of a presentation table are what the window gives, never negative. Source: PS3.3 C.11.4.1.
_UNSIGNED = (0.0, 65535.0)
# A table of modality values has stored values as inputs, signed or not as its descriptor was sent.
_ANY = (-32768.0, 65535.0)
# Rows of an overlay of its own, and the layer on which it shows one of the image's.
_OVERLAY = ("0010", "1001")
_FUNCTIONS = {one.value: one for one in VoiFunction}


def read_presentation(header: Header, contents: Contents) -> ReadObject:
    """Return a presentation state; what of it cannot be applied is said."""
    del contents
    places = referenced_images(header)
    name = header.text("ContentLabel") or header.text("SeriesDescription")
    images = tuple((place, _presentation(header, place)) for place in places)
    state = PresentationState(header.uid("SOPInstanceUID"), name, images, presentation_layers(header, images))
    blocks: list[Block] = [*about(header)]
    if header.text("ContentDescription"):
        blocks.append(Entry(0, Phrase("objects.field.description"), header.text("ContentDescription")))
    blocks += [Entry(0, "", Phrase("objects.image"), (place,)) for place in places]
    blocks += [Entry(0, "", Phrase(f"objects.presentation.{key}")) for key in _not_applied(header)]
    return ReadObject(
        reference=reference_of(header),
        kind="presentation",
        title=name,
        author=author_of(header),
        date=date_of(header),
        blocks=tuple(blocks),
        presentation=state,
    )


def referenced_images(header: Header) -> tuple[ImagePlace, ...]:
    """Return the images that a state is for."""
    series = header.items("ReferencedSeriesSequence")
    return tuple(image_place(image) for one in series for image in one.items("ReferencedImageSequence"))


def applies(item: Header, place: ImagePlace) -> bool:
    """Whether an item of the state is for an image: it names none, and is for all, or this one."""
    named = [image_place(image) for image in item.items("ReferencedImageSequence")]
    return not named or any(
        one.instance == place.instance and (not one.frames or not place.frames or set(one.frames) & set(place.frames))
        for one in named
    )


def chosen(items: Sequence[Header], place: ImagePlace) -> Header:
    """Return the item of a sequence that is for an image, or an empty header."""
    return next((item for item in items if applies(item, place)), Header({}))


def _presentation(header: Header, place: ImagePlace) -> Presentation:
    modality = _modality(header)
    # What follows a table of modality values means nothing without it.
    is_whole = modality is not None or not header.items("ModalityLUTSequence")
    voi = chosen(header.items("SoftcopyVOILUTSequence"), place)
    area = chosen(header.items("DisplayedAreaSelectionSequence"), place)
    mode = area.text("PresentationSizeMode")
    return Presentation(
        window=_window(header, voi, modality) if is_whole else None,
        rescale=_rescale(header),
        voi_function=_function(voi),
        is_inverted=_SHAPES.get(header.text("PresentationLUTShape")),
        rotation_degrees=(header.integer("ImageRotation") or 0) % 360 // 90 * 90,
        flipped_horizontally=header.text("ImageHorizontalFlip") == "Y",
        area=area_of(area),
        magnification=area.number("PresentationPixelMagnificationRatio") if mode == "MAGNIFY" else None,
        shutter=shutter(FrameHeader(header, Header({}), Header({}))),
        table=lookup_table(header.item("PresentationLUTSequence"), _UNSIGNED) if is_whole else None,
    )


def area_of(item: Header) -> Box | None:
    """Return the displayed area, edges of pixels at halves; columns and rows count from 1 there."""
    first = item.numbers("DisplayedAreaTopLeftHandCorner")
    last = item.numbers("DisplayedAreaBottomRightHandCorner")
    if len(first) != 2 or len(last) != 2:
        return None
    left, right = sorted((first[0], last[0]))
    top, bottom = sorted((first[1], last[1]))
    return left - 1.5, top - 1.5, right - 0.5, bottom - 0.5


def _rescale(header: Header) -> tuple[float, float]:
    """Return slope and intercept of a state; one without them is of stored values, whatever the image has.

    Source: PS3.3 C.11.1; PS3.4 N.2.1.
    """
    return header.number("RescaleSlope") or 1.0, header.number("RescaleIntercept") or 0.0


def _modality(header: Header) -> LookupTable | None:
    return lookup_table(header.item("ModalityLUTSequence"), _ANY)


def _function(voi: Header) -> VoiFunction:
    return _FUNCTIONS.get(voi.text("VOILUTFunction"), VoiFunction.LINEAR)


def _window(header: Header, voi: Header, modality: LookupTable | None) -> Window | None:
    """Return the window of a state; with a table of modality values both are one table of stored values."""
    # The sign of its first input is told by what the rescale of the same state gives. Source: PS3.3 C.11.2.1.1.
    low = -32768.0 if _rescale(header)[1] < 0.0 else 0.0
    own = _of_table(lookup_table(voi.item("VOILUTSequence"), (low, low + 65535.0))) or _plain(voi)
    if modality is None:
        return own
    every = Window((modality.highest + 1) / 2, float(modality.highest + 1))
    return _of_table(followed(modality, own or every, _function(voi)))


def _of_table(table: LookupTable | None) -> Window | None:
    if table is None:
        return None
    count = len(table.words) // 2
    return Window(table.first + count / 2, float(count), table)


def _plain(voi: Header) -> Window | None:
    centre, width = voi.number("WindowCenter"), voi.number("WindowWidth")
    least = 1.0 if _function(voi) is VoiFunction.LINEAR else 0.0
    return None if centre is None or width is None or width <= 0.0 or width < least else Window(centre, width)


def _not_applied(header: Header) -> Iterator[str]:
    """Yield what a state asks for and is not applied."""
    if header.items("ModalityLUTSequence") and _modality(header) is None:
        yield "modality_table"
    if any("BITMAP" in shape for shape in header.texts("ShutterShape")):
        yield "shutter"
    if any(one.items("CompoundGraphicSequence") for one in header.items("GraphicAnnotationSequence")):
        yield "compound"
    if any(f"{group:04X}{of_overlay}" in header.elements for group in OVERLAY_GROUPS for of_overlay in _OVERLAY):
        yield "overlay"
    if header.items("MaskSubtractionSequence"):
        yield "subtraction"
    if any(one.text("PresentationSizeMode") == "TRUE SIZE" for one in header.items("DisplayedAreaSelectionSequence")):
        yield "true_size"
