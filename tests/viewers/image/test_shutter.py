"""Shutters and overlays over a slice: display values only, and nothing of it in what is measured."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.image.description import Window
from viewers.image.display import display_slice, thinned
from viewers.image.overlaid import overlays_of, with_overlays
from viewers.image.overlay import Overlay
from viewers.image.pixels import slice_values
from viewers.image.shutter import Shutter

GRID = axial_grid([0.0, 1.0])
WINDOW = Window(0.0, 400.0)


def visible(shutter: Shutter, rows: int = 7, columns: int = 9) -> list[str]:
    covered = shutter.covered(rows, columns, ())
    return ["".join(".#"[int(one)] for one in row) for row in covered]


def test_a_box_shows_its_edges() -> None:
    assert visible(Shutter(box=(1, 3, 2, 5)), 5, 8) == ["########", "##....##", "##....##", "##....##", "########"]


def test_a_circle_shows_what_is_within_its_radius() -> None:
    assert visible(Shutter(circle=(2, 2, 2)), 5, 5) == ["##.##", "#...#", ".....", "#...#", "##.##"]


def test_a_polygon_shows_its_inside_and_its_edges() -> None:
    triangle = Shutter(polygon=((0, 0), (4, 4), (4, 0)))
    assert visible(triangle, 5, 5) == [".####", "..###", "...##", "....#", "....."]


def test_what_lies_outside_any_shape_is_covered() -> None:
    both = Shutter(box=(0, 4, 0, 2), circle=(2, 2, 2))
    assert visible(both, 5, 5) == ["##.##", "#..##", "...##", "#..##", "##.##"]


@pytest.mark.parametrize("level", [0, 90])
def test_a_shutter_covers_with_its_level_and_changes_no_value(level: int) -> None:
    plain = volume_of(GRID, ramp)
    volume = volume_of(GRID, ramp, shutter=Shutter(box=(10, 50, 10, 50), level=level))
    shown = display_slice(volume, 1, WINDOW)
    assert (shown[9] == level).all()
    assert np.array_equal(shown[10:51, 10:51], display_slice(plain, 1, WINDOW)[10:51, 10:51])
    assert np.array_equal(slice_values(volume, 1), slice_values(plain, 1))


def overlaid() -> tuple[np.ndarray, Overlay, Overlay]:
    masks = np.zeros((64, 64), np.uint16)
    masks[3, 4:20] |= 1
    masks[40:60, 7] |= 1 << 15
    first, last = overlays_of(masks)
    return masks, first, last


def test_overlays_come_apart_by_group() -> None:
    masks, first, last = overlaid()
    assert (first.group, last.group) == (0x6000, 0x601E)
    assert np.array_equal(first.mask, masks & 1 == 1)
    assert np.array_equal(last.mask, masks >> 15 == 1)


def test_overlays_are_white_and_can_be_switched_off() -> None:
    masks, first, last = overlaid()
    plain = volume_of(GRID, ramp)
    volume = with_overlays(plain, {(plain.sources[1].instance, 0): (first, last)})
    assert (display_slice(volume, 1, WINDOW)[masks != 0] == 255).all()
    assert np.array_equal(display_slice(volume, 1, WINDOW, graphics=False), display_slice(plain, 1, WINDOW))
    assert np.array_equal(display_slice(volume, 0, WINDOW), display_slice(plain, 0, WINDOW))
    assert with_overlays(plain, {}) is plain


def test_the_overlay_of_a_bitmap_shutter_covers_instead_of_being_drawn() -> None:
    _, first, last = overlaid()
    plain = volume_of(GRID, ramp, shutter=Shutter(overlay_group=0x6000, level=33))
    volume = with_overlays(plain, {(plain.sources[0].instance, 0): (first, last)})
    shown = display_slice(volume, 0, WINDOW)
    assert (shown[first.mask] == 33).all()
    assert (shown[last.mask] == 255).all()


def test_a_thinned_slice_is_shown_with_the_same_graphics() -> None:
    _, first, last = overlaid()
    plain = volume_of(GRID, ramp, shutter=Shutter(box=(10, 51, 10, 51)))
    volume = with_overlays(plain, {(plain.sources[1].instance, 0): (first, last)})
    small = display_slice(thinned(volume, 1, 2), 0, WINDOW)
    assert small.shape == (32, 32)
    assert (small[4] == 0).all()
    assert (small[20:30, 3] == 0).all()
    assert np.array_equal(small[5:25, 5:25], display_slice(volume, 1, WINDOW)[10:50:2, 10:50:2])
    assert display_slice(thinned(replace(volume, shutters=(), overlays=()), 1, 4), 0, WINDOW).shape == (16, 16)
