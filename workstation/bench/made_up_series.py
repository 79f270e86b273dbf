"""A CT series that nobody is on: noise of constant seed as Part 10 objects, uncompressed, 16 bit, 0.7 mm apart."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.bench.measure import Size
from workstation.decoding.pool import DecoderPool
from workstation.store.catalogue import Catalogue
from workstation.store.objects import ObjectStore

PATIENT_ID = "TEST-BENCH"
_SPACING_MM = 0.7
_PREAMBLE = bytes(128)


@dataclass(frozen=True, slots=True)
class MadeUpSeries:
    """One series in memory; ``pixel_bytes`` at the end of each object are its stored values."""

    study: StudyUID
    series: SeriesUID
    part10s: tuple[tuple[InstanceUID, bytes], ...]
    pixel_bytes: int


def made_up_series(size: Size) -> MadeUpSeries:
    """Return a new series of ``size.slices`` slices, under identifiers of its own."""
    study, series, space = (str(generate_uid()) for _ in range(3))
    part10s = []
    for k, pixels in enumerate(_noise(size)):
        dataset = _slice(k, size.side)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = study, series, space
        dataset.PixelData = pixels
        part10s.append((InstanceUID(str(dataset.SOPInstanceUID)), _to_part10(dataset)))
    return MadeUpSeries(StudyUID(study), SeriesUID(series), tuple(part10s), 2 * size.side * size.side)


def hold(series: MadeUpSeries, catalogue: Catalogue, objects: ObjectStore, decoder: DecoderPool) -> None:
    """Enter a series into a store, as one that was received whole."""
    with ThreadPoolExecutor(decoder.workers) as executor:
        inspected = list(executor.map(decoder.inspect, (part10 for _, part10 in series.part10s)))
    for instance, part10 in series.part10s:
        objects.put(instance, part10, durable=False)
    catalogue.record_all(inspected, "bench")
    catalogue.expect(series.study, series.series, len(inspected))


def _noise(size: Size) -> Iterator[bytes]:
    plain = np.random.default_rng(1).integers(0, 2000, (size.side, size.side), np.int16)
    for k in range(size.slices):
        yield np.roll(plain, k, axis=0).tobytes()


def _slice(k: int, side: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = generate_uid()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID = "TEST^BENCH", PATIENT_ID
    dataset.PatientBirthDate = dataset.PatientSex = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.StudyDate, dataset.StudyTime, dataset.Modality = "20260101", "120000", "CT"
    dataset.ReferringPhysicianName = ""
    dataset.SeriesNumber, dataset.InstanceNumber = 1, k + 1
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.ImagePositionPatient = [-_SPACING_MM * side / 2, -_SPACING_MM * side / 2, _SPACING_MM * k]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.SliceThickness = [_SPACING_MM, _SPACING_MM], _SPACING_MM
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = -1024, 1, "HU"
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    dataset.Rows = dataset.Columns = side
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
    return dataset


def _to_part10(dataset: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = BytesIO()
    FileDataset(stream, dataset, preamble=_PREAMBLE, file_meta=meta).save_as(stream, enforce_file_format=True)
    return stream.getvalue()
