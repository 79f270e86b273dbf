"""The private vocabulary of request reports, shared by who writes and who reads them.

A request is a Comprehensive SR in the study, root (55115-0, LN, "Request"), in a series of its own; its SOP Instance
UID is the identity of the request. What happens to it is told by further small reports in the same study, root
``REQ-STATUS``, each of which names the request and says one thing: claimed, released, declined, answered, completed,
or that somebody wishes it cancelled and that its reader goes on all the same. Such a wish belongs to the claim that
held when it was made.

The layout is not a template of the standard (there is none for requests): content items below the root, CONTAINS.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from workstation.dicom.code import PRIVATE_SCHEME, Code
from workstation.domain.study import InstanceReference

COMPREHENSIVE_SR: Final = "1.2.840.10008.5.1.4.1.1.88.33"

REQUEST = Code("55115-0", "LN", "Request")
QUESTION = Code("REQ-QUESTION", PRIVATE_SCHEME, "Question")
CLINICAL = Code("55752-0", "LN", "Clinical Information")
DEADLINE = Code("REQ-DEADLINE", PRIVATE_SCHEME, "Answer expected by")
ARRIVAL = Code("REQ-ARRIVAL", PRIVATE_SCHEME, "Asked at")
REQUESTER = Code("REQ-REQUESTER", PRIVATE_SCHEME, "Requester")
REQUESTER_ID = Code("REQ-REQUESTERID", PRIVATE_SCHEME, "Identifier of the requester")
ORGANISATION = Code("REQ-ORGANISATION", PRIVATE_SCHEME, "Requesting organisation")
TELEPHONE = Code("REQ-TELEPHONE", PRIVATE_SCHEME, "Telephone of the requester")
EMAIL = Code("REQ-EMAIL", PRIVATE_SCHEME, "Electronic mail of the requester")
PLACER = Code("REQ-PLACER", PRIVATE_SCHEME, "Placer order number")
FILLER = Code("REQ-FILLER", PRIVATE_SCHEME, "Filler order number")
STUDY = Code("REQ-STUDY", PRIVATE_SCHEME, "Study to read")
PRIOR = Code("REQ-PRIOR", PRIVATE_SCHEME, "Prior study")
FIRST_REPORT = Code("REQ-FIRSTREPORT", PRIVATE_SCHEME, "First report")

STATUS = Code("REQ-STATUS", PRIVATE_SCHEME, "Status of a request")
STATUS_OF = Code("REQ-STATUSOF", PRIVATE_SCHEME, "Request concerned")
HOLDER = Code("REQ-HOLDER", PRIVATE_SCHEME, "Reader")
HOLDER_ID = Code("REQ-HOLDERID", PRIVATE_SCHEME, "Identifier of the reader")
STATED_AT = Code("REQ-STATEDAT", PRIVATE_SCHEME, "Stated at")
CLAIM = Code("REQ-CLAIM", PRIVATE_SCHEME, "Claim concerned")
REASON = Code("REQ-REASON", PRIVATE_SCHEME, "Reason")
NOTE = Code("REQ-NOTE", PRIVATE_SCHEME, "Note")
OUTPUT = Code("REQ-OUTPUT", PRIVATE_SCHEME, "Answering object")


class StatusKind(Enum):
    """What a status report says about a request."""

    CLAIMED = Code("REQ-CLAIMED", PRIVATE_SCHEME, "Claimed")
    RELEASED = Code("REQ-RELEASED", PRIVATE_SCHEME, "Given back")
    DECLINED = Code("REQ-DECLINED", PRIVATE_SCHEME, "Declined")
    ANSWERED = Code("REQ-ANSWERED", PRIVATE_SCHEME, "Answered")
    COMPLETED = Code("REQ-COMPLETED", PRIVATE_SCHEME, "Completed")
    CANCEL_ASKED = Code("REQ-CANCELASKED", PRIVATE_SCHEME, "Cancellation asked for")
    CANCEL_DECLINED = Code("REQ-CANCELNOT", PRIVATE_SCHEME, "Performer chooses not to cancel")


@dataclass(frozen=True, slots=True)
class Status:
    """One statement about a request; ``claim`` is the UID of the claim that it belongs to."""

    uid: str
    request: str
    kind: StatusKind
    reader: str
    reader_identifier: str
    stated_at: datetime
    claim: str
    reason: Code | None = None
    note: str = ""
    outputs: tuple[InstanceReference, ...] = ()
