"""What a reader's hands are used to: a keymap with the reader's own changes, and what the buttons of the mouse do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DEFAULT_KEYMAP = "requis"
DEFAULT_MOUSE = "standard"
NO_CHANGES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hands:
    """The ids of a keymap and of a mouse profile; ``keys`` are the acts whose keys the reader changed."""

    keymap: str = DEFAULT_KEYMAP
    mouse: str = DEFAULT_MOUSE
    is_left_handed: bool = False
    is_level_upwards: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_CHANGES)
