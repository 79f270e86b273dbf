"""Which document a viewport shows and where in it, as JSON."""

from typing import Any

from viewers.identifiers import InstanceUID
from viewers.state.document_look import DocumentLook


def write_document(look: DocumentLook | None) -> dict[str, object] | None:
    """Return what is kept."""
    return None if look is None else {"instance": look.instance, "page": look.page, "zoom": look.zoom}


def read_document(content: Any) -> DocumentLook | None:
    """Return the document, ``None`` where none was shown.

    Raises
    ------
    ValueError, KeyError, TypeError
        The archive is damaged.
    """
    if content is None:
        return None
    return DocumentLook(InstanceUID(content["instance"]), int(content["page"]), float(content["zoom"]))
