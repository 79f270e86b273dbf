"""The keys that a hub may show, in whatever form tools print their SHA-256."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256

from workstation.hub.errors import UnusablePin

_MARK = re.compile(r"^sha-?256(//?|:)", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")


def pin(text: str, hub: str) -> str:
    """Return a pin in base64; ``text`` may be hexadecimal, with or without colons, and say that it is SHA-256.

    Source: RFC 7469 2.4.

    Raises
    ------
    UnusablePin
        It is no SHA-256.
    """
    bare = _MARK.sub("", text.strip())
    digits = bare.replace(":", "")
    try:
        digest = bytes.fromhex(digits) if _HEXADECIMAL.fullmatch(digits) else b64decode(bare, validate=True)
    except (Error, ValueError) as error:
        raise UnusablePin("neither hexadecimal nor base64", hub=hub) from error
    if len(digest) != sha256().digest_size:
        raise UnusablePin(f"{len(digest)} bytes", hub=hub)
    return b64encode(digest).decode("ascii")
