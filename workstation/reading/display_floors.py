"""Which displays are good enough to read a modality on, as ``resources/displays/floors.toml`` says, and what was not.

What the system tells of a screen is its pixels and, often, its size; luminance and calibration nobody tells, so a
display above its floor is not proved to be a diagnostic one. One below it is proved not to be.
"""

import tomllib
from collections.abc import Iterable
from typing import Any

from workstation import resources
from workstation.domain.display import Display, DisplayFloor, DisplayShortfall


def load_floors() -> tuple[DisplayFloor, ...]:
    """Read the floors; the last one is for every modality that no other names."""
    content = tomllib.loads(resources.read_text("displays", "floors.toml"))
    return tuple(
        DisplayFloor(tuple(one["modalities"]), float(one["megapixels"]), one.get("pitch_mm"))
        for one in content["floor"]
    )


class DisplayFloors:
    """The floors, by modality."""

    def __init__(self, floors: Iterable[DisplayFloor]) -> None:
        *named, self._other = floors
        self._by_modality = {modality: floor for floor in named for modality in floor.modalities}

    def shortfall(self, modality: str, display: Display) -> DisplayShortfall | None:
        """Return what is wrong with images of a modality on a display, or ``None``."""
        floor = self._by_modality.get(modality, self._other)
        return None if floor.is_met_by(display) else DisplayShortfall(modality, display, floor)


class ShownBelowFloor:
    """What was painted on displays below their floor; kept with the views of a draft. The worst display counts."""

    def __init__(self) -> None:
        self._worst: dict[str, DisplayShortfall] = {}

    def note(self, shortfall: DisplayShortfall) -> None:
        """Take note of a picture that is painted."""
        known = self._worst.get(shortfall.modality)
        if known is None or shortfall.display.megapixels < known.display.megapixels:
            self._worst[shortfall.modality] = shortfall

    @property
    def shortfalls(self) -> tuple[DisplayShortfall, ...]:
        """One for each modality."""
        return tuple(self._worst[modality] for modality in sorted(self._worst))

    def write(self) -> list[dict[str, object]]:
        """Return what is known as values of JSON."""
        return [
            {
                "modality": one.modality,
                "display": [one.display.width_px, one.display.height_px, one.display.width_mm, one.display.height_mm],
                "floor": [one.floor.megapixels, one.floor.pitch_mm],
            }
            for one in self.shortfalls
        ]

    @classmethod
    def read(cls, content: list[dict[str, Any]]) -> "ShownBelowFloor":
        """Read what ``write`` gave; raises ``ValueError``, ``KeyError`` or ``TypeError`` on anything else."""
        found = cls()
        for one in content:
            width_px, height_px, width_mm, height_mm = one["display"]
            megapixels, pitch_mm = one["floor"]
            display = Display(int(width_px), int(height_px), float(width_mm), float(height_mm))
            modality = str(one["modality"])
            pitch = None if pitch_mm is None else float(pitch_mm)
            found.note(DisplayShortfall(modality, display, DisplayFloor((modality,), float(megapixels), pitch)))
        return found
