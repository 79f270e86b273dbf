"""Bytes of text to characters, by Specific Character Set. Source: PS3.5 6.1, PS3.3 C.12.1.1.2."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

Decode: TypeAlias = Callable[[bytes], str]
# More sets than any honest sender uses; a hostile one could name another in each item, and a worker lives long.
_MOST_KNOWN: Final = 64

_SINGLE_BYTE = {
    "": "ascii",
    "ISO_IR 6": "ascii",
    "ISO_IR 13": "shift_jis",
    "ISO_IR 100": "latin_1",
    "ISO_IR 101": "iso8859_2",
    "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4",
    "ISO_IR 126": "iso8859_7",
    "ISO_IR 127": "iso8859_6",
    "ISO_IR 138": "iso8859_8",
    "ISO_IR 144": "iso8859_5",
    "ISO_IR 148": "iso8859_9",
    "ISO_IR 166": "iso8859_11",
    "ISO_IR 192": "utf_8",
    "ISO_IR 203": "iso8859_15",
    "GB18030": "gb18030",
    "GBK": "gbk",
}


# Where multi-byte text falls back to its first character set, as code points. Source: PS3.5 6.1.2.5.3.
_DELIMITERS = {ord(character) for character in "\\^=\r\n\f\t"}


@lru_cache(_MOST_KNOWN)
def decoder(character_sets: tuple[str, ...]) -> Decode:
    """Return the function that decodes text of these character sets; what cannot be decoded is marked, not lost."""
    if len(character_sets) <= 1:
        codec = _SINGLE_BYTE.get(character_sets[0] if character_sets else "")
        if codec is not None:
            return lambda raw: _plain(raw, codec)
    return _extended(character_sets)


def _plain(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        # Undeclared accents are common: Latin-1 is right for most senders and loses nothing for the others.
        return raw.decode("latin_1") if codec == "ascii" else raw.decode(codec, "replace")


def _extended(character_sets: Sequence[str]) -> Decode:
    # Escape sequences are rare and the library that knows them takes long to import: only when one is met.
    import warnings

    from pydicom.charset import convert_encodings, decode_bytes

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        encodings = convert_encodings(list(character_sets))

    def decode(raw: bytes) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decode_bytes(raw, encodings, _DELIMITERS)

    return decode
