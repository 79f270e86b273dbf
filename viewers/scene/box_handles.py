"""The clipping box over a rendered picture: its edges, and a handle on each face that can be dragged."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import dist, hypot

from viewers.geometry.frame import as_vector
from viewers.geometry.plane import ImagePlane
from viewers.image.volume import Volume
from viewers.state.scene_grid import scene_grid
from viewers.state.volume_look import ClippingBox, Face

PixelPosition = tuple[float, float]

# How near to a handle, in pixels of the picture, the pointer must be.
REACH_PIXELS = 11.0
# A face that is looked at so straight that its whole way is shorter than this many pixels cannot be dragged.
_SHORTEST_WAY = 24.0


@dataclass(frozen=True, slots=True)
class BoxHandle:
    """A handle: the face, where it is in the picture, and its way in pixels from one outer face to the other."""

    face: Face
    position: PixelPosition
    way: PixelPosition

    def after(self, box: ClippingBox, dragged: PixelPosition) -> ClippingBox:
        """Return the box once the handle has been dragged by so many pixels, along its way only."""
        length = self.way[0] ** 2 + self.way[1] ** 2
        along = (dragged[0] * self.way[0] + dragged[1] * self.way[1]) / length
        return box.moved(self.face, box.at(self.face) + along)


def handles(volume: Volume, box: ClippingBox, seen: ImagePlane) -> tuple[BoxHandle, ...]:
    """Return the handles of the faces that can be dragged in the picture ``seen``."""
    corners = _corners(volume, box, seen)
    outer = _corners(volume, ClippingBox(), seen)
    found = []
    for face in Face:
        axis, is_high = face.value
        bit = 1 << axis
        own = [corners[number] for number in range(8) if bool(number & bit) is is_high]
        middle = (sum(x for x, _ in own) / 4, sum(y for _, y in own) / 4)
        way = (outer[bit][0] - outer[0][0], outer[bit][1] - outer[0][1])
        if hypot(*way) >= _SHORTEST_WAY:
            found.append(BoxHandle(face, middle, way))
    return tuple(found)


def edges(volume: Volume, box: ClippingBox, seen: ImagePlane) -> tuple[tuple[PixelPosition, PixelPosition], ...]:
    """Return the twelve edges of the box in the picture ``seen``."""
    corners = _corners(volume, box, seen)
    pairs = ((number, number | 1 << axis) for axis in range(3) for number in range(8) if not number >> axis & 1)
    return tuple((corners[one], corners[other]) for one, other in pairs)


def handle_at(found: Iterable[BoxHandle], position: PixelPosition) -> BoxHandle | None:
    """Return the handle under the pointer, the nearest one of several."""
    near = [one for one in found if dist(one.position, position) <= REACH_PIXELS]
    return min(near, key=lambda one: dist(one.position, position), default=None)


def _corners(volume: Volume, box: ClippingBox, seen: ImagePlane) -> list[PixelPosition]:
    return [seen.lps_to_pixel(as_vector(corner)) for corner in box.corners_lps(scene_grid(volume))]
