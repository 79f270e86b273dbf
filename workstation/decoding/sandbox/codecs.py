"""One compressed frame to its samples, by transfer syntax. What a codec says is checked, before and after."""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import openjpeg.utils
from numpy.typing import NDArray

from workstation.decoding.errors import CorruptPixels, PixelsDisagree
from workstation.decoding.sandbox.codestream import Codestream, read_jpeg, read_jpeg2000
from workstation.decoding.sandbox.colour import rgb_from_ybr
from workstation.decoding.sandbox.plan import PixelPlan

# Two bytes stand for 128 at most. Source: PS3.5 G.3.1.
_RUN_GROWTH = 64
_END_OF_IMAGE = b"\xff\xd9"

Values = NDArray[np.generic]
Decode = Callable[[bytes, PixelPlan], Values]


def _check(stream: Codestream, plan: PixelPlan) -> None:
    if (stream.rows, stream.columns) != (plan.rows, plan.columns):
        raise PixelsDisagree("rows and columns")
    if stream.components != plan.samples:
        raise PixelsDisagree("samples")
    if not 1 <= stream.precision <= plan.allocated:
        raise PixelsDisagree("precision")


def _shaped(values: Any, plan: PixelPlan) -> Values:
    """Return what a codec gave, shape (rows, columns) or (rows, columns, 3), or refuse it."""
    array: Values = np.asarray(values)
    shape = (plan.rows, plan.columns) if plan.samples == 1 else (plan.rows, plan.columns, plan.samples)
    if array.shape != shape or array.dtype.kind not in "ui" or array.dtype.itemsize > 4:
        raise PixelsDisagree("decoded shape")
    return array


def _run(codec: Callable[..., Any], data: bytes, **options: Any) -> Any:
    try:
        return codec(data, **options)
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        raise CorruptPixels(type(error).__name__) from error


def decode_jpeg(data: bytes, plan: PixelPlan) -> Values:
    """Decode baseline and extended JPEG; what is encoded as YCbCr becomes RGB. Source: PS3.5 8.2.1."""
    stream = read_jpeg(data)
    _check(stream, plan)
    if plan.samples == 1:
        return _shaped(_run(imagecodecs.jpeg8_decode, data), plan)
    coded = "YCBCR" if _is_ycbcr(stream, plan) else "RGB"
    return _shaped(_run(imagecodecs.jpeg8_decode, data, colorspace=coded, outcolorspace="RGB"), plan)


def _is_ycbcr(stream: Codestream, plan: PixelPlan) -> bool:
    """Whether a colour JPEG holds YCbCr: what the stream itself says goes before the header of the object."""
    if stream.adobe_transform is not None:
        return stream.adobe_transform == 1
    if stream.ids == b"RGB":
        return False
    return stream.jfif or plan.photometric.startswith("YBR")


def decode_jpeg_lossless(data: bytes, plan: PixelPlan) -> Values:
    """Decode JPEG lossless (process 14), whose samples are stored as they are."""
    _check(read_jpeg(data), plan)
    if plan.samples == 1:
        return _shaped(_run(imagecodecs.jpeg8_decode, data), plan)
    values = _shaped(_run(imagecodecs.jpeg8_decode, data, colorspace="RGB", outcolorspace="RGB"), plan)
    return _from_ybr_full(values, plan)


def decode_jpeg_ls(data: bytes, plan: PixelPlan) -> Values:
    """Decode JPEG-LS, lossless or near-lossless."""
    _check(read_jpeg(data), plan)
    # Without its end, a damaged stream sends CharLS round for ever.
    ended = data if data.rstrip(b"\0").endswith(_END_OF_IMAGE) else data + _END_OF_IMAGE
    return _from_ybr_full(_shaped(_run(imagecodecs.jpegls_decode, ended), plan), plan)


def decode_jpeg2000(data: bytes, plan: PixelPlan) -> Values:
    """Decode JPEG 2000 and its high-throughput form; the codec undoes the stream's own colour transform."""
    stream, codestream = read_jpeg2000(data)
    _check(stream, plan)
    return _as_meant(_shaped(_run(openjpeg.utils.decode, codestream, j2k_format=0), plan), stream, plan)


def _as_meant(values: Values, stream: Codestream, plan: PixelPlan) -> Values:
    if plan.kind == "i" and not stream.signed:
        values = _signed(values, stream.precision)
    return _from_ybr_full(values, plan)


def decode_rle(data: bytes, plan: PixelPlan) -> Values:
    """Decode DICOM run lengths: one segment for each byte of each sample. Source: PS3.5 G."""
    if len(data) < 64 or int.from_bytes(data[:4], "little") != plan.samples * plan.item_bytes:
        raise PixelsDisagree("run length segments")
    if len(data) * _RUN_GROWTH < plan.frame_samples * plan.item_bytes:
        raise PixelsDisagree("run length size")
    dtype = np.dtype(f"<u{plan.item_bytes}")
    raw = _run(imagecodecs.dicomrle_decode, data, dtype=dtype, out=plan.frame_samples * plan.item_bytes)
    if len(raw) != plan.frame_samples * plan.item_bytes:
        raise PixelsDisagree("run length size")
    values: Values = np.frombuffer(raw, dtype)
    if plan.samples == 1:
        return values.reshape(plan.rows, plan.columns)
    return _from_ybr_full(np.moveaxis(values.reshape(plan.samples, plan.rows, plan.columns), 0, -1), plan)


def _from_ybr_full(values: Values, plan: PixelPlan) -> Values:
    if not plan.photometric.startswith("YBR_FULL"):
        return values
    rgb: Values = rgb_from_ybr(values.astype(np.uint8, copy=False))
    return rgb


def _signed(values: Values, precision: int) -> Values:
    """Read unsigned samples as two's complement of ``precision`` bits."""
    sign = 1 << (precision - 1)
    extended: NDArray[np.int64] = (values.astype(np.int64) ^ sign) - sign
    return extended


CODECS: dict[str, Decode] = {
    "1.2.840.10008.1.2.4.50": decode_jpeg,
    "1.2.840.10008.1.2.4.51": decode_jpeg,
    "1.2.840.10008.1.2.4.57": decode_jpeg_lossless,
    "1.2.840.10008.1.2.4.70": decode_jpeg_lossless,
    "1.2.840.10008.1.2.4.80": decode_jpeg_ls,
    "1.2.840.10008.1.2.4.81": decode_jpeg_ls,
    "1.2.840.10008.1.2.4.90": decode_jpeg2000,
    "1.2.840.10008.1.2.4.91": decode_jpeg2000,
    "1.2.840.10008.1.2.4.201": decode_jpeg2000,
    "1.2.840.10008.1.2.4.202": decode_jpeg2000,
    "1.2.840.10008.1.2.4.203": decode_jpeg2000,
    "1.2.840.10008.1.2.5": decode_rle,
}
