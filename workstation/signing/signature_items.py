"""The two sequences that hold digital signatures, read and built to an exact layout.

Parts of them are not under the signature, so a reader that tolerates variants would accept altered bytes.
Source: PS3.3 C.12.1.1.3, tables C.12-6 and C.12.1.1.3.1.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from pydicom.uid import ExplicitVRLittleEndian

from workstation.signing.certificates import exact_der
from workstation.signing.elements import (
    DIGITAL_SIGNATURES_SEQUENCE,
    MAC_PARAMETERS_SEQUENCE,
    Element,
    Elements,
    find,
    items_of,
    text_of,
)
from workstation.signing.encoding import element_keeping_even
from workstation.signing.errors import ObjectUnreadable
from workstation.signing.purpose import CODING_SCHEME, Purpose

ALGORITHM = "SHA256"
MAXIMUM_SIGNATURES = 16
_CERTIFICATE_TYPE = "X509_1993_SIG"
_MAC_ID = 0x04000005
_MAC_TRANSFER_SYNTAX = 0x04000010
_MAC_ALGORITHM = 0x04000015
_DATA_ELEMENTS_SIGNED = 0x04000020
_SIGNATURE_UID = 0x04000100
_SIGNATURE_DATE_TIME = 0x04000105
_CERTIFICATE_TYPE_TAG = 0x04000110
_CERTIFICATE = 0x04000115
_SIGNATURE = 0x04000120
_PURPOSE = 0x04000401
_CODE_VALUE = 0x00080100
_CODING_SCHEME = 0x00080102
_CODE_MEANING = 0x00080104
_PARAMETERS_LAYOUT = (
    (_MAC_ID, "US"),
    (_MAC_TRANSFER_SYNTAX, "UI"),
    (_MAC_ALGORITHM, "CS"),
    (_DATA_ELEMENTS_SIGNED, "AT"),
)
_SIGNATURE_LAYOUT = (
    (_MAC_ID, "US"),
    (_SIGNATURE_UID, "UI"),
    (_SIGNATURE_DATE_TIME, "DT"),
    (_CERTIFICATE_TYPE_TAG, "CS"),
    (_CERTIFICATE, "OB"),
    (_SIGNATURE, "OB"),
)
_OPTIONAL = frozenset(((0x04000305, "CS"), (0x04000310, "OB"), (_PURPOSE, "SQ")))
_DATE_TIME = re.compile(r"(\d{14})(?:\.(\d{1,6}))?([+-])(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """One signature of the main data set with its MAC parameters. ``value`` may end in one zero byte of padding."""

    item: Elements
    algorithm: str
    signed_tags: tuple[int, ...]
    signed_at: datetime
    certificate_der: bytes
    value: bytes
    purpose: str


def read_signatures(data_set: Elements) -> tuple[DigitalSignature, ...]:
    """Return the signatures of the main data set, in order; none when it carries no trace of one.

    Raises ``ObjectUnreadable`` when the sequences are not laid out exactly.
    """
    parameters = _read_parameters(data_set)
    element = find(data_set, DIGITAL_SIGNATURES_SEQUENCE)
    if element is None and not parameters:
        return ()
    signatures = tuple(_read_signature(item, parameters) for item in items_of(data_set, DIGITAL_SIGNATURES_SEQUENCE))
    if not 0 < len(signatures) <= MAXIMUM_SIGNATURES:
        raise ObjectUnreadable("MAC parameters without a signature, or too many signatures")
    return signatures


def has_signature(data_set: Elements) -> bool:
    """Whether the main data set carries signatures or MAC parameters, sound or not."""
    return any(find(data_set, tag) is not None for tag in (DIGITAL_SIGNATURES_SEQUENCE, MAC_PARAMETERS_SEQUENCE))


def unsigned_item(uid: str, signed_at: datetime, purpose: Purpose) -> Elements:
    """Return the part of a Digital Signatures item that is itself under the signature."""
    code = (
        element_keeping_even(_CODE_VALUE, "SH", purpose.code.encode()),
        element_keeping_even(_CODING_SCHEME, "SH", CODING_SCHEME.encode()),
        element_keeping_even(_CODE_MEANING, "LO", purpose.meaning.encode()),
    )
    return (
        Element(_MAC_ID, "US", b"\0\0"),
        element_keeping_even(_SIGNATURE_UID, "UI", uid.encode()),
        # Whole seconds: a fraction with the offset +0000 is refused by some readers.
        element_keeping_even(_SIGNATURE_DATE_TIME, "DT", signed_at.strftime("%Y%m%d%H%M%S%z").encode()),
        element_keeping_even(_CERTIFICATE_TYPE_TAG, "CS", _CERTIFICATE_TYPE.encode()),
        Element(_PURPOSE, "SQ", items=(code,)),
    )


def signed_item(item: Elements, certificate_der: bytes, value: bytes) -> Elements:
    """Return ``unsigned_item`` with its certificate and signature in place."""
    added = (
        element_keeping_even(_CERTIFICATE, "OB", certificate_der),
        element_keeping_even(_SIGNATURE, "OB", value),
    )
    return tuple(sorted((*item, *added), key=lambda element: element.tag))


def with_signature(data_set: Elements, signed_tags: tuple[int, ...], item: Elements) -> Elements:
    """Return ``data_set`` with the sequences of one signature in their places."""
    tags = b"".join((tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") for tag in signed_tags)
    parameters = (
        Element(_MAC_ID, "US", b"\0\0"),
        element_keeping_even(_MAC_TRANSFER_SYNTAX, "UI", ExplicitVRLittleEndian.encode()),
        element_keeping_even(_MAC_ALGORITHM, "CS", ALGORITHM.encode()),
        Element(_DATA_ELEMENTS_SIGNED, "AT", tags),
    )
    added = (
        Element(MAC_PARAMETERS_SEQUENCE, "SQ", items=(parameters,)),
        Element(DIGITAL_SIGNATURES_SEQUENCE, "SQ", items=(item,)),
    )
    return tuple(sorted((*data_set, *added), key=lambda element: element.tag))


def _read_parameters(data_set: Elements) -> dict[bytes, Elements]:
    parameters: dict[bytes, Elements] = {}
    for item in items_of(data_set, MAC_PARAMETERS_SEQUENCE):
        if tuple((element.tag, element.vr) for element in item) != _PARAMETERS_LAYOUT:
            raise ObjectUnreadable("MAC parameters of another layout")
        identifier = item[0].value
        if identifier in parameters or len(identifier) != 2:
            raise ObjectUnreadable("MAC identifiers that do not tell the parameters apart")
        parameters[identifier] = item
    return parameters


def _read_signature(item: Elements, parameters: dict[bytes, Elements]) -> DigitalSignature:
    layout = tuple((element.tag, element.vr) for element in item)
    required = tuple(entry for entry in layout if entry not in _OPTIONAL)
    if required != _SIGNATURE_LAYOUT or _text(item[3]) != _CERTIFICATE_TYPE:
        raise ObjectUnreadable("a signature of another layout or with another kind of certificate")
    found = parameters.get(item[0].value)
    if found is None:
        raise ObjectUnreadable("a signature without its MAC parameters")
    if _text(found[1]) != ExplicitVRLittleEndian:
        raise ObjectUnreadable("MAC parameters with a transfer syntax that we do not compute")
    try:
        certificate = exact_der(item[4].value)
    except ValueError as error:
        raise ObjectUnreadable("the certificate is not exact DER") from error
    return DigitalSignature(
        item, _text(found[2]), _tags(found[3].value), _moment(item[2]), certificate, item[5].value, _purpose(item)
    )


def _tags(value: bytes) -> tuple[int, ...]:
    if not value or len(value) % 4:
        raise ObjectUnreadable("a list of signed elements of broken length")
    words = [int.from_bytes(value[i : i + 2], "little") for i in range(0, len(value), 2)]
    tags = tuple(group << 16 | number for group, number in zip(words[::2], words[1::2], strict=True))
    if any(later <= earlier for earlier, later in pairwise(tags)):
        raise ObjectUnreadable("a list of signed elements out of order")
    return tags


def _moment(element: Element) -> datetime:
    match = _DATE_TIME.fullmatch(_text(element))
    if match is None:
        raise ObjectUnreadable("a time of signing without its offset from UTC")
    digits, fraction, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        local = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=timezone(offset))
        local = local.replace(microsecond=int((fraction or "0").ljust(6, "0")))
        # Fails here, not in a comparison later, at the very ends of the calendar.
        local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ObjectUnreadable("a time of signing that does not exist") from error
    return local


def _purpose(item: Elements) -> str:
    codes = items_of(item, _PURPOSE)
    if len(codes) != 1 or text_of(codes[0], _CODING_SCHEME) != CODING_SCHEME:
        return ""
    return text_of(codes[0], _CODE_VALUE)


def _text(element: Element) -> str:
    # Strict, unlike the text of signed elements: at most the one byte that makes the length even.
    return element.value.decode("ascii", errors="replace").removesuffix("\0" if element.vr == "UI" else " ")
