"""What a worker answers about pixels: loaded by the first that asks for them, or beforehand where some are awaited."""

from math import prod
from typing import Any

import numpy as np

from workstation.decoding.call import Call
from workstation.decoding.sandbox.layout import lies_ready, lying, output_shape, output_type, stored_range
from workstation.decoding.sandbox.overlays import draw_overlays, has_overlays
from workstation.decoding.sandbox.part10 import Part10, read_part10
from workstation.decoding.sandbox.pixels import check_syntax, decode_frames
from workstation.decoding.sandbox.plan import PixelPlan, plan_pixels
from workstation.decoding.stored_bits import is_within
from workstation.decoding.wire import Kind, Message


def decode(call: Call) -> Message:
    """Decode all frames."""
    return Message(Kind.REPLY, {"pixels": _pixels(call, read_part10(call.data, call.limits))})


def overlays(call: Call) -> Message:
    """Draw the overlays of all frames; nothing for an object without any."""
    part10 = read_part10(call.data, call.limits)
    if not has_overlays(part10):
        return Message(Kind.REPLY)
    plan = plan_pixels(part10, call.limits)
    size = 2 * plan.rows * plan.columns * plan.frames
    seconds = call.limits.frame_seconds(plan.frame_bytes)
    memory = call.output(size, seconds, 2 * size)
    drawn = draw_overlays(part10, plan, call.limits)
    memory[:] = drawn.reshape(-1).view(np.uint8).data
    return Message(Kind.REPLY, {"pixels": {"dtype": "<u2", "shape": drawn.shape, "from": "output", "offset": 0}})


def _pixels(call: Call, part10: Part10) -> dict[str, Any]:
    check_syntax(part10)
    plan = plan_pixels(part10, call.limits)
    shape, dtype = output_shape(plan), np.dtype(output_type(plan))
    size = prod(shape) * dtype.itemsize
    what = {"dtype": dtype.str, "shape": shape, "bytes": size}
    if lies_ready(part10, plan) and _is_within(part10, plan):
        return lying(plan)
    # A codec may hold a frame several times: as wide integers for each component, as its own output, as ours.
    memory = call.output(size, call.limits.frame_seconds(plan.frame_bytes), 12 * plan.frame_bytes)
    output = np.frombuffer(memory, dtype, size // dtype.itemsize).reshape(shape)
    decode_frames(part10, plan, output, lambda: call.alive(plan.frame_bytes))
    return {**what, "from": "output", "offset": 0}


def _is_within(part10: Part10, plan: PixelPlan) -> bool:
    values = np.frombuffer(part10.raw(plan.place), plan.dtype, plan.frame_samples * plan.frames)
    return is_within(values, stored_range(plan))
