"""A document in a viewport: turning its pages, zooming, looking for a text."""

from collections.abc import Callable

from viewers.errors import ReaderError
from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NoDocumentShown
from workstation.shell.document_viewport import DocumentViewport


def _shown(context: ActContext) -> DocumentViewport | None:
    """Return the document that is meant: in the active viewport, else the first on screen."""
    for viewport in (context.viewport, *context.views.layout.visible):
        widget = context.board.panes.widgets.get(viewport)
        if isinstance(widget, DocumentViewport):
            return widget
    return None


def _a_document(context: ActContext) -> ReaderError | None:
    if context.case is None:
        return needs.a_case(context)
    return NoDocumentShown("no viewport shows a document") if _shown(context) is None else None


def _act(name: str, do: Callable[[DocumentViewport], None]) -> Act:
    def act(context: ActContext) -> None:
        widget = _shown(context)
        if widget is not None:
            do(widget)

    return Act(f"document_{name}", Group.DOCUMENT, act, needs=(_a_document,))


DOCUMENT_ACTS = (
    _act("next", lambda widget: widget.turn(1)),
    _act("previous", lambda widget: widget.turn(-1)),
    _act("nearer", lambda widget: widget.zoom(is_nearer=True)),
    _act("further", lambda widget: widget.zoom(is_nearer=False)),
    _act("find", lambda widget: widget.finder.open_find()),
)
