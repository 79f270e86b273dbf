"""What the header says about the pixels, checked against the limits before a byte is decoded."""

from dataclasses import dataclass
from typing import Any, Literal

from workstation.decoding.errors import (
    DecodeRefused,
    Malformed,
    NoPixels,
    PixelsDisagree,
    TooLarge,
    UnsupportedPixels,
)
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.sandbox.dataset import Located
from workstation.decoding.sandbox.part10 import Part10

PIXEL_DATA = 0x7FE00010
FLOAT_PIXEL_DATA = 0x7FE00008
DOUBLE_PIXEL_DATA = 0x7FE00009

_GREY = frozenset({"MONOCHROME1", "MONOCHROME2"})
_COLOUR = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_ICT", "YBR_RCT"})
_PALETTE = "PALETTE COLOR"
_SOP_CLASS = 0x00080016
_LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
_TERMS = _GREY | _COLOUR | {_PALETTE, "ARGB", "CMYK", "HSV", "XYB", "YBR_PARTIAL_420"}

Kind = Literal["u", "i", "f"]


@dataclass(frozen=True, slots=True)
class PixelPlan:
    """One frame's layout as stored, and how many there are. ``allocated`` and ``stored`` are bits."""

    rows: int
    columns: int
    samples: int
    frames: int
    allocated: int
    stored: int
    high_bit: int
    kind: Kind
    photometric: str
    planar: bool
    place: Located

    @property
    def is_palette(self) -> bool:
        """Whether the values are indices into a colour table."""
        return self.photometric == _PALETTE

    @property
    def is_colour(self) -> bool:
        """Whether the decoded frames have three samples."""
        return self.samples == 3 or self.is_palette

    @property
    def item_bytes(self) -> int:
        """Bytes of one decoded sample."""
        return max(1, self.allocated // 8)

    @property
    def dtype(self) -> str:
        """The numpy type of a stored value, little endian."""
        return f"<{self.kind}{self.item_bytes}"

    @property
    def frame_samples(self) -> int:
        """How many stored values a frame has."""
        return self.rows * self.columns * self.samples

    @property
    def frame_bytes(self) -> int:
        """Bytes of one decoded frame; a palette may give two bytes for each of three colours."""
        return self.rows * self.columns * 6 if self.is_palette else self.frame_samples * self.item_bytes


def pixel_place(part10: Part10) -> tuple[int, Located] | None:
    """Return which of the three pixel attributes the object has, and where."""
    for tag in (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA):
        place = part10.dataset.bulk.get(tag)
        if place is not None:
            return tag, place
    return None


def count_frames(part10: Part10) -> int:
    """Return the number of frames of an object that has pixels, else 0.

    Raises
    ------
    Malformed, PixelsDisagree
        The stated number is no positive number, or more than there can be.
    """
    found = pixel_place(part10)
    if found is None:
        return 0
    frames = part10.value(0x00280008)
    if frames is None:
        return 1
    if not isinstance(frames, int) or frames < 1:
        raise Malformed("number of frames")
    place = found[1]
    # A frame takes one fragment, or one bit, at least: whoever lists frames need not fear the number.
    if frames > (place.length * 8 if place.fragments is None else len(place.fragments)):
        raise PixelsDisagree("number of frames")
    return frames


def plan_pixels(part10: Part10, limits: DecodeLimits) -> PixelPlan:
    """Describe the pixels, or refuse them.

    Raises
    ------
    NoPixels, UnsupportedPixels, TooLarge, Malformed
        There is nothing that could be decoded within the limits.
    """
    found = pixel_place(part10)
    if found is None:
        raise NoPixels("no pixel data")
    tag, place = found
    allocated = _integer(part10, 0x00280100)
    signed = _integer(part10, 0x00280103, 0) == 1
    stored = _integer(part10, 0x00280101, allocated)
    plan = PixelPlan(
        rows=_integer(part10, 0x00280010),
        columns=_integer(part10, 0x00280011),
        samples=_integer(part10, 0x00280002, 1),
        frames=count_frames(part10),
        allocated=allocated,
        stored=stored,
        high_bit=_integer(part10, 0x00280102, stored - 1),
        kind="f" if tag != PIXEL_DATA else "i" if signed else "u",
        photometric=_photometric(part10),
        planar=_integer(part10, 0x00280006, 0) == 1,
        place=place,
    )
    _check_layout(plan)
    _check_size(plan, limits)
    return plan


def _photometric(part10: Part10) -> str:
    """Return what the values mean; those of a label map are numbers of segments, whatever palette comes with them."""
    stated = str(part10.value(0x00280004) or "")
    is_label_map = part10.value(_SOP_CLASS) == _LABEL_MAP and stated == _PALETTE
    return "MONOCHROME2" if is_label_map else stated


def _integer(part10: Part10, tag: int, default: int | None = None) -> int:
    value: Any = part10.value(tag)
    if value is None and default is not None:
        return default
    # Every attribute asked for here is US. A sender that states another VR disagrees with the standard about its size.
    if not isinstance(value, int) or part10.dataset.vrs.get(tag) != "US":
        raise Malformed(f"({tag >> 16:04X},{tag & 0xFFFF:04X})")
    return value


def _check_layout(plan: PixelPlan) -> None:
    if plan.kind == "f":
        fits = plan.allocated in (32, 64) and plan.samples == 1
    else:
        fits = plan.allocated in (1, 8, 16, 32) and 1 <= plan.stored <= plan.allocated
        fits = fits and plan.stored - 1 <= plan.high_bit < plan.allocated
    if not fits:
        raise UnsupportedPixels("bits", name=f"{plan.allocated}/{plan.stored}/{plan.high_bit}")
    if plan.photometric in _COLOUR:
        agrees = plan.samples == 3 and plan.allocated in (8, 16, 32)
    elif plan.photometric == _PALETTE:
        agrees = plan.samples == 1 and plan.allocated in (8, 16) and plan.kind != "f"
    elif plan.photometric in _GREY:
        agrees = plan.samples == 1
    else:
        agrees = False
    if not agrees:
        raise UnsupportedPixels("photometric", name=f"{_told(plan.photometric)} × {plan.samples}")


def _told(photometric: str) -> str:
    """Return a term of the standard, retired ones too; other text may be anything, and is not repeated."""
    return photometric if photometric in _TERMS else "-"


def _check_size(plan: PixelPlan, limits: DecodeLimits) -> None:
    refused: DecodeRefused | None = None
    if min(plan.rows, plan.columns) < 1:
        refused = Malformed("no rows or no columns")
    elif max(plan.rows, plan.columns) > limits.edge:
        refused = TooLarge("rows or columns")
    elif plan.frame_bytes > limits.frame_bytes or plan.frame_bytes * plan.frames > limits.total_bytes:
        refused = TooLarge("frames")
    if refused is not None:
        raise refused
