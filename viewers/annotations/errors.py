"""What can be wrong with a mark or with its archive."""

from typing import ClassVar

from viewers.errors import ReaderError


class AnnotationError(ReaderError):
    """A mark that cannot be read or measured."""

    key: ClassVar[str] = "annotations.unusable"


class UnknownTool(AnnotationError):
    """The archive names a tool that this version has not; the mark is refused, never guessed at."""

    key: ClassVar[str] = "annotations.unknown_tool"


class WrongPointCount(AnnotationError):
    """A mark has too few or too many points for its tool."""

    key: ClassVar[str] = "annotations.wrong_point_count"


class ForeignSpace(AnnotationError):
    """A mark lies in another frame of reference, or on another image, than the volume it is measured on."""

    key: ClassVar[str] = "annotations.foreign_space"


class NotMeasured(AnnotationError):
    """A mark that stands but has no value, or not all of them; its key is shown where the value would be."""

    key: ClassVar[str] = "annotations.not_measured"


class AcrossRegions(NotMeasured):
    """A mark reaches from one region of an ultrasound image into another, which has other units."""

    key: ClassVar[str] = "annotations.across_regions"


class UnlikeAxes(NotMeasured):
    """A mark on axes with different units (time across, velocity up), where it means nothing."""

    key: ClassVar[str] = "annotations.unlike_axes"


class ColourPixels(NotMeasured):
    """Pixels of colour have no quantity."""

    key: ClassVar[str] = "annotations.colour_pixels"


class NoPixels(NotMeasured):
    """The mark holds no pixel with a value: padding, a gap, or beside the image."""

    key: ClassVar[str] = "annotations.no_pixels"


class CrossesItself(NotMeasured):
    """An outline that crosses or touches itself has no sure inside."""

    key: ClassVar[str] = "annotations.crosses_itself"


class ArchiveUnreadable(AnnotationError):
    """The archive is not the JSON that this program or its command line writes."""

    key: ClassVar[str] = "annotations.archive_unreadable"


class ArchiveTooNew(AnnotationError):
    """The archive was written by a later version."""

    key: ClassVar[str] = "annotations.archive_too_new"


NOT_MEASURED: tuple[type[NotMeasured], ...] = (AcrossRegions, UnlikeAxes, ColourPixels, NoPixels, CrossesItself)
