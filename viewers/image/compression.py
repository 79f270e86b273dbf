"""What an image lost to compression on its way. Source: PS3.3 C.7.6.1.1.5."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compression:
    """The ratios and methods of each lossy step, oldest first, as far as the senders stated them."""

    ratios: tuple[float, ...] = ()
    methods: tuple[str, ...] = ()

    @classmethod
    def of(cls, several: Iterable["Compression"]) -> "Compression":
        """Return the strongest of several: a volume is as good as its worst slice."""
        return max(several, key=lambda one: max(one.ratios, default=0.0), default=cls())
