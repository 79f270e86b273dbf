"""The plane and the slab that the arguments of ``requis snapshot`` stand for."""

import argparse
import math

from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, ImagePlane, plane_about
from viewers.image.reslice import standard_plane
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from workstation.cli.errors import PlaneRefused

Point = tuple[float, float, float]
_ORIENTATIONS = {"axial": AXIAL, "coronal": CORONAL, "sagittal": SAGITTAL}
_UNIT_TOLERANCE = 1e-3


def plane_of(arguments: argparse.Namespace, volume: Volume) -> ImagePlane:
    """Return the plane asked for: given whole by origin, directions, spacing and size, or a standard one.

    A standard one shows all of the volume, or as much around the same middle as ``--size`` has room for.

    Raises
    ------
    PlaneRefused
        Only a part of a plane is given, or its directions are not perpendicular.
    """
    own = (arguments.origin, arguments.row, arguments.col, arguments.spacing, arguments.size)
    if any(part is not None for part in own[:3]):
        if any(part is None for part in own):
            raise PlaneRefused("origin, row, col, spacing and size go together")
        return _whole_plane(*own)
    if arguments.spacing is not None and arguments.spacing <= 0.0:
        raise PlaneRefused("spacing must be positive")
    orientation = _ORIENTATIONS[arguments.plane or "axial"]
    plane = standard_plane(volume, orientation, arguments.at, arguments.spacing)
    if arguments.size is None:
        return plane
    return plane_about(plane.centre_lps, orientation, plane.spacing_mm, *arguments.size)


def slab_of(arguments: argparse.Namespace) -> Slab | None:
    """Return the slab asked for."""
    return Slab(arguments.slab, Projection(arguments.projection)) if arguments.slab else None


def _whole_plane(origin: Point, row: Point, column: Point, spacing_mm: float, extent: tuple[int, int]) -> ImagePlane:
    row_length, column_length = math.hypot(*row), math.hypot(*column)
    if spacing_mm <= 0.0 or row_length == 0.0 or column_length == 0.0:
        raise PlaneRefused("spacing and directions must not be zero")
    along_row = (row[0] / row_length, row[1] / row_length, row[2] / row_length)
    along_column = (column[0] / column_length, column[1] / column_length, column[2] / column_length)
    if abs(sum(a * b for a, b in zip(along_row, along_column, strict=True))) > _UNIT_TOLERANCE:
        raise PlaneRefused("row and col are not perpendicular")
    return ImagePlane(origin, along_row, along_column, spacing_mm, *extent)
