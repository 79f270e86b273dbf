"""Stock VTK, which frames are measured against, shows the same pictures, so that it is a reference."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.phantoms import oblique_grid, volume_of
from viewers.geometry.plane import AXIAL, CORONAL, Orientation, plane_about
from viewers.image.description import VoiFunction, Window
from viewers.image.reslice import sample_window
from viewers.image.slices import middle_of
from viewers.scene.presets import TransferFunction
from viewers.scene.stock_slices import StockSlices
from viewers.scene.stock_volume import StockVolume

WINDOW = Window(1000.0, 2000.0)
TURNED = Orientation((0.8, 0.6, 0.0), (0.0, 0.0, -1.0))
# Half a level of rounding each way, and the texture of the card, whose coordinates have few bits.
LEVELS = 2


def waves(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """A field that changes in every direction."""
    return 1000.0 + 300.0 * np.sin(places / (9.0, 11.0, 7.0)).sum(axis=-1)


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, TURNED])
def test_both_make_the_same_picture(orientation: Orientation) -> None:
    volume = volume_of(oblique_grid(), waves)
    plane = plane_about(middle_of(volume), orientation, 0.5, 40, 24)
    planes = (plane, plane.moved(6.0))
    ours = [sample_window(volume, one, WINDOW, VoiFunction.LINEAR_EXACT).astype(int) for one in planes]
    stock = StockSlices(volume)
    theirs = [stock.picture(one, WINDOW)[..., 0].astype(int) for one in planes]
    stock.close()
    assert np.abs(ours[0] - ours[1]).max() > 3 * LEVELS
    for one, other in zip(ours, theirs, strict=True):
        assert np.ptp(one) > 20
        assert np.abs(one - other).max() <= LEVELS


def test_a_second_volume_colours_the_picture() -> None:
    volume = volume_of(oblique_grid(), waves)
    plane = plane_about(middle_of(volume), CORONAL, 0.5, 40, 24)
    stock = StockSlices(volume, volume)
    shown = stock.picture(plane, WINDOW).astype(int)
    stock.close()
    assert np.abs(shown[..., 0] - shown[..., 2]).max() > 20


def test_the_stock_rendering_turns_from_its_start() -> None:
    volume = volume_of(oblique_grid(), waves)
    look = TransferFunction(((0.0, (0.0, 0.0, 0.0)), (500.0, (1.0, 1.0, 1.0))), ((0.0, 0.0), (500.0, 0.5)))
    stock = StockVolume(volume, look)
    ahead, turned, again = (stock.picture(32, 32, degrees).astype(int) for degrees in (0.0, 40.0, 40.0))
    stock.close()
    assert np.abs(ahead - turned).max() > 20
    assert np.array_equal(turned, again)
