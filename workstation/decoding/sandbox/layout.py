"""How the pixels of one object lie in its bytes, and what they decode to; nothing of it is decoded here.

Whoever only reads what an object is needs no arrays: loading them is most of the start of a worker.
"""

import sys
from typing import Any

from workstation.decoding.errors import PixelsDisagree, UnsupportedPixels
from workstation.decoding.sandbox.part10 import DEFLATED, EXPLICIT_BIG, IMPLICIT_LITTLE, Part10
from workstation.decoding.sandbox.plan import PixelPlan

NATIVE = frozenset({IMPLICIT_LITTLE, "1.2.840.10008.1.2.1", EXPLICIT_BIG, DEFLATED})

# Two values for each pixel, of which chrominance is stored for every second one. Source: PS3.3 C.7.6.3.1.2.
HALVED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


def output_type(plan: PixelPlan) -> str:
    """Return the numpy type of the decoded values."""
    if plan.is_palette:
        return "|u1"
    return plan.dtype if plan.item_bytes > 1 else plan.dtype.replace("<", "|")


def output_shape(plan: PixelPlan) -> tuple[int, ...]:
    """Return (frames, rows, columns), with a fourth axis of three for colour."""
    frame = (plan.frames, plan.rows, plan.columns)
    return (*frame, 3) if plan.is_colour else frame


def lying(plan: PixelPlan) -> dict[str, Any]:
    """Return where the values lie in the object, as it is told to the workstation."""
    return {"dtype": output_type(plan), "shape": output_shape(plan), "from": "input", "offset": plan.place.start}


def lies_ready(part10: Part10, plan: PixelPlan) -> bool:
    """Whether the stored bytes are already what decoding would give, so that nothing has to be copied.

    That they are within ``stored_range``, where there is one, is for the caller to see.

    Raises
    ------
    PixelsDisagree
        The pixel data have not the length that the header states.
    """
    if part10.transfer_syntax not in NATIVE or part10.big_endian or part10.inflated or sys.byteorder != "little":
        return False
    check_native_length(plan)
    if plan.is_palette or plan.photometric.startswith("YBR") or (plan.samples == 3 and plan.planar):
        return False
    return plan.allocated >= 8 and (_is_stored_whole(plan) or plan.high_bit == plan.stored - 1)


def stored_range(plan: PixelPlan) -> tuple[int, int] | None:
    """Return the least and the largest value that the stored bits can hold, or ``None`` where no bits are spare."""
    if _is_stored_whole(plan):
        return None
    if plan.kind == "u":
        return 0, (1 << plan.stored) - 1
    return -(1 << (plan.stored - 1)), (1 << (plan.stored - 1)) - 1


def native_frame_bytes(plan: PixelPlan) -> int:
    """Return the size of one frame that is not compressed.

    Raises
    ------
    UnsupportedPixels
        Halved colour that no standard describes.
    """
    if plan.photometric in HALVED:
        if plan.columns % 2 or plan.allocated != 8:
            raise UnsupportedPixels("odd columns", name=plan.photometric)
        return plan.rows * plan.columns * 2
    return plan.frame_samples * plan.item_bytes


def check_native_length(plan: PixelPlan) -> None:
    """Refuse pixels that are not as long as their description says.

    Raises
    ------
    PixelsDisagree, UnsupportedPixels
        They are longer or shorter, or in fragments.
    """
    if plan.place.fragments is not None:
        raise UnsupportedPixels("encapsulated, but not compressed", name=str(plan.photometric))
    if plan.allocated == 1:
        expected = (plan.rows * plan.columns * plan.frames + 7) // 8
    else:
        expected = native_frame_bytes(plan) * plan.frames
    if not expected <= plan.place.length <= expected + 1:
        raise PixelsDisagree("length of the pixel data")


def _is_stored_whole(plan: PixelPlan) -> bool:
    return plan.kind == "f" or plan.stored == plan.allocated
