"""Colour maps: from a display level to a colour, one table of 256 each.

A map is kept as the levels where it bends; between them each of red, green and blue runs straight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

# (level, red, green, blue), each 0 to 255, by rising level.
Bend = tuple[int, int, int, int]
_LEVELS = 256
_STEPS = 20


@dataclass(frozen=True, slots=True)
class ColourMap:
    """A map; its title is the translation ``colour_maps.<id>``. The first bend is at level 0, the last at 255."""

    id: str
    bends: tuple[Bend, ...]

    def colours(self) -> NDArray[np.uint8]:
        """Return red, green and blue of every level, shape (256, 3)."""
        bends = np.array(self.bends, dtype=np.float64)
        levels = np.arange(_LEVELS, dtype=np.float64)
        channels = [np.interp(levels, bends[:, 0], bends[:, channel]) for channel in (1, 2, 3)]
        return np.floor(np.stack(channels, axis=1) + 0.5).astype(np.uint8)


def _stepped(*colours: tuple[int, int, int]) -> tuple[Bend, ...]:
    """Return the bends of a map that is flat over each of 20 parts."""
    starts = [-(-part * (_LEVELS - 1) // _STEPS) for part in range(_STEPS)]
    ends = [*(start - 1 for start in starts[1:]), _LEVELS - 1]
    return tuple(
        (level, *colour) for start, end, colour in zip(starts, ends, colours, strict=True) for level in (start, end)
    )


GREY = "grey"
INVERTED_GREY = "inverted_grey"
HOT_IRON = "hot_iron"

# Hot Iron, PET, Hot Metal Blue and PET 20 Step are the well-known palettes of DICOM, level by level. Source: PS3.6 B.1.
_HOT_IRON = ColourMap(
    HOT_IRON,
    ((0, 0, 0, 0), (127, 254, 0, 0), (128, 255, 0, 0), (191, 255, 126, 0), (254, 255, 252, 252), (255, 255, 255, 255)),
)
_PET = ColourMap(
    "pet",
    (
        (0, 0, 0, 0),
        (1, 0, 2, 1),
        (62, 0, 125, 123),
        (63, 0, 128, 125),
        (64, 1, 126, 127),
        (95, 63, 64, 189),
        (97, 67, 61, 193),
        (116, 104, 23, 231),
        (127, 126, 1, 253),
        (128, 128, 0, 255),
        (130, 132, 4, 248),
        (169, 209, 82, 92),
        (192, 255, 128, 0),
        (233, 255, 210, 165),
        (235, 255, 214, 174),
        (254, 255, 252, 250),
        (255, 255, 255, 255),
    ),
)
_HOT_METAL_BLUE = ColourMap(
    "hot_metal_blue",
    (
        (0, 0, 0, 0),
        (17, 0, 0, 33),
        (42, 0, 0, 83),
        (43, 0, 0, 84),
        (76, 0, 0, 149),
        (85, 0, 0, 167),
        (102, 50, 0, 200),
        (119, 90, 0, 150),
        (136, 140, 32, 50),
        (153, 190, 64, 0),
        (170, 255, 96, 0),
        (238, 255, 224, 200),
        (255, 255, 255, 255),
    ),
)
_PET_20_STEP = ColourMap(
    "pet_20_step",
    _stepped(
        (0, 0, 0),
        (96, 0, 80),
        (48, 48, 80),
        (48, 48, 112),
        (80, 80, 128),
        (96, 96, 176),
        (112, 112, 192),
        (128, 128, 224),
        (48, 96, 48),
        (48, 144, 48),
        (80, 192, 80),
        (64, 224, 64),
        (224, 224, 80),
        (208, 208, 96),
        (208, 176, 64),
        (208, 144, 0),
        (192, 96, 0),
        (176, 48, 0),
        (255, 0, 0),
        (255, 255, 255),
    ),
)
_RAINBOW = ColourMap(
    "rainbow",
    (
        (0, 0, 0, 0),
        (32, 96, 0, 144),
        (72, 0, 0, 255),
        (112, 0, 224, 255),
        (144, 0, 208, 0),
        (192, 255, 255, 0),
        (255, 255, 0, 0),
    ),
)
# As evenly brighter to the eye as its numbers grow: viridis, by its eight octants.
_EVEN = ColourMap(
    "even",
    (
        (0, 68, 1, 84),
        (32, 71, 44, 122),
        (64, 59, 81, 139),
        (96, 44, 113, 142),
        (128, 33, 144, 141),
        (159, 39, 173, 129),
        (191, 92, 200, 99),
        (223, 170, 220, 50),
        (255, 253, 231, 37),
    ),
)

COLOUR_MAPS: Mapping[str, ColourMap] = MappingProxyType(
    {
        found.id: found
        for found in (
            ColourMap(GREY, ((0, 0, 0, 0), (255, 255, 255, 255))),
            ColourMap(INVERTED_GREY, ((0, 255, 255, 255), (255, 0, 0, 0))),
            _HOT_IRON,
            _PET,
            _HOT_METAL_BLUE,
            _PET_20_STEP,
            _RAINBOW,
            _EVEN,
        )
    }
)
