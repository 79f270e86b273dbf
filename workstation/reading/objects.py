"""The objects of a study that are no images: listed, each read when it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import PoolClosed
from workstation.decoding.pool import DecoderPool
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block, Phrase, ReadObject
from workstation.dicom.objects.registry import is_listed, read_object, unsupported
from workstation.errors import WorkstationError
from workstation.reading.errors import DocumentAbsent
from workstation.retrieval.held_objects import HeldObjects
from workstation.store.catalogue import Catalogue, StoredInstance


@dataclass(frozen=True, slots=True)
class HeldContents:
    """The contents of one held object, decoded and parsed by a worker when they are asked for."""

    part10: bytes
    decoder: DecoderPool

    def pixels(self) -> NDArray[np.generic]:
        """Return the stored values of all frames."""
        return self.decoder.decode(self.part10)

    def document(self) -> bytes:
        """Return the encapsulated document.

        Raises
        ------
        DocumentAbsent
            There is none.
        """
        found = self.decoder.inspect(self.part10).document
        if found is None:
            raise DocumentAbsent("an object without its document")
        return found

    def clinical_document(self) -> Sequence[Block]:
        """Return an encapsulated CDA as plain blocks."""
        return self.decoder.clinical_document(self.document())


class Objects:
    """Reads the objects of the local store. Blocks."""

    def __init__(self, catalogue: Catalogue, objects: HeldObjects, decoder: DecoderPool) -> None:
        self._catalogue = catalogue
        self._objects = objects
        self._decoder = decoder

    def of_study(self, study: StudyUID) -> tuple[ReadObject, ...]:
        """Return every held object of a study that is no image; one that cannot be read says why."""
        stored = ((one, Header.parse(one.header_json)) for one in self._catalogue.instances(study))
        return tuple(self._read(one, header) for one, header in stored if is_listed(header, one.transfer_syntax))

    def place_of(self, instance: InstanceUID) -> tuple[StudyUID, SeriesUID] | None:
        """Return the study and series of a held instance; ``None`` where it is not held."""
        stored = self._catalogue.instance(instance)
        return None if stored is None else (stored.reference.study, stored.reference.series)

    def pages(self, pdf: bytes, dpi: int) -> tuple[NDArray[np.uint8], ...]:
        """Return the pages of a document, each of shape (height, width, 3)."""
        return tuple(self._decoder.render_pdf(pdf, page, dpi) for page in range(self._decoder.pdf_pages(pdf)))

    def page(self, pdf: bytes, page: int, dpi: int) -> tuple[int, NDArray[np.uint8]]:
        """Return how many pages a document has, and one of them, shape (height, width, 3); the last one beyond it."""
        count = self._decoder.pdf_pages(pdf)
        return count, self._decoder.render_pdf(pdf, min(page, count - 1), dpi)

    def page_texts(self, pdf: bytes) -> tuple[str, ...]:
        """Return the text of each page of a document."""
        return self._decoder.pdf_page_texts(pdf)

    def _read(self, stored: StoredInstance, header: Header) -> ReadObject:
        try:
            return read_object(header, HeldContents(self._objects.get(stored), self._decoder))
        except PoolClosed:
            raise
        except WorkstationError as error:
            details = tuple((name, str(value)) for name, value in error.details.items())
            return refused(header, Phrase(f"errors.{error.key}", details))


def refused(header: Header, why: Phrase) -> ReadObject:
    """Return an object that is listed with the reason why it is not shown."""
    named = unsupported(header)
    return ReadObject(named.reference, named.kind, named.title, named.author, named.date, refused=why)
