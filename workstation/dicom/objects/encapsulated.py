"""Documents inside an object: PDF, whose pages a worker draws, and CDA, which a worker parses to plain blocks."""

from workstation.dicom.header import Header
from workstation.dicom.objects.model import Contents, ReadObject
from workstation.dicom.objects.provenance import author_of, date_of, reference_of
from workstation.dicom.objects.report import about


def read_pdf(header: Header, contents: Contents) -> ReadObject:
    """Return an encapsulated PDF."""
    return ReadObject(
        reference=reference_of(header),
        kind="pdf",
        title=_title(header),
        author=author_of(header),
        date=date_of(header),
        blocks=about(header),
        pdf=contents.document(),
    )


def read_cda(header: Header, contents: Contents) -> ReadObject:
    """Return an encapsulated clinical document."""
    return ReadObject(
        reference=reference_of(header),
        kind="cda",
        title=_title(header),
        author=author_of(header),
        date=date_of(header),
        blocks=(*about(header), *contents.clinical_document()),
    )


def _title(header: Header) -> str:
    coded = header.item("ConceptNameCodeSequence").text("CodeMeaning")
    return header.text("DocumentTitle") or coded or header.text("SeriesDescription")
