"""Pages of a PDF to pixels and to text. Scripts, forms and links of the document stay inert."""

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from workstation.decoding.errors import TooLarge, UnreadableDocument
from workstation.decoding.limits import PAGE_END, DecodeLimits

POINTS_PER_INCH = 72
_MAX_PAGES = 2_000
_MAX_DPI = 1_200
_MAX_TEXT = 200_000


def count_pages(data: memoryview) -> int:
    """Return the number of pages.

    Raises
    ------
    UnreadableDocument, TooLarge
        It cannot be opened, or has too many.
    """
    document = _open(data)
    try:
        pages = len(document)
    finally:
        document.close()
    if pages > _MAX_PAGES:
        raise TooLarge("pages")
    return pages


def render_page(data: memoryview, page: int, dpi: int, limits: DecodeLimits) -> NDArray[np.uint8]:
    """Return one page, counted from 0, shape (height, width, 3), RGB.

    Raises
    ------
    UnreadableDocument, TooLarge
        There is no such page, or it would be larger than a screen can need.
    """
    document = _open(data)
    try:
        if not 0 <= page < min(len(document), _MAX_PAGES) or not 1 <= dpi <= _MAX_DPI:
            raise UnreadableDocument("no such page")
        return _render(document, page, dpi / POINTS_PER_INCH, limits)
    finally:
        document.close()


def read_text(data: memoryview) -> str:
    """Return the text of a document, each page closed by ``PAGE_END``, cut at a length that nobody reads through.

    Raises
    ------
    UnreadableDocument, TooLarge
        It cannot be opened, or has too many pages.
    """
    pages = count_pages(data)
    document = _open(data)
    text: str = ""
    try:
        for number in range(pages):
            page = str(document[number].get_textpage().get_text_bounded())
            text += page.replace(PAGE_END, " ") + PAGE_END
            if len(text) > _MAX_TEXT:
                return text[:_MAX_TEXT]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("text") from error
    finally:
        document.close()
    return text


def _render(document: pypdfium2.PdfDocument, page: int, scale: float, limits: DecodeLimits) -> NDArray[np.uint8]:
    try:
        opened = document[page]
        width, height = opened.get_size()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("page") from error
    if not 0 < width * scale * height * scale * 3 <= limits.page_bytes:
        raise TooLarge("page")
    try:
        bitmap = opened.render(scale=scale, may_draw_forms=False, rev_byteorder=True, prefer_bgrx=False)
        pixels: NDArray[np.uint8] = np.array(bitmap.to_numpy(), np.uint8)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("rendering") from error
    finally:
        opened.close()
    return pixels[..., :3] if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _open(data: memoryview) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(bytes(data))
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("open") from error
