"""What a worker found in one received object: identifiers and header, never the pixels; and its digest."""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.digest import Digest
from workstation.domain.octets import Octets
from workstation.domain.study import InstanceReference


@dataclass(frozen=True, slots=True)
class ReadyValues:
    """Where the stored values of an object lie in its bytes just as decoding would give them."""

    offset: int
    shape: tuple[int, ...]
    dtype: str

    @property
    def size_bytes(self) -> int:
        """How long they are."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize

    def of(self, part10: Octets) -> NDArray[np.generic]:
        """Return them as a view of the object that was inspected, without a copy; read-only."""
        values: NDArray[np.generic] = np.frombuffer(part10, self.dtype, prod(self.shape), self.offset)
        return values.reshape(self.shape)


@dataclass(frozen=True, slots=True)
class ReceivedInstance:
    """One Part 10 object as a worker read it.

    ``header`` is the data set without pixel data and without values above 64 KiB; ``digest`` is of the Part 10 bytes,
    made where they were received; ``frames`` is 0 for an object without pixels. ``document`` is the encapsulated
    document, cut to its stated length. ``meta_instance`` is what the file meta information calls the object, where it
    says so: it must be ``instance``, and whoever keeps the object checks it. ``ready`` spares a worker where nothing is
    to be decoded.
    """

    study: StudyUID
    series: SeriesUID
    instance: InstanceUID
    sop_class: str
    transfer_syntax: str
    header: Header
    digest: Digest
    frames: int
    document: bytes | None = None
    meta_instance: InstanceUID | None = None
    ready: ReadyValues | None = None

    @property
    def reference(self) -> InstanceReference:
        """The object by its identifiers alone."""
        return InstanceReference(self.study, self.series, self.instance, self.sop_class)
