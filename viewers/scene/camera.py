"""From where a volume is looked at: plain numbers, no VTK."""

import math
from dataclasses import dataclass, replace

from viewers.geometry.plane import Orientation

# Straight from above or below the picture would have no up.
_STEEPEST_DEGREES = 89.0
_ZOOM_RANGE = (0.2, 20.0)


@dataclass(frozen=True, slots=True)
class VolumeCamera:
    """A parallel view; the default looks from the front, the patient's right on the reader's left, the head up.

    ``azimuth_degrees`` walks around the patient towards the patient's left, ``elevation_degrees`` rises towards the
    head. ``zoom`` 1 shows the whole volume from every side.
    """

    azimuth_degrees: float = 0.0
    elevation_degrees: float = 0.0
    zoom: float = 1.0

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
