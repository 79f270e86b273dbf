"""A viewport with a curved picture."""

from viewers.identifiers import ViewportId
from viewers.image.bands import Bands
from viewers.qt.content import ViewportContent
from viewers.qt.curved_viewport import CurvedViewport
from viewers.qt.labels import ViewportLabels


class CurvedPane:
    """Shows contents in a ``CurvedViewport``."""

    def __init__(self, viewport: ViewportId, labels: ViewportLabels, bands: Bands) -> None:
        self._widget = CurvedViewport(viewport, labels, bands)

    @property
    def widget(self) -> CurvedViewport:
        """What stands in the cell of the grid."""
        return self._widget

    def show(self, content: ViewportContent | None) -> None:
        """Show a content, or nothing."""
        self._widget.show_content(content)
