"""How much the embedded hub accepts in one request."""

from dataclasses import dataclass

GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True, slots=True)
class HubLimits:
    """Caps on what a client sends; above them the answer is 413."""

    store_bytes: int = 2 * GIB
    instance_bytes: int = 2 * GIB
    inflated_bytes: int = 512 * MIB
    json_bytes: int = 16 * MIB
    page: int = 100_000
    """Largest number of matches in one search answer."""
