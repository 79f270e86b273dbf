"""All frames of one object to stored values: the right bits, the right sign, colour as RGB."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.decoding.errors import UnsupportedPixels, UnsupportedSyntax
from workstation.decoding.sandbox.codecs import CODECS
from workstation.decoding.sandbox.colour import rgb_from_partial, rgb_from_ybr, ybr_from_422
from workstation.decoding.sandbox.dictionary import uid_name
from workstation.decoding.sandbox.frames import frame_bytes, frame_places
from workstation.decoding.sandbox.layout import NATIVE, check_native_length, native_frame_bytes
from workstation.decoding.sandbox.palette import Palette
from workstation.decoding.sandbox.part10 import Part10
from workstation.decoding.sandbox.plan import PixelPlan

Values = NDArray[np.generic]

# Colour whose chrominance is stored for every second pixel. Source: PS3.3 C.7.6.3.1.2.
_HALVED = {"YBR_FULL_422": rgb_from_ybr, "YBR_PARTIAL_422": rgb_from_partial}


def check_syntax(part10: Part10) -> None:
    """Refuse a transfer syntax that nothing here decodes.

    Raises
    ------
    UnsupportedSyntax
        With the name of the syntax in the standard.
    """
    if part10.transfer_syntax not in NATIVE and part10.transfer_syntax not in CODECS:
        raise UnsupportedSyntax("transfer syntax", name=uid_name(part10.transfer_syntax))


def decode_frames(part10: Part10, plan: PixelPlan, output: Values, alive: Callable[[], None]) -> None:
    """Fill ``output``, of ``output_shape`` and ``output_type``, frame by frame; ``alive`` is called after each.

    Raises
    ------
    DecodeRefused
        By the kind of what is wrong with the pixels.
    """
    palette = Palette(part10, plan.kind == "i") if plan.is_palette else None
    native = part10.transfer_syntax in NATIVE
    frames = _native_frames(part10, plan) if native else _coded_frames(part10, plan)
    for index, frame in enumerate(frames):
        if palette is None:
            _put_meant_bits(frame, plan, output[index])
        else:
            indices = np.empty(frame.shape, plan.dtype)
            _put_meant_bits(frame, plan, indices)
            output[index] = palette.apply(indices)
        alive()


def _coded_frames(part10: Part10, plan: PixelPlan) -> Iterator[Values]:
    decode = CODECS[part10.transfer_syntax]
    for places in frame_places(part10, plan):
        yield decode(frame_bytes(part10, places), plan)


def _native_frames(part10: Part10, plan: PixelPlan) -> Iterator[Values]:
    check_native_length(plan)
    raw = np.frombuffer(part10.raw(plan.place), np.uint8)
    if plan.allocated == 1:
        yield from _bits(raw, plan)
        return
    if part10.big_endian and plan.allocated == 8 and plan.place.vr == "OW":
        # Bytes lie in words, whose order this encoding turns round. Source: PS3.5 8.1.1, annex D.
        raw = raw[: raw.size // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
    size = native_frame_bytes(plan)
    for index in range(plan.frames):
        yield _native_frame(raw[index * size : (index + 1) * size], part10, plan)


def _native_frame(raw: NDArray[np.uint8], part10: Part10, plan: PixelPlan) -> Values:
    if plan.photometric in _HALVED:
        return _HALVED[plan.photometric](ybr_from_422(raw, plan.rows, plan.columns))
    stored = np.dtype(plan.dtype).newbyteorder(">" if part10.big_endian else "<")
    values: Values = np.ascontiguousarray(raw).view(stored).astype(plan.dtype, copy=False)
    if plan.samples == 1:
        return values.reshape(plan.rows, plan.columns)
    if plan.planar:
        values = np.moveaxis(values.reshape(3, plan.rows, plan.columns), 0, -1)
    else:
        values = values.reshape(plan.rows, plan.columns, 3)
    if plan.photometric.startswith("YBR"):
        if plan.photometric != "YBR_FULL" or plan.allocated != 8:
            raise UnsupportedPixels("native colour", name=plan.photometric)
        return rgb_from_ybr(values.astype(np.uint8, copy=False))
    return values


def _bits(raw: NDArray[np.uint8], plan: PixelPlan) -> Iterator[Values]:
    """Unpack frames of one bit, which follow each other without padding. Source: PS3.5 8.1.1."""
    count = plan.rows * plan.columns
    for index in range(plan.frames):
        first = index * count
        packed = raw[first // 8 : (first + count + 7) // 8]
        frame = np.unpackbits(packed, bitorder="little")[first % 8 : first % 8 + count]
        yield frame.reshape(plan.rows, plan.columns)


def _put_meant_bits(values: Values, plan: PixelPlan, output: Values) -> None:
    """Put the values of the stored bits alone, with their sign, into ``output``. Source: PS3.5 8.1.1, annex D."""
    # Wide and signed values have the precision and the sign of their own stream already.
    is_meant = values.dtype.kind == "i" and values.dtype.itemsize == 8
    if plan.kind == "f" or is_meant or (plan.stored == plan.allocated and values.dtype.kind == plan.kind):
        output[...] = values
        return
    # Up until the sign is in the highest bit of the type, then down again, which drags the sign along; all in place,
    # since fresh memory costs more than the shifting.
    words: NDArray[np.unsignedinteger[Any]] = output.view(f"<u{plan.item_bytes}")
    words[...] = values
    words <<= plan.allocated - 1 - plan.high_bit
    integers: NDArray[np.integer[Any]] = output.view(plan.dtype)
    integers >>= plan.allocated - plan.stored
