"""One plane without thickness through a volume, in the geometry that its slices truly have."""

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.plane import ImagePlane
from viewers.image.bands import Bands
from viewers.image.pixels import Ramp
from viewers.image.slices import irregular_frame, is_regular, regular_walk, slice_table, walk_of
from viewers.image.source import NO_PADDING, Range, VoxelSource
from viewers.image.volume import Volume


def plane_values(
    volume: Volume, source: VoxelSource, plane: ImagePlane, linear: bool, bands: Bands
) -> NDArray[np.float32]:
    """Return modality values, shape (height, width), NaN outside and inside gaps."""
    if not is_regular(volume):
        return irregular_values(volume, source, plane, linear, NO_PADDING, bands)
    from viewers.image.kernels_planes import regular_rows

    out = np.empty((plane.height, plane.width), dtype=np.float32)
    walk = regular_walk(volume, plane)

    def work(first: int, last: int) -> None:
        regular_rows(source.flat, source.counts, walk, linear, source.rescale, out, first, last)

    bands.run(work, out.shape)
    return out


def irregular_values(
    volume: Volume, source: VoxelSource, plane: ImagePlane, linear: bool, padding: Range, bands: Bands
) -> NDArray[np.float32]:
    """Return modality values between the true slices; NaN also next to stored values in ``padding``."""
    from viewers.image.kernels_irregular import irregular_rows

    out = np.empty((plane.height, plane.width), dtype=np.float32)
    walk, table = walk_of(plane, irregular_frame(volume)), slice_table(volume)

    def work(first: int, last: int) -> None:
        irregular_rows(
            source.flat, source.counts, table.rows, table.ends, walk, linear, padding, source.rescale, out, first, last
        )

    bands.run(work, out.shape)
    return out


def plane_display(
    volume: Volume, source: VoxelSource, plane: ImagePlane, linear: bool, ramp: Ramp, bands: Bands
) -> NDArray[np.uint8]:
    """Return display values, shape (height, width), without an array of modality values in between."""
    out = np.empty((plane.height, plane.width), dtype=np.uint8)
    if is_regular(volume):
        from viewers.image.kernels_planes import regular_display

        walk = regular_walk(volume, plane)

        def work(first: int, last: int) -> None:
            regular_display(source.flat, source.counts, walk, linear, source.rescale, ramp, out, first, last)
    else:
        from viewers.image.kernels_irregular import irregular_display

        walk, table = walk_of(plane, irregular_frame(volume)), slice_table(volume)

        def work(first: int, last: int) -> None:
            irregular_display(
                source.flat,
                source.counts,
                table.rows,
                table.ends,
                walk,
                linear,
                NO_PADDING,
                source.rescale,
                ramp,
                out,
                first,
                last,
            )

    bands.run(work, out.shape)
    return out
