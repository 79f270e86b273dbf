"""What a worker found in one received object: identifiers, header and digest, never the pixels."""

from dataclasses import dataclass

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.study import InstanceReference


@dataclass(frozen=True, slots=True)
class ReceivedInstance:
    """One Part 10 object as a worker read it.

    ``header`` is the data set without pixel data and without values above 64 KiB; ``sha256`` is of the Part 10 bytes,
    in hexadecimal; ``frames`` is 0 for an object without pixels. ``document`` is the encapsulated document, cut to its
    stated length. ``meta_instance`` is what the file meta information calls the object, where it says so: it must be
    ``instance``, and whoever keeps the object checks it.
    """

    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    transfer_syntax: str
    header: Header
    sha256: str
    frames: int
    document: bytes | None = None
    meta_instance: InstanceUID | None = None

    @property
    def reference(self) -> InstanceReference:
        """The object by its identifiers alone."""
        return InstanceReference(self.study, self.series, self.instance, self.sop_class)
