"""``requis snapshot``: its arguments."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from viewers.image.sampling import Projection
from workstation.cli.command import Invocation, Subparsers, add

if TYPE_CHECKING:
    from viewers.image.description import Window

Point = tuple[float, float, float]
_ORIENTATIONS = ("axial", "coronal", "sagittal")
_LARGEST_SIDE = 8_192


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "snapshot", "what a viewport would show of one plane", _snapshot)
    parser.add_argument("target", metavar="STUDY_UID|PATH")
    parser.add_argument("--series", required=True, metavar="UID")
    parser.add_argument("--volume", type=int, default=0, metavar="K", help="which volume of a split series")
    parser.add_argument("--slice", type=int, metavar="N", help="a slice as it was received, counted from 1")
    parser.add_argument("--quantity", metavar="NAME", help="of a PET image: SUVbw, SUVlbm, SUVbsa or Bq/ml")
    parser.add_argument("--plane", choices=_ORIENTATIONS, help="default: axial")
    parser.add_argument("--at", type=point, metavar="X,Y,Z", help="a point of the plane, LPS mm")
    parser.add_argument("--origin", type=point, metavar="X,Y,Z", help="centre of the first pixel, LPS mm")
    parser.add_argument("--row", type=point, metavar="X,Y,Z", help="direction in which the column index grows")
    parser.add_argument("--col", type=point, metavar="X,Y,Z", help="direction in which the row index grows")
    parser.add_argument("--spacing", type=length_mm, metavar="MM")
    parser.add_argument("--size", type=size, metavar="WxH")
    parser.add_argument("--slab", type=length_mm, metavar="MM", help="thickness")
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


def window(text: str) -> "Window":
    """Read ``C,W``."""
    from viewers.image.description import Window

    centre, width = (_finite(part) for part in text.split(","))
    return Window(centre, width)


def length_mm(text: str) -> float:
    """Read a positive length."""
    length = _finite(text)
    if length <= 0.0:
        raise ValueError(text)
    return length


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _snapshot(call: Invocation) -> int:
    # Volumes and pictures are loaded by the one command that needs them.
    from workstation.cli.picturing import snapshot

    return snapshot(call)
