"""Volumes moved by a known rigid motion: the same body, lain on the table in another way."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.support.phantoms import axial_grid, volume_of
from viewers.geometry.frame import FloatArray, Vector3, as_vector, index_to_lps, unit
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import FrameOfReferenceUID, SeriesUID
from viewers.image.slices import corners_lps
from viewers.image.volume import Volume

OTHER_SPACE = FrameOfReferenceUID("2.25.201")
OTHER_SERIES = SeriesUID("2.25.101")


def turn(axis: Vector3, degrees: float, about: Vector3 = (0.0, 0.0, 0.0)) -> RigidTransform:
    """A turn about an axis through a point."""
    x, y, z = unit(axis)
    across = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.radians(degrees)
    rows = np.eye(3) + np.sin(angle) * across + (1.0 - np.cos(angle)) * across @ across
    rotation = RigidTransform((as_vector(rows[0]), as_vector(rows[1]), as_vector(rows[2])))
    return rotation.then(RigidTransform(shift_mm=as_vector(np.array(about) - np.array(rotation.point(about)))))


def turned_degrees(moved: RigidTransform) -> float:
    """By how much a motion turns, about whichever axis."""
    return float(np.degrees(np.arccos(np.clip((np.trace(np.array(moved.rotation)) - 1.0) / 2.0, -1.0, 1.0))))


def body(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """A body in air without any symmetry: fat, two lungs of different size, a spine, ribs on one side, a liver."""
    x, y, z = places[..., 0], places[..., 1], places[..., 2]
    values = np.full(x.shape, -1000.0)

    def fill(centre: Vector3, radii: Vector3, value: float) -> None:
        inside = sum(((w - c) / r) ** 2 for w, c, r in zip((x, y, z), centre, radii, strict=True)) <= 1.0
        values[inside] = value

    fill((0.0, 0.0, 0.0), (75.0, 50.0, 120.0), -80.0)
    fill((0.0, 2.0, 0.0), (66.0, 42.0, 110.0), 40.0)
    fill((30.0, -6.0, 20.0), (22.0, 26.0, 45.0), -850.0)
    fill((-32.0, -4.0, 30.0), (24.0, 28.0, 35.0), -800.0)
    fill((-25.0, 0.0, -40.0), (32.0, 30.0, 28.0), 110.0)
    fill((0.0, 34.0, 0.0), (9.0, 9.0, 105.0), 600.0)
    fill((40.0, 10.0, -50.0), (12.0, 14.0, 16.0), 250.0)
    return values


def body_volume(moved: RigidTransform | None = None, *, spacing_mm: float = 4.0, step_mm: float = 6.0) -> Volume:
    """The body as a CT; ``moved`` takes a place of it to where it lies in a series and a space of its own."""
    grid = axial_grid(np.arange(-92.0, 93.0, step_mm).tolist(), size=int(200.0 / spacing_mm), spacing_mm=spacing_mm)
    if moved is None:
        return volume_of(grid, body)
    back = moved.inverse()
    rows = np.array(back.rotation)
    # The table is where it happens to be: the grid goes along with the shift.
    shifted = replace(
        grid, origins=tuple(as_vector(np.array(origin) + np.array(moved.shift_mm)) for origin in grid.origins)
    )
    return volume_of(
        shifted,
        lambda places: body(places @ rows.T + np.array(back.shift_mm)),
        frame_of_reference=OTHER_SPACE,
        series=OTHER_SERIES,
    )


def relocated(volume: Volume, moved: RigidTransform) -> Volume:
    """A real volume in another place: its voxels are untouched, the affine says where they lie now."""
    matrix = np.array(moved.matrix).reshape(4, 4)
    origins = index_to_lps(matrix, volume.slice_origins_lps)
    passport = replace(volume.passport, frame_of_reference=OTHER_SPACE)
    return replace(
        volume, series=OTHER_SERIES, affine=matrix @ volume.affine, slice_origins_lps=origins, passport=passport
    )


def furthest_mm(found: RigidTransform, true: RigidTransform, volume: Volume) -> float:
    """How far apart two motions take the inner part of a volume, at most."""
    corners = corners_lps(volume)
    middle: FloatArray = corners.mean(axis=0)
    inner = [as_vector(middle + 0.6 * (corner - middle)) for corner in corners]
    return max(float(np.linalg.norm(np.subtract(found.point(one), true.point(one)))) for one in inner)
