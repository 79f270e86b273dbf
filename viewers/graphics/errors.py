"""Why what others drew cannot be shown."""

from typing import ClassVar

from viewers.errors import ReaderError


class GraphicsError(ReaderError):
    """What another program drew cannot be shown."""

    key: ClassVar[str] = "graphics.failed"


class SegmentsUnplaced(GraphicsError):
    """The segments do not say where in the patient they lie."""

    key: ClassVar[str] = "graphics.segments_unplaced"


class SegmentsTooMany(GraphicsError):
    """The segments would take more memory than is sensible."""

    key: ClassVar[str] = "graphics.segments_too_many"
