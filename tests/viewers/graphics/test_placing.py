"""Drawings are shown on the image they name and at the place where they lie, and nowhere else."""

from dataclasses import replace

import pytest

from tests.support.phantoms import axial_grid, left_marker, volume_of
from viewers.geometry.plane import CORONAL, plane_about
from viewers.graphics.model import Drawing, Figure, ImagePlace, Layer, Place, SpacePlace
from viewers.graphics.outlines import circle, ellipse, ellipsoid
from viewers.graphics.placing import PlacedDrawing, Shown, placed
from viewers.identifiers import FrameOfReferenceUID
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume

VOLUME = volume_of(axial_grid([2.0 * k for k in range(20)], size=50), left_marker)


def stack(k: int, volume: Volume = VOLUME) -> Shown:
    return Shown(volume, k, slice_plane(volume, k), 1.0)


def shown(drawing: Drawing, where: Shown, *, stack_only: bool = False) -> tuple[PlacedDrawing, ...]:
    layers = placed((Layer("1", "n", (1, 2, 3), (drawing,), stack_only),), where)
    return layers[0][1] if layers else ()


def space() -> SpacePlace:
    assert VOLUME.frame_of_reference is not None
    return SpacePlace(VOLUME.frame_of_reference)


def square(place: Place, z: float = 8.0) -> Drawing:
    x, y, _ = slice_plane(VOLUME, 4).centre_lps
    points = ((x - 5, y - 5, z), (x + 5, y - 5, z), (x + 5, y + 5, z), (x - 5, y + 5, z))
    return Drawing((place,), Figure.OUTLINE, points)


def test_a_drawing_on_an_image_is_on_that_image_alone() -> None:
    drawing = Drawing((ImagePlace(VOLUME.sources[4].instance, (0,)),), Figure.POINTS, ((3.0, 7.0, 0.0),))
    (one,) = shown(drawing, stack(4))
    assert one.points == (pytest.approx(slice_plane(VOLUME, 4).pixel_to_lps(3.0, 7.0)),)
    assert shown(drawing, stack(3)) == ()
    other_frame = replace(drawing, places=(ImagePlace(VOLUME.sources[4].instance, (1,)),))
    assert shown(other_frame, stack(4)) == ()


def test_a_contour_is_on_the_slice_where_it_lies() -> None:
    z = slice_plane(VOLUME, 4).origin_lps[2]
    assert len(shown(square(space(), z), stack(4))) == 1
    assert shown(square(space(), z), stack(5)) == ()


def test_another_frame_of_reference_shows_nothing() -> None:
    z = slice_plane(VOLUME, 4).origin_lps[2]
    assert shown(square(SpacePlace(FrameOfReferenceUID("2.25.77")), z), stack(4)) == ()


def test_a_plane_across_a_contour_shows_its_chord() -> None:
    z = slice_plane(VOLUME, 4).origin_lps[2]
    x, y, _ = slice_plane(VOLUME, 4).centre_lps
    across = Shown(VOLUME, None, plane_about((x, y + 1.0, z), CORONAL, 1.0, 50, 50), 1.0)
    (chord,) = shown(square(space(), z), across)
    assert chord.is_chord
    assert sorted(point[0] for point in chord.points) == pytest.approx([x - 5, x + 5])
    assert shown(square(space(), z), across, stack_only=True) == ()
    aside = replace(across, plane=across.plane.moved(20.0))
    assert shown(square(space(), z), aside) == ()


def test_outlines_of_the_standard() -> None:
    assert all(abs((x - 1) ** 2 + (y - 2) ** 2 - 9) < 1e-9 for x, y, _ in circle((1, 2, 0), (4, 2, 0)))
    drawn = ellipse(((-3, 0, 0), (3, 0, 0), (0, -2, 0), (0, 2, 0)))
    assert all(abs(x**2 / 9 + y**2 / 4 - 1) < 1e-9 for x, y, _ in drawn)
    assert len(ellipsoid(((-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)))) == 3
