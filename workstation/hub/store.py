"""STOW-RS. The answer is read for what it says about each instance, whatever its status. Source: PS3.18 10.5.

Hubs differ: a partial success comes as 202, 400 or 409, and a success may list nothing. What is not listed as stored
is not called stored here.
"""

from collections.abc import Sequence

from viewers.identifiers import InstanceUID
from workstation.dicom.header import Header
from workstation.dicom.multipart import Part, content_type, new_boundary, write_multipart
from workstation.hub.answers import data_sets
from workstation.hub.door import Answer, Call, Door
from workstation.hub.errors import HubAnsweredWrongly, StoreRefused
from workstation.hub.protocol import StoreFailure, StoreOutcome

_TYPE = "application/dicom"
# Statuses that come with a list of what was stored and what was not.
_LISTING = (200, 202, 400, 409)


def store(door: Door, part10s: Sequence[bytes]) -> StoreOutcome:
    """Send Part 10 objects to a hub in one request.

    Raises
    ------
    StoreRefused
        The hub took nothing and does not say what is wrong with each.
    """
    boundary = new_boundary()
    body = b"".join(write_multipart((Part({"Content-Type": _TYPE}, part10) for part10 in part10s), boundary))
    answer = door.fetch(Call("POST", "studies", headers={"Content-Type": content_type(_TYPE, boundary)}, body=body))
    if answer.status not in _LISTING:
        _refuse(door, answer)
    listed = _listed(door, answer)
    stored = tuple(InstanceUID(item.uid("ReferencedSOPInstanceUID")) for item in listed.items("ReferencedSOPSequence"))
    failed = tuple(
        StoreFailure(InstanceUID(item.uid("ReferencedSOPInstanceUID")), item.integer("FailureReason") or 0)
        for item in listed.items("FailedSOPSequence")
    )
    if answer.status >= 400 and not stored and not failed:
        _refuse(door, answer)
    return StoreOutcome(stored, failed)


def _listed(door: Door, answer: Answer) -> Header:
    try:
        listed = data_sets(answer, door.hub)
    except HubAnsweredWrongly:
        if answer.status < 400:
            raise
        return Header({})
    return listed[0] if listed else Header({})


def _refuse(door: Door, answer: Answer) -> None:
    try:
        door.check(answer.status, answer.headers)
    except HubAnsweredWrongly as error:
        raise StoreRefused(f"status {answer.status}", hub=door.hub) from error
