"""The presets of volume rendering, from the table in the resources."""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from viewers.scene.presets import BLACK, Colour, PresetPoint, Scale, VolumePreset
from workstation import resources

_FILE = "volume-presets.toml"


def load_volume_presets() -> Mapping[str, VolumePreset]:
    """Return every preset by its id, in the order of the table."""
    rows = tomllib.loads(resources.read_text(_FILE))
    return MappingProxyType({name: _preset(name, row) for name, row in rows.items()})


def _preset(name: str, row: dict[str, Any]) -> VolumePreset:
    return VolumePreset(
        id=name,
        modalities=tuple(row.get("modalities", ())),
        default_for=tuple(row.get("default_for", ())),
        scale=Scale(row["scale"]),
        points=tuple(
            PresetPoint(float(value), _colour([red, green, blue]), float(opacity))
            for value, red, green, blue, opacity in row["points"]
        ),
        is_projection=bool(row.get("projection", False)),
        background=_colour(row["background"]) if "background" in row else BLACK,
    )


def _colour(parts: list[Any]) -> Colour:
    red, green, blue = parts
    return float(red), float(green), float(blue)
