"""The parts of a hanging protocol, as a file of ``resources/protocols`` states them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from viewers.image.sampling import Slab
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import Against


class RuleKind(StrEnum):
    """What a rule looks at."""

    MODALITY = "modality"
    REGION = "region"
    WORDS = "words"
    SERIES = "series"
    LATERALITY = "laterality"
    PRIORS = "priors"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for a protocol. ``wanted`` are words, of which one must be met; ``count`` is for priors."""

    kind: RuleKind
    wanted: tuple[str, ...]
    count: int
    weight: float
    is_required: bool


class Preference(StrEnum):
    """What decides between several series that all fit."""

    THINNEST = "thinnest"
    THICKEST = "thickest"
    MOST_IMAGES = "most_images"
    FEWEST_IMAGES = "fewest_images"
    HIGHEST_B_VALUE = "highest_b_value"
    LOWEST_B_VALUE = "lowest_b_value"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Between:
    """A range of a number, ends included; ``None`` is open."""

    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which series, or which volume or image of one. An empty field asks for nothing.

    ``words`` are looked for in the descriptions of series and protocol, ``preferred_kernels`` in the name of the
    kernel. Preferred words and kernels, then ``prefer``, order what fits; ``place`` is which of them, from 0.
    """

    modalities: tuple[str, ...] = ()
    plane: str = ""
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    image_types: tuple[str, ...] = ()
    without_image_types: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    laterality: str = ""
    contrast: bool | None = None
    b_value: Between | None = None
    echo_time_ms: Between | None = None
    repetition_time_ms: Between | None = None
    thickness_mm: Between | None = None
    images: Between | None = None
    preferred_words: tuple[str, ...] = ()
    preferred_kernels: tuple[str, ...] = ()
    prefer: tuple[Preference, ...] = ()
    place: int = 0

    @property
    def is_told_by_headers_alone(self) -> bool:
        """Whether nothing that is listed of a series can speak for it."""
        measured = (self.b_value, self.echo_time_ms, self.repetition_time_ms, self.thickness_mm)
        is_measured = bool(self.image_types) or any(one is not None for one in measured)
        return is_measured and not (self.words or self.plane or self.views or self.laterality)


class PaneKind(StrEnum):
    """How a viewport shows what was selected: as acquired, cut in a plane, or in a plane however that is had.

    A document needs nothing selected: it is the first report of the study.
    """

    STACK = "stack"
    MPR = "mpr"
    SLAB = "slab"
    PLANE = "plane"
    VOLUME = "volume"
    FUSED = "fused"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Pane:
    """One viewport. ``volumes`` are names of selectors, the first that finds something serves; ``over`` is fused on it.

    ``prior`` is 0 for the current study, n for the n-th prior, -1 for the oldest. ``right`` and ``bottom`` are the
    letters that the picture is turned to have there; ``against`` is the edge that it is laid against.
    """

    volumes: tuple[str, ...]
    prior: int = 0
    kind: PaneKind = PaneKind.STACK
    plane: str = ""
    slab: Slab | None = None
    preset: str = ""
    is_inverted: bool = False
    zoom: float = 1.0
    over: str = ""
    right: str = ""
    bottom: str = ""
    against: Against | None = None


LINKS = frozenset({LinkKind.CROSSHAIR, LinkKind.POSITION, LinkKind.WINDOW})
"""What the viewports of a step share where it does not say it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One layout: panes row by row; a grid cell beyond the last of them is empty."""

    rows: int
    columns: int
    panes: tuple[Pane, ...]
    links: frozenset[LinkKind] = LINKS
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Protocol:
    """One hanging protocol; ``is_own`` of the reader's own files."""

    id: str
    title: Mapping[str, str]
    rules: tuple[Rule, ...]
    selectors: Mapping[str, tuple[Selector, ...]]
    steps: tuple[Step, ...]
    is_own: bool = False
