"""From where a volume is looked at: plain numbers, no VTK."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from viewers.geometry.frame import added, scaled
from viewers.geometry.plane import ImagePlane, Orientation, plane_about
from viewers.image.slices import corners_lps, middle_of
from viewers.image.volume import Volume
from viewers.state.scene_grid import scene_grid

_STEEPEST_DEGREES = 90.0
# How much of the viewport stays free around the volume.
_MARGIN = 1.08
_ZOOM_RANGE = (0.2, 20.0)


class Side(StrEnum):
    """From which side of the patient a volume is looked at."""

    ANTERIOR = "anterior"
    POSTERIOR = "posterior"
    LEFT = "left"
    RIGHT = "right"
    HEAD = "head"
    FEET = "feet"


# (azimuth, elevation) in degrees.
_SIDES: Mapping[Side, tuple[float, float]] = MappingProxyType(
    {
        Side.ANTERIOR: (0.0, 0.0),
        Side.POSTERIOR: (180.0, 0.0),
        Side.LEFT: (90.0, 0.0),
        Side.RIGHT: (270.0, 0.0),
        Side.HEAD: (0.0, 90.0),
        Side.FEET: (0.0, -90.0),
    }
)


@dataclass(frozen=True, slots=True)
class VolumeCamera:
    """A parallel view; the default looks from the front, the patient's right on the reader's left, the head up.

    ``azimuth_degrees`` walks around the patient towards the patient's left, ``elevation_degrees`` rises towards the
    head. ``zoom`` 1 shows the longest edge of the volume from every side. ``pan_mm`` shifts the picture to the right
    and down.
    """

    azimuth_degrees: float = 0.0
    elevation_degrees: float = 0.0
    zoom: float = 1.0
    pan_mm: tuple[float, float] = (0.0, 0.0)

    @property
    def orientation(self) -> Orientation:
        """The directions of the patient to the right and downwards on the screen."""
        azimuth, elevation = math.radians(self.azimuth_degrees), math.radians(self.elevation_degrees)
        across = (math.cos(azimuth), math.sin(azimuth), 0.0)
        down = (
            math.sin(elevation) * math.sin(azimuth),
            -math.sin(elevation) * math.cos(azimuth),
            -math.cos(elevation),
        )
        return Orientation(across, down)

    def turned(self, azimuth_degrees: float, elevation_degrees: float) -> "VolumeCamera":
        """Return the camera walked further around, never over the top."""
        elevation = self.elevation_degrees + elevation_degrees
        return replace(
            self,
            azimuth_degrees=(self.azimuth_degrees + azimuth_degrees) % 360.0,
            elevation_degrees=min(_STEEPEST_DEGREES, max(-_STEEPEST_DEGREES, elevation)),
        )

    def zoomed(self, factor: float) -> "VolumeCamera":
        """Return the camera nearer or further, within limits."""
        return replace(self, zoom=min(_ZOOM_RANGE[1], max(_ZOOM_RANGE[0], self.zoom * factor)))

    def panned(self, right_mm: float, down_mm: float) -> "VolumeCamera":
        """Return the camera with the picture moved."""
        return replace(self, pan_mm=(self.pan_mm[0] + right_mm, self.pan_mm[1] + down_mm))

    def at_side(self, side: Side) -> "VolumeCamera":
        """Return the camera on one side of the patient, the whole volume in its picture."""
        azimuth, elevation = _SIDES[side]
        return VolumeCamera(azimuth, elevation)


def camera_plane(volume: Volume, camera: VolumeCamera, width: int, height: int) -> ImagePlane:
    """Return the picture that a camera sees, through the middle of the volume; points fall on it along its normal.

    Zoom 1 fits the longest edge of the volume.
    """
    across, down = camera.orientation.row_direction, camera.orientation.column_direction
    shifted = added(scaled(across, -camera.pan_mm[0]), scaled(down, -camera.pan_mm[1]))
    spacing = _MARGIN * _longest_mm(volume) / camera.zoom / min(width, height)
    return plane_about(added(middle_of(volume), shifted), camera.orientation, spacing, width, height)


def _longest_mm(volume: Volume) -> float:
    grid = scene_grid(volume)
    return float((grid.spacing_ijk_mm * np.array(grid.shape_kji[::-1])).max())


def radius_mm(volume: Volume) -> float:
    """Return the radius of the sphere about a volume."""
    return float(np.linalg.norm(np.ptp(corners_lps(volume), axis=0))) / 2
