"""Colour maps are those of the standard, and a layer is as clear as it says where it says it."""

import numpy as np
import pytest
from pydicom.pixels import apply_color_lut

from tests.support.phantoms import axial_grid, volume_of
from viewers.geometry.plane import AXIAL, plane_about
from viewers.image.colour_maps import COLOUR_MAPS
from viewers.image.coloured import layer_colours, sample_coloured
from viewers.image.description import VoiFunction, Window
from viewers.image.reslice import sample_plane
from viewers.image.sampling import Projection, Slab

WELL_KNOWN = {
    "hot_iron": "1.2.840.10008.1.5.1",
    "pet": "1.2.840.10008.1.5.2",
    "hot_metal_blue": "1.2.840.10008.1.5.3",
    "pet_20_step": "1.2.840.10008.1.5.4",
}
LINEAR = VoiFunction.LINEAR_EXACT


@pytest.mark.parametrize(("name", "uid"), WELL_KNOWN.items())
def test_the_well_known_palettes_are_those_of_the_standard(name: str, uid: str) -> None:
    standard = apply_color_lut(np.arange(256, dtype=np.uint8), palette=uid)
    assert np.array_equal(COLOUR_MAPS[name].colours(), standard.reshape(256, 3))


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_every_map_begins_at_the_lowest_level_and_ends_at_the_highest(name: str) -> None:
    found = COLOUR_MAPS[name]
    levels = [bend[0] for bend in found.bends]
    assert (found.id, levels[0], levels[-1]) == (name, 0, 255)
    assert levels == sorted(set(levels))
    assert found.colours().shape == (256, 3)


def test_the_even_map_grows_brighter_without_a_step_back() -> None:
    red, green, blue = (COLOUR_MAPS["even"].colours()[:, channel].astype(float) for channel in range(3))
    assert (np.diff(0.2126 * red + 0.7152 * green + 0.0722 * blue) >= -0.5).all()


def parts(packed: np.ndarray[tuple[int, ...], np.dtype[np.uint32]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.stack([packed >> shift & 255 for shift in (24, 16, 8, 0)], axis=-1).astype(np.int64)


@pytest.mark.parametrize("opacity", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_a_layer_is_as_opaque_as_asked_above_the_lowest_values(opacity: float) -> None:
    found = parts(layer_colours("hot_iron", opacity))
    plain = COLOUR_MAPS["hot_iron"].colours()
    assert found[64:, 0] == pytest.approx(255.0 * opacity, abs=0.5)
    assert found[:, 1:] == pytest.approx(plain * found[:, :1] / 255.0, abs=1.0)
    lowest = {0.0: 0, 0.3: 0, 0.5: 0, 0.8: 122, 1.0: 255}
    assert found[0, 0] == lowest[opacity]


def test_values_become_the_colours_of_their_display_levels_and_nothing_is_drawn_outside() -> None:
    volume = volume_of(axial_grid([float(z) for z in range(10)]), lambda places: places[..., 0])
    plane = plane_about((0.0, 0.0, 5.0), AXIAL, 0.7, 150, 60)
    window, colours = Window(0.0, 40.0), layer_colours("pet", 1.0)
    for slab in (None, Slab(4.0, Projection.MEAN)):
        values = sample_plane(volume, plane, slab)
        found = sample_coloured(volume, plane, window, LINEAR, colours, slab)
        inside = ~np.isnan(values)
        assert inside.any()
        assert not inside.all()
        levels = np.floor(np.clip((values[inside] + 20.0) / 40.0, 0.0, 1.0) * 255.0 + 0.5).astype(int)
        assert np.abs(parts(found[inside]) - parts(colours[levels])).max() <= 2 * 255 / 64
        assert (found[~inside] == 0).all()
