"""One made-up slice in each transfer syntax, and the fastest calls of libraries that decode it in one's own process."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

import imagecodecs
import jpeg_ls
import numpy as np
import openjpeg.utils
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import UID, CTImageStorage, RLELossless, generate_uid

Values = NDArray[np.uint16]
Decode = Callable[[bytes], object]

_JPEG = "1.2.840.10008.1.2.4."
_BITS = 12
_PREAMBLE = bytes(128)


@dataclass(frozen=True, slots=True)
class Coding:
    """How a slice is encoded, and who else decodes it; ``is_native`` frames are not encapsulated."""

    syntax: str
    encode: Callable[[Values], bytes]
    decoders: tuple[Decode, ...]
    is_native: bool = False


def _by_openjpeg(data: bytes) -> object:
    return openjpeg.utils.decode(data, j2k_format=0)


def _by_charls(data: bytes) -> object:
    return jpeg_ls.decode(np.frombuffer(data, np.uint8))


def _copied(data: bytes) -> object:
    return np.frombuffer(data, "<u2").copy()


def _turned(data: bytes) -> object:
    return np.frombuffer(data, ">u2").astype("<u2")


def _inflated(data: bytes) -> object:
    return zlib.decompress(data, -zlib.MAX_WBITS)


def _deflated(values: Values) -> bytes:
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(values.tobytes()) + deflater.flush()


def _run_lengths(values: Values) -> bytes:
    encoded: bytes = get_encoder(RLELossless).encode(
        values.tobytes(),
        rows=values.shape[0],
        columns=values.shape[1],
        samples_per_pixel=1,
        bits_allocated=16,
        bits_stored=_BITS,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
        number_of_frames=1,
    )
    return encoded


def _by_run_lengths(data: bytes) -> object:
    return imagecodecs.dicomrle_decode(data, dtype=np.dtype("<u2"))


def _eight_bits(values: Values) -> bytes:
    return bytes(imagecodecs.jpeg8_encode((values >> 4).astype(np.uint8), level=90))


_HTJ2K: Final = (imagecodecs.htj2k_decode, imagecodecs.jpeg2k_decode, _by_openjpeg)
_LOSSLESS_JPEG: Final = (imagecodecs.jpeg8_decode, imagecodecs.ljpeg_decode, imagecodecs.jpegsof3_decode)

CODINGS: Final[Mapping[str, Coding]] = MappingProxyType(
    {
        "explicit": Coding("1.2.840.10008.1.2.1", lambda v: v.tobytes(), (_copied,), True),
        "big_endian": Coding("1.2.840.10008.1.2.2", lambda v: v.astype(">u2").tobytes(), (_turned,), True),
        "deflated": Coding("1.2.840.10008.1.2.1.99", _deflated, (_inflated,), True),
        "rle": Coding("1.2.840.10008.1.2.5", _run_lengths, (_by_run_lengths,)),
        "jpeg": Coding(f"{_JPEG}50", _eight_bits, (imagecodecs.jpeg8_decode, imagecodecs.jpeg_decode)),
        "jpeg_extended": Coding(
            f"{_JPEG}51",
            lambda v: bytes(imagecodecs.jpeg8_encode(v, level=90, bitspersample=_BITS)),
            (imagecodecs.jpeg8_decode,),
        ),
        "jpeg_lossless": Coding(f"{_JPEG}70", lambda v: bytes(imagecodecs.ljpeg_encode(v)), _LOSSLESS_JPEG),
        "jpeg_ls": Coding(
            f"{_JPEG}80", lambda v: bytes(imagecodecs.jpegls_encode(v)), (imagecodecs.jpegls_decode, _by_charls)
        ),
        "jpeg_2000": Coding(
            f"{_JPEG}90",
            lambda v: bytes(imagecodecs.jpeg2k_encode(v, codecformat="j2k", reversible=True)),
            (imagecodecs.jpeg2k_decode, _by_openjpeg),
        ),
        "htj2k": Coding(f"{_JPEG}201", lambda v: bytes(imagecodecs.htj2k_encode(v)), _HTJ2K),
    }
)


def made_up_slice(rows: int, columns: int) -> Values:
    """Return values of 12 bits with the smoothness and the noise of a CT slice."""
    down, across = np.mgrid[:rows, :columns]
    smooth = 1000.0 + 800.0 * np.sin(across / 40.0) * np.cos(down / 50.0)
    noisy = smooth + np.random.default_rng(1).normal(0.0, 12.0, (rows, columns))
    return np.asarray(np.clip(noisy, 0, (1 << _BITS) - 1), "<u2")


def as_object(coding: Coding, values: Values, frame: bytes) -> bytes:
    """Return one slice, encoded as ``frame``, as a Part 10 object."""
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(dataset, keyword, generate_uid())
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 0
    allocated, stored = (8, 8) if coding.syntax == f"{_JPEG}50" else (16, _BITS)
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = allocated, stored, stored - 1
    if coding.is_native:
        # Deflating is of the whole data set, and left to whoever writes it.
        dataset.add_new(0x7FE00010, "OW", values.tobytes() if coding is CODINGS["deflated"] else frame)
    else:
        dataset.add_new(0x7FE00010, "OB", encapsulate([frame]))
        dataset["PixelData"].is_undefined_length = True
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    meta.TransferSyntaxUID = UID(coding.syntax)
    stream = BytesIO()
    dcmwrite(stream, FileDataset(stream, dataset, preamble=_PREAMBLE, file_meta=meta), enforce_file_format=False)
    return stream.getvalue()


def fastest(decoders: tuple[Decode, ...], frame: bytes, seconds: Callable[[Callable[[], Any]], float]) -> Decode:
    """Return the call that takes the least time for a frame, the second time it is asked."""
    taken = {}
    for decode in decoders:
        decode(frame)
        taken[decode] = seconds(partial(decode, frame))
    return min(taken, key=lambda decode: taken[decode])
