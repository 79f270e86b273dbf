"""From modality values to what a reader reads: SUV, apparent diffusion, whatever a real-world map says.

A conversion is linear. It belongs to a frame, since factors may differ from image to image, and is applied to a volume
only where each of its frames has it: half a volume in SUV would be a wrong picture.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from viewers.image.description import FrameDescription, VoiFunction, Window
from viewers.image.errors import QuantityRefused
from viewers.image.quantity_kinds import Alternatives, Conversion, Quantity
from viewers.image.volume import Volume

# Factors of different images that agree to this are one factor: decimal strings round.
_SAME = 1e-9
# The width, in modality values, that stands for the step of a LINEAR window of width 1.
_NARROWEST = 1e-6
_EXACT = {VoiFunction.LINEAR: VoiFunction.LINEAR_EXACT}


def converted(frames: Sequence[FrameDescription]) -> tuple[FrameDescription, ...]:
    """Return the frames of one volume in the first quantity that all of them can be turned into, else as they are.

    Rescale and windows change together, so that the picture stays what it was.
    """
    target = frames[0].conversions[0].quantity if frames[0].conversions else None
    has_table = any(window.table is not None for frame in frames for window in frame.windows)
    if target is None or has_table or any(_to(frame, target) is None for frame in frames):
        # A VOI table has whole modality values as inputs: it would mean nothing after a conversion.
        return tuple(frames)
    return tuple(_in_quantity(frame, found) for frame in frames if (found := _to(frame, target)) is not None)


def alternatives_of(frames: Sequence[FrameDescription], shown: Quantity, base: Quantity) -> Alternatives:
    """Return the other quantities of a volume shown in ``shown``, as conversions of the values shown.

    ``base`` is the quantity of the modality values. Only what has one factor for all frames is offered: the others
    would need the stored values of each frame. One image that lacks something keeps all of them from a quantity: its
    reasons are those of the volume.
    """
    first = frames[0]
    own = _to(first, shown) or Conversion(1.0, 0.0, base)
    offered = []
    for candidate in (*first.conversions, Conversion(1.0, 0.0, base)):
        if candidate.quantity != shown and all(_agree(frame, shown, candidate, own) for frame in frames):
            offered.append(_between(own, candidate))
    is_one = all((_to(frame, shown) or own) == own for frame in frames)
    withheld = max((frame.withheld for frame in frames), key=len)
    return Alternatives(tuple(offered), withheld, own if is_one else None)


def in_quantity(volume: Volume, name: str) -> Volume:
    """Return the volume with its values in the quantity of that name; the voxels are shared.

    Raises
    ------
    QuantityRefused
        The values cannot be turned into it; the error says why where that is known.
    """
    if volume.quantity.name == name:
        return volume
    found = next((one for one in volume.alternatives.conversions if one.quantity.name == name), None)
    if found is None:
        why = next((one.why for one in volume.alternatives.withheld if one.quantity.name == name), "")
        raise QuantityRefused(f"no conversion to {name}", quantity=name, why=why)
    back = Conversion(1.0 / found.scale, -found.offset / found.scale, volume.quantity)
    others = tuple(_between(found, one) for one in volume.alternatives.conversions if one is not found)
    exact = volume.voi_function is VoiFunction.LINEAR
    return replace(
        volume,
        slope=volume.slope * found.scale,
        intercept=volume.intercept * found.scale + found.offset,
        quantity=found.quantity,
        windows=tuple(_scaled(window, found, exact) for window in volume.windows),
        slice_windows=tuple(tuple(_scaled(one, found, exact) for one in each) for each in volume.slice_windows),
        voi_function=_EXACT.get(volume.voi_function, volume.voi_function),
        alternatives=Alternatives((back, *others), volume.alternatives.withheld, _after(volume, found)),
    )


def of_modality(window: Window, function: VoiFunction, volume: Volume) -> tuple[Window, VoiFunction] | None:
    """Return a window of modality values, as presentation states give them, for the values that a volume is shown in.

    ``None`` where no single window of these values has the same effect.
    """
    conversion = volume.alternatives.from_modality
    if conversion is None:
        return None
    if (conversion.scale, conversion.offset) == (1.0, 0.0):
        return window, function
    return _scaled(window, conversion, function is VoiFunction.LINEAR), _EXACT.get(function, function)


def of_stored(
    window: Window, function: VoiFunction, rescale: tuple[float, float], volume: Volume
) -> tuple[Window, VoiFunction] | None:
    """Return a window of rescaled stored values, as presentation states give them, for the values of a volume.

    ``None`` where no window of these values has the same effect. Where the stored values are not kept, the rescale is
    taken to be the image's own, unless it is none. Source: PS3.3 C.11.1; PS3.4 N.2.1.
    """
    slope, intercept = rescale
    if volume.voxels.dtype == np.float32:
        return None if rescale == (1.0, 0.0) else of_modality(window, function, volume)
    scale = volume.slope / slope
    offset = volume.intercept - intercept * scale
    if (scale, offset) == (1.0, 0.0):
        return window, function
    if window.table is None:
        found = _scaled(window, Conversion(scale, offset, volume.quantity), function is VoiFunction.LINEAR)
        return found, _EXACT.get(function, function)
    if scale != 1.0 or not offset.is_integer():
        return None
    table = replace(window.table, first=window.table.first + int(offset))
    return replace(window, centre=window.centre + offset, table=table), function


def _after(volume: Volume, found: Conversion) -> Conversion | None:
    before = volume.alternatives.from_modality
    if before is None:
        return None
    return Conversion(before.scale * found.scale, before.offset * found.scale + found.offset, found.quantity)


def _scaled(window: Window, conversion: Conversion, is_linear: bool) -> Window:
    """Return the window, no table, of the same effect on converted values, for the exact function or the sigmoid.

    The half and the one that LINEAR takes off are in modality values, not in the new ones. Source: PS3.3 C.11.2.1.2.1.
    """
    centre, width = (window.centre - 0.5, window.width - 1.0) if is_linear else (window.centre, window.width)
    scale = abs(conversion.scale)
    return replace(window, centre=centre * conversion.scale + conversion.offset, width=max(width, _NARROWEST) * scale)


def _to(frame: FrameDescription, target: Quantity) -> Conversion | None:
    return next((one for one in frame.conversions if one.quantity == target), None)


def _in_quantity(frame: FrameDescription, conversion: Conversion) -> FrameDescription:
    if (conversion.scale, conversion.offset) == (1.0, 0.0) and frame.modality != "PT":
        return replace(frame, quantity=conversion.quantity)
    # Uptake that came as such needs the exact function too: LINEAR would take one whole SUV off the width.
    is_linear = frame.voi_function is VoiFunction.LINEAR
    return replace(
        frame,
        rescale_slope=frame.rescale_slope * conversion.scale,
        rescale_intercept=frame.rescale_intercept * conversion.scale + conversion.offset,
        windows=tuple(_scaled(window, conversion, is_linear) for window in frame.windows),
        voi_function=_EXACT.get(frame.voi_function, frame.voi_function),
        quantity=conversion.quantity,
    )


def _between(own: Conversion, other: Conversion) -> Conversion:
    """Return the conversion from values in the one quantity to values in the other."""
    scale = other.scale / own.scale
    return Conversion(scale, other.offset - own.offset * scale, other.quantity)


def _agree(frame: FrameDescription, shown: Quantity, candidate: Conversion, own: Conversion) -> bool:
    here = _to(frame, shown) or Conversion(1.0, 0.0, own.quantity)
    there = _to(frame, candidate.quantity)
    if there is None:
        if candidate.scale != 1.0 or candidate.offset != 0.0:
            return False
        there = candidate
    mine, first = _between(here, there), _between(own, candidate)
    return abs(mine.scale - first.scale) <= _SAME * abs(first.scale) and mine.offset == first.offset
