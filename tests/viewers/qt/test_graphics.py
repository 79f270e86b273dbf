"""What others drew leaves the pixels under it to be seen."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.support.viewer_volumes import SPACE, ramp, spatial_volume, straight_affine
from viewers.geometry.frame import Vector3
from viewers.geometry.plane import CORONAL
from viewers.graphics.model import Drawing, Figure, Layer, SpacePlace
from viewers.graphics.placing import Shown
from viewers.identifiers import ViewportId
from viewers.qt.content import ViewportContent
from viewers.qt.graphics import draw_layers
from viewers.qt.overlay import view_plane
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState

pytestmark = pytest.mark.qt
VOLUME = spatial_volume(ramp((30, 60, 80), (1, 1, 1)), straight_affine())


def test_contours_across_a_plane_do_not_hide_it(qapp: QApplication) -> None:
    del qapp
    state = ViewState(ViewportId("v1"), ViewKind.MPR, orientation=CORONAL)
    resolved = resolve(state, VOLUME, ViewportSize(300, 300))
    view = view_plane(ViewportContent(VOLUME, resolved), 1.0)
    layer = Layer("2.25.1/1", "Lung", (255, 0, 0), tuple(square(z) for z in range(-40, 60)))
    picture = QImage(300, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor(128, 128, 128))
    painter = QPainter(picture)
    draw_layers(painter, QRectF(0, 0, 300, 300), view, (layer,), Shown(VOLUME, None, resolved.plane, 0.5))
    painter.end()
    across = [picture.pixelColor(x, 150) for x in range(300)]
    touched = [x for x, colour in enumerate(across) if colour.red() != colour.green()]
    assert len(touched) > 40
    inner = [across[x] for x in touched[5:-5]]
    assert all(colour.red() > 128 and colour.green() > 60 for colour in inner)
    ends = [picture.pixelColor(touched[0] + x, y).green() for x in range(4) for y in range(140, 160)]
    assert min(ends) < 30


def square(z: float) -> Drawing:
    """A contour of 40 mm in one axial plane, about the middle of the volume."""
    x, y, half = -50.0 + 32.0, -60.0 + 24.0, 20.0
    corners: tuple[Vector3, ...] = tuple(
        (x + a * half, y + b * half, z) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    return Drawing((SpacePlace(SPACE),), Figure.OUTLINE, corners)
