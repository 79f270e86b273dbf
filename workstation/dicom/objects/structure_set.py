"""RT structure sets: each region of interest as a layer of contours in patient space.

Source: PS3.3 C.8.8.5, C.8.8.6.
"""

from collections.abc import Iterator

from viewers.geometry.frame import Vector3
from viewers.graphics.model import Colour, Drawing, Figure, Layer, SpacePlace
from viewers.identifiers import FrameOfReferenceUID
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block, Contents, Entry, Grid, Phrase, ReadObject, Text
from workstation.dicom.objects.provenance import author_of, colour_of, date_of, reference_of
from workstation.dicom.objects.report import about

_FIGURES = {
    "CLOSED_PLANAR": Figure.OUTLINE,
    "CLOSEDPLANAR_XOR": Figure.OUTLINE,
    "OPEN_PLANAR": Figure.LINE,
    "OPEN_NONPLANAR": Figure.LINE,
    "POINT": Figure.POINTS,
}


def read_structure_set(header: Header, contents: Contents) -> ReadObject:
    """Return a structure set; a region without contours is listed all the same."""
    del contents
    contours = {item.integer("ReferencedROINumber"): item for item in header.items("ROIContourSequence")}
    kinds = {
        item.integer("ReferencedROINumber"): item.text("RTROIInterpretedType")
        for item in header.items("RTROIObservationsSequence")
    }
    layers: list[Layer] = []
    rows: list[tuple[Text, ...]] = []
    left_out = 0
    for region in header.items("StructureSetROISequence"):
        number = region.integer("ROINumber")
        drawn = contours.get(number, Header({}))
        drawings = tuple(_drawings(drawn, _space(region, header)))
        left_out += len(drawn.items("ContourSequence")) - len(drawings)
        name = region.text("ROIName") or str(number)
        rows.append((name, kinds.get(number, ""), str(len(drawings))))
        if drawings:
            identifier = f"{header.uid('SOPInstanceUID')}/{number}"
            layers.append(Layer(identifier, name, _colour(drawn, identifier), drawings))
    columns = tuple(Phrase(f"objects.structures.{key}") for key in ("region", "type", "contours"))
    blocks: list[Block] = [*about(header), Grid(columns, tuple(rows))]
    if left_out:
        blocks.append(Entry(0, "", Phrase("objects.structures.left_out", (("count", str(left_out)),))))
    return ReadObject(
        reference=reference_of(header),
        kind="structure_set",
        title=header.text("StructureSetLabel") or header.text("SeriesDescription"),
        author=author_of(header),
        date=date_of(header),
        blocks=tuple(blocks),
        layers=tuple(layers),
        refused=Phrase("objects.structures.nowhere") if not layers else None,
    )


def _space(region: Header, header: Header) -> str:
    stated = region.uid("ReferencedFrameOfReferenceUID")
    return stated or header.item("ReferencedFrameOfReferenceSequence").uid("FrameOfReferenceUID")


def _drawings(region: Header, space: str) -> Iterator[Drawing]:
    """Yield the contours; one whose points are incomplete or of no known type is left out and counted."""
    if not space:
        return
    for contour in region.items("ContourSequence"):
        figure = _FIGURES.get(contour.text("ContourGeometricType"))
        numbers = contour.numbers("ContourData")
        if figure is None or not numbers or len(numbers) % 3:
            continue
        points: tuple[Vector3, ...] = tuple(
            (numbers[start], numbers[start + 1], numbers[start + 2]) for start in range(0, len(numbers), 3)
        )
        yield Drawing((SpacePlace(FrameOfReferenceUID(space)),), figure, points)


def _colour(region: Header, identifier: str) -> Colour:
    stated = [min(255, max(0, int(value))) for value in region.numbers("ROIDisplayColor")]
    return (stated[0], stated[1], stated[2]) if len(stated) == 3 else colour_of(identifier)
