"""Named windows. Keys are bound to the id of a preset, never to its place in a list."""

from dataclasses import dataclass
from types import MappingProxyType

from viewers.image.description import Window
from viewers.image.errors import PresetRefused
from viewers.image.pixels import automatic_window
from viewers.image.quantity import HOUNSFIELD
from viewers.image.volume import Volume

AUTOMATIC = "auto"
ACQUIRED = "acquired"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named window in HU; the title is the translation ``presets.<id>``."""

    id: str
    centre: float
    width: float

    @property
    def window(self) -> Window:
        """The window itself."""
        return Window(self.centre, self.width)


PRESETS = MappingProxyType(
    {
        preset.id: preset
        for preset in (
            Preset("soft_tissue", 40.0, 400.0),
            Preset("lung", -600.0, 1500.0),
            Preset("bone", 400.0, 2000.0),
            Preset("brain", 40.0, 80.0),
            Preset("stroke", 40.0, 40.0),
            Preset("liver", 90.0, 150.0),
            Preset("mediastinum", 50.0, 400.0),
            Preset("angio", 200.0, 600.0),
            Preset("posterior_fossa", 40.0, 120.0),
            Preset("neck", 50.0, 300.0),
            Preset("petrous_bone", 700.0, 4000.0),
            Preset("emphysema", -800.0, 800.0),
        )
    }
)


def preset_window(preset_id: str, volume: Volume, current: Window | None = None) -> Window:
    """Return the window of a preset for a volume.

    ``acquired`` gives the image's own window; when ``current`` already is one of them, the next one.

    Raises
    ------
    PresetRefused
        The preset is in HU and the values of the volume are not.
    """
    if preset_id == AUTOMATIC:
        return automatic_window(volume)
    if preset_id == ACQUIRED:
        return _next_acquired(volume, current)
    preset = PRESETS[preset_id]
    if volume.modality != "CT" or volume.quantity != HOUNSFIELD:
        raise PresetRefused(f"preset {preset_id} on {volume.modality}", modality=volume.modality)
    return preset.window


def _next_acquired(volume: Volume, current: Window | None) -> Window:
    if not volume.windows:
        return automatic_window(volume)
    if current not in volume.windows:
        return volume.windows[0]
    return volume.windows[(volume.windows.index(current) + 1) % len(volume.windows)]
