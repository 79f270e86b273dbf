"""The documents in the viewports of the board: what each shows, and what the reader does in them."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from viewers.identifiers import InstanceUID, ViewportId
from viewers.qt.pane import PaneWidget
from viewers.state.document_look import DocumentLook
from workstation.dicom.objects.model import ReadObject
from workstation.reading.shown_objects import ShownObjects
from workstation.reading.views import Views
from workstation.shell.document_viewport import DocumentContent, DocumentViewport, PageWanted
from workstation.shell.pages_view import Page
from workstation.shell.viewport_captions import CaseDirectory, identity_of
from workstation.shell.viewport_panes import PaneHost
from workstation.translations import Translator


class ShownDocuments(QObject):
    """Follows the panes of a board.

    Signals
    -------
    page_asked
        A ``PageWanted``; answered by ``show_page`` or ``show_refused``.
    text_asked
        The viewport and the ``ReadObject`` whose texts are to be searched; answered by ``show_texts`` or
        ``show_texts_refused``.
    image_asked
        The ``ImagePlace`` of a link that the reader followed.
    """

    page_asked = Signal(object)
    text_asked = Signal(object, object)
    image_asked = Signal(object)

    def __init__(self, panes: PaneHost, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._views: Views | None = None
        panes.made.connect(self._made)

    def show(self, views: Views, objects: ShownObjects, case: CaseDirectory, words: Translator) -> None:
        """Show the documents that the views ask for, of those that have been read."""
        self._views = views
        for widget in self._widgets():
            state = views.state(widget.viewport)
            look = None if state is None else state.document
            if look is None:
                widget.show_document(None)
                continue
            found = _find(objects, look.instance)
            identity = (
                () if found is None else identity_of(found.reference.study, case, words, views.comparing.confirmed)
            )
            widget.show_document(DocumentContent(look, found, identity, words))

    def close_case(self) -> None:
        """Let go of everything."""
        self._views = None

    def show_page(self, wanted: PageWanted, count: int, page: Page) -> None:
        """Show a page that was asked for."""
        for widget in self._widgets():
            widget.show_page(wanted, count, page)

    def show_texts(self, viewport: ViewportId, shown: ReadObject, texts: tuple[str, ...]) -> None:
        """Search these texts of an object in a viewport, one for each page."""
        for widget in self._widgets():
            if widget.viewport == viewport:
                widget.show_texts(shown, texts)

    def show_texts_refused(self, viewport: ViewportId, shown: ReadObject, sentence: str) -> None:
        """Say in a viewport why the texts of an object do not come."""
        for widget in self._widgets():
            if widget.viewport == viewport:
                widget.show_texts_refused(shown, sentence)

    def show_refused(self, viewport: ViewportId, sentence: str) -> None:
        """Say in a viewport why its document cannot be shown."""
        for widget in self._widgets():
            if widget.viewport == viewport:
                widget.show_refused(sentence)

    def _widgets(self) -> Iterator[DocumentViewport]:
        return (widget for widget in self._panes.widgets.values() if isinstance(widget, DocumentViewport))

    def _made(self, widget: PaneWidget) -> None:
        if isinstance(widget, DocumentViewport):
            widget.look_changed.connect(lambda look: self._look(widget.viewport, look))
            widget.page_asked.connect(self.page_asked)
            widget.text_asked.connect(lambda shown: self._ask_for_text(widget.viewport, shown))
            widget.image_asked.connect(self.image_asked)

    def _ask_for_text(self, viewport: ViewportId, shown: ReadObject) -> None:
        self.text_asked.emit(viewport, shown)

    def _look(self, viewport: ViewportId, look: DocumentLook) -> None:
        if self._views is not None:
            self._views.change(viewport, lambda state: replace(state, document=look))


def _find(objects: ShownObjects, instance: InstanceUID) -> ReadObject | None:
    return next((one for one in objects.objects if one.reference.instance == instance), None)
