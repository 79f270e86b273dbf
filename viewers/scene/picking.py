"""What lies under the pointer in a rendered picture: the surface seen there, or the brightest place of a projection."""

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import FloatArray, Vector3, added, lps_to_index, scaled
from viewers.geometry.plane import ImagePlane
from viewers.image.reslice import sample_valid
from viewers.image.volume import Volume
from viewers.scene.presets import TransferFunction
from viewers.state.camera import radius_mm
from viewers.state.scene_grid import scene_grid
from viewers.state.volume_look import ClippingBox

_STEP_MM = 0.5
# A surface is where half of the light is stopped; what stops less than this in all is no surface.
_SURFACE = 0.5
_FAINTEST = 0.15


def picked(
    volume: Volume, seen: ImagePlane, pixel: tuple[float, float], function: TransferFunction, box: ClippingBox
) -> Vector3 | None:
    """Return the LPS point that is seen at (column, row) of the picture ``seen``; ``None`` where nothing is.

    Raises
    ------
    NoSpace, ColourRefused
        The volume cannot be rendered either.
    """
    radius = radius_mm(volume)
    middle = seen.pixel_to_lps(*pixel)
    count = max(2, round(2 * radius / _STEP_MM))
    start = added(middle, scaled(seen.normal, -radius))
    ray = ImagePlane(start, seen.normal, seen.column_direction, _STEP_MM, count, 1)
    values = sample_valid(volume, ray)[0].astype(np.float64)
    values[~_is_inside(volume, ray, box)] = np.nan
    place = _brightest(values) if function.is_projection else _surface(values, function)
    return None if place is None else ray.pixel_to_lps(place, 0.0)


def _is_inside(volume: Volume, ray: ImagePlane, box: ClippingBox) -> NDArray[np.bool_]:
    places = np.array(ray.origin_lps) + np.arange(ray.width)[:, None] * np.array(ray.column_step_mm)
    grid = scene_grid(volume)
    bounds = np.array(box.bounds_ijk(grid.shape_kji))
    index = lps_to_index(grid.affine, places)
    return np.asarray(((index >= bounds[:, 0]) & (index <= bounds[:, 1])).all(axis=1), dtype=np.bool_)


def _brightest(values: FloatArray) -> int | None:
    return None if np.isnan(values).all() else int(np.nanargmax(values))


def _surface(values: FloatArray, function: TransferFunction) -> int | None:
    at, opacity = (np.array(column) for column in zip(*function.opacities, strict=True))
    stopped = np.where(np.isnan(values), 0.0, np.interp(values, at, opacity))
    passed = np.cumprod((1.0 - stopped) ** _STEP_MM)
    if passed[-1] > 1.0 - _FAINTEST:
        return None
    return int(np.argmax(passed <= max(_SURFACE, float(passed[-1]))))
