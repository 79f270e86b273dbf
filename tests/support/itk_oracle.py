"""What ITK reads of the files of one volume, and its values at points of space: the oracle of every cut.

Pixels and geometry are ITK's own for single frames; those of a multi-frame object are read from its functional groups
by pydicom, since ITK gives all frames the rescale of the first. Even slices are resampled by ITK as one image; tilted,
uneven or missing ones are interpolated here, between the two slices whose true planes lie on either side of a point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import SimpleITK
from numpy.typing import NDArray

from viewers.geometry.plane import ImagePlane

Array = NDArray[np.float64]

_EVEN_MM = 1e-3
_ON_SLICE_MM = 1e-4


class NotForItk(Exception):
    """ITK does not read the file, or reads no grey image."""


@dataclass(frozen=True)
class OracleSlice:
    """One slice: ``values`` [row, column] in modality units, where it lies, and (column, row) spacing in mm."""

    values: Array
    origin: Array
    row: Array
    column: Array
    spacing: tuple[float, float]

    def at(self, points: Array) -> Array:
        """Bilinear values at the projections of ``points`` (n, 3); NaN more than half a pixel outside."""
        away = points - self.origin
        found = np.full(len(points), np.nan)
        across, down = away @ self.row / self.spacing[0], away @ self.column / self.spacing[1]
        rows, columns = self.values.shape
        inside = (across >= -0.5) & (across <= columns - 0.5) & (down >= -0.5) & (down <= rows - 0.5)
        x, y = np.clip(across[inside], 0, columns - 1), np.clip(down[inside], 0, rows - 1)
        left, top = np.floor(x).astype(int), np.floor(y).astype(int)
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        u, v = x - left, y - top
        upper = self.values[top, left] * (1 - u) + self.values[top, right] * u
        lower = self.values[bottom, left] * (1 - u) + self.values[bottom, right] * u
        found[inside] = upper * (1 - v) + lower * v
        return found


@lru_cache(maxsize=1)
def _by_itk(path: Path) -> Any:
    itk: Any = SimpleITK
    try:
        return itk.ReadImage(str(path))
    except RuntimeError as error:
        raise NotForItk(str(error)) from error


def read_slice(path: Path, frame_index: int) -> OracleSlice:
    """Read one frame of a file with ITK.

    Raises
    ------
    NotForItk
        ITK cannot read it, or it is in colour.
    """
    itk: Any = SimpleITK
    image = _by_itk(path)
    values = np.asarray(itk.GetArrayFromImage(image), dtype=np.float64)
    if image.GetNumberOfComponentsPerPixel() != 1:
        raise NotForItk("colour")
    if values.ndim == 2:
        values = values[np.newaxis]
    if len(values) > 1:
        return _frame_of_many(path, frame_index)
    direction = np.array(image.GetDirection()).reshape(image.GetDimension(), image.GetDimension())
    spacing = image.GetSpacing()
    return OracleSlice(values[0], np.array(image.GetOrigin()), direction[:, 0], direction[:, 1], spacing[:2])


@lru_cache(maxsize=1)
def _many(path: Path) -> tuple[pydicom.Dataset, NDArray[np.generic]]:
    dataset = pydicom.dcmread(path)
    return dataset, np.asarray(dataset.pixel_array)


def _frame_of_many(path: Path, frame_index: int) -> OracleSlice:
    """Read one of many frames with pydicom: ITK gives all frames the place and the rescale of the first."""
    dataset, pixels = _many(path)
    if "PerFrameFunctionalGroupsSequence" not in dataset:
        raise NotForItk("frames without a place")
    own = dataset.PerFrameFunctionalGroupsSequence[frame_index]
    shared = dataset.SharedFunctionalGroupsSequence[0]

    def group(name: str) -> Any:
        return next((level[name].value[0] for level in (own, shared) if name in level), pydicom.Dataset())

    turned = np.array(group("PlaneOrientationSequence").ImageOrientationPatient, dtype=float)
    between_rows, between_columns = (float(value) for value in group("PixelMeasuresSequence").PixelSpacing)
    rescale = group("PixelValueTransformationSequence")
    stored = np.asarray(pixels[frame_index], dtype=np.float64)
    return OracleSlice(
        stored * float(rescale.get("RescaleSlope", 1.0)) + float(rescale.get("RescaleIntercept", 0.0)),
        np.array(group("PlanePositionSequence").ImagePositionPatient, dtype=float),
        turned[:3],
        turned[3:],
        (between_columns, between_rows),
    )


class Oracle:
    """The slices of one volume, ordered by where they truly lie; ``gaps_after`` are slices before missing ones."""

    def __init__(self, slices: Sequence[OracleSlice], gaps_after: frozenset[int] = frozenset()) -> None:
        first = slices[0]
        self._normal = np.cross(first.row, first.column)
        self.slices = sorted(slices, key=lambda one: float(one.origin @ self._normal))
        self._along = np.array([float((one.origin - self.slices[0].origin) @ self._normal) for one in self.slices])
        self._gaps = gaps_after

    def before(self, positions_mm: Array) -> set[int]:
        """The slices after which each of ``positions_mm``, along the normal from the first slice, lies."""
        return set((np.searchsorted(self._along, positions_mm) - 1).tolist())

    def is_even(self) -> bool:
        """Whether one affine without shear holds every slice."""
        if len(self.slices) < 2 or self._gaps:
            return False
        step = (self.slices[-1].origin - self.slices[0].origin) / (len(self.slices) - 1)
        off = [one.origin - self.slices[0].origin - step * k for k, one in enumerate(self.slices)]
        across = np.linalg.norm(step - self._normal * float(step @ self._normal)) * len(self.slices)
        return bool(np.abs(off).max() < _EVEN_MM and across < _EVEN_MM)

    def resampled(self, plane: ImagePlane) -> Array:
        """The values of a plane by ITK's own resampling of one image."""
        itk: Any = SimpleITK
        first = self.slices[0]
        image = itk.GetImageFromArray(np.stack([one.values for one in self.slices]))
        image.SetOrigin(first.origin.tolist())
        image.SetSpacing((*first.spacing, float(self._along[-1]) / (len(self.slices) - 1)))
        image.SetDirection(np.column_stack([first.row, first.column, self._normal]).flatten().tolist())
        directions = np.column_stack([plane.row_direction, plane.column_direction, plane.normal])
        cut = itk.Resample(
            image, (plane.width, plane.height, 1), itk.Transform(), itk.sitkLinear, list(plane.origin_lps),
            (plane.spacing_mm, plane.spacing_mm * plane.aspect, 1.0), directions.flatten().tolist(), float("nan"),
            itk.sitkFloat64,
        )  # fmt: skip
        return np.asarray(itk.GetArrayFromImage(cut)[0], dtype=np.float64)

    def interpolated(self, plane: ImagePlane) -> Array:
        """The values of a plane between the true slices; NaN outside and inside gaps."""
        points = places(plane).reshape(-1, 3)
        position = (points - self.slices[0].origin) @ self._normal
        found = np.full(len(points), np.nan)
        for k, (at, one) in enumerate(zip(self._along, self.slices, strict=True)):
            on = np.abs(position - at) <= _ON_SLICE_MM
            found[on] = one.at(points[on])
            if k + 1 == len(self.slices) or k in self._gaps:
                continue
            beyond = self._along[k + 1]
            between = (position > at + _ON_SLICE_MM) & (position < beyond - _ON_SLICE_MM)
            weight = (position[between] - at) / (beyond - at)
            here, there = one.at(points[between]), self.slices[k + 1].at(points[between])
            found[between] = here * (1 - weight) + there * weight
        return found.reshape(plane.height, plane.width)


def places(plane: ImagePlane) -> Array:
    """The LPS places of all pixels of a plane, shape (height, width, 3)."""
    column, row = np.meshgrid(np.arange(plane.width), np.arange(plane.height))
    steps = column[..., None] * np.array(plane.column_step_mm) + row[..., None] * np.array(plane.row_step_mm)
    return np.asarray(np.array(plane.origin_lps) + steps, dtype=np.float64)
