"""Reading what hubs answer in DICOM JSON, and naming UIDs in addresses."""

import json
import re

from workstation.dicom.header import Header
from workstation.hub.door import Answer
from workstation.hub.errors import HubAnsweredWrongly

_UID = re.compile(r"[0-9][0-9.]{0,63}")


def data_sets(answer: Answer, hub: str) -> tuple[Header, ...]:
    """Return the data sets of an answer; none for an empty one.

    Raises
    ------
    HubAnsweredWrongly
        The body is not DICOM JSON.
    """
    if not answer.body.strip():
        return ()
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise HubAnsweredWrongly("not JSON", answer.status, hub=hub) from error
    members = content if isinstance(content, list) else [content]
    if not all(isinstance(member, dict) for member in members):
        raise HubAnsweredWrongly("not data sets", answer.status, hub=hub)
    return tuple(Header(member) for member in members)


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
