"""Free text made fit for DICOM values: no control characters, right line ends, no more characters than the VR holds."""

import re
import unicodedata

from workstation.domain.patient import PersonName

SHORT_STRING = 16
LONG_STRING = 64
SHORT_TEXT = 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Characters of French and of word processors that Latin-1 lacks.
_LATIN = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "€": "EUR",
        "≤": "<=",
        "≥": ">=",
        "\u202f": "\u00a0",
        "Ÿ": "Y",
    }
)


def long_text(text: str) -> str:
    """Return text for UT, ST or LT: lines end in CR LF, other controls are gone. Source: PS3.5 6.1.3, 6.2."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.rstrip().replace("\n", "\r\n")


def one_line(text: str, length: int = LONG_STRING) -> str:
    """Return text for LO or SH: one line, no backslash (it separates values), cut to ``length``.

    The standard counts characters; some validators and archives count bytes, so bytes of UTF-8 are what is counted.
    """
    plain = " ".join(_CONTROLS.sub("", text).replace("\\", "/").split())
    if len(plain.encode()) <= length:
        return plain
    return plain.encode()[: length - 3].decode(errors="ignore").rstrip() + "…"


def person_name(name: str) -> str:
    """Return a PN from a name as the reader wrote it; one without carets stands in the family component."""
    plain = " ".join(_CONTROLS.sub("", name).replace("\\", " ").replace("=", " ").split())
    return PersonName.parse(plain).dicom


def fits_latin(text: str) -> bool:
    """Whether ISO_IR 100 holds the text as it is."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def to_latin(text: str) -> str:
    """Return the nearest text in ISO_IR 100; what has no near form becomes a question mark."""
    mapped = text.translate(_LATIN)
    kept = (one if fits_latin(one) else unicodedata.normalize("NFKD", one) for one in mapped)
    return "".join(kept).encode("latin-1", "replace").decode("latin-1")


def short_text(text: str) -> str:
    """Return text for ST, cut to what it holds."""
    return long_text(text)[:SHORT_TEXT]
