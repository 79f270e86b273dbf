"""A presentation state: how its maker wants certain images shown. It belongs to the images that it names, to no others.

Source: PS3.3 A.33, C.10, C.11; PS3.4 N.2.
"""

from dataclasses import dataclass

from viewers.graphics.model import ImagePlace, Layer
from viewers.identifiers import InstanceUID
from viewers.image.description import VoiFunction, Window
from viewers.image.lookup import LookupTable
from viewers.image.shutter import Shutter

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Presentation:
    """How one image is shown.

    ``window`` is of stored values × slope + intercept of ``rescale``, which takes the place of the image's own.
    ``is_inverted`` is whether low values are white at the end; ``None`` leaves it to the image. The picture is turned
    clockwise by ``rotation_degrees``, then flipped. ``area`` is (left, top, right, bottom) in pixels, edges of pixels
    at halves; ``None`` is the whole image. ``magnification`` is screen pixels for one image pixel, else the area is
    fitted. ``shutter`` takes the place of the image's own; ``table`` is the presentation table, after the window.
    """

    window: Window | None = None
    rescale: tuple[float, float] = (1.0, 0.0)
    voi_function: VoiFunction = VoiFunction.LINEAR
    is_inverted: bool | None = None
    rotation_degrees: int = 0
    flipped_horizontally: bool = False
    area: Box | None = None
    magnification: float | None = None
    shutter: Shutter | None = None
    table: LookupTable | None = None


@dataclass(frozen=True, slots=True)
class PresentationState:
    """A presentation state; ``id`` is unique in a case. Its ``layers`` lie over the same images, lowest first."""

    id: str
    name: str
    images: tuple[tuple[ImagePlace, Presentation], ...]
    layers: tuple[Layer, ...] = ()

    def of(self, instance: InstanceUID, frame_index: int) -> Presentation | None:
        """Return how one frame is shown; ``None`` where the state does not name it."""
        return next((shown for place, shown in self.images if place.holds(instance, frame_index)), None)
