"""Single frames and other bulk data of a stored instance, as the bytes that WADO-RS gives.

Frames are given as stored, or decoded to Explicit VR Little Endian where the client asks for nothing else.
Source: PS3.18 8.7.3.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    HTJ2K,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    JPEGTransferSyntaxes,
    RLELossless,
)

from workstation.embedded_hub.errors import NotAcceptable, NotFound, Refusal
from workstation.embedded_hub.negotiation import OCTET_STREAM, Offer

DECODED = str(ExplicitVRLittleEndian)
CODESTREAM_TYPES: dict[str, str] = {
    **{str(uid): "image/jpeg" for uid in JPEGTransferSyntaxes},
    **{str(uid): "image/jls" for uid in JPEGLSTransferSyntaxes},
    **{str(uid): "image/jp2" for uid in JPEG2000TransferSyntaxes},
    **{str(uid): "image/jphc" for uid in (HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)},
    str(RLELossless): "image/dicom-rle",
}


@contextmanager
def refusing_broken_pixels() -> Iterator[None]:
    """Turn whatever a broken file raises while its pixels are read into a refusal.

    Raises
    ------
    NotAcceptable
        Something failed that was not a refusal already.
    """
    try:
        yield
    except Refusal:
        raise
    except Exception as error:  # pydicom and each decoder have errors of their own
        raise NotAcceptable("The data of this instance cannot be read in this form.") from error


def offers(transfer_syntax: str) -> tuple[Offer, ...]:
    """Return the forms in which a frame stored in ``transfer_syntax`` can be given, the stored form first."""
    if not UID(transfer_syntax).is_encapsulated:
        return _both(Offer(OCTET_STREAM, transfer_syntax=DECODED))
    native = CODESTREAM_TYPES.get(transfer_syntax)
    given = list(_both(Offer(native, transfer_syntax=transfer_syntax))) if native else []
    given += _both(Offer(OCTET_STREAM, transfer_syntax=transfer_syntax, is_default_syntax=False))
    given += _both(Offer(OCTET_STREAM, transfer_syntax=DECODED))
    return tuple(given)


def read_frames(path: Path, numbers: Sequence[int], transfer_syntax: str) -> list[bytes]:
    """Return the frames with these numbers, from 1, in the transfer syntax chosen among the offers.

    Raises
    ------
    NotFound
        The instance has no pixels or fewer frames.
    """
    dataset = dcmread(path)
    frames = frame_count(dataset)
    if "PixelData" not in dataset or any(not 1 <= number <= frames for number in numbers):
        raise NotFound("This instance has no such frame.")
    if transfer_syntax != DECODED or UID(dataset.file_meta.TransferSyntaxUID) == DECODED:
        return [_stored_frame(dataset, number - 1, frames) for number in numbers]
    if not _needs_decoding(dataset):
        return [_stored_frame(dataset, number - 1, frames) for number in numbers]
    return [_decoded_frame(path, number - 1) for number in numbers]


def frame_count(dataset: Dataset) -> int:
    """Return the number of frames, 1 where it is not said."""
    return max(1, int(dataset.get("NumberOfFrames", 1) or 1))


def read_bulk(path: Path, bulk_path: str) -> tuple[list[bytes], str]:
    """Return the values and the transfer syntax of the element that a BulkDataURI of this instance names.

    Encapsulated pixel data gives one value for each frame.

    Raises
    ------
    NotFound
        There is no such element.
    """
    dataset = dcmread(path)
    element = _walk(dataset, bulk_path.split("/"))
    if bulk_path == "7FE00010" and UID(dataset.file_meta.TransferSyntaxUID).is_encapsulated:
        frames = frame_count(dataset)
        found = [_stored_frame(dataset, number, frames) for number in range(frames)]
        return found, str(dataset.file_meta.TransferSyntaxUID)
    return [element], DECODED


def _walk(dataset: Dataset, steps: Sequence[str]) -> bytes:
    try:
        for tag, item in zip(steps[:-1:2], steps[1:-1:2], strict=True):
            dataset = dataset[tag].value[int(item) - 1] if int(item) > 0 else Dataset()
        value = dataset[steps[-1]].value
    except (KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise NotFound("This instance has no such bulk data.") from error
    if not isinstance(value, bytes):
        raise NotFound("This instance has no such bulk data.")
    return value


def _needs_decoding(dataset: Dataset) -> bool:
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    return syntax.is_encapsulated or (syntax == ExplicitVRBigEndian and int(dataset.BitsAllocated) > 8)


def _stored_frame(dataset: Dataset, index: int, frames: int) -> bytes:
    if UID(dataset.file_meta.TransferSyntaxUID).is_encapsulated:
        offsets = None
        if "ExtendedOffsetTable" in dataset and "ExtendedOffsetTableLengths" in dataset:
            offsets = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
        return get_frame(dataset.PixelData, index, number_of_frames=frames, extended_offsets=offsets)
    samples = int(dataset.Rows) * int(dataset.Columns) * int(dataset.get("SamplesPerPixel", 1))
    bits = int(dataset.BitsAllocated)
    if bits == 1 and samples % 8:
        return _packed_frame(dataset.PixelData, index, samples)
    length = samples * bits // 8
    found = bytes(dataset.PixelData[index * length : (index + 1) * length])
    if len(found) < length:
        raise NotFound("The pixel data of this instance ends before this frame.")
    return found


def _packed_frame(pixels: bytes, index: int, samples: int) -> bytes:
    """Return one frame of single bits, moved to the beginning of a byte."""
    first, last = index * samples // 8, -(-(index + 1) * samples // 8)
    bits = np.unpackbits(np.frombuffer(pixels[first:last], dtype=np.uint8), bitorder="little")
    start = index * samples - first * 8
    return np.packbits(bits[start : start + samples], bitorder="little").tobytes()


def _decoded_frame(path: Path, index: int) -> bytes:
    pixels = pixel_array(path, index=index, raw=True)
    return np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)).tobytes()


def _both(offer: Offer) -> tuple[Offer, Offer]:
    multipart = Offer(offer.media_type, True, offer.transfer_syntax, offer.is_default_syntax)
    return multipart, offer
