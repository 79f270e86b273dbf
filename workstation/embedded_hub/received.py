"""What a received Part 10 file says it is. Read with pydicom, without its pixels.

The embedded hub is a server of its own for demonstration and tests, and therefore reads files itself; the workstation
reads received files in worker processes only.
"""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from workstation.embedded_hub.metadata import Attributes, compact, to_attributes

UID_FORM = re.compile(r"[0-9]+(\.[0-9]+)*")
PIXEL_TAGS = {
    b"\xe0\x7f\x08\x00": ("7FE00008", "OF"),
    b"\xe0\x7f\x09\x00": ("7FE00009", "OD"),
    b"\xe0\x7f\x10\x00": ("7FE00010", "OW"),
    b"\x7f\xe0\x00\x10": ("7FE00010", "OW"),
}
DEFLATED_MARKS = (
    b"\x02\x00\x10\x00UI\x16\x00" + DeflatedExplicitVRLittleEndian.encode(),
    b"\x02\x00\x10\x00\x16\x00\x00\x00" + DeflatedExplicitVRLittleEndian.encode(),
)


class NotReadable(ValueError):
    """The bytes are not a DICOM Part 10 file that can be kept."""


@dataclass(frozen=True, slots=True)
class Received:
    """The identity and the header of one instance."""

    study: str
    series: str
    instance: str
    sop_class: str
    transfer_syntax: str
    attributes: Attributes


def is_uid(text: str) -> bool:
    """Whether ``text`` has the form of a UID. Source: PS3.5 9."""
    return len(text) <= 64 and UID_FORM.fullmatch(text) is not None


def read_part10(content: bytes, inflated_bytes: int) -> Received:
    """Return what ``content`` says it is.

    Raises
    ------
    NotReadable
        Not Part 10, no or malformed identifiers, or deflated beyond ``inflated_bytes``.
    """
    if content[128:132] != b"DICM":
        raise NotReadable("no Part 10 preamble")
    stream = BytesIO(content)
    try:
        _bound_inflation(content, inflated_bytes)
        dataset = dcmread(stream, stop_before_pixels=True)
        attributes = to_attributes(dataset)
        compact(attributes).encode()
    except NotReadable:
        raise
    except Exception as error:  # pydicom raises many types on broken files
        raise NotReadable(f"unreadable: {type(error).__name__}") from error
    _add_pixels(dataset, content[stream.tell() : stream.tell() + 6], attributes)
    meta = dataset.file_meta
    received = Received(
        study=_uid(attributes, "0020000D"),
        series=_uid(attributes, "0020000E"),
        instance=_uid(attributes, "00080018"),
        sop_class=_uid(attributes, "00080016"),
        transfer_syntax=str(meta.get("TransferSyntaxUID", "")),
        attributes=attributes,
    )
    if not is_uid(received.transfer_syntax):
        raise NotReadable("no transfer syntax")
    return received


def _uid(attributes: Attributes, tag: str) -> str:
    values = attributes.get(tag, {}).get("Value", [])
    if len(values) != 1 or not isinstance(values[0], str) or not is_uid(values[0]):
        raise NotReadable(f"no valid UID in {tag}")
    return values[0]


def _add_pixels(dataset: FileDataset, next_bytes: bytes, attributes: Attributes) -> None:
    """Note that pixel data follows the header that was read."""
    if dataset.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        if "Rows" in dataset:
            attributes["7FE00010"] = {"vr": "OW", "BulkDataURI": "bulkdata/7FE00010"}
        return
    found = PIXEL_TAGS.get(next_bytes[:4])
    if found is not None:
        tag, vr = found
        vr = "OB" if next_bytes[4:] == b"OB" else vr
        attributes[tag] = {"vr": vr, "BulkDataURI": f"bulkdata/{tag}"}


def _bound_inflation(content: bytes, limit_bytes: int) -> None:
    """Refuse a deflated data set that grows beyond the limit, before pydicom inflates it whole."""
    if not any(mark in content for mark in DEFLATED_MARKS):
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    total, pending = 0, content[_meta_end(content) :]
    while pending and not inflater.eof:
        total += len(inflater.decompress(pending, 1 << 20))
        pending = inflater.unconsumed_tail
        if total > limit_bytes:
            raise NotReadable("inflates beyond the limit")


def _meta_end(content: bytes) -> int:
    """Return where the file meta information ends. Source: PS3.10 7.1."""
    position = 132
    while content[position : position + 2] == b"\x02\x00":
        if content[position + 4 : position + 6] in (b"OB", b"UN"):
            position += 12 + int.from_bytes(content[position + 8 : position + 12], "little")
        else:
            position += 8 + int.from_bytes(content[position + 6 : position + 8], "little")
    return position
