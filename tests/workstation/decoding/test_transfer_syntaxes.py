"""Every transfer syntax, against pydicom with its own plug-ins in the test process."""

import warnings
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.data import get_testdata_file
from pydicom.pixels.processing import apply_color_lut

from tests.support.shared_data import shared_data_root
from workstation.decoding.errors import NotDicom
from workstation.decoding.pool import DecoderPool

PACKAGED = Path(str(get_testdata_file("MR_small.dcm"))).parent
# Pydicom has no free plug-in for these.
BY_IMAGECODECS = {
    "1.2.840.10008.1.2.4.51": imagecodecs.jpeg8_decode,
    "1.2.840.10008.1.2.4.57": imagecodecs.jpegsof3_decode,
    "1.2.840.10008.1.2.4.70": imagecodecs.jpegsof3_decode,
}
LOSSY = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203")

# Files that no viewer should show, wrong on purpose, and one that the other reader cannot read.
NOT_COMPARED = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "codestream of another size",
    "MR_truncated.dcm": "bytes missing",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "bytes missing",
    "MR_small_padded.dcm": "more pixels than rows and columns make",
    "badVR.dcm": "number of frames that is none",
    "MR1_JLSL": "not read by the JPEG-LS plug-in of pydicom; compared with its other encodings instead",
}


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and _has_pixels(path))


def _has_pixels(path: Path) -> bool:
    if path.name in NOT_COMPARED or path.suffix not in ("", ".dcm"):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path, specific_tags=["Rows", "PixelData"])
    except Exception:
        return False
    return "Rows" in dataset and "PixelData" in dataset and "TransferSyntaxUID" in dataset.file_meta


def _expected(part10: bytes) -> tuple[NDArray[np.generic], str]:
    """Return what pydicom makes of an object, shape (frames, rows, columns[, 3]), and its transfer syntax."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(BytesIO(part10))
        syntax = str(dataset.file_meta.TransferSyntaxUID)
        values = _by_imagecodecs(dataset, syntax) if syntax in BY_IMAGECODECS else dataset.pixel_array
        if dataset.PhotometricInterpretation == "PALETTE COLOR":
            values = apply_color_lut(values, dataset)
            values = (values.astype(np.uint16) >> 8).astype(np.uint8) if values.dtype == np.uint16 else values
    frames = int(dataset.get("NumberOfFrames") or 1)
    return (values if frames > 1 else values[None]), syntax


def _by_imagecodecs(dataset: pydicom.Dataset, syntax: str) -> NDArray[np.generic]:
    frames = int(dataset.get("NumberOfFrames") or 1)
    decoded = [
        BY_IMAGECODECS[syntax](frame)
        for frame in pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=frames)
    ]
    values = np.squeeze(np.stack(decoded), axis=0) if frames == 1 else np.stack(decoded)
    return values.astype(np.int16) if dataset.PixelRepresentation else values


def _compare(pool: DecoderPool, path: Path) -> None:
    part10 = path.read_bytes()
    expected, syntax = _expected(part10)
    found = pool.decode(part10)
    assert found.shape == expected.shape
    tolerance = 2 if syntax in LOSSY and found.ndim == 4 else 0
    difference = np.abs(found.astype(np.int64) - expected.astype(np.int64)).max()
    assert difference <= tolerance, f"{path.name} differs by {difference}"


@pytest.mark.parametrize("path", _files(PACKAGED), ids=lambda path: path.name)
def test_a_packaged_file_decodes_as_pydicom_decodes_it(pool: DecoderPool, path: Path) -> None:
    _compare(pool, path)


@pytest.mark.shared_data
def test_the_shared_transfer_syntaxes_decode_as_pydicom_decodes_them(pool: DecoderPool) -> None:
    files = _files(shared_data_root() / "transfer_syntaxes")
    assert len(files) > 80
    for path in files:
        _compare(pool, path)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["CT1", "MR1", "NM1"])
def test_one_image_is_the_same_in_every_lossless_encoding(pool: DecoderPool, name: str) -> None:
    root = shared_data_root() / "transfer_syntaxes" / "wg04"
    encodings = ("RLE", "JPLL", "JLSL", "J2KR")
    decoded = [pool.decode((root / encoding / f"{name}_{encoding}").read_bytes()) for encoding in encodings]
    assert all(np.array_equal(decoded[0], other) for other in decoded[1:])


def test_files_without_a_dicom_prefix_are_not_dicom(pool: DecoderPool) -> None:
    with pytest.raises(NotDicom):
        pool.decode((PACKAGED / "no_meta.dcm").read_bytes())
