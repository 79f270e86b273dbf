"""What every kind of object must do: read what is whole, survive what is not, and have its words."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from viewers.errors import ReaderError
from workstation.dicom.header import Header, element, elements, tag_of
from workstation.dicom.objects.model import Block, Entry, Grid, Heading, Phrase
from workstation.dicom.objects.registry import KINDS, ObjectKind, class_name, is_listed, kind_of, read_object
from workstation.translations import languages, translator

EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)


@dataclass(frozen=True)
class Nothing:
    """An object without anything behind its header."""

    def pixels(self) -> NDArray[np.generic]:
        return np.zeros((1, 4, 4), np.uint8)

    def document(self) -> bytes:
        return b""

    def clinical_document(self) -> Sequence[Block]:
        return ()


def header_of(sop_class: str, *more: tuple[str, dict[str, object]]) -> Header:
    return Header(
        elements(
            [
                ("SOPClassUID", element("UI", sop_class)),
                ("SOPInstanceUID", element("UI", "2.25.1")),
                ("SeriesInstanceUID", element("UI", "2.25.2")),
                ("StudyInstanceUID", element("UI", "2.25.3")),
                *more,
            ]
        )
    )


def test_no_class_is_of_two_kinds() -> None:
    classes = [one for kind in KINDS for one in kind.sop_classes]
    assert len(classes) == len(set(classes))
    assert all(class_name(one) != one for one in classes), "a class that the standard does not have"


@EVERY
def test_a_kind_is_found_by_each_of_its_classes_and_has_its_words(kind: ObjectKind) -> None:
    assert all(kind_of(one) is kind for one in kind.sop_classes)
    for language in languages():
        assert translator(language).has(f"objects.kind.{kind.id}")


@EVERY
def test_an_empty_object_is_listed_and_read(kind: ObjectKind) -> None:
    header = header_of(kind.sop_classes[0])
    assert is_listed(header, "1.2.840.10008.1.2.1")
    read = read_object(header, Nothing())
    assert read.reference.instance == "2.25.1"
    for language in languages():
        words = translator(language)
        for text in (text for block in read.blocks for text in _texts(block)):
            if isinstance(text, Phrase):
                assert words.text(text.key, **dict(text.details))


KEYWORDS = (
    "ContentSequence", "ConceptNameCodeSequence", "ValueType", "GraphicData", "GraphicType", "SegmentSequence",
        "SegmentNumber", "PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence", "FrameOfReferenceUID",
        "PlanePositionSequence", "PlaneOrientationSequence", "ImagePositionPatient", "ImageOrientationPatient",
        "PixelMeasuresSequence", "PixelSpacing", "StructureSetROISequence", "ROIContourSequence", "ContourSequence",
        "ContourData", "ContourGeometricType", "ROINumber", "ReferencedROINumber", "ROIDisplayColor",
        "GraphicAnnotationSequence", "GraphicObjectSequence", "TextObjectSequence", "AnchorPoint", "ImageRotation",
        "ReferencedSeriesSequence", "ReferencedImageSequence", "ReferencedFrameNumber", "NumericValue",
        "MeasuredValueSequence", "DisplayedAreaSelectionSequence", "DisplayedAreaTopLeftHandCorner",
        "DisplayedAreaBottomRightHandCorner", "RecommendedDisplayCIELabValue", "ReferencedContentItemIdentifier",
)  # fmt: skip
LEAVES = (
    None, 0, -1, 3, 10**9, 0.5, float("nan"), "", "x", "CONTAINER", "SCOORD", "SCOORD3D", "NUM", "IMAGE", "ELLIPSE",
    "CIRCLE", "POLYLINE", "POINT",
)  # fmt: skip
EXAMPLES = 60


def anything(chance: np.random.Generator, depth: int) -> dict[str, object]:
    """A data set of attributes that the readers look at, with values of any kind."""
    found: dict[str, object] = {}
    for keyword in chance.choice(KEYWORDS, chance.integers(1, 5)):
        count = int(chance.integers(0, 4))
        nested = depth < 3 and chance.random() < 0.4
        values: list[object] = [
            anything(chance, depth + 1) if nested else LEAVES[chance.integers(len(LEAVES))] for _ in range(count)
        ]
        found[tag_of(str(keyword))] = {"vr": "SQ", "Value": values}
    return found


@EVERY
def test_any_header_is_read_or_refused_in_words(kind: ObjectKind) -> None:
    chance = np.random.default_rng(8)
    for _ in range(EXAMPLES):
        header = Header({**anything(chance, 0), **header_of(kind.sop_classes[0]).elements})
        with suppress(ReaderError):
            assert read_object(header, Nothing()).kind


def test_every_other_class_is_named_and_never_silently_absent() -> None:
    for sop_class in ("1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.481.5", "1.2.3.4", ""):
        header = header_of(sop_class)
        assert is_listed(header, "1.2.840.10008.1.2.1")
        read = read_object(header, Nothing())
        assert read.kind == "unsupported"
        assert isinstance(read.refused, Phrase)
        sentence = translator("en").text(read.refused.key, **dict(read.refused.details))
        assert sentence.endswith("cannot be shown here.")
    image = header_of("1.2.840.10008.5.1.4.1.1.2", ("Rows", element("US", 4)))
    assert not is_listed(image, "1.2.840.10008.1.2.1")
    assert is_listed(image, "1.2.840.10008.1.2.4.102"), "a video is no image that a viewport shows"


def _texts(block: Block) -> Sequence[object]:
    match block:
        case Heading(_, text):
            return (text,)
        case Entry(_, name, value):
            return (name, value)
        case Grid(columns, rows):
            return (*columns, *(cell for row in rows for cell in row))
