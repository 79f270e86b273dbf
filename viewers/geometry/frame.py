"""Vectors and affines of patient space: LPS millimetres, +x to the left, +y to the back, +z to the head."""

import math

import numpy as np
from numpy.typing import NDArray

Vector3 = tuple[float, float, float]
FloatArray = NDArray[np.float64]

# The shortest length that still gives a direction; below it a vector is a mistake in the data.
_SHORTEST = 1e-9


def index_to_lps(affine: FloatArray, index_ijk: FloatArray) -> FloatArray:
    """Return the LPS position, in mm, of the centre of each voxel.

    Parameters
    ----------
    affine
        Shape (4, 4), index to LPS.
    index_ijk
        Shape (..., 3), (column, row, slice); may lie between voxels.

    Returns
    -------
    Same shape, float64, mm, in the frame of reference of ``affine``.

    Source: PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1.
    """
    moved: FloatArray = np.asarray(index_ijk, dtype=np.float64) @ affine[:3, :3].T + affine[:3, 3]
    return moved


def lps_to_index(affine: FloatArray, points_lps: FloatArray) -> FloatArray:
    """Return the (column, row, slice) of each LPS point, shape (..., 3); the inverse of ``index_to_lps``."""
    from_origin = np.asarray(points_lps, dtype=np.float64) - affine[:3, 3]
    index: FloatArray = from_origin @ np.linalg.inv(affine[:3, :3]).T
    return index


def make_affine(origin_lps: Vector3, i_step: Vector3, j_step: Vector3, k_step: Vector3) -> FloatArray:
    """Return the (4, 4) affine whose columns are the steps, in mm, of one column, one row and one slice."""
    affine = np.eye(4)
    affine[:3, 0] = i_step
    affine[:3, 1] = j_step
    affine[:3, 2] = k_step
    affine[:3, 3] = origin_lps
    return affine


def as_vector(values: FloatArray) -> Vector3:
    """Return a (3,) array as a tuple of Python floats, which hashes and compares."""
    return (float(values[0]), float(values[1]), float(values[2]))


def dot(a: Vector3, b: Vector3) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector3, b: Vector3) -> Vector3:
    """Return the vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def scaled(a: Vector3, factor: float) -> Vector3:
    """Return ``a`` times ``factor``."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def added(a: Vector3, b: Vector3) -> Vector3:
    """Return the sum."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtracted(a: Vector3, b: Vector3) -> Vector3:
    """Return ``a`` minus ``b``."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def length(a: Vector3) -> float:
    """Return the Euclidean length."""
    return math.sqrt(dot(a, a))


def unit(a: Vector3) -> Vector3:
    """Return the unit vector along ``a``.

    Raises
    ------
    ValueError
        ``a`` has no direction.
    """
    size = length(a)
    if size < _SHORTEST:
        raise ValueError("a vector of no length has no direction")
    return scaled(a, 1.0 / size)
