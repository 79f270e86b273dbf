"""What can go wrong with pixels and their geometry."""

from typing import ClassVar

from viewers.errors import ReaderError


class ImageError(ReaderError):
    """The family of image errors."""


class VolumeTooLarge(ImageError):
    """The volume would not fit in the memory that is free; nothing was allocated."""

    key: ClassVar[str] = "image.volume_too_large"

    @classmethod
    def of(cls, needed_bytes: int, free_bytes: int) -> "VolumeTooLarge":
        """Name both sizes, in MB."""
        needed, free = round(needed_bytes / 1e6), round(free_bytes / 1e6)
        return cls(f"volume of {needed} MB, {free} MB free", needed_mb=needed, free_mb=free)


class PixelsUnexpected(ImageError):
    """The decoded pixels do not have the shape that the frame's description announced."""

    key: ClassVar[str] = "image.pixels_unexpected"


class NoSpace(ImageError):
    """The image has no patient space, so no plane can be sampled through it."""

    key: ClassVar[str] = "image.no_space"


class WindowRefused(ImageError):
    """A window must have a width of at least 1 (LINEAR), or above 0 (LINEAR_EXACT, SIGMOID)."""

    key: ClassVar[str] = "image.window_refused"


class PresetRefused(ImageError):
    """Presets in Hounsfield units mean nothing on this image."""

    key: ClassVar[str] = "image.preset_refused"


class RegionRefused(ImageError):
    """No window can be fitted to a part of the picture: it is in colour, or holds no value."""

    key: ClassVar[str] = "image.region_refused"


class ColourRefused(ImageError):
    """Colour is shown slice by slice, never resampled: mixed colours would be values that nobody measured."""

    key: ClassVar[str] = "image.colour_refused"


class QuantityRefused(ImageError):
    """The values of the image cannot be turned into the quantity asked for; ``why`` is a translation key, or empty."""

    key: ClassVar[str] = "image.quantity_refused"
