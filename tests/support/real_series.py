"""Real series as frames and pixels, by pydicom alone: independent of how the application reads them."""

from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.description import FrameDescription, FrameGeometry, PixelFormat, SpacingSource, Vector3, Window

_SPLIT = ("ImageType", "EchoTime", "DiffusionBValue", "AcquisitionNumber", "SequenceName", "TemporalPositionIdentifier")

Pixels = dict[tuple[InstanceUID, int], NDArray[np.generic]]


def read_series(folder: Path) -> tuple[list[FrameDescription], Pixels]:
    """Read every file of a folder, single frames only."""
    frames: list[FrameDescription] = []
    pixels: Pixels = {}
    for path in sorted(folder.rglob("*.dcm")):
        dataset = pydicom.dcmread(path)
        frame = _describe(dataset)
        frames.append(frame)
        pixels[frame.instance, 0] = np.asarray(dataset.pixel_array)
    return frames, pixels


def _describe(dataset: pydicom.Dataset) -> FrameDescription:
    position = [float(value) for value in dataset.ImagePositionPatient]
    turned = [float(value) for value in dataset.ImageOrientationPatient]
    padding = dataset.get("PixelPaddingValue")
    space = dataset.get("FrameOfReferenceUID")
    windows: tuple[Window, ...] = ()
    if isinstance(dataset.get("WindowCenter"), pydicom.valuerep.DSfloat):
        windows = (Window(float(dataset.WindowCenter), float(dataset.WindowWidth)),)
    return FrameDescription(
        series=SeriesUID(str(dataset.SeriesInstanceUID)),
        instance=InstanceUID(str(dataset.SOPInstanceUID)),
        frame_index=0,
        instance_number=int(dataset.InstanceNumber),
        modality=str(dataset.Modality),
        format=PixelFormat(
            int(dataset.Rows),
            int(dataset.Columns),
            int(dataset.SamplesPerPixel),
            int(dataset.BitsAllocated),
            int(dataset.BitsStored),
            bool(dataset.PixelRepresentation),
            str(dataset.PhotometricInterpretation),
        ),
        frame_of_reference=FrameOfReferenceUID(str(space)) if space else None,
        geometry=FrameGeometry(_vector(position), _vector(turned[:3]), _vector(turned[3:])),
        row_spacing_mm=float(dataset.PixelSpacing[0]),
        column_spacing_mm=float(dataset.PixelSpacing[1]),
        spacing_source=SpacingSource.PIXEL_SPACING,
        thickness_mm=float(dataset.SliceThickness) if dataset.get("SliceThickness") else None,
        rescale_slope=float(dataset.get("RescaleSlope") or 1.0),
        rescale_intercept=float(dataset.get("RescaleIntercept") or 0.0),
        rescale_type=dataset.get("RescaleType"),
        units=dataset.get("Units"),
        padding_value=None if padding is None else int(padding),
        windows=windows,
        image_type=tuple(str(value) for value in dataset.get("ImageType") or ()),
        split_key=tuple((name, str(dataset.get(name))) for name in _SPLIT if dataset.get(name) is not None),
    )


def _vector(values: list[float]) -> Vector3:
    return (values[0], values[1], values[2])
