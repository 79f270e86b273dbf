"""How fast the link to a hub is."""

from dataclasses import dataclass

from workstation.domain.identifiers import HubName

_BITS, _MEGA = 8, 1_000_000


def megabits_per_s(bytes_per_s: float) -> float:
    """Return a speed in the unit in which lines are sold."""
    return bytes_per_s * _BITS / _MEGA


@dataclass(frozen=True, slots=True)
class LinkSpeed:
    """A speed as it was measured, and at which hub; ``is_of_several`` where others were measured too."""

    hub: HubName
    bytes_per_s: float
    is_of_several: bool = False
