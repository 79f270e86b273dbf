"""JSON text, read and written by a fast library; what that refuses is left to the slow one of Python.

Data sets go through it once for every image. The fast library reads a whole number of more than 64 bits, which no
attribute of the standard holds, as a real one; the slow one reads it to the last digit. Source: PS3.18 F.2.
"""

import json
from typing import Any

import orjson


def read_plain_json(text: str | bytes) -> Any:
    """Return what a text says, by the fast library alone, which bounds how deep it goes.

    Raises
    ------
    ValueError
        It is not JSON, nested too deeply, or holds what the fast library refuses: half a character, a byte order mark.
    """
    return orjson.loads(text)


def read_json_exactly(text: str) -> Any:
    """Return what a text says, numbers of any length among it, by the slow library.

    Raises
    ------
    ValueError, RecursionError
        It is not JSON, or nested too deeply.
    """
    return json.loads(text)


def read_json(text: str | bytes) -> Any:
    """Return what a text says.

    Raises
    ------
    ValueError, RecursionError
        It is not JSON, or nested too deeply.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def write_json(content: Any, errors: str = "surrogatepass") -> bytes:
    """Return compact text in UTF-8; ``errors`` is what becomes of half a character.

    Raises
    ------
    TypeError, ValueError, RecursionError
        There is no JSON for it.
    """
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors)
