from io import BytesIO

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from tests.workstation.decoding.objects import image, part10
from workstation.decoding.errors import TooLarge, Truncated, UnreadableDocument
from workstation.decoding.pool import DecoderPool


def pdf(pages: int = 2, width: int = 144, height: int = 72) -> bytes:
    """Return pages of this size, in points, with a red square on each."""
    from fpdf import FPDF

    document = FPDF(unit="pt", format=(width, height))
    for _ in range(pages):
        document.add_page()
        document.set_fill_color(255, 0, 0)
        document.rect(0, 0, 72, 72, style="F")
        document.set_font("helvetica", size=10)
        document.text(80, 40, f"page {document.page}")
    return bytes(document.output())


def encapsulated(document: bytes, stated: int | None, syntax: str = ExplicitVRLittleEndian) -> bytes:
    dataset = image()
    del dataset.PixelData, dataset.Rows
    dataset.EncapsulatedDocument = document + b"\0" * (len(document) % 2)
    if stated is not None:
        dataset.EncapsulatedDocumentLength = stated
    return part10(dataset, syntax)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("size", [7, 100_001])
def test_an_encapsulated_document_is_cut_to_its_length(pool: DecoderPool, syntax: str, size: int) -> None:
    document = bytes(range(256)) * (size // 256 + 1)
    received = pool.inspect(encapsulated(document[:size], size, syntax))
    assert received.document == document[:size]
    assert not received.header.has("EncapsulatedDocument")
    assert received.frames == 0


def test_a_document_of_unknown_length_is_whole(pool: DecoderPool) -> None:
    assert pool.inspect(encapsulated(b"%PDF-1.7", None)).document == b"%PDF-1.7"


def test_a_document_shorter_than_stated_is_refused(pool: DecoderPool) -> None:
    with pytest.raises(Truncated):
        pool.inspect(encapsulated(b"%PDF-1.7", 9))


def test_pages_are_counted_and_drawn(pool: DecoderPool) -> None:
    document = pdf(3)
    assert pool.pdf_pages(document) == 3
    page = pool.render_pdf(document, 2, 144)
    assert page.shape == (144, 288, 3)
    assert page[72, 70].tolist() == [255, 0, 0]
    assert page[72, 250].tolist() == [255, 255, 255]


def test_the_text_of_all_pages_is_read(pool: DecoderPool) -> None:
    assert pool.pdf_text(pdf(2)).split() == ["page", "1", "page", "2"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF", pdf()[:200], BytesIO(b"x" * 5000).getvalue()])
def test_what_is_no_document_is_refused(pool: DecoderPool, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        pool.pdf_pages(data)
    with pytest.raises(UnreadableDocument):
        pool.pdf_text(data)


def test_a_page_that_is_not_there_is_refused(pool: DecoderPool) -> None:
    for page in (2, -1):
        with pytest.raises(UnreadableDocument):
            pool.render_pdf(pdf(), page, 72)


def test_a_page_too_large_for_any_screen_is_refused(pool: DecoderPool) -> None:
    with pytest.raises(TooLarge):
        pool.render_pdf(pdf(1, 14_000, 14_000), 0, 600)
