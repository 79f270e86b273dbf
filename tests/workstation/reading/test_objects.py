"""Segments and documents of objects through the real workers."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from viewers.graphics.segments import Segment
from workstation.decoding.pool import DecoderPool
from workstation.dicom.objects.model import Entry, Phrase, ReadObject
from workstation.dicom.objects.registry import read_object
from workstation.dicom.objects.segmentation import volume_text
from workstation.reading.objects import HeldContents

ROWS, COLUMNS = 5, 13


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=1) as pool:
        yield pool


def part10(dataset: Dataset, sop_class: str, syntax: UID = ExplicitVRLittleEndian) -> bytes:
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = "2.25.1", "2.25.2", "2.25.3"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def read(pool: DecoderPool, content: bytes) -> ReadObject:
    return read_object(pool.inspect(content).header, HeldContents(content, pool))


def segmentation(kind: str, values: NDArray[np.uint8], owners: list[int], places_mm: list[float]) -> Dataset:
    dataset = Dataset()
    dataset.Modality, dataset.SegmentationType, dataset.FrameOfReferenceUID = "SEG", kind, "2.25.9"
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = ROWS, COLUMNS, len(values)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 0
    bits = 1 if kind == "BINARY" else 8
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    if kind == "FRACTIONAL":
        dataset.MaximumFractionalValue = 200
    raw = np.packbits(values.reshape(-1), bitorder="little").tobytes() if bits == 1 else values.tobytes()
    dataset.add_new(0x7FE00010, "OB", raw + b"\0" * (len(raw) % 2))
    dataset.SegmentSequence = Sequence([_segment(number) for number in sorted(set(owners) or {1, 2})])
    dataset.SharedFunctionalGroupsSequence = Sequence([_shared()])
    dataset.PerFrameFunctionalGroupsSequence = Sequence(
        [_frame(place, owner) for place, owner in zip(places_mm, owners or [0] * len(values), strict=True)]
    )
    return dataset


def _segment(number: int) -> Dataset:
    item = Dataset()
    item.SegmentNumber, item.SegmentLabel, item.SegmentAlgorithmType = number, f"part {number}", "MANUAL"
    return item


def _shared() -> Dataset:
    turned, measures, groups = Dataset(), Dataset(), Dataset()
    turned.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    measures.PixelSpacing, measures.SliceThickness = [2, 1], 3
    groups.PlaneOrientationSequence, groups.PixelMeasuresSequence = Sequence([turned]), Sequence([measures])
    return groups


def _frame(place_mm: float, owner: int) -> Dataset:
    position, named, groups = Dataset(), Dataset(), Dataset()
    position.ImagePositionPatient = [0, 0, place_mm]
    groups.PlanePositionSequence = Sequence([position])
    if owner:
        named.ReferencedSegmentNumber = owner
        groups.SegmentIdentificationSequence = Sequence([named])
    return groups


def inside(segment: Segment) -> set[tuple[int, int, float]]:
    """Column, row and height in mm of what lies fully inside."""
    found = np.argwhere(segment.mask == 255)
    start = segment.affine[:3, 3]
    return {(round(i + start[0]), round(j + start[1] / 2.0), round(float(k * 3 + start[2]), 3)) for k, j, i in found}


def segments(shown: ReadObject) -> tuple[Segment, ...]:
    assert shown.segmentation is not None
    return shown.segmentation.segments


def test_bits_run_on_from_frame_to_frame_where_columns_are_no_multiple_of_eight(pool: DecoderPool) -> None:
    values = np.zeros((3, ROWS, COLUMNS), np.uint8)
    marked = {(0, 12, 0), (1, 0, 4), (2, 7, 2)}
    for k, i, j in marked:
        values[k, j, i] = 1
    shuffled = [6.0, 0.0, 3.0]
    (one,) = segments(read(pool, part10(segmentation("BINARY", values, [1, 1, 1], shuffled), SEG)))
    assert inside(one) == {(i, j, shuffled[k]) for k, i, j in marked}
    assert one.ml == pytest.approx(3 * 2 * 1 * 3 / 1000)


def test_overlapping_segments_keep_each_its_own(pool: DecoderPool) -> None:
    values = np.zeros((2, ROWS, COLUMNS), np.uint8)
    values[0, 1, 1:4] = 1
    values[1, 1, 3:6] = 1
    first, second = segments(read(pool, part10(segmentation("BINARY", values, [1, 2], [0.0, 0.0]), SEG)))
    assert (first.name, second.name) == ("part 1", "part 2")
    assert inside(first) & inside(second) == {(3, 1, 0.0)}


def test_a_fraction_is_of_the_largest_value_stated(pool: DecoderPool) -> None:
    values = np.zeros((1, ROWS, COLUMNS), np.uint8)
    values[0, 1, 1], values[0, 1, 2] = 200, 100
    (one,) = segments(read(pool, part10(segmentation("FRACTIONAL", values, [1], [0.0]), SEG)))
    assert one.mask.ravel().tolist() == [255, 128]
    assert one.ml == pytest.approx(1.5 * 2 * 3 / 1000, rel=0.01)


def test_a_label_map_names_its_segments_by_value_even_with_a_palette(pool: DecoderPool) -> None:
    values = np.zeros((2, ROWS, COLUMNS), np.uint8)
    values[0, 1, 1], values[1, 2, 2], values[0, 3, 3] = 1, 2, 2
    dataset = segmentation("LABELMAP", values, [], [0.0, 3.0])
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [3, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", np.arange(3, dtype="<u2").tobytes())
    first, second = segments(read(pool, part10(dataset, f"{SEG[:-1]}7")))
    assert inside(first) == {(1, 1, 0.0)}
    assert inside(second) == {(2, 2, 3.0), (3, 3, 0.0)}


def test_segments_without_a_place_are_refused_in_words(pool: DecoderPool) -> None:
    dataset = segmentation("BINARY", np.ones((1, ROWS, COLUMNS), np.uint8), [1], [0.0])
    del dataset.FrameOfReferenceUID
    shown = read(pool, part10(dataset, SEG))
    assert shown.segmentation is None
    assert shown.refused == Phrase("errors.graphics.segments_unplaced")


def test_an_encapsulated_clinical_document_is_laid_out(pool: DecoderPool) -> None:
    xml = b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Bilan</title></ClinicalDocument>'
    dataset = Dataset()
    dataset.EncapsulatedDocument = xml + b"\0" * (len(xml) % 2)
    dataset.EncapsulatedDocumentLength, dataset.DocumentTitle = len(xml), "Bilan"
    shown = read(pool, part10(dataset, "1.2.840.10008.5.1.4.1.1.104.2"))
    assert (shown.kind, shown.title) == ("cda", "Bilan")
    assert any(getattr(block, "text", "") == "Bilan" for block in shown.blocks)


def test_a_long_contour_is_read_whole(pool: DecoderPool) -> None:
    region, contour, drawn = Dataset(), Dataset(), Dataset()
    region.ROINumber, region.ROIName, region.ReferencedFrameOfReferenceUID = 1, "GTV", "2.25.9"
    contour.ContourGeometricType = "CLOSED_PLANAR"
    contour.ContourData = [value for n in range(8_000) for value in (f"{n}.125", "1.5", "2.5")]
    drawn.ReferencedROINumber, drawn.ContourSequence = 1, Sequence([contour])
    dataset = Dataset()
    dataset.StructureSetROISequence, dataset.ROIContourSequence = Sequence([region]), Sequence([drawn])
    shown = read(pool, part10(dataset, "1.2.840.10008.5.1.4.1.1.481.3", ImplicitVRLittleEndian))
    assert len(shown.layers[0].drawings[0].points) == 8_000
    assert Entry(0, "", Phrase("objects.structures.left_out", (("count", "1"),))) not in shown.blocks


SEG = "1.2.840.10008.5.1.4.1.1.66.4"


def test_a_small_volume_is_not_nought() -> None:
    assert [volume_text(ml) for ml in (0.0, 0.004, 0.1, 4.013, 1500.0)] == ["0.00", "0.0040", "0.10", "4.01", "1500.00"]


def test_a_segment_on_every_fourth_slice_stays_on_its_slices(pool: DecoderPool) -> None:
    values = np.ones((2, ROWS, COLUMNS), np.uint8)
    sparse = segmentation("BINARY", values, [1, 1], [0.0, 12.0])
    (unknown,) = segments(read(pool, part10(sparse, SEG)))
    assert {z for _, _, z in inside(unknown)} == {0.0, 12.0}
    assert unknown.ml is None, "3 mm thick and 12 mm apart: nobody says what lies between"
    sparse.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices = 3
    (stated,) = segments(read(pool, part10(sparse, SEG)))
    assert {z for _, _, z in inside(stated)} == {0.0, 12.0}
    assert stated.ml == pytest.approx(2 * ROWS * COLUMNS * 2 * 1 * 3 / 1000)
