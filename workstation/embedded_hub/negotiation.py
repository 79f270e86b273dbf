"""The media types that a client accepts, and the choice among those that can be given. Source: PS3.18 8.7."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workstation.embedded_hub.errors import NotAcceptable

DICOM = "application/dicom"
DICOM_JSON = "application/dicom+json"
JSON = "application/json"
OCTET_STREAM = "application/octet-stream"
MULTIPART = "multipart/related"
MAX_RANGES = 64


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One range of an Accept header: what the whole body is, what its parts are, and how wanted it is."""

    media_type: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    quality: float = 1.0

    @property
    def multipart(self) -> bool:
        """Whether a multipart body is asked for."""
        return self.media_type == MULTIPART

    @property
    def content(self) -> str:
        """The type of the parts of a multipart body, else of the body."""
        return self.parameters.get("type", "*/*").lower() if self.multipart else self.media_type

    @property
    def transfer_syntax(self) -> str:
        """The transfer syntax wanted, ``*`` for any, empty where none is named."""
        return self.parameters.get("transfer-syntax", "")


@dataclass(frozen=True, slots=True)
class Offer:
    """One form in which an answer can be given."""

    media_type: str
    multipart: bool = False
    transfer_syntax: str = ""
    is_default_syntax: bool = True
    """Whether this form also answers a range that names no transfer syntax."""


def parse_accept(values: Iterable[str]) -> tuple[MediaRange, ...]:
    """Return the ranges of one or several Accept headers, best first; nothing said means anything."""
    ranges = [parse_media_range(text) for value in values for text in _split(value, ",") if text.strip()]
    wanted = [found for found in ranges[:MAX_RANGES] if found.quality > 0]
    if not ranges:
        wanted = [MediaRange("*/*")]
    return tuple(sorted(wanted, key=lambda found: -found.quality))


def parse_media_range(text: str) -> MediaRange:
    """Return one media type with its parameters; names in lower case, quotes removed."""
    media_type, *rest = _split(text, ";")
    parameters: dict[str, str] = {}
    for item in rest:
        name, _, value = item.partition("=")
        parameters[name.strip().lower()] = value.strip().strip('"').strip()
    return MediaRange(media_type.strip().lower(), parameters, _quality(parameters.pop("q", "1")))


def choose(ranges: Sequence[MediaRange], offers: Sequence[Offer]) -> Offer:
    """Return the first offer that the most wanted range takes.

    Raises
    ------
    NotAcceptable
        No range takes any offer.
    """
    for wanted in ranges:
        for offer in offers:
            if _takes(wanted, offer):
                return offer
    raise NotAcceptable("None of the accepted media types or transfer syntaxes can be given for this resource.")


def _takes(wanted: MediaRange, offer: Offer) -> bool:
    anything = wanted.media_type == "*/*"
    if not anything and wanted.multipart != offer.multipart:
        return False
    if not _same_type(wanted.content, offer.media_type):
        return False
    if wanted.transfer_syntax in ("", "*"):
        return bool(wanted.transfer_syntax) or anything or offer.is_default_syntax
    return wanted.transfer_syntax == offer.transfer_syntax


def _same_type(pattern: str, media_type: str) -> bool:
    if pattern == "*/*" or pattern == media_type:
        return True
    kind, _, subtype = pattern.partition("/")
    return subtype == "*" and media_type.startswith(f"{kind}/")


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if math.isfinite(quality) else 0.0


def _split(text: str, separator: str) -> Iterator[str]:
    """Split outside quoted strings."""
    start, quoted = 0, False
    for position, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            yield text[start:position]
            start = position + 1
    yield text[start:]
