"""Presets of volume rendering: how a modality value becomes colour and opacity. The table itself is a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from viewers.image.description import Window
from viewers.image.quantity import HOUNSFIELD
from viewers.image.volume import Volume

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TransferFunction:
    """Colour and opacity (of 1 mm) at modality values, straight between them.

    ``is_projection`` is a maximum intensity projection: the highest value along each ray, without shading.
    """

    colours: tuple[tuple[float, Colour], ...]
    opacities: tuple[tuple[float, float], ...]
    is_projection: bool = False
    is_shaded: bool = True
    background: Colour = BLACK


class Scale(StrEnum):
    """What the values of a preset are: Hounsfield units, or parts of the window from its lower end (0) to its upper."""

    HU = "HU"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class PresetPoint:
    """Colour and opacity at one value."""

    value: float
    colour: Colour
    opacity: float


@dataclass(frozen=True, slots=True)
class VolumePreset:
    """One named look; its title is the translation ``volume_presets.<id>``.

    ``modalities`` are those that it is offered for, empty for all; ``default_for`` those that begin with it.
    """

    id: str
    modalities: tuple[str, ...]
    default_for: tuple[str, ...]
    scale: Scale
    points: tuple[PresetPoint, ...]
    is_projection: bool = False
    background: Colour = BLACK

    def suits(self, volume: Volume) -> bool:
        """Whether the values of a volume are those that the preset speaks of."""
        is_meant = not self.modalities or volume.modality in self.modalities
        return is_meant and (self.scale is Scale.WINDOW or volume.quantity == HOUNSFIELD)

    def function(self, window: Window, *, is_shaded: bool = True) -> TransferFunction:
        """Return colours and opacities by modality value; ``window`` is what values in parts of one refer to."""
        low, factor = (0.0, 1.0) if self.scale is Scale.HU else (window.centre - window.width / 2, window.width)
        return TransferFunction(
            colours=tuple((low + factor * point.value, point.colour) for point in self.points),
            opacities=tuple((low + factor * point.value, point.opacity) for point in self.points),
            is_projection=self.is_projection,
            is_shaded=is_shaded and not self.is_projection,
            background=self.background,
        )


def preset_for(volume: Volume, wanted: str, presets: Mapping[str, VolumePreset]) -> VolumePreset:
    """Return the wanted preset where it suits a volume, else that of the modality, else the first that suits it."""
    chosen = presets.get(wanted)
    if chosen is not None and chosen.suits(volume):
        return chosen
    suitable = suitable_presets(volume, presets)
    return next((one for one in suitable if volume.modality in one.default_for), suitable[0])


def suitable_presets(volume: Volume, presets: Mapping[str, VolumePreset]) -> tuple[VolumePreset, ...]:
    """Return the presets that may be chosen for a volume, in the order of the table; one at least suits each."""
    return tuple(one for one in presets.values() if one.suits(volume))
