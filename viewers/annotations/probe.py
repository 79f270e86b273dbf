"""The value of the image at one point, in its quantity: that of the voxel where the point is a voxel's centre.

Anywhere else it is interpolated as the picture is, and its name says so.
"""

import math
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from viewers.annotations.errors import ColourPixels, NoPixels
from viewers.annotations.model import Annotation, PointLps
from viewers.annotations.region import PIXELS, acquired_slice, slice_grid
from viewers.annotations.values import Concept, Measured, frame_of, value_on
from viewers.geometry.plane import AXIAL, plane_about
from viewers.image.pixels import modality_values
from viewers.image.quantity import HOUNSFIELD, SUV_BODY_SURFACE, SUV_BODY_WEIGHT, SUV_LEAN_MASS
from viewers.image.reslice import sample_valid
from viewers.image.volume import Volume

# Source: PS3.16 CID 7469 (what intensities are).
_CONCEPTS = MappingProxyType(
    {
        HOUNSFIELD.ucum: ("112031", "DCM", "Attenuation Coefficient"),
        SUV_BODY_WEIGHT.ucum: ("126401", "DCM", "SUVbw"),
        SUV_LEAN_MASS.ucum: ("126402", "DCM", "SUVlbm"),
        SUV_BODY_SURFACE.ucum: ("126403", "DCM", "SUVbsa"),
    }
)
_MR_SIGNAL: Concept = ("110852", "DCM", "MR signal intensity")
_OTHER: Concept = ("REQ-VALUE", "99REQUIS", "Value of the image at a point")
# Voxels; positions are written in decimals, and their last digit must not blend a voxel with its neighbour.
_ON_CENTRE = 1e-4


def value_at_point(annotation: Annotation, volume: Volume) -> Measured:
    """Measure the modality value under the one point.

    Padding, gaps and what lies beside the image have none, pixels of colour neither: a refusal says so.

    Raises
    ------
    ForeignSpace
        The mark does not lie in the space of ``volume``, nor on one of its frames.
    """
    frame = frame_of(annotation, volume)
    if volume.voxels.ndim != 3:
        return Measured((), ColourPixels.key)
    (point,) = annotation.points_lps
    exact = _voxel(point, volume, frame)
    value = exact if exact is not None else _interpolated(point, volume, frame)
    if not math.isfinite(value):
        return Measured((), NoPixels.key)
    name = "value" if exact is not None else "interpolated_value"
    unit = (volume.quantity.ucum, volume.quantity.name)
    return Measured((value_on(volume, name, value, unit, _concept(volume)),))


def _concept(volume: Volume) -> Concept:
    known = _CONCEPTS.get(volume.quantity.ucum)
    if known is not None:
        return known
    return _MR_SIGNAL if volume.modality == "MR" and volume.quantity.ucum == "1" else _OTHER


def _voxel(point: PointLps, volume: Volume, frame: int | None) -> float | None:
    """Return the value of the voxel at whose centre the point lies, ``None`` where it lies at none."""
    k = acquired_slice(volume, point) if frame is None else frame
    if k is None:
        return None
    column, row = (PIXELS if frame is not None else slice_grid(volume, k)).place(point)
    i, j = round(column), round(row)
    if max(abs(column - i), abs(row - j)) > _ON_CENTRE:
        return None
    rows, columns = volume.voxels.shape[1:3]
    if not (0 <= i < columns and 0 <= j < rows):
        return math.nan
    return float(modality_values(volume, volume.voxels[k, j : j + 1, i : i + 1])[0, 0])


def _interpolated(point: PointLps, volume: Volume, frame: int | None) -> float:
    if frame is None:
        return float(sample_valid(volume, plane_about(point, AXIAL, 1.0, 1, 1))[0, 0])
    return _between_pixels(point, volume.voxels[frame], volume)


def _between_pixels(point: PointLps, stored: NDArray[np.generic], volume: Volume) -> float:
    """Return the value between four pixels of a frame, which goes on for half a pixel beyond its outer centres."""
    rows, columns = stored.shape
    x, y = point[0], point[1]
    if not (-0.5 <= x <= columns - 0.5 and -0.5 <= y <= rows - 0.5):
        return math.nan
    x, y = min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)
    left, top = min(int(x), max(columns - 2, 0)), min(int(y), max(rows - 2, 0))
    around = modality_values(volume, stored[top : top + 2, left : left + 2]).astype(np.float64)
    across, down = np.array([1.0 - (x - left), x - left]), np.array([1.0 - (y - top), y - top])
    shares = np.outer(down[: around.shape[0]], across[: around.shape[1]])
    return float((around[shares > 0.0] * shares[shares > 0.0]).sum())
