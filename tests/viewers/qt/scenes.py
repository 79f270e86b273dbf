"""Pictures of phantoms as viewports paint them, without text: the same on every machine but for rounding.

``python -m tests.viewers.qt.scenes`` draws the baselines again, to be looked at and committed by whoever changed them.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.geometry.plane import CORONAL, Orientation
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.bands import OneBand
from viewers.image.description import Window
from viewers.image.quantity import SUV_BODY_WEIGHT
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.picture import PictureSource
from viewers.state.fusion import fused
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference

BASELINES = Path(__file__).parent / "baselines"
SIZE = ViewportSize(120, 96)
PET = VolumeReference(SeriesUID("2.25.777"))
OBLIQUE = Orientation((0.8, 0.0, -0.6), (-0.36, 0.8, -0.48))
# Where the uptake is: off every axis, so that a flip, a turn or a wrong frame moves it.
HOT = (14.0, -9.0, 22.0)


def base() -> Volume:
    return volume_of(axial_grid([1.5 * z for z in range(24)]), smooth)


def uptake(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """A ball of 9 with a soft edge of 4 mm about its radius of 6 mm, in a background of 1."""
    away = np.linalg.norm(places - np.array(HOT), axis=-1)
    return 1.0 + 8.0 * np.clip((8.0 - away) / 4.0, 0.0, 1.0)


def over(positions: tuple[float, ...] = tuple(3.0 * z for z in range(13))) -> Volume:
    found = volume_of(axial_grid(positions, 20, 3.5), lambda places: 100.0 * uptake(places))
    # Stored in hundredths, for the phantom is rounded to whole numbers.
    scaled = replace(found, slope=found.slope / 100.0, intercept=found.intercept / 100.0)
    return replace(scaled, series=PET.series, modality="PT", quantity=SUV_BODY_WEIGHT)


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Red, green and blue, shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return flat[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def painted(view: ResolvedView, volume: Volume, layer: Volume | None = None) -> NDArray[np.uint8]:
    content = ViewportContent(volume, view, fused=layer)
    return pixels_of(PictureSource(OneBand()).frame(content, is_dragging=False))


def fused_picture(state: ViewState, layer: Volume | None = None) -> tuple[ResolvedView, NDArray[np.uint8]]:
    """The view and what is painted of it; a state without a layer is painted without."""
    volume, second = base(), layer or over()
    view = resolve(state, volume, SIZE)
    if state.fused is not None:
        view = fused(view, state.fused, volume, second)
    return view, painted(view, volume, second if view.fused else None)


STATE = ViewState(ViewportId("a"), slice_index=15, window=Window(0.0, 1800.0))
PLANE = replace(STATE, kind=ViewKind.MPR, centre_lps=HOT)
LAYER = FusedLayer(PET)

SCENES: Mapping[str, ViewState] = {
    "stack": STATE,
    "stack_coloured": replace(STATE, colours="hot_metal_blue"),
    "stack_fused": replace(STATE, fused=LAYER),
    "oblique": replace(PLANE, orientation=OBLIQUE),
    "oblique_fused": replace(PLANE, orientation=OBLIQUE, fused=replace(LAYER, colours="pet", opacity=0.7)),
    "slab": replace(PLANE, orientation=CORONAL, slab=Slab(12.0, Projection.MAXIMUM)),
    "slab_fused": replace(PLANE, orientation=CORONAL, slab=Slab(12.0, Projection.MAXIMUM), fused=LAYER),
}


if __name__ == "__main__":
    for scene, state in SCENES.items():
        Image.fromarray(fused_picture(state)[1]).save(BASELINES / f"{scene}.png", optimize=True)
