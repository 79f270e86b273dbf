"""A CT volume of noise, as it would be after a series was read: for what is done with pixels alone."""

import numpy as np

from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription, FrameGeometry, PixelFormat, SpacingSource, Window
from viewers.image.volume import Volume
from workstation.bench.measure import Size

_SPACING_MM = 0.7


def made_up_volume(size: Size) -> Volume:
    """Return ``size.slices`` axial slices, 0.7 mm in every direction, in HU."""
    noise = np.random.default_rng(1).integers(0, 2000, (size.side, size.side), np.int16)
    frames = [_frame(k, size.side) for k in range(size.slices)]
    pixels = {(frame.instance, 0): np.roll(noise, k, axis=0) for k, frame in enumerate(frames)}
    (volume,) = assemble(frames, pixels)
    return volume


def _frame(k: int, side: int) -> FrameDescription:
    return FrameDescription(
        series=SeriesUID("2.25.1"),
        instance=InstanceUID(f"2.25.1.{k}"),
        frame_index=0,
        instance_number=k + 1,
        modality="CT",
        format=PixelFormat(side, side, 1, 16, 16, True, "MONOCHROME2"),
        frame_of_reference=FrameOfReferenceUID("2.25.2"),
        geometry=FrameGeometry((0.0, 0.0, _SPACING_MM * k), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        row_spacing_mm=_SPACING_MM,
        column_spacing_mm=_SPACING_MM,
        spacing_source=SpacingSource.PIXEL_SPACING,
        rescale_intercept=-1024.0,
        windows=(Window(40.0, 400.0),),
        image_type=("ORIGINAL", "PRIMARY", "AXIAL"),
    )
