"""Thick planes: the extreme or the mean along the normal, with exact ends, without padding."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import FloatArray, lps_to_index
from viewers.geometry.plane import ImagePlane
from viewers.image.bands import Bands
from viewers.image.sampling import PROJECTION_CODES, Projection, Slab
from viewers.image.single_plane import irregular_values
from viewers.image.slices import is_regular, positions_mm, regular_walk, slice_normal
from viewers.image.source import VoxelSource
from viewers.image.volume import Volume

# Two normals whose cosine is this near to 1 are parallel: the slab then ends exactly between two slices.
_PARALLEL_COSINE = 1.0 - 1e-9


def slab_values(
    volume: Volume, source: VoxelSource, plane: ImagePlane, slab: Slab, bands: Bands
) -> NDArray[np.float32]:
    """Return the projected modality values, shape (height, width), NaN where the slab holds nothing valid."""
    if is_regular(volume):
        return _regular(volume, source, plane, slab, bands)
    return _irregular(volume, source, plane, slab, bands)


def _regular(volume: Volume, source: VoxelSource, plane: ImagePlane, slab: Slab, bands: Bands) -> NDArray[np.float32]:
    from viewers.image.kernels_projection import slab_rows

    out = np.empty((plane.height, plane.width), dtype=np.float32)
    walk = regular_walk(volume, plane)
    through = _index_step(volume.affine, np.array(plane.normal) * slab.thickness_mm / 2)
    crossed = int(np.argmax(np.abs(through)))
    if through[crossed] < 0.0:
        through = -through
    order = (crossed, (crossed + 1) % 3, (crossed + 2) % 3)
    strides = (1, source.counts[0], source.counts[0] * source.counts[1])
    layout = np.array([(source.counts[axis], strides[axis]) for axis in order], dtype=np.int64)
    projection = PROJECTION_CODES[_in_stored_values(slab.projection, source)]

    def work(first: int, last: int) -> None:
        slab_rows(
            source.flat,
            source.counts,
            layout,
            order,
            walk,
            through,
            projection,
            source.padding,
            source.rescale,
            out,
            first,
            last,
        )

    bands.run(work, out.shape)
    return out


def _index_step(affine: FloatArray, step_mm: FloatArray) -> FloatArray:
    turned = np.eye(4)
    turned[:3, :3] = affine[:3, :3]
    return lps_to_index(turned, step_mm)


def _in_stored_values(projection: Projection, source: VoxelSource) -> Projection:
    """Return the projection of stored values that gives the wanted one of modality values."""
    if source.rescale[0] >= 0.0 or projection is Projection.MEAN:
        return projection
    return Projection.MINIMUM if projection is Projection.MAXIMUM else Projection.MAXIMUM


def _irregular(volume: Volume, source: VoxelSource, plane: ImagePlane, slab: Slab, bands: Bands) -> NDArray[np.float32]:
    half = slab.thickness_mm / 2
    offsets = _offsets_mm(volume, plane, half)
    if slab.projection is Projection.MEAN:
        offsets = sorted({-half, *offsets, half})
    pictures = (
        (offset, irregular_values(volume, source, plane.moved(offset), True, source.padding, bands))
        for offset in offsets
    )
    if slab.projection is Projection.MEAN:
        return _mean(list(pictures))
    join = np.fmax if slab.projection is Projection.MAXIMUM else np.fmin
    _, found = next(pictures)
    for _, picture in pictures:
        found = join(found, picture)
    return found


def _offsets_mm(volume: Volume, plane: ImagePlane, half: float) -> list[float]:
    """Return where along the normal to sample: at the slices themselves where the slab lies along them."""
    normal = slice_normal(volume)
    cosine = float(normal @ np.array(plane.normal))
    if abs(cosine) >= _PARALLEL_COSINE:
        middle = float((np.array(plane.origin_lps) - volume.slice_origins_lps[0]) @ normal)
        inside = [(position - middle) / cosine for position in positions_mm(volume).tolist()]
        return [offset for offset in inside if abs(offset) <= half] or [0.0]
    finest = min(float(np.linalg.norm(volume.affine[:3, axis])) for axis in range(3))
    count = max(1, math.ceil(2 * half / (finest / 2)))
    return [half * (2 * step / count - 1) for step in range(count + 1)]


def _mean(pictures: list[tuple[float, NDArray[np.float32]]]) -> NDArray[np.float32]:
    """Return the mean by trapezia; a stretch with an invalid end does not count."""
    shape = pictures[0][1].shape
    total, covered = np.zeros(shape), np.zeros(shape)
    alone = np.full(shape, math.nan)
    for _, picture in pictures:
        alone = np.where(np.isnan(picture), alone, picture)
    for (before_at, before), (at, picture) in pairwise(pictures):
        stretch = (before + picture) / 2.0
        valid = ~np.isnan(stretch)
        total[valid] += stretch[valid] * (at - before_at)
        covered[valid] += at - before_at
    counted = covered > 0.0
    alone[counted] = total[counted] / covered[counted]
    return alone.astype(np.float32)
