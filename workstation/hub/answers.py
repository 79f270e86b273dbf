"""Reading what hubs answer in DICOM JSON, and naming UIDs in addresses.

The text comes from strangers. Whatever it is, data sets come out or one typed error: nesting and size are bounded, so
that neither the stack of a parser nor the memory is the sender's to fill. The parser that reads first bounds its stack
itself; before the one that reads what that refuses, the nesting is looked at in the text.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from workstation.dicom.header import Header
from workstation.dicom.json_text import read_json_exactly, read_plain_json, write_json
from workstation.domain.identifiers import HubName
from workstation.hub.door import Answer
from workstation.hub.errors import HubAnsweredWrongly

# A work item nests 12 deep, a structured report of ours 14; the parser of Python gives up near 1000.
DEEPEST: Final = 64
LARGEST_BYTES: Final = 64 << 20
MOST_DATA_SETS: Final = 200_000
_UID = re.compile(r"[0-9][0-9.]{0,63}")
# A string that never ends goes to the end, so that no text is gone through more than once.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# From here on the fast parser may have made a real number of a whole one.
_ROUNDED: Final = 2.0**63
_BRACKET = re.compile(r"[\[\]{}]")


class _TooDeep(Exception):
    """The brackets of a text nest deeper than those of any honest one."""


def data_sets(answer: Answer, hub: str) -> tuple[Header, ...]:
    """Return the data sets of an answer; none for an empty one.

    Raises
    ------
    HubAnsweredWrongly
        The body is not DICOM JSON, or larger or deeper than any honest one.
    """
    return read_data_sets(answer.body, hub, answer.status)


def read_data_sets(body: bytes, hub: HubName | str, status: int = 0) -> tuple[Header, ...]:
    """Return the data sets of a text in DICOM JSON: an array of them, or one alone. Source: PS3.18 F.2."""
    if len(body) > LARGEST_BYTES:
        raise HubAnsweredWrongly(f"more than {LARGEST_BYTES} bytes of JSON", status, hub=hub)
    if not body.strip():
        return ()
    try:
        content = _parsed(body)
    except _TooDeep as error:
        raise HubAnsweredWrongly(f"JSON nested deeper than {DEEPEST}", status, hub=hub) from error
    except (ValueError, RecursionError) as error:
        raise HubAnsweredWrongly("not JSON", status, hub=hub) from error
    members = content if isinstance(content, list) else [content]
    if len(members) > MOST_DATA_SETS or not all(isinstance(member, dict) for member in members):
        raise HubAnsweredWrongly("not data sets", status, hub=hub)
    return tuple(Header(member) for member in members)


def _parsed(body: bytes) -> Any:
    try:
        content = read_plain_json(body)
    except ValueError:
        return _parsed_slowly(body.decode("utf-8-sig"))
    for depth, members in enumerate(_levels(content)):
        if depth > DEEPEST:
            raise _TooDeep
        if any(isinstance(one, float) and abs(one) >= _ROUNDED for one in members):
            # Identifiers that a hub writes as numbers are told apart to the last digit.
            return _parsed_slowly(body.decode("utf-8-sig"))
    return content


def _parsed_slowly(text: str) -> Any:
    if depth_of(text) > DEEPEST:
        raise _TooDeep
    content = read_json_exactly(text)
    if _SURROGATE.search(text):
        # Half a character cannot be kept or shown; whole ones have been put together by the parser.
        content = read_json_exactly(write_json(content, "replace").decode("utf-8"))
    return content


def _levels(content: Any) -> Iterator[list[Any]]:
    """Yield what something holds, level by level, itself first."""
    level: list[Any] = [[content]]
    while level:
        members = [one for part in level for one in (part.values() if isinstance(part, dict) else part)]
        yield members
        level = [one for one in members if isinstance(one, dict | list)]


def depth_of(text: str) -> int:
    """Return how deep the brackets of a JSON text nest; those within strings do not count."""
    steps = (1 if found[0] in "[{" else -1 for found in _BRACKET.finditer(_STRING.sub("", text)))
    return max(accumulate(steps), default=0)


def segment(uid: str, hub: str) -> str:
    """Return a UID that is safe as a segment of a path; UIDs come from strangers.

    Raises
    ------
    HubAnsweredWrongly
        It is not a UID.
    """
    if not _UID.fullmatch(uid):
        raise HubAnsweredWrongly("not a UID", hub=hub)
    return uid
