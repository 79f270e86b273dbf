"""Part 10 instances built for tests, and the multipart bodies that carry them."""

from io import BytesIO
from pathlib import Path

import numpy as np
import requests
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, generate_uid

STORE_TYPE = 'multipart/related; type="application/dicom"; boundary=split'
CT_STUDY = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322"


def packaged(name: str) -> bytes:
    """Return one of the test files that pydicom brings along."""
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str)
    return Path(path).read_bytes()


def make_instance(**attributes: object) -> bytes:
    """Return a small CT instance; ``attributes`` by keyword replace those of the template."""
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Éssai^Zêta"
    dataset.PatientID = "TEST-1"
    dataset.StudyDate = "20260102"
    dataset.StudyTime = "101500"
    dataset.Modality = "CT"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.Rows, dataset.Columns = 4, 6
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = 0
    dataset.PixelData = np.arange(24, dtype="<u2").tobytes()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return to_part10(dataset)


def to_part10(dataset: Dataset) -> bytes:
    """Return a data set as a Part 10 file in Explicit VR Little Endian."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID("2.25.333528482086174502658430458052845299249")
    meta.ImplementationVersionName = "TESTS"
    stream = BytesIO()
    FileDataset(stream, dataset, preamble=b"\0" * 128, file_meta=meta).save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def store_body(*part10s: bytes) -> bytes:
    """Return a body of type `STORE_TYPE`."""
    parts = b"".join(b"--split\r\nContent-Type: application/dicom\r\n\r\n" + part10 + b"\r\n" for part10 in part10s)
    return parts + b"--split--\r\n"


def store(url: str, *part10s: bytes, study: str = "") -> requests.Response:
    """Store instances in a hub."""
    target = f"{url}/studies/{study}" if study else f"{url}/studies"
    return requests.post(target, data=store_body(*part10s), headers={"Content-Type": STORE_TYPE}, timeout=60)
