"""What numbers may be, and how one quantity becomes another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """What the numbers are: ``name`` for the reader (``HU``), ``ucum`` for objects (``[hnsf'U]``)."""

    name: str
    ucum: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """Values in ``quantity`` are modality value × ``scale`` + ``offset``."""

    scale: float
    offset: float
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Withheld:
    """A quantity that is not computed because something it needs is not known; ``why`` is a translation key."""

    quantity: Quantity
    why: str


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Into what the values of a volume may be turned, and what they may not be turned into, with the reason.

    ``from_modality`` is how they came from modality values; ``None`` where that differs from image to image.
    """

    conversions: tuple[Conversion, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    from_modality: Conversion | None = Conversion(1.0, 0.0, Quantity("", "1"))
