"""The reader's own calibration: a line over something of known length, whose words are that length.

It is a mark like others, so it is placed, moved, taken back and kept in the draft like them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from math import hypot

from viewers.annotations.model import Annotation
from viewers.image.volume import UserScale, Volume

CALIBRATION = "calibration"

_LENGTH = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(mm|cm|)\s*$", re.IGNORECASE)
_MM = {"": 1.0, "mm": 1.0, "cm": 10.0}


def known_length_mm(text: str) -> float | None:
    """Read a length as people write one, ``50``, ``50 mm`` or ``5,0 cm``; ``None`` where it is none."""
    found = _LENGTH.match(text)
    if found is None:
        return None
    length = float(found.group(1).replace(",", ".")) * _MM[found.group(2).lower()]
    return length if length > 0.0 else None


def calibrated(volume: Volume, annotations: Iterable[Annotation]) -> Volume:
    """Return the volume as the reader calibrated its images; the last calibration of an image counts.

    A volume with a place in the patient keeps the scale that it came with.
    """
    if volume.is_spatial:
        return volume
    held = {source.instance for source in volume.sources}
    scales = [scale for one in annotations if one.instance in held and (scale := _scale(one, volume)) is not None]
    return replace(volume, user_scales=tuple(reversed(scales))) if scales else volume


def _scale(annotation: Annotation, volume: Volume) -> UserScale | None:
    known = known_length_mm(annotation.text) if annotation.tool == CALIBRATION else None
    if known is None or len(annotation.points_lps) != 2:
        return None
    spacing = volume.passport.spacing_kji_mm
    aspect = volume.passport.pixel_aspect if spacing is None else spacing[1] / spacing[2]
    (x, y, _), (to_x, to_y, _) = annotation.points_lps
    drawn = hypot(to_x - x, (to_y - y) * aspect)
    return UserScale(annotation.instance, known / drawn, known / drawn * aspect) if drawn > 0.0 else None
