"""The values under the pointer: of the picture, and of what is laid over it. Read, never measured: no mark is left."""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF

from viewers.geometry.plane import ImagePlane
from viewers.image.errors import ImageError
from viewers.image.pixels import slice_values
from viewers.image.quantity_kinds import Quantity
from viewers.image.reslice import sample_plane, sample_valid
from viewers.image.volume import Volume
from viewers.qt.labels import ViewportLabels
from viewers.qt.seen import Seen
from viewers.state.resolved import ResolvedView


def probe_line(seen: Seen, position: QPointF, device_pixel_ratio: float, labels: ViewportLabels) -> str:
    """Return the values under a position in logical pixels, with their units; empty where there are none."""
    resolved, content = seen.content.resolved, seen.content
    column, row = position.x() * device_pixel_ratio - 0.5, position.y() * device_pixel_ratio - 0.5
    found = _of_picture(content.volume, resolved, column, row)
    texts = [] if math.isnan(found) else [_told(found, resolved.quantity, resolved.window.width, labels)]
    layer = resolved.fused
    if layer is not None and content.fused is not None:
        over = _at(content.fused, layer.plane, column, row, resolved)
        if not math.isnan(over):
            texts.append(f"+ {layer.modality} {_told(over, layer.quantity, layer.window.width, labels)}")
    return "   ".join(texts)


def _of_picture(volume: Volume, resolved: ResolvedView, column: float, row: float) -> float:
    """Return the value of the voxel of a stack, of the place in a plane; NaN outside, and of colour."""
    if volume.voxels.ndim != 3:
        return math.nan
    k, placed = resolved.slice_index, resolved.image_to_viewport
    if k is None or placed is None:
        return _at(volume, resolved.plane, column, row, resolved)
    a, b, c, d, e, f = placed
    across, down, scale = column - c, row - f, a * e - b * d
    i, j = round((e * across - b * down) / scale), round((a * down - d * across) / scale)
    height, width = volume.voxels.shape[1:3]
    if not (0 <= i < width and 0 <= j < height):
        return math.nan
    return float(slice_values(replace(volume, voxels=volume.voxels[:, j : j + 1, i : i + 1]), k)[0, 0])


def _at(volume: Volume, plane: ImagePlane, column: float, row: float, resolved: ResolvedView) -> float:
    spot = replace(plane, origin_lps=plane.pixel_to_lps(column, row), width=1, height=1)
    try:
        if resolved.slab is None:
            return float(sample_valid(volume, spot)[0, 0])
        return float(sample_plane(volume, spot, resolved.slab)[0, 0])
    except ImageError:
        return math.nan


def _told(value: float, quantity: Quantity, usual: float, labels: ViewportLabels) -> str:
    return f"{labels.value(value, usual)} {quantity.name}".rstrip()
