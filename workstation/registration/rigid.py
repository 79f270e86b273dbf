"""Finds the rigid motion between two grids of values: the only module that knows SimpleITK. Runs in the worker alone.

Many starts are looked at coarsely (as the coordinates stand, centre on centre, body on body, and along the body, since
two examinations seldom begin at the same place); the best are refined, from coarse to fine, by mutual information,
which needs no common scale of grey. What was found is then measured against the same motion shifted a little: where
two regions do not belong together no place is much better than its neighbours.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import SimpleITK
from numpy.typing import NDArray

_itk: Any = SimpleITK

# Voxels across the larger body when looked at coarsely and finely, and the sizes, mm, between which that leaves them.
_COARSE_ACROSS: Final = 48.0
_FINE_ACROSS: Final = 96.0
_LEAST_MM: Final = 2.0
_MOST_MM: Final = 8.0
_STEP_ALONG_MM: Final = 16.0
_STARTS_REFINED: Final = 4
_LEAST_SHARED: Final = 0.25
_SHIFT_STEPS: Final = 3.0
_BINS: Final = 32
_MOST_SAMPLES: Final = 40_000
_SEED: Final = 20
_OUTSIDE: Final = -1.0
_DARK: Final = 0.02

METHOD: Final = f"SimpleITK {_itk.Version.VersionString()}, mutual information, six degrees of freedom"

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Values from 0 to 1 on an even grid, shape (k, j, i), NaN where there is none.

    ``spacing_mm`` is (i, j, k); ``directions`` are the unit vectors of i, j and k, one behind the other, LPS.
    """

    values: Array
    spacing_mm: tuple[float, float, float]
    origin_lps: tuple[float, float, float]
    directions: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Motion:
    """What was found: ``matrix``, 16 numbers row by row, takes a point of the fixed grid to the moving one, LPS mm.

    ``before`` and ``after`` are the mutual information, in nats, at the best start and at the end; ``beside`` its mean
    some way off the end, in all directions. ``shared`` is the part of the smaller body that lies in the other.
    """

    matrix: tuple[float, ...]
    before: float
    after: float
    beside: float
    shared: float


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Both images, negative where there is no value, at about one resolution, with the bodies in them (1)."""

    fixed: Any
    moving: Any
    fixed_body: Any
    moving_body: Any


def register(fixed: Grid, moving: Grid, threads: int) -> Motion:
    """Return the rigid motion from ``fixed`` to ``moving``; it may be wrong: its figures say how likely that is."""
    _itk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
    images = [_image(grid) for grid in (fixed, moving)]
    coarse, fine = (_level(images[0], images[1], across) for across in (_COARSE_ACROSS, _FINE_ACROSS))
    starts = sorted(_starts(coarse), key=lambda one: _information(coarse, one), reverse=True)
    tried = [_refined(coarse, start, 4.0, 0.1, 1.0) for start in _apart(starts)]
    found = max((*starts[:1], *tried), key=lambda one: _information(coarse, one))
    smooth = _refined(fine, found, 1.0, 0.01, 1.0)
    found = max((_refined(fine, smooth, 1.0, 0.005), smooth, found), key=lambda one: _information(fine, one))
    beside = [_information(fine, _shifted(found, shift)) for shift in _shifts(coarse)]
    return Motion(
        _matrix(found),
        _information(fine, starts[0]),
        _information(fine, found),
        float(np.mean(beside)),
        _shared(fine, found),
    )


def _image(grid: Grid) -> Any:
    image = _itk.GetImageFromArray(np.where(np.isnan(grid.values), _OUTSIDE, grid.values).astype(np.float32))
    image.SetSpacing(grid.spacing_mm)
    image.SetOrigin(grid.origin_lps)
    image.SetDirection(np.array(grid.directions).reshape(3, 3).T.flatten().tolist())
    return image


def _level(fixed: Any, moving: Any, across: float) -> _Level:
    sides = (np.array(image.GetSize()) * image.GetSpacing() for image in (fixed, moving))
    largest = max(float(one.max()) for one in sides)
    mm = min(max(largest / across, _LEAST_MM), _MOST_MM)
    one, other = _reduced(fixed, mm), _reduced(moving, mm)
    return _Level(one, other, _body(one), _body(other))


def _reduced(image: Any, mm: float) -> Any:
    """Return the image with voxels of about ``mm``: what is outside of it stays outside, and is not blended."""
    factors = [max(1, round(mm / spacing)) for spacing in image.GetSpacing()]
    factors = [min(factor, size) for factor, size in zip(factors, image.GetSize(), strict=True)]
    is_inside = _itk.Cast(image >= 0.0, _itk.sitkFloat32)
    share = _itk.Cast(_itk.BinShrink(is_inside, factors), _itk.sitkFloat32)
    sums = _itk.Cast(_itk.BinShrink(image * is_inside, factors), _itk.sitkFloat32)
    values = _itk.Cast(sums / _itk.Maximum(share, 1e-3), _itk.sitkFloat32)
    inside = _itk.Cast(share >= 0.5, _itk.sitkFloat32)
    return values * inside + (1.0 - inside) * _OUTSIDE


def _body(image: Any) -> Any:
    """Return the largest connected part that is brighter than what surrounds it, and a little around it."""
    inside = image >= 0.0
    values = _itk.GetArrayViewFromImage(image)
    seen = values[values > _DARK]
    bright = image > (float(seen.mean()) / 2 if seen.size else _DARK)
    opened = _itk.BinaryMorphologicalOpening(bright, [1, 1, 0])
    parts = _itk.RelabelComponent(_itk.ConnectedComponent(opened), sortByObjectSize=True)
    body = _itk.BinaryMorphologicalClosing(parts == 1, [2, 2, 1])
    return _itk.Cast(_itk.And(_itk.BinaryDilate(body, [1, 1, 1]), inside), _itk.sitkUInt8)


def _starts(level: _Level) -> Iterator[Any]:
    """Return where to begin: by coordinates, by centres, by bodies, and by these moved along the body."""
    yield _translation((0.0, 0.0, 0.0))
    yield _translation(_difference(_middle(level.fixed), _middle(level.moving)))
    by_body = _difference(_centroid(level.fixed_body), _centroid(level.moving_body))
    along = np.array(level.fixed.GetDirection()).reshape(3, 3)[:, 2]
    reach = sum(_extent(image, along) for image in (level.fixed, level.moving)) / 2
    middles = np.array(_difference(_middle(level.fixed), _middle(level.moving)))
    across = np.array(by_body) - along * float(np.dot(np.array(by_body) - middles, along))
    for step in np.arange(-reach, reach + 1.0, _STEP_ALONG_MM):
        yield _translation(across + along * step)
    yield _translation(by_body)


def _apart(starts: Sequence[Any]) -> list[Any]:
    """Return the best of the sorted starts that are not neighbours of a better one."""
    chosen: list[Any] = []
    for start in starts:
        here = np.array(start.GetTranslation())
        if all(np.linalg.norm(here - one.GetTranslation()) > 2 * _STEP_ALONG_MM for one in chosen):
            chosen.append(start)
        if len(chosen) == _STARTS_REFINED:
            break
    return chosen


def _refined(level: _Level, start: Any, step_mm: float, least_mm: float, smoothed_voxels: float = 0.0) -> Any:
    """Return the motion with the most mutual information near ``start``."""
    motion = _itk.Euler3DTransform(start)
    motion.SetCenter(_centroid(level.fixed_body))
    # A translation does not change with the centre of rotation; a rotation that was found before does.
    motion.SetTranslation(_difference(_centroid(level.fixed_body), start.TransformPoint(_centroid(level.fixed_body))))
    method = _itk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(_BINS)
    method.SetMetricFixedMask(level.fixed_body)
    method.SetMetricMovingMask(level.moving >= 0.0)
    method.SetInterpolator(_itk.sitkLinear)
    # Sampled beside the voxels, and not on them: where both grids agree, mutual information is too high by itself.
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(min(1.0, _MOST_SAMPLES / int(np.prod(level.fixed.GetSize()))), _SEED)
    method.SetOptimizerAsRegularStepGradientDescent(step_mm, least_mm, 100, 0.7, 1e-8)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([1])
    method.SetSmoothingSigmasPerLevel([smoothed_voxels * min(level.fixed.GetSpacing())])
    method.SetInitialTransform(motion, True)
    try:
        method.Execute(level.fixed, level.moving)
    except RuntimeError:
        # The images were moved off each other: this start led nowhere.
        return start
    return motion


def _information(level: _Level, motion: Any) -> float:
    """Return the mutual information where both images are and either body is; nothing where they share too little."""
    moved = _resampled(level.moving, level.fixed, motion, _OUTSIDE)
    body = _resampled(level.moving_body, level.fixed, motion, 0.0) > 0.5
    here, there = (_itk.GetArrayViewFromImage(image) for image in (level.fixed, moved))
    own = _itk.GetArrayViewFromImage(level.fixed_body) > 0
    both = (here >= 0.0) & (there >= 0.0)
    if _part_of_smaller(level, own & both) < _LEAST_SHARED:
        return 0.0
    at = both & (own | (_itk.GetArrayViewFromImage(body) > 0))
    joint, _, _ = np.histogram2d(here[at], there[at], bins=_BINS, range=((0.0, 1.0), (0.0, 1.0)))
    share = joint / max(1.0, joint.sum())
    apart = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    some = share > 0.0
    return float((share[some] * np.log(share[some] / apart[some])).sum())


def _shared(level: _Level, motion: Any) -> float:
    """Return the part of the smaller body that lies in the other one."""
    body = _itk.GetArrayViewFromImage(_resampled(level.moving_body, level.fixed, motion, 0.0)) > 0.5
    return _part_of_smaller(level, body & (_itk.GetArrayViewFromImage(level.fixed_body) > 0))


def _part_of_smaller(level: _Level, common: NDArray[np.bool_]) -> float:
    """Return the space of voxels of the fixed image as a part of that of the smaller body; 0 where one is empty."""
    smaller_mm3 = min(
        float(_itk.GetArrayViewFromImage(one).sum()) * _voxel_mm3(one) for one in (level.fixed_body, level.moving_body)
    )
    return float(common.sum()) * _voxel_mm3(level.fixed) / smaller_mm3 if smaller_mm3 > 0.0 else 0.0


def _voxel_mm3(image: Any) -> float:
    return float(np.prod(image.GetSpacing()))


def _resampled(image: Any, like: Any, motion: Any, outside: float) -> Any:
    interpolator = _itk.sitkLinear if outside == 0.0 else _itk.sitkNearestNeighbor
    pixel = _itk.sitkFloat32
    return _itk.Resample(image, like, motion, interpolator, outside, pixel)


def _translation(shift: Sequence[float] | NDArray[np.float64]) -> Any:
    motion = _itk.Euler3DTransform()
    motion.SetTranslation([float(value) for value in shift])
    return motion


def _shifted(motion: Any, shift: Sequence[float]) -> Any:
    moved = _itk.Euler3DTransform(motion)
    moved.SetTranslation((np.array(motion.GetTranslation()) + shift).tolist())
    return moved


def _shifts(level: _Level) -> Iterator[tuple[float, ...]]:
    mm = _SHIFT_STEPS * float(level.fixed.GetSpacing()[0])
    for axis, way in itertools.product(range(3), (-1.0, 1.0)):
        yield tuple(way * mm if one == axis else 0.0 for one in range(3))


def _matrix(motion: Any) -> tuple[float, ...]:
    rotation = np.array(motion.GetMatrix()).reshape(3, 3)
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = motion.TransformPoint((0.0, 0.0, 0.0))
    return tuple(float(value) for value in matrix.flatten())


def _difference(start: Sequence[float], end: Sequence[float]) -> list[float]:
    return [float(there - here) for here, there in zip(start, end, strict=True)]


def _middle(image: Any) -> Sequence[float]:
    found: Sequence[float] = image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()])
    return found


def _centroid(body: Any) -> Sequence[float]:
    shapes = _itk.LabelShapeStatisticsImageFilter()
    shapes.Execute(body)
    found: Sequence[float] = shapes.GetCentroid(1) if shapes.HasLabel(1) else _middle(body)
    return found


def _extent(image: Any, along: NDArray[np.float64]) -> float:
    sizes = np.array(image.GetSize()) * np.array(image.GetSpacing())
    return float(np.abs(np.array(image.GetDirection()).reshape(3, 3).T @ along) @ sizes)
