"""What a registration found, how good it is and what it was made from: frozen, plain records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viewers.geometry.rigid import RigidTransform
from viewers.state.view_state import VolumeReference
from workstation.registration.errors import NotConvincing, RegistrationError, TooLittleShared

# Where bodies share less, or what fits is not clearly better than its surroundings, nothing is believed. Of real
# volumes moved by known motions the second figure was above 2.0, of different regions and persons below 1.6.
LEAST_SHARED = 0.3
LEAST_DISTINCTNESS = 1.7


@dataclass(frozen=True, slots=True)
class Quality:
    """Mutual information, in nats, of the best start, of the end, and on average some way beside the end.

    ``shared`` is the part of the smaller body that lies in the other one, 0 to 1.
    """

    before: float
    after: float
    beside: float
    shared: float

    @property
    def distinctness(self) -> float:
        """How many times better the place found is than those beside it."""
        return self.after / self.beside if self.beside > 0.0 else 0.0

    def objection(self) -> RegistrationError | None:
        """Return why the result is not to be believed, where it is not."""
        if self.shared < LEAST_SHARED:
            return TooLittleShared("bodies apart", percent=round(100 * self.shared))
        if self.after < self.before or self.distinctness < LEAST_DISTINCTNESS:
            return NotConvincing(f"information {self.before:.3f} to {self.after:.3f}, beside it {self.beside:.3f}")
        return None


@dataclass(frozen=True, slots=True)
class Registered:
    """A motion from the space of ``source`` to that of ``target``, LPS mm, with its quality and provenance.

    ``method`` says how and with which program it was found.
    """

    source: VolumeReference
    target: VolumeReference
    transform: RigidTransform
    quality: Quality
    method: str
    seconds: float


def quality_of(fields: Mapping[str, Any]) -> Quality:
    """Return the quality that a worker replied."""
    return Quality(*(float(fields[name]) for name in ("before", "after", "beside", "shared")))
