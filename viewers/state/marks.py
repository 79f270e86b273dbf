"""The warnings that a picture carries."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from viewers.geometry.plane import ImagePlane
from viewers.image.description import SpacingSource
from viewers.image.sampling import Slab
from viewers.image.slices import lacks_slices, slice_normal
from viewers.image.volume import FindingKind, Volume
from viewers.state.resolved import Mark

_OF_FINDING = {
    FindingKind.GAP: Mark.GAP,
    FindingKind.UNEVEN_SPACING: Mark.UNEVEN_SPACING,
    FindingKind.TILT: Mark.TILT,
    FindingKind.DUPLICATE: Mark.DUPLICATE,
    FindingKind.REPEAT: Mark.DUPLICATE,
    FindingKind.SHIFTED: Mark.UNEVEN_SPACING,
    FindingKind.CONCATENATION: Mark.INCOMPLETE,
    FindingKind.SKEWED: Mark.NO_GEOMETRY,
    FindingKind.REFUSED: Mark.REFUSED,
    FindingKind.REDUCED: Mark.REDUCED,
    FindingKind.NO_GEOMETRY: Mark.NO_GEOMETRY,
    FindingKind.MISSING_SPACING: Mark.NOT_CALIBRATED,
}


# What the reader is told of a size that is not simply that of the patient.
SPACING_MARKS: Mapping[SpacingSource, Mark] = MappingProxyType(
    {
        SpacingSource.IMAGER: Mark.AT_DETECTOR,
        SpacingSource.UNCALIBRATED: Mark.AT_DETECTOR,
        SpacingSource.NOMINAL_SCANNED: Mark.ON_FILM,
        SpacingSource.MAGNIFICATION: Mark.MAGNIFICATION,
        SpacingSource.CALIBRATION_UNSTATED: Mark.CALIBRATED,
        SpacingSource.GEOMETRY: Mark.CALIBRATED_GEOMETRY,
        SpacingSource.FIDUCIAL: Mark.CALIBRATED_FIDUCIAL,
        SpacingSource.ULTRASOUND: Mark.ULTRASOUND_REGIONS,
        SpacingSource.USER: Mark.USER_CALIBRATED,
    }
)


def marks_of(volume: Volume, plane: ImagePlane, slab: Slab | None, slice_index: int | None) -> tuple[Mark, ...]:
    """Return the warnings, the gravest first; ``slice_index`` is that of a stack, ``None`` for a cut."""
    marks: list[Mark] = []
    if not volume.is_complete:
        marks.append(Mark.INCOMPLETE)
    if slice_index is None and _crosses_gap(volume, plane, slab):
        marks.append(Mark.PARTIAL)
    if volume.lossy:
        marks.append(Mark.LOSSY)
    for finding in volume.passport.findings:
        if finding.kind is FindingKind.GAP and volume.expected_slices is not None and volume.is_complete:
            # Everything that the source counts is here: never acquired, or never archived.
            marks.append(Mark.GAP_AT_SOURCE)
        elif finding.kind in _OF_FINDING:
            marks.append(_OF_FINDING[finding.kind])
        elif finding.kind is FindingKind.APART and slice_index is None:
            marks.append(Mark.APART)
    if slice_index is None and (volume.shutters or volume.overlays):
        # They are drawn in the pixels of the images, which a cut does not have.
        marks.append(Mark.IMAGES_ONLY)
    if volume.passport.spacing_source in SPACING_MARKS:
        marks.append(SPACING_MARKS[volume.passport.spacing_source])
    return tuple(dict.fromkeys(marks))


def _crosses_gap(volume: Volume, plane: ImagePlane, slab: Slab | None) -> bool:
    """Whether part of this very picture lies where slices are missing."""
    if not bool(volume.gap_after.any()):
        return False
    half = slab.thickness_mm / 2 if slab else 0.0
    corners = [
        plane.moved(offset).pixel_to_lps(column, row)
        for offset in (-half, half)
        for column in (0, plane.width - 1)
        for row in (0, plane.height - 1)
    ]
    along = (np.array(corners) - volume.slice_origins_lps[0]) @ slice_normal(volume)
    return lacks_slices(volume, float(along.min()), float(along.max()))
