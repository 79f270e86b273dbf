"""Pictures in colours: the layer that lies over another picture, and planes shown by a colour map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from viewers.geometry.plane import ImagePlane
from viewers.image.bands import Bands
from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.coloured import layer_colours, sample_coloured
from viewers.image.sampling import Interpolation, Slab
from viewers.image.volume import Volume
from viewers.state.resolved import ResolvedLayer, ResolvedView


@dataclass(frozen=True, slots=True, eq=False)
class ColourPicture:
    """Premultiplied colours and the array that holds them."""

    image: QImage
    pixels: NDArray[np.uint32]


def coloured_plane(volume: Volume, resolved: ResolvedView, plane: ImagePlane, bands: Bands) -> ColourPicture:
    """Return a plane in the colours of its own map, clear outside the volume.

    Raises
    ------
    ImageError
        As ``sample_coloured``.
    """
    colours = layer_colours(resolved.colours, 1.0)
    return _picture(
        sample_coloured(
            volume,
            plane,
            resolved.window,
            resolved.voi_function,
            np.ascontiguousarray(colours[::-1]) if resolved.inverted else colours,
            resolved.slab,
            resolved.interpolation,
            bands,
        )
    )


def layer_picture(
    volume: Volume, layer: ResolvedLayer, plane: ImagePlane, slab: Slab | None, how: Interpolation, bands: Bands
) -> ColourPicture:
    """Return a layer as it is to be drawn over a picture of the same size.

    Raises
    ------
    ImageError
        As ``sample_coloured``.
    """
    colours = layer_colours(layer.colours, layer.opacity)
    return _picture(sample_coloured(volume, plane, layer.window, layer.voi_function, colours, slab, how, bands))


def draw_layer(frame: QImage, layer: ColourPicture, step: int) -> None:
    """Draw a layer over the whole of a frame, ``step`` × ``step`` of whose pixels one of the layer stands for."""
    painter = QPainter(frame)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.drawImage(QRectF(0.0, 0.0, layer.image.width() * step, layer.image.height() * step), layer.image)
    painter.end()


def indexed(pixels: NDArray[np.uint8], colours: str) -> QImage:
    """Return display levels as an image that shows them by a colour map; the array must outlive it."""
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_Indexed8)
    parts = COLOUR_MAPS[colours].colours().astype(int)
    image.setColorTable([0xFF000000 | red << 16 | green << 8 | blue for red, green, blue in parts.tolist()])
    return image


def _picture(pixels: NDArray[np.uint32]) -> ColourPicture:
    layout = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], layout)
    return ColourPicture(image, pixels)
