"""The overlays of an object, drawn on the matrix of its image. Source: PS3.3 C.9.2, PS3.5 8.1.2."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.decoding.errors import TooLarge
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.sandbox.part10 import Part10
from workstation.decoding.sandbox.plan import PixelPlan

GROUPS = range(0x6000, 0x6020, 2)
# The bit of the result that stands for each group.
Masks = NDArray[np.uint16]

_ROWS, _COLUMNS, _FRAMES, _FIRST_FRAME = 0x0010, 0x0011, 0x0015, 0x0051
_ORIGIN, _BITS_ALLOCATED, _BIT_POSITION, _DATA = 0x0050, 0x0100, 0x0102, 0x3000
_LARGEST_ORIGIN = 100_000


@dataclass(frozen=True, slots=True)
class _Plane:
    """One overlay as its header describes it; row and column of its first pixel, and its first frame, count from 0."""

    rows: int
    columns: int
    frames: int
    top: int
    left: int
    first_frame: int


def has_overlays(part10: Part10) -> bool:
    """Whether any overlay is described."""
    return any(f"{group:04X}{_ROWS:04X}" in part10.dataset.elements for group in GROUPS)


def draw_overlays(part10: Part10, plan: PixelPlan, limits: DecodeLimits) -> Masks:
    """Return bit n of each pixel for the n-th group, shape (frames, rows, columns).

    An overlay that is not described whole, or whose data are too short, is left out: the image is worth more than its
    graphics. What lies beyond the image is cut off.

    Raises
    ------
    TooLarge
        The result is above the limits.
    """
    if 2 * plan.rows * plan.columns * plan.frames > limits.total_bytes:
        raise TooLarge("overlays")
    drawn: Masks = np.zeros((plan.frames, plan.rows, plan.columns), np.uint16)
    for bit, group in enumerate(GROUPS):
        plane = _plane(part10, group)
        if plane is None:
            continue
        for index in range(plane.frames):
            frame = plane.first_frame + index
            if 0 <= frame < plan.frames:
                mask = _mask(part10, plan, group, plane, index)
                if mask is not None:
                    _lay(drawn[frame], mask, plane, np.uint16(1 << bit))
    return drawn


def _plane(part10: Part10, group: int) -> _Plane | None:
    rows, columns = _number(part10, group, _ROWS, 0), _number(part10, group, _COLUMNS, 0)
    origin = part10.dataset.elements.get(f"{group:04X}{_ORIGIN:04X}", {}).get("Value", [1, 1])
    if not (rows > 0 and columns > 0 and len(origin) == 2):
        return None
    if not all(isinstance(one, int) and abs(one) < _LARGEST_ORIGIN for one in origin):
        return None
    frames = _number(part10, group, _FRAMES, 1)
    first = _number(part10, group, _FIRST_FRAME, 1) - 1
    return _Plane(rows, columns, frames, origin[0] - 1, origin[1] - 1, first)


def _number(part10: Part10, group: int, element: int, default: int) -> int:
    value = part10.value(group << 16 | element)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _mask(part10: Part10, plan: PixelPlan, group: int, plane: _Plane, index: int) -> NDArray[np.uint8] | None:
    place = part10.dataset.bulk.get(group << 16 | _DATA)
    if place is None:
        return _embedded(part10, plan, group, plane, index)
    count = plane.rows * plane.columns
    first = index * count
    raw = np.frombuffer(part10.raw(place), np.uint8)
    if part10.big_endian and place.vr == "OW":
        raw = raw[: raw.size // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
    packed = raw[first // 8 : (first + count + 7) // 8]
    if packed.size * 8 < first % 8 + count:
        return None
    bits = np.unpackbits(packed, bitorder="little")[first % 8 : first % 8 + count]
    return bits.reshape(plane.rows, plane.columns)


def _embedded(part10: Part10, plan: PixelPlan, group: int, plane: _Plane, index: int) -> NDArray[np.uint8] | None:
    """Return an overlay that lies in a bit of the pixels that no value uses; retired, but met. Source: PS3.5 8.1.2."""
    position = _number(part10, group, _BIT_POSITION, 0)
    used = range(plan.high_bit + 1 - plan.stored, plan.high_bit + 1)
    same = (plane.rows, plane.columns) == (plan.rows, plan.columns) and plan.samples == 1
    if plan.place.fragments is not None or plan.kind == "f" or not same or not 0 < position < plan.allocated:
        return None
    size = plan.frame_samples * plan.item_bytes
    start = (plane.first_frame + index) * size
    raw = part10.raw(plan.place)[start : start + size]
    if position in used or len(raw) != size:
        return None
    words = np.frombuffer(raw, f"{'>' if part10.big_endian else '<'}u{plan.item_bytes}")
    return ((words >> position) & 1).astype(np.uint8).reshape(plane.rows, plane.columns)


def _lay(drawn: NDArray[np.uint16], mask: NDArray[np.uint8], plane: _Plane, bit: np.uint16) -> None:
    rows, columns = drawn.shape
    top, left = max(plane.top, 0), max(plane.left, 0)
    bottom, right = min(plane.top + plane.rows, rows), min(plane.left + plane.columns, columns)
    if top < bottom and left < right:
        part = mask[top - plane.top : bottom - plane.top, left - plane.left : right - plane.left]
        drawn[top:bottom, left:right] |= part.astype(np.uint16) * bit
