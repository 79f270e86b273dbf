"""The arguments of ``requis snapshot`` and the plane that they stand for."""

import argparse
import math
from pathlib import Path

from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, ImagePlane
from viewers.image.description import Window
from viewers.image.reslice import standard_plane
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from workstation.cli.errors import PlaneRefused

Point = tuple[float, float, float]
_ORIENTATIONS = {"axial": AXIAL, "coronal": CORONAL, "sagittal": SAGITTAL}
_UNIT_TOLERANCE = 1e-3
_LARGEST_SIDE = 8_192


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("target", metavar="STUDY_UID|PATH")
    parser.add_argument("--series", required=True, metavar="UID")
    parser.add_argument("--volume", type=int, default=0, metavar="K", help="which volume of a split series")
    parser.add_argument("--plane", choices=sorted(_ORIENTATIONS), help="default: axial")
    parser.add_argument("--at", type=point, metavar="X,Y,Z", help="a point of the plane, LPS mm")
    parser.add_argument("--origin", type=point, metavar="X,Y,Z", help="centre of the first pixel, LPS mm")
    parser.add_argument("--row", type=point, metavar="X,Y,Z", help="direction in which the column index grows")
    parser.add_argument("--col", type=point, metavar="X,Y,Z", help="direction in which the row index grows")
    parser.add_argument("--spacing", type=float, metavar="MM")
    parser.add_argument("--size", type=size, metavar="WxH")
    parser.add_argument("--slab", type=float, metavar="MM", help="thickness")
    parser.add_argument("--projection", choices=[one.value for one in Projection], default=Projection.MAXIMUM.value)
    parser.add_argument("--window", type=window, metavar="C,W")
    parser.add_argument("--out", type=Path, metavar="F.png")
    parser.add_argument("--values", type=Path, metavar="F.npy", help="float32 modality values, NaN outside")


def point(text: str) -> Point:
    """Read ``X,Y,Z``."""
    x, y, z = (_finite(part) for part in text.split(","))
    return x, y, z


def size(text: str) -> tuple[int, int]:
    """Read ``WxH``."""
    width, height = (int(part) for part in text.lower().split("x"))
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise ValueError(text)
    return width, height


def window(text: str) -> Window:
    """Read ``C,W``."""
    centre, width = (_finite(part) for part in text.split(","))
    return Window(centre, width)


def plane_of(arguments: argparse.Namespace, volume: Volume) -> ImagePlane:
    """Return the plane asked for: given whole by origin, directions, spacing and size, or a standard one.

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
    return standard_plane(volume, orientation, arguments.at, arguments.spacing)


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


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
