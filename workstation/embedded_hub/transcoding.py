"""Stored images given compressed, where a client asks for that. Source: PS3.18 8.7.3, PS3.5 A.4.

Only single-sample images stored in little endian are compressed. Without loss the round trip is exact; the one lossy
form, for previews, says in its header that it is. Objects without
such pixels are given as they are stored.
"""

from collections.abc import Callable
from io import BytesIO
from types import MappingProxyType
from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
)

from workstation.dicom.header import Header
from workstation.embedded_hub.index import InstanceRow

_NATIVE = (str(ExplicitVRLittleEndian), str(ImplicitVRLittleEndian))
_DEPTHS = (8, 16)
_LOSSY_RATIO = 12


def _by_pydicom(syntax: UID) -> Callable[[Dataset], None]:
    return lambda dataset: dataset.compress(syntax, generate_instance_uid=False)


def _lossy(dataset: Dataset) -> None:
    """Compress with loss, and say so. Source: PS3.3 C.7.6.1.1.5."""
    before = len(dataset.PixelData)
    dataset.compress(JPEG2000, generate_instance_uid=False, j2k_cr=[_LOSSY_RATIO])
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionRatio = round(before / max(1, len(dataset.PixelData)), 1)
    dataset.LossyImageCompressionMethod = "ISO_15444_1"


def _high_throughput(dataset: Dataset) -> None:
    """Compress to HTJ2K, for which pydicom has no encoder; signed values are coded as such."""
    frames = [bytes(imagecodecs.htj2k_encode(frame, reversible=True)) for frame in _frames(dataset)]
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless


def _frames(dataset: Dataset) -> NDArray[np.generic]:
    """Return the stored values, shape (frames, rows, columns)."""
    shape = (-1, int(dataset.Rows), int(dataset.Columns))
    kind = f"<{'i' if dataset.PixelRepresentation else 'u'}{int(dataset.BitsAllocated) // 8}"
    count = int(dataset.get("NumberOfFrames", 1) or 1) * shape[1] * shape[2]
    return np.frombuffer(dataset.PixelData, dtype=kind, count=count).reshape(shape)


LOSSLESS: Final = MappingProxyType(
    {
        str(HTJ2KLossless): _high_throughput,
        str(JPEGLSLossless): _by_pydicom(JPEGLSLossless),
        str(JPEG2000Lossless): _by_pydicom(JPEG2000Lossless),
    }
)
ENCODERS: Final = MappingProxyType({**LOSSLESS, str(JPEG2000): _lossy})


def has_pixels(row: InstanceRow) -> bool:
    """Whether an instance is an image."""
    return Header.parse(row.header).has("Rows")


def given_syntaxes(row: InstanceRow) -> tuple[str, ...]:
    """Return the transfer syntaxes in which an image can be given besides the stored one."""
    header = Header.parse(row.header)
    is_plain = header.integer("SamplesPerPixel") == 1 and header.integer("BitsAllocated") in _DEPTHS
    return tuple(ENCODERS) if is_plain and row.transfer_syntax in _NATIVE else ()


def transcoded(part10: bytes, transfer_syntax: str) -> bytes:
    """Return an image in one of the given syntaxes."""
    dataset = dcmread(BytesIO(part10))
    ENCODERS[transfer_syntax](dataset)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
