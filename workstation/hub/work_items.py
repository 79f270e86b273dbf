"""The requests of UPS-RS, one function each, with the answers told apart. Source: PS3.18 11.

Hubs of several generations answer here. A form that a hub does not know is answered by 404, 405 or 501, or, where only
query or body differ, by 400: the next form of the table is tried then, and the one that worked is kept. Trying again
is harmless: a creation names its UID, a change its transaction.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from workstation.dicom.header import DicomJson, Header
from workstation.domain.identifiers import TransactionUID
from workstation.hub.answers import data_sets, segment
from workstation.hub.door import JSON_TYPE, Answer, Call, Door
from workstation.hub.errors import AnsweredOfAnother, HubAnsweredWrongly, NotOnHub
from workstation.hub.search import PAGE, Search
from workstation.hub.ups_dialect import Act, UpsDialect, forms

# The statuses by which hubs say that a work item, or its holder, does not allow a change.
_CONFLICTS = (400, 409, 410)
_NO_SUCH_PATH = (404, 405, 501)
_OTHER_FORM = (400, *_NO_SUCH_PATH)
_CREATION_CONFLICTS = (409,)


class Change(Enum):
    """What a hub made of a change."""

    DONE = "done"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a hub made of a request for cancellation, and the sentence of its Warning header."""

    change: Change
    warning: str = ""


class WorkItems:
    """The work items of one hub."""

    def __init__(self, door: Door, search: Search) -> None:
        self._door = door
        self._search = search
        self._known: dict[Act, UpsDialect] = {}
        self._takes_fields = True
        self._lock = threading.Lock()

    @property
    def dialects(self) -> Mapping[Act, str]:
        """The names of the dialects that the hub has proved to understand, by kind of request."""
        with self._lock:
            return {act: dialect.name for act, dialect in self._known.items()}

    def find(self, state: str) -> tuple[Header, ...]:
        """Return the work items in one state; those that a hub abbreviates are retrieved in full."""
        found = (item if _is_whole(item) else self._whole(item) for item in self._listed(state))
        # Some hubs take the state for no matching key and list everything.
        return tuple(item for item in found if item is not None and _has_state(item, state))

    def retrieve(self, uid: str) -> Header:
        """Return one work item.

        Raises
        ------
        NotOnHub
            There is none.
        AnsweredOfAnother
            The hub gives another one.
        """
        path = f"workitems/{segment(uid, self.hub)}"
        found = data_sets(self._door.ask(Call("GET", path, headers={"Cache-Control": "no-cache"})), self.hub)
        if len(found) != 1:
            raise NotOnHub("no such work item", hub=self.hub)
        if found[0].uid("SOPInstanceUID") not in ("", uid):
            raise AnsweredOfAnother("another work item", hub=self.hub)
        return found[0]

    @property
    def hub(self) -> str:
        """The hub's name in the profile."""
        return self._door.hub

    def create(self, uid: str, item: DicomJson) -> Change:
        """Create a work item; a conflict means that the UID exists."""
        # The identity is named by the query and not allowed in the data set: PS3.4 table CC.2.5-3.
        content = {tag: value for tag, value in item.items() if tag != "00080018"}
        return self._judge(self._send(Act.CREATE, uid, content), _CREATION_CONFLICTS)

    def update(self, uid: str, transaction: TransactionUID, content: DicomJson) -> Change:
        """Update a work item that this profile holds."""
        return self._judge(self._send(Act.UPDATE, uid, content, transaction), _CONFLICTS)

    def move(self, uid: str, content: DicomJson) -> Change:
        """Change the state of a work item."""
        return self._judge(self._send(Act.MOVE, uid, content), _CONFLICTS)

    def ask_cancel(self, uid: str, content: DicomJson) -> Verdict:
        """Ask whoever holds a work item to cancel it."""
        answer = self._send(Act.ASK_CANCEL, uid, content)
        return Verdict(self._judge(answer, _CONFLICTS), answer.headers.get("warning", ""))

    def _listed(self, state: str) -> tuple[Header, ...]:
        query = [("ProcedureStepState", state)]
        with self._lock:
            fields = [("includefield", "all")] if self._takes_fields else []
        try:
            return tuple(self._search.pages("workitems", [*query, *fields], "SOPInstanceUID", PAGE))
        except HubAnsweredWrongly as error:
            if error.status != 400 or not fields:
                raise
        with self._lock:
            self._takes_fields = False
        return tuple(self._search.pages("workitems", query, "SOPInstanceUID", PAGE))

    def _whole(self, item: Header) -> Header | None:
        try:
            return self.retrieve(item.uid("SOPInstanceUID"))
        except NotOnHub:
            # It went between the two questions.
            return None

    def _send(self, act: Act, uid: str, content: DicomJson, transaction: TransactionUID | str = "") -> Answer:
        """Send a change in the form that the hub understands; the answer to the last form is the hub's word."""
        safe = segment(uid, self.hub)
        with self._lock:
            known = self._known.get(act)
        for dialect in forms(act, known):
            answer = self._exchange(act, dialect, safe, content, transaction)
            if answer.status not in _OTHER_FORM or known is not None:
                break
            if answer.status in _NO_SUCH_PATH and act is not Act.CREATE:
                # A wrong path and a missing work item look alike: the second is told by asking for the item.
                self.retrieve(uid)
        if 200 <= answer.status < 300:
            with self._lock:
                self._known[act] = dialect
        return answer

    def _exchange(
        self, act: Act, dialect: UpsDialect, uid: str, content: DicomJson, transaction: TransactionUID | str
    ) -> Answer:
        is_array = act is Act.CREATE or dialect.wraps_changes
        body = json.dumps(_plain([content] if is_array else content), ensure_ascii=False).encode()
        method = "PUT" if act is Act.MOVE else "POST"
        return self._door.fetch(
            Call(method, dialect.address(act, uid, transaction), (), {"Content-Type": JSON_TYPE}, body)
        )

    def _judge(self, answer: Answer, conflicts: tuple[int, ...]) -> Change:
        if answer.status in conflicts:
            return Change.CONFLICT
        self._door.check(answer.status, answer.headers, answer.body)
        return Change.DONE


def _is_whole(item: Header) -> bool:
    return item.has("ReferencedRequestSequence") or item.has("InputInformationSequence")


def _has_state(item: Header, state: str) -> bool:
    return item.text("ProcedureStepState").strip().upper() in ("", state)


def _plain(content: object) -> Any:
    """Return content whose mappings are dicts, as the JSON writer wants them."""
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content
