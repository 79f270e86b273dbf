"""Long sections as several short ones.

DCMTK's verifier reads a report whole only where its buffer ends between two items below the root (see
``workstation.signing.verifier_buffer``). A section that is longer than what a layout can shift leaves no such place.
"""

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

LARGEST = 300


def portions(items: Iterable[Dataset]) -> list[list[Dataset]]:
    """Return the items in their order, in portions of at most ``LARGEST`` bytes; a longer item stands alone."""
    found: list[list[Dataset]] = []
    room = 0
    for item in items:
        size = _size(item)
        if not found or size > room:
            found.append([])
            room = LARGEST
        found[-1].append(item)
        room -= size
    return found


def _size(item: Dataset) -> int:
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    return write_dataset(buffer, item, "utf8")
