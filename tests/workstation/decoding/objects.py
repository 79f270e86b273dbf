"""Part 10 objects built for tests."""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, FileDataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

STUDY, SERIES, INSTANCE = "1.2.3", "1.2.3.4", "1.2.3.4.5"
CT = "1.2.840.10008.5.1.4.1.1.2"


def part10(dataset: Dataset, syntax: str = ExplicitVRLittleEndian, meta_instance: str | None = None) -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = UID(meta_instance or dataset.SOPInstanceUID)
    writable = FileDataset(BytesIO(), dataset, preamble=bytes(128), file_meta=meta)
    stream = BytesIO()
    # Not enforced: pydicom would make the file meta information agree with the data set.
    dcmwrite(stream, writable, enforce_file_format=False)
    return stream.getvalue()


def image(values: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return a CT image; ``values`` is (rows, columns) or (frames, rows, columns), little endian."""
    values = np.arange(64, dtype="<i2").reshape(8, 8) if values is None else values
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = INSTANCE, STUDY, SERIES
    dataset.PatientID, dataset.PatientName, dataset.Modality = "P1", "ESSAI^Un", "CT"
    dataset.Rows, dataset.Columns = values.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = values.dtype.itemsize * 8
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    if values.ndim == 3:
        dataset.NumberOfFrames = len(values)
    dataset.add_new(0x7FE00010, "OW" if bits > 8 else "OB", values.tobytes() + b"\0" * (values.nbytes % 2))
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def compressed(frames: list[bytes], syntax: str, **attributes: Any) -> bytes:
    """Return an image whose pixel data are these encapsulated frames."""
    dataset = image(**attributes)
    dataset.add_new(0x7FE00010, "OB", encapsulate(frames))
    dataset["PixelData"].is_undefined_length = True
    return part10(dataset, syntax)
