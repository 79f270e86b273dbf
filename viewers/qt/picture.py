"""The pixels of a viewport: a resolved view to a QImage, computed once per change.

A stack shows its slice windowed as it is, placed and interpolated by the painter: five times faster than sampling it.
Other planes are sampled at the pixels of the screen.
"""

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from viewers.geometry.plane import ImagePlane
from viewers.image.bands import Bands
from viewers.image.display import display_slice, thinned
from viewers.image.reslice import sample_window
from viewers.image.sampling import Interpolation
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.layer_picture import coloured_plane, draw_layer, indexed, layer_picture
from viewers.qt.palette import BACKGROUND
from viewers.state.resolved import ResolvedView, Transform

# A picture that takes longer than this at full resolution is drawn coarser while something is being dragged: at half,
# or so much coarser that it should keep within this time, but not beyond what still shows where one is.
_SLOW_S = 0.025
_COARSEST = 4
# Below this zoom an image is averaged down instead of interpolated.
_AVERAGED_BELOW = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels and the array that holds them; ``placed`` maps them to device pixels of the viewport."""

    image: QImage
    pixels: NDArray[np.uint8] | NDArray[np.uint32]
    placed: QTransform
    is_smooth: bool


@dataclass(frozen=True, slots=True)
class _Key:
    resolved: ResolvedView
    volume_identity: int
    fused_identity: int
    revision: int
    step: int


class PictureSource:
    """The last picture of one viewport, and how long it took."""

    def __init__(self, bands: Bands) -> None:
        self._bands = bands
        self._key: _Key | None = None
        self._frame: QImage | None = None
        self._full_s = 0.0

    def frame(self, content: ViewportContent, is_dragging: bool) -> QImage:
        """Return the picture of ``content`` in device pixels: the last one again where nothing has changed.

        Raises
        ------
        ImageError
            The view asked for cannot be made of this volume.
        """
        step = self._step() if is_dragging or content.is_coarse else 1
        key = _Key(content.resolved, id(content.volume), id(content.fused), content.revision, step)
        if self._frame is None or key != self._key:
            started = time.perf_counter()
            self._frame = _composed(self._make(content.volume, content.resolved, step), content.resolved.plane)
            self._lay_over(self._frame, content, step)
            self._key = key
            if step == 1:
                self._full_s = time.perf_counter() - started
        return self._frame

    @property
    def last(self) -> QImage | None:
        """The picture given last, if any."""
        return self._frame

    def forget(self) -> None:
        """Let go of the pixels."""
        self._key = self._frame = None

    def _step(self) -> int:
        """Return how many pixels one stands for while dragging, each way: the time goes with their square."""
        if self._full_s <= _SLOW_S:
            return 1
        return min(max(math.ceil(math.sqrt(self._full_s / _SLOW_S)), 2), _COARSEST)

    def _lay_over(self, frame: QImage, content: ViewportContent, step: int) -> None:
        resolved, layer = content.resolved, content.resolved.fused
        if layer is None or content.fused is None:
            return
        plane = _coarser(layer.plane, step)
        how = resolved.interpolation
        draw_layer(frame, layer_picture(content.fused, layer, plane, resolved.slab, how, self._bands), step)

    def _make(self, volume: Volume, resolved: ResolvedView, step: int) -> Picture:
        smooth = resolved.interpolation is Interpolation.LINEAR
        if resolved.image_to_viewport is not None:
            return _native(volume, resolved, resolved.image_to_viewport, smooth, step > 1)
        plane, placed = _coarser(resolved.plane, step), QTransform.fromScale(step, step)
        if resolved.colours:
            found = coloured_plane(volume, resolved, plane, self._bands)
            return Picture(found.image, found.pixels, placed, smooth)
        pixels = sample_window(
            volume,
            plane,
            resolved.window,
            resolved.voi_function,
            resolved.inverted,
            resolved.slab,
            resolved.interpolation,
            self._bands,
        )
        return _as_picture(pixels, placed, smooth)


def _composed(picture: Picture, plane: ImagePlane) -> QImage:
    """Return the whole viewport, so that drawing a mark over it costs no interpolation."""
    frame = QImage(plane.width, plane.height, QImage.Format.Format_RGB32)
    frame.fill(BACKGROUND)
    painter = QPainter(frame)
    painter.setTransform(picture.placed)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.is_smooth)
    painter.drawImage(QPointF(0.0, 0.0), picture.image)
    painter.end()
    return frame


def _as_picture(pixels: NDArray[np.uint8], placed: QTransform, is_smooth: bool, colours: str = "") -> Picture:
    held = np.ascontiguousarray(pixels)
    if colours and held.ndim == 2:
        return Picture(indexed(held, colours), held, placed, is_smooth)
    colour = held.ndim == 3
    layout = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
    image = QImage(held.data, held.shape[1], held.shape[0], held.strides[0], layout)
    return Picture(image, held, placed, is_smooth)


def _native(volume: Volume, resolved: ResolvedView, transform: Transform, smooth: bool, is_coarse: bool) -> Picture:
    """Return one slice as it is; where the viewport is much smaller, averaged down, or thinned out when coarse."""
    scale = math.hypot(transform[0], transform[3])
    step = max(2, int(1.0 / scale)) if is_coarse else 1
    k = resolved.slice_index or 0
    shown, place = (thinned(volume, k, step), 0) if is_coarse else (volume, k)
    pixels = display_slice(shown, place, resolved.window, resolved.voi_function, resolved.inverted, resolved.graphics)
    picture = _as_picture(pixels, _corner_transform(transform), smooth, resolved.colours)
    if is_coarse:
        return replace(picture, placed=QTransform.fromScale(step, step) * picture.placed)
    return _averaged(picture, scale) if smooth and scale < _AVERAGED_BELOW else picture


def _averaged(picture: Picture, scale: float) -> Picture:
    """Return the picture shrunk by averaging; the painter's own interpolation would drop fine lines."""
    size = picture.image.size()
    small = QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))
    shrunk = picture.image.scaled(
        small, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    back = QTransform.fromScale(size.width() / small.width(), size.height() / small.height())
    return replace(picture, image=shrunk, placed=back * picture.placed)


def _corner_transform(transform: Transform) -> QTransform:
    """Return the transform from corners of image pixels to corners of viewport pixels.

    ``transform`` joins pixel centres, which lie half a pixel inside: (0, 0) there is (0.5, 0.5) here.
    """
    a, b, c, d, e, f = transform
    return QTransform(a, d, b, e, c + 0.5 - (a + b) / 2, f + 0.5 - (d + e) / 2)


def _coarser(plane: ImagePlane, step: int) -> ImagePlane:
    """Return the picture whose pixels each stand for ``step`` × ``step``; it may reach beyond, never fall short."""
    middle = (step - 1) / 2
    return replace(
        plane,
        origin_lps=plane.pixel_to_lps(middle, middle),
        spacing_mm=plane.spacing_mm * step,
        width=-(-plane.width // step),
        height=-(-plane.height // step),
    )
