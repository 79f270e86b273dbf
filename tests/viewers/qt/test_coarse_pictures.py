"""While something is dragged a slow picture is drawn coarser: the same place, the same values, and sharp at rest."""

import os

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.support.phantoms import axial_grid, volume_of
from viewers.geometry.plane import CORONAL
from viewers.identifiers import ViewportId
from viewers.image.bands import OneBand
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.qt import picture
from viewers.qt.content import ViewportContent
from viewers.qt.picture import PictureSource
from viewers.state.fusion import fused
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt
# Not a multiple of any step: the last pixel of a coarse picture reaches beyond the viewport.
SIZE = ViewportSize(211, 193)
WINDOW = Window(100.0, 220.0)


def blob(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth hill away from the middle: where it lies tells a shift and a wrong size."""
    away = np.square(places[..., 0] - 9.0) + np.square(places[..., 2] + 7.0)
    return 200.0 * np.exp(-away / 100.0)


def levels(frame: QImage) -> NDArray[np.int64]:
    shown = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine() // 4, 4)
    return shown[:, : frame.width(), 2].astype(np.int64)


def middle(shown: NDArray[np.int64]) -> tuple[float, float]:
    """Where the hill lies, (column, row); its foot is left out, so that a level of rounding tips nothing."""
    weight = np.clip(shown - 60, 0, None).astype(float)
    rows, columns = np.indices(shown.shape)
    return float((weight * columns).sum() / weight.sum()), float((weight * rows).sum() / weight.sum())


def content_of(volume: Volume, *, is_fused: bool) -> ViewportContent:
    reference = VolumeReference(volume.series, volume.index)
    state = ViewState(ViewportId("v1"), ViewKind.MPR, reference, orientation=CORONAL, zoom=1.3, window=WINDOW)
    view = resolve(state, volume, SIZE, WINDOW)
    if is_fused:
        view = fused(view, FusedLayer(reference, window=WINDOW), volume, volume)
    return ViewportContent(volume, view, fused=volume if is_fused else None)


@pytest.mark.parametrize("is_fused", [False, True], ids=["alone", "fused"])
@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_coarse_picture_lies_where_the_fine_one_does(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, step: int, is_fused: bool
) -> None:
    volume = volume_of(axial_grid(np.arange(-30.0, 30.0).tolist(), size=64), blob)
    monkeypatch.setattr(picture, "_SLOW_S", 1e-9)
    monkeypatch.setattr(picture, "_COARSEST", step)
    source, content = PictureSource(OneBand()), content_of(volume, is_fused=is_fused)
    fine = levels(source.frame(content, is_dragging=False))
    coarse = levels(source.frame(content, is_dragging=True))
    again = levels(source.frame(content, is_dragging=False))
    assert np.ptp(fine) > 60
    assert not np.array_equal(coarse, fine)
    assert middle(coarse) == pytest.approx(middle(fine), abs=0.15)
    assert np.abs(coarse - fine).max() <= 6
    assert np.array_equal(again, fine)


def test_a_quick_picture_stays_fine_while_dragging(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    volume = volume_of(axial_grid(np.arange(-30.0, 30.0).tolist(), size=64), blob)
    monkeypatch.setattr(picture, "_SLOW_S", 60.0)
    source, content = PictureSource(OneBand()), content_of(volume, is_fused=False)
    fine = levels(source.frame(content, is_dragging=False))
    assert np.array_equal(levels(source.frame(content, is_dragging=True)), fine)
