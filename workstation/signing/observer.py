"""Whether the holder of a certificate is the verifying observer whom a report names. Source: PS3.3 C.17.2."""

import re
import unicodedata

from workstation.signing.certificates import CertificateName
from workstation.signing.elements import Elements, find, items_of, text_of
from workstation.signing.encoding import declared_encoding
from workstation.signing.verdict import Match

_SPECIFIC_CHARACTER_SET = 0x00080005
_VERIFYING_OBSERVERS = 0x0040A073
_OBSERVER_NAME = 0x0040A075
_OBSERVER_CODE = 0x0040A088
_VERIFICATION_FLAG = 0x0040A493
_CODE_VALUE = 0x00080100
_ENCAPSULATED_DOCUMENT = 0x00420011
_TITLES = frozenset(
    ("dr", "pr", "prof", "professor", "professeur", "doctor", "docteur", "md", "phd", "mr", "mrs", "ms", "mme", "m")
)
_DEMONSTRATION = "demonstration"


def is_verified(data_set: Elements) -> bool:
    """Whether the document says that it is verified."""
    return text_of(data_set, _VERIFICATION_FLAG) == "VERIFIED"


def match_observer(data_set: Elements, holder: CertificateName) -> tuple[Match, str]:
    """Compare the certificate's holder with the observer; also return the observer's name as written.

    Where both have an identifier these must be equal and the names must share a word; else the words of one name
    must be among those of the other.
    """
    observers = items_of(data_set, _VERIFYING_OBSERVERS)
    if is_verified(data_set) and not observers and find(data_set, _ENCAPSULATED_DOCUMENT) is not None:
        # The encapsulated document module has the flag, but no place for an observer. Source: PS3.3 C.24.2.
        return Match.NO_OBSERVER, ""
    if not is_verified(data_set) or not observers:
        named = find(data_set, _VERIFICATION_FLAG) is not None or bool(observers)
        return (Match.NOT_VERIFIED if named else Match.NO_OBSERVER), ""
    name = _observer_name(data_set, observers[0])
    if len(observers) != 1:
        return Match.DIFFERS, name
    identifiers = {text_of(code, _CODE_VALUE) for code in items_of(observers[0], _OBSERVER_CODE)} - {""}
    return (Match.MATCHES if _is_same(name, identifiers, holder) else Match.DIFFERS), name


def _is_same(name: str, identifiers: set[str], holder: CertificateName) -> bool:
    ours, theirs = _words(name), _words(holder.words)
    if identifiers and holder.identifiers:
        if not identifiers & holder.identifiers:
            return False
        return bool(ours & theirs) or not ours or not theirs
    return bool(ours) and bool(theirs) and (ours <= theirs or theirs <= ours)


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = frozenset(word for word in re.split(r"[^a-z0-9]+", plain) if word and not word.isdigit())
    return words - _TITLES - {_DEMONSTRATION}


def _observer_name(data_set: Elements, observer: Elements) -> str:
    element = find(observer, _OBSERVER_NAME)
    if element is None:
        return ""
    character_set = text_of(observer, _SPECIFIC_CHARACTER_SET) or text_of(data_set, _SPECIFIC_CHARACTER_SET)
    encoding = declared_encoding(character_set) or "latin-1"
    text = element.value.decode(encoding, errors="replace").strip(" \0").split("=")[0]
    return " ".join(part for part in text.split("^") if part)
