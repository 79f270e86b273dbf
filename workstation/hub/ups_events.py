"""Reading the event reports of work items. Source: PS3.4 CC.2.4 (numbers: table CC.2.4-1), PS3.18 8.10.5.

An event is a hint and not a state: whatever it says, the work item is asked for again. Only the wish that a request be
cancelled is nowhere but in its event.
"""

from enum import IntEnum

from workstation.dicom.code import code_of
from workstation.dicom.header import Header
from workstation.domain.identifiers import HubName
from workstation.domain.request import CancelRequest
from workstation.hub.answers import read_data_sets
from workstation.hub.errors import HubAnsweredWrongly, TransferCut
from workstation.hub.news import CancelAsked, Changed, HubNews

# (0000,1000) and (0000,1002) are of the command set and have no keyword in the data dictionary of pydicom.
AFFECTED_INSTANCE, EVENT_TYPE = "00001000", "00001002"


class EventType(IntEnum):
    """What an event report is about."""

    STATE_REPORT = 1
    CANCEL_REQUESTED = 2
    PROGRESS_REPORT = 3
    SCP_STATUS_CHANGE = 4
    ASSIGNED = 5


def read_event(message: str, hub: HubName) -> HubNews:
    """Return what one message tells.

    Raises
    ------
    HubAnsweredWrongly
        It is no event report.
    TransferCut
        The hub says that it goes down or has started anew: its subscriptions are not to be relied on.
    """
    found = read_data_sets(message.encode(), hub)
    if len(found) != 1:
        raise HubAnsweredWrongly("an event that is not one data set", hub=hub)
    event = found[0]
    kind = _kind(event)
    if kind is EventType.SCP_STATUS_CHANGE:
        raise TransferCut("the hub changes its status", hub=hub)
    uid = _first(event, AFFECTED_INSTANCE)
    if kind is None or not uid:
        raise HubAnsweredWrongly("an event without type or work item", hub=hub)
    return CancelAsked(hub, uid, _wish(event)) if kind is EventType.CANCEL_REQUESTED else Changed(hub, uid)


def _wish(event: Header) -> CancelRequest:
    code = code_of(event.item("ProcedureStepDiscontinuationReasonCodeSequence"))
    contact = event.text("ContactURI").partition(":")[2] or event.text("ContactURI")
    return CancelRequest(event.text("ContactDisplayName"), contact, event.text("ReasonForCancellation") or code.meaning)


def _kind(event: Header) -> EventType | None:
    text = _first(event, EVENT_TYPE)
    return next((kind for kind in EventType if str(int(kind)) == text), None)


def _first(event: Header, tag: str) -> str:
    element = event.elements.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    first = values[0] if isinstance(values, list) and values else ""
    return str(first).strip("\0 ") if isinstance(first, str | int) and not isinstance(first, bool) else ""
