"""A viewport with a document; it never has a volume to show."""

from viewers.identifiers import ViewportId
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from workstation.shell.document_viewport import DocumentViewport


class DocumentPane:
    """Holds a ``DocumentViewport``, which is told what to show by ``ShownDocuments``."""

    def __init__(self, viewport: ViewportId, labels: ViewportLabels) -> None:
        self._widget = DocumentViewport(viewport, labels)

    @property
    def widget(self) -> DocumentViewport:
        """What stands in the cell of the grid."""
        return self._widget

    def show(self, content: ViewportContent | None) -> None:
        """Show no picture."""
        del content
