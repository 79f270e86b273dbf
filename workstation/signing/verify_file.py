"""Verifies whatever file the reader picks: a DICOM object, the PDF inside one, or a plain PDF."""

from workstation.domain.clock import Clock, system_clock
from workstation.signing.dicom_signature import verify_part10
from workstation.signing.elements import find
from workstation.signing.errors import NothingToVerify, SigningError
from workstation.signing.part10 import is_part10, read_part10
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Integrity, ObjectVerdict

_ENCAPSULATED_DOCUMENT = 0x00420011
_ENCAPSULATED_DOCUMENT_LENGTH = 0x00420015
_PDF_START = b"%PDF-"


def verify_bytes(data: bytes, trust: TrustList, clock: Clock = system_clock) -> tuple[ObjectVerdict, ...]:
    """Return one verdict per signed thing in ``data``.

    Raises ``NothingToVerify`` when ``data`` is neither DICOM nor PDF.
    """
    if is_part10(data):
        return verify_encapsulated(data, trust, clock)
    if data.startswith(_PDF_START):
        return (_verify_pdf(data, trust, clock),)
    raise NothingToVerify("neither a DICOM object nor a PDF")


def verify_encapsulated(part10: bytes, trust: TrustList, clock: Clock = system_clock) -> tuple[ObjectVerdict, ...]:
    """Return the verdict on the object and, where it holds a PDF, on that.

    A PDF without a signature of its own is left out when the object's signature covers it.
    """
    outer = verify_part10(part10, trust, clock)
    document = encapsulated_pdf(part10)
    if document is None:
        return (outer,)
    inner = _verify_pdf(document, trust, clock)
    if inner.integrity is Integrity.UNSIGNED and outer.integrity is Integrity.INTACT:
        return (outer,)
    return (outer, inner)


def encapsulated_pdf(part10: bytes) -> bytes | None:
    """Return the PDF inside an Encapsulated PDF object, cut to its length; ``None`` where there is none."""
    try:
        elements = read_part10(part10).elements
    except SigningError:
        return None
    document = find(elements, _ENCAPSULATED_DOCUMENT)
    if document is None or not document.value.startswith(_PDF_START):
        return None
    length = find(elements, _ENCAPSULATED_DOCUMENT_LENGTH)
    if length is None or len(length.value) != 4:
        # Without the length, the byte that makes it even cannot be told from the document's own.
        return document.value
    return document.value[: int.from_bytes(length.value, "little")]


def _verify_pdf(pdf: bytes, trust: TrustList, clock: Clock) -> ObjectVerdict:
    # pyHanko takes a second to import; only a PDF is worth it.
    from workstation.signing.pades import verify_pdf

    return verify_pdf(pdf, trust, clock)
