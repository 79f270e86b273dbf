"""The path of a curved picture, as JSON; an archive from before there was such a thing has none."""

from typing import Any

from viewers.geometry.frame import Vector3
from viewers.state.curved_look import CurvedLook


def write_curve(curve: CurvedLook) -> dict[str, object] | None:
    """Return what is kept of a path; not where the pointer was."""
    if not curve.points_lps:
        return None
    return {"points_lps": curve.points_lps, "turned_degrees": curve.turned_degrees, "span_mm": curve.span_mm}


def read_curve(content: Any) -> CurvedLook:
    """Return the path.

    Raises
    ------
    ValueError, KeyError, TypeError
        The archive is damaged.
    """
    if content is None:
        return CurvedLook()
    span = content["span_mm"]
    return CurvedLook(
        points_lps=tuple(_vector(point) for point in content["points_lps"]),
        turned_degrees=float(content["turned_degrees"]),
        span_mm=None if span is None else (float(span[0]), float(span[1])),
    )


def _vector(values: list[Any]) -> Vector3:
    x, y, z = values
    return float(x), float(y), float(z)
