"""Letters for directions of the patient, always computed from the direction that is displayed."""

from dataclasses import dataclass

from viewers.geometry.frame import Vector3, unit
from viewers.geometry.plane import ImagePlane

# (letter towards +, letter towards -) of x, y and z. Source: PS3.3 C.7.6.1.1.1.
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))
_OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}

# A component below this cosine (about 5 degrees away from perpendicular) gets no letter.
_LEAST_COSINE = 0.087


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """What lies beyond each edge of the picture."""

    left: str
    right: str
    top: str
    bottom: str


def letters(direction: Vector3) -> str:
    """Return the patient letters of a direction, the strongest first: ``L``, ``LP``, ``HAR``.

    Source: PS3.3 C.7.6.1.1.1.
    """
    parts = [
        (abs(component), pair[0] if component > 0 else pair[1])
        for component, pair in zip(unit(direction), _LETTERS, strict=True)
        if abs(component) >= _LEAST_COSINE
    ]
    # Rounded so that two equal components keep the order x, y, z instead of one that hangs on the last bit.
    parts.sort(key=lambda part: -round(part[0], 6))
    return "".join(letter for _, letter in parts)


def opposite(text: str) -> str:
    """Return the letters of the opposite direction."""
    return "".join(_OPPOSITE[letter] for letter in text)


def edge_letters(plane: ImagePlane) -> EdgeLetters:
    """Return the letters at the four edges of a picture of ``plane``."""
    right = letters(plane.row_direction)
    bottom = letters(plane.column_direction)
    return EdgeLetters(left=opposite(right), right=right, top=opposite(bottom), bottom=bottom)


def stated_edge_letters(stated: tuple[str, str], plane: ImagePlane) -> EdgeLetters:
    """Return the letters at the edges of a picture of an image that only states its directions.

    ``stated`` are the letters of the directions in which its column index and its row index grow; ``plane`` is the
    picture in the space (column, row, 0) of the image's own pixels.

    Source: PS3.3 C.7.6.1.1.1.
    """
    right, bottom = _stated(stated, plane.row_direction), _stated(stated, plane.column_direction)
    return EdgeLetters(left=opposite(right), right=right, top=opposite(bottom), bottom=bottom)


def _stated(stated: tuple[str, str], direction: Vector3) -> str:
    axis = 0 if abs(direction[0]) > abs(direction[1]) else 1
    return stated[axis] if direction[axis] > 0 else opposite(stated[axis])
