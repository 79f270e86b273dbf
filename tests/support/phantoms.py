"""Phantoms with known answers. Every place is LPS mm, every value HU unless said otherwise.

``cylinder``: 40 HU inside, 0 HU outside, axis along z through (0, 0), radius 20 mm.
``rod``: a straight rod of 1000 HU and radius 3 mm from (-20, 0, -15) to (20, 0, 15): 50 mm long, oblique.
``ramp``: value = x + 2 y + 3 z; linear, so interpolation must give it exactly everywhere inside.
``bead``: one voxel of 1000 HU, everything else 0.
``left_marker``: 1000 HU where x > 0 (the patient's left), 0 elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.frame import Vector3, cross, unit
from viewers.geometry.plane import AXIAL, plane_about
from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription, FrameGeometry, PixelFormat, SpacingSource, Window
from viewers.image.reslice import sample_plane
from viewers.image.volume import Volume

SERIES = SeriesUID("2.25.100")
SPACE = FrameOfReferenceUID("2.25.200")

Field = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Grid:
    """Where the slices of a phantom lie: ``origins`` are the centres of their first pixels."""

    origins: tuple[Vector3, ...]
    row: Vector3 = (1.0, 0.0, 0.0)
    column: Vector3 = (0.0, 1.0, 0.0)
    columns: int = 64
    rows: int = 64
    column_spacing_mm: float = 1.0
    row_spacing_mm: float = 1.0


def axial_grid(
    positions: Sequence[float],
    size: int = 64,
    spacing_mm: float = 1.0,
    tilt_degrees: float = 0.0,
) -> Grid:
    """Slices at the given z; tilted, the gantry leans about x while the table still moves along z."""
    half = spacing_mm * (size - 1) / 2
    angle = np.radians(tilt_degrees)
    column = (0.0, float(np.cos(angle)), float(-np.sin(angle)))
    origins = tuple((-half, -half * column[1], z - half * column[2]) for z in positions)
    return Grid(origins, (1.0, 0.0, 0.0), column, size, size, spacing_mm, spacing_mm)


def oblique_grid(slices: int = 40, spacing_mm: tuple[float, float, float] = (2.5, 0.8, 1.3)) -> Grid:
    """Anisotropic slices turned about every axis; ``spacing_mm`` is (slice, row, column)."""
    row = unit((0.9, 0.3, -0.2))
    normal = unit(cross(row, (0.1, 0.95, 0.35)))
    column = cross(normal, row)
    centre = np.array((3.0, -7.0, 11.0))
    columns, rows = 60, 70
    first = (
        centre - np.array(row) * spacing_mm[2] * (columns - 1) / 2 - np.array(column) * spacing_mm[1] * (rows - 1) / 2
    )
    origins = [first + np.array(normal) * spacing_mm[0] * (k - (slices - 1) / 2) for k in range(slices)]
    places = tuple((float(o[0]), float(o[1]), float(o[2])) for o in origins)
    return Grid(places, row, column, columns, rows, spacing_mm[2], spacing_mm[1])


def pixel_places(grid: Grid, k: int) -> NDArray[np.float64]:
    """The LPS places of every pixel of slice ``k``, shape (rows, columns, 3)."""
    c, r = np.meshgrid(np.arange(grid.columns), np.arange(grid.rows))
    across = c[..., None] * np.array(grid.row) * grid.column_spacing_mm
    down = r[..., None] * np.array(grid.column) * grid.row_spacing_mm
    return np.asarray(np.array(grid.origins[k]) + across + down, dtype=np.float64)


def frame_of(grid: Grid, k: int, modality: str = "CT") -> FrameDescription:
    """The description of slice ``k``; its instance number runs against its position on purpose."""
    return FrameDescription(
        series=SERIES,
        instance=InstanceUID(f"2.25.300.{k}"),
        frame_index=0,
        instance_number=len(grid.origins) - k,
        modality=modality,
        format=PixelFormat(grid.rows, grid.columns, 1, 16, 16, True, "MONOCHROME2"),
        frame_of_reference=SPACE,
        geometry=FrameGeometry(grid.origins[k], grid.row, grid.column),
        row_spacing_mm=grid.row_spacing_mm,
        column_spacing_mm=grid.column_spacing_mm,
        spacing_source=SpacingSource.PIXEL_SPACING,
        rescale_intercept=-1024.0,
        windows=(Window(40.0, 400.0),),
        image_type=("ORIGINAL", "PRIMARY", "AXIAL"),
    )


def stored(grid: Grid, k: int, field: Field) -> NDArray[np.int16]:
    """The stored values of slice ``k``: HU + 1024, rounded."""
    return np.asarray(np.rint(field(pixel_places(grid, k)) + 1024.0), dtype=np.int16)


def volume_of(grid: Grid, field: Field, **changes: Any) -> Volume:
    """The one volume of a phantom; ``changes`` are made to every frame description."""
    frames = [replace(frame_of(grid, k), **changes) for k in range(len(grid.origins))]
    pixels = {(frame.instance, 0): stored(grid, k, field) for k, frame in enumerate(frames)}
    (volume,) = assemble(frames, pixels)
    return volume


def cylinder(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.hypot(places[..., 0], places[..., 1]) <= 20.0, 40.0, 0.0)


def rod(places: NDArray[np.float64]) -> NDArray[np.float64]:
    start, end = np.array((-20.0, 0.0, -15.0)), np.array((20.0, 0.0, 15.0))
    along = np.clip((places - start) @ (end - start) / 2500.0, 0.0, 1.0)
    off = np.linalg.norm(places - (start + along[..., None] * (end - start)), axis=-1)
    return np.where(off <= 3.0, 1000.0, 0.0)


def ramp(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(places @ np.array((1.0, 2.0, 3.0)), dtype=np.float64)


def left_marker(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(places[..., 0] > 0.0, 1000.0, 0.0)


def smooth(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Waves of 30 to 60 mm, without symmetry."""
    x, y, z = places[..., 0], places[..., 1], places[..., 2]
    return 400.0 * np.sin(x / 5.0) + 300.0 * np.cos(y / 8.0 + 1.0) + 200.0 * np.sin(z / 10.0 + 0.3)


def value_at(volume: Volume, place: Vector3) -> float:
    """The modality value at one place, NaN outside and inside gaps."""
    return float(sample_plane(volume, plane_about(place, AXIAL, 1.0, 1, 1))[0, 0])
