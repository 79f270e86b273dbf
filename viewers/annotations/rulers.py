"""Which spacing a mark is measured with, and which it must not be measured with.

In patient space it is that of the volume. On an image without a place it is that of the ultrasound region that holds
the whole mark; else what the reader calibrated the image with; else the size of its pixels; else the pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from viewers.annotations.errors import AcrossRegions
from viewers.annotations.model import Annotation, PointLps
from viewers.image.description import SpacingSource
from viewers.image.regions import PIXEL, RulerUnit, UltrasoundRegion, region_at
from viewers.image.volume import Volume

MM = RulerUnit("mm", "mm")


@dataclass(frozen=True, slots=True)
class Ruler:
    """How much one unit of the annotation's space is along x and along y, and where that is from."""

    x: float
    y: float
    unit_x: RulerUnit
    unit_y: RulerUnit
    source: SpacingSource

    @property
    def is_plane(self) -> bool:
        """Whether both axes have one unit, so that a distance at an angle means something."""
        return self.unit_x == self.unit_y


def ruler_of(annotation: Annotation, volume: Volume, k: int | None) -> Ruler:
    """Return the ruler of a mark; ``k`` is the slice of one in pixels, ``None`` for one in patient space.

    Raises
    ------
    AcrossRegions
        The mark reaches from one ultrasound region into another, or out of them.
    """
    if k is None:
        return Ruler(1.0, 1.0, MM, MM, volume.passport.spacing_source)
    regions = volume.slice_regions[k] if volume.slice_regions else ()
    region = _region(annotation.points_lps, regions)
    if region is not None:
        if region.unit_x is None or region.unit_y is None:
            return _in_pixels(volume)
        return Ruler(abs(region.delta_x), abs(region.delta_y), region.unit_x, region.unit_y, SpacingSource.ULTRASOUND)
    for scale in volume.user_scales:
        if scale.instance == annotation.instance:
            return Ruler(scale.column_mm, scale.row_mm, MM, MM, SpacingSource.USER)
    spacing = volume.passport.spacing_kji_mm
    if spacing is None:
        return _in_pixels(volume)
    return Ruler(spacing[2], spacing[1], MM, MM, volume.passport.spacing_source)


def _in_pixels(volume: Volume) -> Ruler:
    """Return pixels as they are wide: where they are not square, a row counts for more or less than a column."""
    return Ruler(1.0, volume.passport.pixel_aspect, PIXEL, PIXEL, SpacingSource.NONE)


def _region(points: Sequence[PointLps], regions: Sequence[UltrasoundRegion]) -> UltrasoundRegion | None:
    found = {region_at(regions, (point[0], point[1])) for point in points}
    if len(found) > 1:
        raise AcrossRegions("a mark across ultrasound regions")
    index = next(iter(found), None)
    return None if index is None else regions[index]
