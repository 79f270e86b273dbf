"""How fast the link to a hub is."""

from dataclasses import dataclass

from workstation.domain.identifiers import HubName


@dataclass(frozen=True, slots=True)
class LinkSpeed:
    """A speed as it was measured, and at which hub; ``is_of_several`` where others were measured too."""

    hub: HubName
    bytes_per_s: float
    is_of_several: bool = False

    @property
    def megabits_per_s(self) -> float:
        """The same in the unit in which lines are sold."""
        return self.bytes_per_s * 8 / 1_000_000
