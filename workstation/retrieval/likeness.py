"""Whether two objects with one identifier are one image, sent once as stored and once compressed without loss.

A hub asked for another transfer syntax on a slow link sends other bytes than on a fast one. What is held stays; that
is no conflict as long as all that does not describe the encoding of the pixels agrees. Source: PS3.18 8.7.3.
"""

from typing import Any

from workstation.decoding.received import ReceivedInstance
from workstation.dicom.header import Header, tag_of
from workstation.retrieval.ports import Held

_SHAPE = tuple(tag_of(keyword) for keyword in ("Rows", "Columns", "NumberOfFrames", "LossyImageCompression"))
_ENCODING_GROUPS = ("0028", "7FE0")
# Hubs that transcode may write texts in another character set; the texts themselves are compared.
_LEFT_OUT = (tag_of("SpecificCharacterSet"),)


def is_same_transcoded(held: Held, received: ReceivedInstance) -> bool:
    """Whether both are one image in two transfer syntaxes."""
    if held.transfer_syntax == received.transfer_syntax:
        return False
    return _telling(held.header) == _telling(received.header)


def _telling(header: Header) -> dict[str, Any]:
    kept = (
        (tag, content)
        for tag, content in header.elements.items()
        if tag in _SHAPE or (tag[:4] not in _ENCODING_GROUPS and tag[4:] != "0000" and tag not in _LEFT_OUT)
    )
    return dict(kept)
