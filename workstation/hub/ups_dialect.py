"""How work items are addressed, by generation of hub. One row per dialect.

Each kind of request has its own form in each row, and the form that a hub understood is kept for that kind: a hub may
follow one row for its states and another for its updates. Every update carries the Transaction UID in its body too.

Source: PS3.18 11.4 to 11.8 (standard: parameters by name; literal: the UID itself is the query, as its examples write
it and as Azure Health Data Services reads it); the source of dcm4chee-arc-light 5.31 (the requester in the path, the
transaction in the body alone); the Supplement 171 text of 2014 (AffectedSOPInstanceUID, changes in an array).
The rows beyond the first are tried against servers of ours that imitate those texts, never against the products.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from workstation.domain.identifiers import TransactionUID

REQUESTER: Final = "REQUIS"


class Act(Enum):
    """The kinds of requests whose form depends on the dialect."""

    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    ASK_CANCEL = "ask_cancel"


@dataclass(frozen=True, slots=True)
class UpsDialect:
    """Forms below the hub's root: ``{uid}``, ``{transaction}`` and ``{requester}`` are filled in.

    ``wraps_changes`` is whether changes travel as an array of one data set, as creations always do.
    """

    name: str
    create: str = "workitems?workitem={uid}"
    update: str = "workitems/{uid}?transaction-uid={transaction}"
    move: str = "workitems/{uid}/state"
    ask_cancel: str = "workitems/{uid}/cancelrequest"
    wraps_changes: bool = False

    def form(self, act: Act) -> str:
        """Return the form of one kind of request."""
        forms = {
            Act.CREATE: self.create,
            Act.UPDATE: self.update,
            Act.MOVE: self.move,
            Act.ASK_CANCEL: self.ask_cancel,
        }
        return forms[act]

    def address(self, act: Act, uid: str, transaction: TransactionUID | str = "") -> str:
        """Return path and query for one work item."""
        return self.form(act).format(uid=uid, transaction=transaction, requester=REQUESTER)


DIALECTS: Final = (
    UpsDialect("standard"),
    UpsDialect("literal", create="workitems?{uid}", update="workitems/{uid}?{transaction}"),
    UpsDialect(
        "dcm4chee",
        update="workitems/{uid}",
        move="workitems/{uid}/state/{requester}",
        ask_cancel="workitems/{uid}/cancelrequest/{requester}",
    ),
    UpsDialect(
        "supplement-171",
        create="workitems?AffectedSOPInstanceUID={uid}",
        update="workitems/{uid}?transaction={transaction}",
        wraps_changes=True,
    ),
)


def forms(act: Act, known: UpsDialect | None) -> tuple[UpsDialect, ...]:
    """Return the dialects to try for one kind of request: the one that is known, else one per different form."""
    if known is not None:
        return (known,)
    different = {(one.form(act), one.wraps_changes and act is not Act.CREATE): one for one in reversed(DIALECTS)}
    return tuple(one for one in DIALECTS if one in different.values())
