"""Rigid motions from one patient space to another: how a place of one examination is found in another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from viewers.geometry.frame import Vector3, added, dot, subtracted
from viewers.geometry.plane import Orientation

# How far, at most, the rows of a rotation may be from unit length and right angles.
_RIGID = 1e-6


@dataclass(frozen=True, slots=True)
class RigidTransform:
    """Takes a point p, LPS mm of the source, to ``rotation`` p + ``shift_mm``, LPS mm of the target.

    ``rotation`` holds the rows of the matrix.
    """

    rotation: tuple[Vector3, Vector3, Vector3] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    shift_mm: Vector3 = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        """Refuse what would stretch or mirror the patient.

        Raises
        ------
        ValueError
            The rows are no rotation.
        """
        rows = self.rotation
        off = [abs(dot(rows[a], rows[b]) - (a == b)) for a in range(3) for b in range(a, 3)]
        if not all(map(math.isfinite, (*off, *self.shift_mm))) or max(off) > _RIGID or _determinant(rows) < 0.0:
            raise ValueError("not a rotation")

    @classmethod
    def from_matrix(cls, matrix: Sequence[float]) -> "RigidTransform":
        """Return the motion of a 4 × 4 matrix, 16 numbers row by row; raises as the constructor.

        Raises
        ------
        ValueError
            There are not 16 numbers, or they are no rigid motion.
        """
        if len(matrix) != 16 or tuple(matrix[12:]) != (0.0, 0.0, 0.0, 1.0):
            raise ValueError("not a rigid matrix")
        rows = [(matrix[at], matrix[at + 1], matrix[at + 2]) for at in (0, 4, 8)]
        return cls((rows[0], rows[1], rows[2]), (matrix[3], matrix[7], matrix[11]))

    @property
    def matrix(self) -> tuple[float, ...]:
        """The 4 × 4 matrix, row by row. Source: PS3.3 C.20.2.1.1."""
        rows = [(*row, shift) for row, shift in zip(self.rotation, self.shift_mm, strict=True)]
        return (*rows[0], *rows[1], *rows[2], 0.0, 0.0, 0.0, 1.0)

    def point(self, point_lps: Vector3) -> Vector3:
        """Return where a point of the source lies in the target, LPS mm."""
        return added(self.direction(point_lps), self.shift_mm)

    def direction(self, vector: Vector3) -> Vector3:
        """Return how a direction of the source runs in the target."""
        one, two, three = self.rotation
        return (dot(one, vector), dot(two, vector), dot(three, vector))

    def orientation(self, orientation: Orientation) -> Orientation:
        """Return how a picture of the source is turned in the target."""
        return Orientation(self.direction(orientation.row_direction), self.direction(orientation.column_direction))

    def inverse(self) -> "RigidTransform":
        """Return the way back."""
        rows = self.rotation
        back = RigidTransform((_column(rows, 0), _column(rows, 1), _column(rows, 2)))
        return RigidTransform(back.rotation, subtracted((0.0, 0.0, 0.0), back.direction(self.shift_mm)))

    def then(self, after: "RigidTransform") -> "RigidTransform":
        """Return this motion followed by another."""
        columns = [after.direction(_column(self.rotation, axis)) for axis in range(3)]
        rows = (_column(columns, 0), _column(columns, 1), _column(columns, 2))
        return RigidTransform(rows, after.point(self.shift_mm))


def _column(rows: Sequence[Vector3], axis: int) -> Vector3:
    return (rows[0][axis], rows[1][axis], rows[2][axis])


def _determinant(rows: Sequence[Vector3]) -> float:
    a, b, c = rows
    return dot(a, (b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]))


def translation(shift_mm: Vector3) -> RigidTransform:
    """Return the motion that turns nothing."""
    return RigidTransform(shift_mm=shift_mm)


IDENTITY = RigidTransform()
