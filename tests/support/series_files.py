"""Series of real DICOM files whose voxels are known from their place: value = x + 2 y + 3 z, rounded.

For the series that viewers get wrong: the way patients lie, slices that lean, repeat, lack or wander, frames that come
shuffled in one object.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian, generate_uid

Vector = NDArray[np.float64]

ROWS, COLUMNS = 20, 16
_INTERCEPT = -1024


@dataclass(frozen=True)
class Slice:
    """One slice to write: where its first pixel lies, how it is turned, (row, column) spacing, what else differs."""

    origin: Vector
    row: Vector
    column: Vector
    spacing: tuple[float, float] = (1.0, 1.0)
    changes: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def places(one: Slice) -> Vector:
    """The LPS places of all pixels, shape (rows, columns, 3)."""
    column, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    across = column[..., None] * one.row * one.spacing[1]
    return np.asarray(one.origin + across + row[..., None] * one.column * one.spacing[0])


def field(points: Vector) -> Vector:
    """What a voxel at a place is worth, in HU."""
    return np.asarray(np.rint(points @ np.array((1.0, 2.0, 3.0))))


def pile(count: int, row: Any, column: Any, step: Any, **changes: Any) -> list[Slice]:
    """Slices one ``step`` apart, around the origin."""
    row, column, step = (np.array(vector, dtype=float) for vector in (row, column, step))
    first = -row * (COLUMNS - 1) / 2 - column * (ROWS - 1) / 2 - step * (count - 1) / 2
    return [Slice(first + step * k, row, column, changes=changes) for k in range(count)]


def files(slices: list[Slice], series: str) -> list[bytes]:
    """Write each slice as a CT image; instance numbers run against the positions."""
    study, space = generate_uid(entropy_srcs=[series, "study"]), generate_uid(entropy_srcs=[series, "space"])
    return [
        _image(one, series, study, space, number) for number, one in zip(range(len(slices), 0, -1), slices, strict=True)
    ]


def _common(series: str, study: str, space: str, number: int, sop_class: str) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = sop_class
    uid = generate_uid(entropy_srcs=[series, str(number)])
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = uid
    dataset.SeriesInstanceUID, dataset.StudyInstanceUID, dataset.FrameOfReferenceUID = series, study, space
    dataset.PatientID, dataset.PatientName, dataset.Modality, dataset.InstanceNumber = (
        "PHANTOM",
        "PHANTOM",
        "CT",
        number,
    )
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    return dataset


def _stored(one: Slice) -> bytes:
    return (field(places(one)) - _INTERCEPT).astype("<i2").tobytes()


def _image(one: Slice, series: str, study: str, space: str, number: int) -> bytes:
    dataset = _common(series, study, space, number, CTImageStorage)
    dataset.ImagePositionPatient = _decimals(one.origin)
    dataset.ImageOrientationPatient = _decimals(np.concatenate([one.row, one.column]))
    dataset.PixelSpacing = list(one.spacing)
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, _INTERCEPT
    dataset.PixelData = _stored(one)
    for keyword, value in one.changes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    return _written(dataset)


def enhanced(slices: list[Slice], series: str, number: int = 1, **attributes: Any) -> bytes:
    """Write all slices as the frames of one enhanced CT, in the order given, with attributes of the whole object."""
    study, space = generate_uid(entropy_srcs=[series, "study"]), generate_uid(entropy_srcs=[series, "space"])
    dataset = _common(series, study, space, number, EnhancedCTImageStorage)
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.NumberOfFrames = len(slices)
    shared, measures, values = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = list(slices[0].spacing)
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = 1, _INTERCEPT, "HU"
    shared.PixelMeasuresSequence, shared.PixelValueTransformationSequence = Sequence([measures]), Sequence([values])
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    dataset.PerFrameFunctionalGroupsSequence = Sequence([_groups(one) for one in slices])
    dataset.PixelData = b"".join(_stored(one) for one in slices)
    return _written(dataset)


def _groups(one: Slice) -> Dataset:
    own, position, orientation, content = Dataset(), Dataset(), Dataset(), Dataset()
    position.ImagePositionPatient = _decimals(one.origin)
    orientation.ImageOrientationPatient = _decimals(np.concatenate([one.row, one.column]))
    for keyword, value in one.changes.items():
        setattr(content, keyword, value)
    own.PlanePositionSequence, own.PlaneOrientationSequence = Sequence([position]), Sequence([orientation])
    own.FrameContentSequence = Sequence([content])
    return own


def _decimals(vector: Vector) -> list[str]:
    """Decimal strings hold 16 characters at most."""
    return [f"{value:.9f}"[:16] for value in vector.tolist()]


def _written(dataset: Dataset) -> bytes:
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()
