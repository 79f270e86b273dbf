"""Curved reformation: a volume cut along a curve and laid straight, in its true geometry.

Across the picture lies the way along the curve, down it the chosen direction away from the curve; both in true mm. A
length along the curve is the length in the patient; no other length of the picture is.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.centreline import Centreline
from viewers.geometry.frame import FloatArray, Vector3, added, as_vector, lps_to_index, scaled
from viewers.image.bands import Bands, OneBand
from viewers.image.sampling import PROJECTION_CODES, Slab
from viewers.image.slices import SliceTable, evened, irregular_frame, is_regular, slice_table
from viewers.image.source import NO_PADDING, source_of
from viewers.image.volume import Volume

_ONE_BAND = OneBand()
# What lies on the right of a section: the patient's left, and where that is not beside the curve, the back.
_RIGHTWARDS = (1.0, 0.5, 0.0)
_LOOKS = 17
_NO_TABLE = SliceTable(np.zeros((0, 4)), (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class StraightGrid:
    """A straightened picture of ``width`` × ``height`` pixels, all of ``spacing_mm``.

    ``first_along_mm`` is where along the curve the centres of the first column lie, ``first_down_mm`` how far from the
    curve those of the first row, downwards positive. ``turned_degrees`` turns the picture about the curve.
    """

    first_along_mm: float
    first_down_mm: float
    spacing_mm: float
    width: int
    height: int
    turned_degrees: float = 0.0

    def along_of(self, column: float) -> float:
        """Return how far along the curve a column is, mm."""
        return self.first_along_mm + column * self.spacing_mm

    def column_of(self, along_mm: float) -> float:
        """Return the column of a place along the curve."""
        return (along_mm - self.first_along_mm) / self.spacing_mm

    def row_of(self, down_mm: float) -> float:
        """Return the row of a distance from the curve."""
        return (down_mm - self.first_down_mm) / self.spacing_mm

    def point_of(self, line: Centreline, column: float, row: float) -> Vector3 | None:
        """Return where a pixel coordinate lies in the patient; ``None`` beyond the ends of the curve."""
        along = self.along_of(column)
        if not 0.0 <= along <= line.length_mm:
            return None
        down = line.down_at(along, self.turned_degrees)
        return added(line.point_at(along), scaled(down, self.first_down_mm + row * self.spacing_mm))


def fitted_grid(
    line: Centreline,
    width: int,
    height: int,
    zoom: float = 1.0,
    turned_degrees: float = 0.0,
    pan_mm: tuple[float, float] = (0.0, 0.0),
) -> StraightGrid:
    """Return the picture that shows the whole curve across, its middle at the middle, then zoomed and moved."""
    spacing = line.length_mm / max(1, width - 1) / zoom
    middle = line.length_mm / 2 - pan_mm[0]
    return StraightGrid(
        middle - (width - 1) / 2 * spacing,
        -(height - 1) / 2 * spacing - pan_mm[1],
        spacing,
        width,
        height,
        turned_degrees,
    )


def sample_straightened(
    volume: Volume, line: Centreline, grid: StraightGrid, slab: Slab | None = None, bands: Bands = _ONE_BAND
) -> NDArray[np.float32]:
    """Return the modality values of a straightened picture, shape (height, width).

    NaN beyond the ends of the curve, more than half a voxel outside the volume and inside gaps. A slab reaches from
    half of its thickness before the picture to half of it behind, at each point across the curve.

    Raises
    ------
    NoSpace
        The volume has no place in the patient.
    ColourRefused
        The volume is in colour.
    """
    from viewers.image.kernels_curved import curved_rows

    volume = evened(volume)
    source = source_of(volume)
    is_thick = slab is not None and slab.thickness_mm > 0.0
    padding = source.padding if is_thick else NO_PADDING
    as_regular = is_regular(volume)
    table = _NO_TABLE if as_regular else slice_table(volume)
    columns = _columns(volume.affine if as_regular else irregular_frame(volume), line, grid)
    downs = grid.first_down_mm + np.arange(grid.height, dtype=np.float64) * grid.spacing_mm
    throughs = _throughs(volume, slab) if slab is not None and is_thick else np.zeros(1)
    projection = PROJECTION_CODES[slab.projection] if slab is not None else 0
    out = np.empty((grid.height, grid.width), dtype=np.float32)

    def work(first: int, last: int) -> None:
        curved_rows(
            source.flat, source.counts, table.rows, table.ends, columns, downs, throughs, projection, padding,
            source.rescale, out, first, last,
        )  # fmt: skip

    bands.run(work, out.shape)
    return out


def _columns(affine: FloatArray, line: Centreline, grid: StraightGrid) -> FloatArray:
    """Return middle, step downwards and step through of each column in the index space of ``affine``."""
    along = grid.first_along_mm + np.arange(grid.width, dtype=np.float64) * grid.spacing_mm
    points, downs, throughs = line.frames(along, grid.turned_degrees)
    turned = np.eye(4)
    turned[:3, :3] = affine[:3, :3]
    columns = np.hstack([lps_to_index(affine, points), lps_to_index(turned, downs), lps_to_index(turned, throughs)])
    half = grid.spacing_mm / 2
    columns[(along < -half) | (along > line.length_mm + half)] = math.nan
    return columns


def _throughs(volume: Volume, slab: Slab) -> FloatArray:
    """Return where through the slab to sample, mm: both ends, and between them at half a voxel or less."""
    finest = min(float(np.linalg.norm(volume.affine[:3, axis])) for axis in range(3))
    count = max(2, math.ceil(slab.thickness_mm / (finest / 2)) + 1)
    return np.linspace(-slab.thickness_mm / 2, slab.thickness_mm / 2, count)


def cross_section_axes(line: Centreline, along_mm: float, turned_degrees: float) -> tuple[Vector3, Vector3]:
    """Return the directions to the right and downwards of the picture across the curve.

    It is looked at from the side that brings the patient's left, or else the back, to the right, as planes are: one
    side for the whole curve, so that nothing changes sides on the way.
    """
    _, downs, throughs = line.frames(np.array([along_mm]), turned_degrees)
    _, _, everywhere = line.frames(np.linspace(0.0, line.length_mm, _LOOKS), turned_degrees)
    side = 1.0 if float((everywhere @ np.array(_RIGHTWARDS)).sum()) >= 0.0 else -1.0
    return scaled(as_vector(throughs[0]), side), as_vector(downs[0])
