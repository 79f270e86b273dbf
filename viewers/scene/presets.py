"""Transfer functions for volume rendering: how a modality value becomes colour and opacity."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viewers.image.description import Window

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class TransferFunction:
    """Colour and opacity at modality values, straight between them.

    ``is_projection`` is a maximum intensity projection: the brightest value along each ray, without shading.
    """

    colours: tuple[tuple[float, Colour], ...]
    opacities: tuple[tuple[float, float], ...]
    is_projection: bool = False


# In HU; chosen by eye on the demonstration CTs, for orientation and not for measuring.
CT_PRESETS: Mapping[str, TransferFunction] = MappingProxyType(
    {
        "bone": TransferFunction(
            colours=((130.0, (0.66, 0.42, 0.30)), (300.0, (0.90, 0.78, 0.60)), (900.0, (1.0, 0.97, 0.90))),
            opacities=((130.0, 0.0), (220.0, 0.25), (400.0, 0.8), (1200.0, 1.0)),
        ),
        "soft": TransferFunction(
            colours=(
                (-200.0, (0.55, 0.36, 0.28)),
                (-20.0, (0.80, 0.58, 0.46)),
                (80.0, (0.76, 0.33, 0.26)),
                (300.0, (0.95, 0.88, 0.74)),
                (1000.0, (1.0, 1.0, 1.0)),
            ),
            opacities=((-220.0, 0.0), (-120.0, 0.03), (10.0, 0.08), (90.0, 0.35), (300.0, 0.7), (1000.0, 0.95)),
        ),
    }
)


def projection(window: Window) -> TransferFunction:
    """Return the maximum intensity projection as a window shows it."""
    low, high = window.centre - window.width / 2, window.centre + window.width / 2
    return TransferFunction(
        colours=((low, (0.0, 0.0, 0.0)), (high, (1.0, 1.0, 1.0))),
        opacities=((low, 1.0), (high, 1.0)),
        is_projection=True,
    )
