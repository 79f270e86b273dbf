"""One object put together from what a hub gives in pieces: its metadata as DICOM JSON, bulk values, native frames.

The object is the hub's in every value; its bytes are ours, for a hub that gives no whole objects has none to compare
with. What cannot be put together with certainty is refused. Source: PS3.18 F.2, 10.4.1.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from workstation.dicom.errors import CannotCompose
from workstation.dicom.header import DicomJson, Header, tag_of

BulkValue = Callable[[str], bytes]
_PIXELS = tag_of("PixelData")
_NAMED_BY_FRAMES = (_PIXELS, tag_of("FloatPixelData"), tag_of("DoubleFloatPixelData"))
_COLOURS = ("RGB",)
_DEPTHS = (8, 16, 32)
_WRITER = UID("2.25.113868422735158286921806853325873862110")


def compose(header: Header, frames: Sequence[bytes], bulk: BulkValue) -> bytes:
    """Return a Part 10 object in Explicit VR Little Endian; ``bulk`` returns the value at an address.

    Raises
    ------
    CannotCompose
        The frames are not of the size or kind that the metadata states, or the metadata cannot be written.
    """
    _check_frames(header, frames)
    elements = {tag: _inlined(content, bulk) for tag, content in header.elements.items() if tag not in _NAMED_BY_FRAMES}
    # Only pydicom runs here: on a stranger's values it raises whatever its parts raise, in each version others.
    try:
        dataset = Dataset.from_json(elements)
        dataset.PixelData = b"".join(frames) + b"\0" * (sum(map(len, frames)) % 2)
        dataset["PixelData"].VR = "OB" if header.integer("BitsAllocated") == _DEPTHS[0] else "OW"
        return _written(dataset, header)
    except Exception as error:
        raise CannotCompose(type(error).__name__) from error


def frame_count(header: Header) -> int:
    """Return the number of frames that the metadata states, 1 where it states none."""
    return max(1, header.integer("NumberOfFrames") or 1)


def frame_size(header: Header) -> int:
    """Return the bytes of one native frame.

    Raises
    ------
    CannotCompose
        The metadata state pixels of a kind that frames alone do not tell, or none.
    """
    samples, depth = header.integer("SamplesPerPixel") or 0, header.integer("BitsAllocated")
    if depth not in _DEPTHS or (samples > 1 and header.text("PhotometricInterpretation") not in _COLOURS):
        raise CannotCompose("pixels of a kind that frames alone do not tell")
    size = (header.integer("Rows") or 0) * (header.integer("Columns") or 0) * samples * depth // 8
    if size <= 0:
        raise CannotCompose("frames without a size")
    return size


def _check_frames(header: Header, frames: Sequence[bytes]) -> None:
    size = frame_size(header)
    if len(frames) != frame_count(header) or any(len(frame) != size for frame in frames):
        raise CannotCompose("frames of another number or size than the metadata states")


def _inlined(content: Any, bulk: BulkValue) -> DicomJson:
    """Return an element whose value, and those of its items, stand in it."""
    if not isinstance(content, Mapping):
        raise CannotCompose("not an element")
    address = content.get("BulkDataURI")
    if isinstance(address, str):
        return {"vr": content.get("vr"), "InlineBinary": base64.b64encode(bulk(address)).decode("ascii")}
    if content.get("vr") != "SQ":
        return content
    items = content.get("Value", [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        # An item left out would be a value that the hub never stated.
        raise CannotCompose("not a sequence")
    return {"vr": "SQ", "Value": [{tag: _inlined(inner, bulk) for tag, inner in item.items()} for item in items]}


def _written(dataset: Dataset, header: Header) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(header.uid("SOPClassUID"))
    meta.MediaStorageSOPInstanceUID = UID(header.uid("SOPInstanceUID"))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = _WRITER
    stream = BytesIO()
    FileDataset(stream, dataset, preamble=b"\0" * 128, file_meta=meta).save_as(stream, enforce_file_format=True)
    return stream.getvalue()
