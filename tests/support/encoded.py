"""One image in every transfer syntax that is read."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import get_encoder
from pydicom.uid import RLELossless

from tests.workstation.decoding.objects import compressed, image, part10

Values = NDArray[Any]

IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
BIG, DEFLATED, RLE = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"
NATIVE = (IMPLICIT, EXPLICIT, BIG, DEFLATED)
_JPEG = "1.2.840.10008.1.2.4."

# How to encode one frame; RLE is left to pydicom. Process 14 is written with selection value 1 in both its syntaxes.
_LOSSLESS: Mapping[str, Callable[[Values], bytes]] = MappingProxyType(
    {
        f"{_JPEG}57": lambda values: bytes(imagecodecs.ljpeg_encode(values)),
        f"{_JPEG}70": lambda values: bytes(imagecodecs.ljpeg_encode(values)),
        f"{_JPEG}80": lambda values: bytes(imagecodecs.jpegls_encode(values)),
        f"{_JPEG}90": lambda values: bytes(imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=True)),
        f"{_JPEG}201": lambda values: bytes(imagecodecs.htj2k_encode(values)),
        f"{_JPEG}202": lambda values: bytes(imagecodecs.htj2k_encode(values)),
    }
)
_LOSSY: Mapping[str, Callable[[Values], bytes]] = MappingProxyType(
    {
        f"{_JPEG}50": lambda values: bytes(imagecodecs.jpeg8_encode((values >> 4).astype(np.uint8), level=90)),
        f"{_JPEG}51": lambda values: bytes(imagecodecs.jpeg8_encode(values, level=90, bitspersample=12)),
        f"{_JPEG}81": lambda values: bytes(imagecodecs.jpegls_encode(values, level=2)),
        f"{_JPEG}91": lambda values: bytes(imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=75)),
        f"{_JPEG}203": lambda values: bytes(imagecodecs.htj2k_encode(values)),
    }
)
LOSSLESS = (*NATIVE, RLE, *_LOSSLESS)
LOSSY = tuple(_LOSSY)


def encoded(values: Values, syntax: str, **attributes: Any) -> bytes:
    """Return an object of frames of 12 bits without sign, shape (frames, rows, columns), in a transfer syntax."""
    attributes = {"BitsStored": 12, "HighBit": 11, **attributes}
    if syntax in NATIVE:
        return _native(image(values, **attributes), values, syntax)
    if syntax == RLE:
        frames = _run_lengths(values)
    else:
        encode = _LOSSLESS.get(syntax) or _LOSSY[syntax]
        frames = [encode(frame) for frame in values]
    if syntax == f"{_JPEG}50":
        values, attributes = (values >> 4).astype(np.uint8), {}
    return compressed(frames, syntax, values=values, **attributes)


def _native(dataset: Dataset, values: Values, syntax: str) -> bytes:
    if syntax == BIG:
        dataset.add_new(0x7FE00010, "OW", values.astype(values.dtype.newbyteorder(">")).tobytes())
    return part10(dataset, syntax)


def _run_lengths(values: Values) -> list[bytes]:
    encoder = get_encoder(RLELossless)
    return [
        encoder.encode(
            frame.tobytes(),
            rows=frame.shape[0],
            columns=frame.shape[1],
            samples_per_pixel=1,
            bits_allocated=16,
            bits_stored=12,
            pixel_representation=0,
            photometric_interpretation="MONOCHROME2",
            number_of_frames=1,
        )
        for frame in values
    ]


def noise(frames: int, rows: int, columns: int, seed: int = 7) -> Values:
    """Return values of 12 bits: a slope with some noise, so that every codec has something to do."""
    generator = np.random.default_rng(seed)
    slope = np.linspace(0, 3000, rows * columns).reshape(rows, columns)
    return np.asarray(slope + generator.integers(0, 900, (frames, rows, columns)), "<u2")
