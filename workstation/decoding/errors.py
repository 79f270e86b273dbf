"""Why received bytes were not read: the refusals of a worker, and the loss of a worker itself.

Refusals cross the pipe by key; technical messages never quote the object.
"""

from typing import ClassVar

from workstation.errors import WorkstationError


class DecodingError(WorkstationError):
    """Received bytes could not be read."""

    key: ClassVar[str] = "decoding.failed"


class NotDicom(DecodingError):
    """The bytes are no DICOM Part 10 object."""

    key: ClassVar[str] = "decoding.not_dicom"


class DecodeRefused(DecodingError):
    """The object is DICOM, but is not read; subclasses say why."""

    key: ClassVar[str] = "decoding.refused"


class Malformed(DecodeRefused):
    """The encoding breaks the standard in a way that cannot be read safely."""

    key: ClassVar[str] = "decoding.malformed"


class Truncated(DecodeRefused):
    """Bytes are missing at the end, or inside."""

    key: ClassVar[str] = "decoding.truncated"


class Unidentified(DecodeRefused):
    """The object lacks a valid study, series or instance UID."""

    key: ClassVar[str] = "decoding.unidentified"


class TooLarge(DecodeRefused):
    """The object, or what it would become, is above a limit."""

    key: ClassVar[str] = "decoding.too_large"


class UnsupportedSyntax(DecodeRefused):
    """The transfer syntax has no decoder here; ``name`` is its name in the standard."""

    key: ClassVar[str] = "decoding.unsupported_syntax"


class UnsupportedPixels(DecodeRefused):
    """The pixels are described in a way that is not displayed."""

    key: ClassVar[str] = "decoding.unsupported_pixels"


class PixelsDisagree(DecodeRefused):
    """The pixels are not what the header says: size, samples, precision or number of frames."""

    key: ClassVar[str] = "decoding.pixels_disagree"


class CorruptPixels(DecodeRefused):
    """A codec gave up on the compressed pixels."""

    key: ClassVar[str] = "decoding.corrupt_pixels"


class NoPixels(DecodeRefused):
    """Pixels were asked of an object that has none."""

    key: ClassVar[str] = "decoding.no_pixels"


class UnreadableDocument(DecodeRefused):
    """A PDF could not be opened, or has no such page."""

    key: ClassVar[str] = "decoding.unreadable_document"


class CrashedTwice(DecodeRefused):
    """Two workers were lost on these bytes: they are not given to a third."""

    key: ClassVar[str] = "decoding.crashed_twice"


class WorkerLost(DecodingError):
    """The worker process died while it held the object; it was replaced."""

    key: ClassVar[str] = "decoding.worker_lost"


class DecodeTimeout(DecodingError):
    """The worker took longer than allowed and was killed and replaced."""

    key: ClassVar[str] = "decoding.timeout"


class PoolClosed(DecodingError):
    """The pool was closed while, or before, it was asked."""

    key: ClassVar[str] = "decoding.closed"


_REFUSALS: tuple[type[DecodingError], ...] = (
    NotDicom,
    DecodeRefused,
    Malformed,
    Truncated,
    Unidentified,
    TooLarge,
    UnsupportedSyntax,
    UnsupportedPixels,
    PixelsDisagree,
    CorruptPixels,
    NoPixels,
    UnreadableDocument,
)


def refusal(key: str, technical: str, name: str = "") -> DecodingError:
    """Return the refusal that a worker named by its key; an unknown key is a plain refusal."""
    kinds = {kind.key: kind for kind in _REFUSALS}
    return kinds.get(key, DecodeRefused)(technical, name=name)
