"""The path that a curved picture follows, and how that picture is turned. Plain numbers."""

from dataclasses import dataclass, replace

from viewers.geometry.frame import Vector3


@dataclass(frozen=True, slots=True)
class CurvedLook:
    """What the reader asks of a curved picture.

    ``points_lps`` are the places that the path goes through, in the order in which they were drawn.
    ``turned_degrees`` turns the picture about the path. ``pointed_mm`` is the place along the path that the pointer is
    on, ``span_mm`` the stretch of the path whose length is told.
    """

    points_lps: tuple[Vector3, ...] = ()
    turned_degrees: float = 0.0
    pointed_mm: float | None = None
    span_mm: tuple[float, float] | None = None

    def drawn(self, points_lps: tuple[Vector3, ...]) -> "CurvedLook":
        """Return the look along another path, on which places of the old one mean nothing."""
        return CurvedLook(points_lps, self.turned_degrees)

    def turned(self, degrees: float) -> "CurvedLook":
        """Return the look turned further about the path."""
        return replace(self, turned_degrees=(self.turned_degrees + degrees) % 360.0)
