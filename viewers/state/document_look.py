"""Which document a viewport shows, and where in it."""

from dataclasses import dataclass

from viewers.identifiers import InstanceUID

_ZOOM_RANGE = (0.25, 6.0)


@dataclass(frozen=True, slots=True)
class DocumentLook:
    """A document that is no image. ``page`` counts from 0; ``zoom`` 1 fits the width of the viewport."""

    instance: InstanceUID
    page: int = 0
    zoom: float = 1.0

    def zoomed(self, factor: float) -> "DocumentLook":
        """Return the look nearer or further, within limits."""
        return DocumentLook(self.instance, self.page, min(_ZOOM_RANGE[1], max(_ZOOM_RANGE[0], self.zoom * factor)))

    def turned_to(self, page: int, count: int) -> "DocumentLook":
        """Return the look on another of ``count`` pages, never beyond the ends."""
        return DocumentLook(self.instance, min(max(0, page), max(0, count - 1)), self.zoom)
