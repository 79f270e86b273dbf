"""The pointer over a rendered volume: turning, moving, zooming, and dragging a face of the clipping box. No widget."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from viewers.scene.box_handles import BoxHandle, PixelPosition, handle_at
from viewers.state.camera import VolumeCamera
from viewers.state.volume_look import VolumeLook
from viewers.tools.base import DRAG_THRESHOLD, Button

_DEGREES_PER_PIXEL = 0.4
_ZOOM_PIXELS = 200.0


@dataclass(frozen=True, slots=True)
class _Press:
    at: PixelPosition
    button: Button
    look: VolumeLook
    mm_per_pixel: float
    handle: BoxHandle | None
    has_dragged: bool = False


def _turned(camera: VolumeCamera, right: float, down: float, _mm_per_pixel: float) -> VolumeCamera:
    # The body follows the hand, so the camera goes the other way.
    return camera.turned(-right * _DEGREES_PER_PIXEL, down * _DEGREES_PER_PIXEL)


def _panned(camera: VolumeCamera, right: float, down: float, mm_per_pixel: float) -> VolumeCamera:
    return camera.panned(right * mm_per_pixel, down * mm_per_pixel)


def _zoomed(camera: VolumeCamera, _right: float, down: float, _mm_per_pixel: float) -> VolumeCamera:
    return camera.zoomed(math.exp(-down / _ZOOM_PIXELS))


_DRAGS: Mapping[Button, Callable[[VolumeCamera, float, float, float], VolumeCamera]] = MappingProxyType(
    {Button.LEFT: _turned, Button.MIDDLE: _panned, Button.RIGHT: _zoomed}
)


class VolumePointer:
    """What happens between a press and a release; every position is in pixels of the picture.

    A drag counts from the press on, against the look at that moment, so that it never drifts.
    """

    def __init__(self) -> None:
        self._press: _Press | None = None

    @property
    def held(self) -> BoxHandle | None:
        """The handle that is being dragged."""
        return None if self._press is None else self._press.handle

    def press(
        self,
        at: PixelPosition,
        button: Button,
        look: VolumeLook,
        mm_per_pixel: float,
        handles: Sequence[BoxHandle],
    ) -> None:
        """Begin; the left button takes hold of a handle under it. While a button is held, the others do nothing."""
        if self._press is not None and button is not self._press.button:
            return
        handle = handle_at(handles, at) if button is Button.LEFT else None
        self._press = _Press(at, button, look, mm_per_pixel, handle)

    def move(self, at: PixelPosition) -> VolumeLook | None:
        """Return what the look becomes; ``None`` while nothing is dragged."""
        press = self._press
        if press is None or (not press.has_dragged and math.dist(at, press.at) < DRAG_THRESHOLD):
            return None
        if not press.has_dragged:
            # The drag counts from here, so that nothing jumps by the threshold.
            press = self._press = replace(press, at=at, has_dragged=True)
        right, down = at[0] - press.at[0], at[1] - press.at[1]
        if press.handle is not None:
            return replace(press.look, box=press.handle.after(press.look.box, (right, down)))
        drag = _DRAGS.get(press.button)
        if drag is None:
            return None
        return replace(press.look, camera=drag(press.look.camera, right, down, press.mm_per_pixel))

    def release(self, button: Button) -> bool:
        """End the drag of the button that began it; return whether it was a click that never became a drag."""
        press = self._press
        if press is None or button is not press.button:
            return False
        self._press = None
        return not press.has_dragged and press.handle is None
