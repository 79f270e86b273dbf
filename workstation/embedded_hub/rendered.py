"""Rendered frames: PNG and JPEG, for previews. Source: PS3.18 8.3.5, 10.4.1.1.4."""

import math
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from starlette.datastructures import QueryParams

from workstation.embedded_hub.errors import BadRequest, NotFound
from workstation.embedded_hub.frames import frame_count

PNG = "image/png"
JPEG = "image/jpeg"
FUNCTIONS = ("linear", "linear-exact", "sigmoid")
MAX_SIDE = 8192
FloatPixels = NDArray[np.float64]
BytePixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Window:
    """A window over modality values."""

    centre: float
    width: float
    function: str = "linear"


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a client wants a frame to be rendered."""

    window: Window | None = None
    size: tuple[int, int] | None = None
    """Width and height within which the picture fits, in pixels."""
    quality: int = 90


def parse_rendering(parameters: QueryParams) -> Rendering:
    """Read ``window``, ``viewport`` and ``quality``.

    Raises
    ------
    BadRequest
        One of them has not the right form.
    """
    window = _window(parameters["window"]) if "window" in parameters else None
    size = _size(parameters["viewport"]) if "viewport" in parameters else None
    quality = parameters.get("quality", "90")
    if not quality.isascii() or not quality.isdigit() or not 1 <= int(quality[:4]) <= 100:
        raise BadRequest("The parameter quality must be a whole number from 1 to 100.")
    return Rendering(window, size, int(quality))


def render(path: Path, number: int, rendering: Rendering, media_type: str) -> bytes:
    """Return frame ``number``, from 1, as a picture.

    Raises
    ------
    NotFound
        The instance has no pixels or fewer frames.
    """
    dataset = dcmread(path)
    if "PixelData" not in dataset or not 1 <= number <= frame_count(dataset):
        raise NotFound("This instance has no such frame.")
    picture = Image.fromarray(_display_values(dataset, path, number - 1, rendering.window))
    if rendering.size is not None:
        picture.thumbnail(rendering.size)
    stream = BytesIO()
    if media_type == PNG:
        picture.save(stream, "PNG")
    else:
        picture.save(stream, "JPEG", quality=rendering.quality)
    return stream.getvalue()


def _display_values(dataset: Dataset, path: Path, index: int, window: Window | None) -> BytePixels:
    pixels: NDArray[Any] = pixel_array(path, index=index)
    photometric = str(dataset.get("PhotometricInterpretation", ""))
    if photometric == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, dataset)
    if pixels.ndim == 3:
        top = np.iinfo(pixels.dtype).bits - 8
        return (pixels >> top).astype(np.uint8) if top > 0 else pixels.astype(np.uint8)
    values = np.asarray(apply_modality_lut(pixels, dataset), dtype=np.float64)
    chosen = window or _stored_window(dataset) or _whole_range(values)
    shown = _apply(values, chosen)
    return 255 - shown if photometric == "MONOCHROME1" else shown


def _apply(values: FloatPixels, window: Window) -> BytePixels:
    """Map modality values to 0 to 255. Source: PS3.3 C.11.2.1.2, C.11.2.1.3."""
    if window.function == "sigmoid":
        exponent = np.clip(-4.0 * (values - window.centre) / window.width, -700.0, 700.0)
        part = 1.0 / (1.0 + np.exp(exponent))
    elif window.function == "linear-exact":
        part = (values - window.centre) / window.width + 0.5
    else:
        part = (values - (window.centre - 0.5)) / max(window.width - 1.0, 1e-9) + 0.5
    scaled: BytePixels = np.rint(np.clip(part, 0.0, 1.0) * 255.0).astype(np.uint8)
    return scaled


def _stored_window(dataset: Dataset) -> Window | None:
    centre, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if centre is None or width is None or width <= 0:
        return None
    function = str(dataset.get("VOILUTFunction", "") or "LINEAR").lower().replace("_", "-")
    return Window(centre, width, function if function in FUNCTIONS else "linear")


def _whole_range(values: FloatPixels) -> Window:
    low, high = float(values.min()), float(values.max())
    return Window((low + high) / 2.0, max(high - low, 1.0), "linear-exact")


def _first(value: object) -> float | None:
    if isinstance(value, MultiValue):
        value = value[0] if len(value) else None
    return None if value is None or value == "" else float(str(value))


def _window(text: str) -> Window:
    fields = [field.strip() for field in text.split(",")]
    function = fields[2].lower() if len(fields) > 2 else "linear"
    try:
        centre, width = float(fields[0]), float(fields[1])
    except (ValueError, IndexError) as error:
        raise BadRequest("The parameter window must be centre,width,function.") from error
    if not (math.isfinite(centre) and math.isfinite(width)) or width <= 0 or function not in FUNCTIONS:
        raise BadRequest("The parameter window must be centre,width,function, with a width above 0.")
    return Window(centre, width, function)


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(field) for field in text.split(",")[:2])
    except ValueError as error:
        raise BadRequest("The parameter viewport must be width,height.") from error
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadRequest(f"The parameter viewport must lie between 1 and {MAX_SIDE}.")
    return width, height
