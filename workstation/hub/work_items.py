"""The requests of UPS-RS, one function each, with the answers told apart. Source: PS3.18 11.

Bodies: an array for creation, where hubs expect one; a single object for changes.
"""

import json
import threading
from collections.abc import Mapping
from enum import Enum
from typing import Any

from workstation.dicom.header import DicomJson, Header
from workstation.hub.answers import data_sets, segment
from workstation.hub.door import JSON_TYPE, Answer, Call, Door
from workstation.hub.errors import NotOnHub
from workstation.hub.search import PAGE, Search
from workstation.hub.ups_dialect import DIALECTS, UpsDialect

# The statuses by which hubs say that a work item, or its holder, does not allow a change.
_CONFLICTS = (400, 409, 410)
_NO_SUCH_PATH = (404, 405, 501)


class Change(Enum):
    """What a hub made of a change."""

    DONE = "done"
    CONFLICT = "conflict"


class WorkItems:
    """The work items of one hub."""

    def __init__(self, door: Door, search: Search) -> None:
        self._door = door
        self._search = search
        self._dialect: UpsDialect | None = None
        self._lock = threading.Lock()

    @property
    def dialect(self) -> str:
        """The name of the dialect that the hub has proved to understand, empty before the first change."""
        return self._dialect.name if self._dialect else ""

    def find(self, state: str) -> tuple[Header, ...]:
        """Return the work items in one state; those that a hub abbreviates are retrieved in full."""
        query = [("ProcedureStepState", state), ("includefield", "all")]
        found = self._search.pages("workitems", query, "SOPInstanceUID", PAGE)
        return tuple(item if _is_whole(item) else self.retrieve(item.uid("SOPInstanceUID")) for item in found)

    def retrieve(self, uid: str) -> Header:
        """Return one work item; ``NotOnHub`` when there is none."""
        found = data_sets(self._door.ask(Call("GET", self._path(uid), headers={"Cache-Control": "no-cache"})), self.hub)
        if len(found) != 1:
            raise NotOnHub("no such work item", hub=self.hub)
        return found[0]

    @property
    def hub(self) -> str:
        """The hub's name in the profile."""
        return self._door.hub

    def create(self, uid: str, item: DicomJson) -> Change:
        """Create a work item; a conflict means that the UID exists."""
        # The identity is named by the query and not allowed in the data set: PS3.4 table CC.2.5-3.
        content = {tag: value for tag, value in item.items() if tag != "00080018"}
        return self._change("POST", "workitems", [content], (("workitem", segment(uid, self.hub)),), (409,))

    def update(self, uid: str, transaction: str, content: DicomJson) -> Change:
        """Update a work item that this profile holds."""
        return self._change("POST", self._path(uid), content, (("transaction-uid", transaction),), _CONFLICTS)

    def move(self, uid: str, content: DicomJson) -> Change:
        """Change the state of a work item, in the dialect that the hub understands."""
        with self._lock:
            known = self._dialect
        for dialect in (known,) if known else DIALECTS:
            answer = self._send("PUT", dialect.state_of(segment(uid, self.hub)), content, ())
            if answer.status in _NO_SUCH_PATH:
                # A wrong path and a missing work item look alike: the second is told by asking for the item.
                self.retrieve(uid)
                continue
            with self._lock:
                self._dialect = dialect
            return self._judge(answer, _CONFLICTS)
        raise NotOnHub("no way to change the state of a work item", hub=self.hub)

    def _path(self, uid: str) -> str:
        return f"workitems/{segment(uid, self.hub)}"

    def _change(
        self, method: str, path: str, content: object, query: tuple[tuple[str, str], ...], conflicts: tuple[int, ...]
    ) -> Change:
        return self._judge(self._send(method, path, content, query), conflicts)

    def _send(self, method: str, path: str, content: object, query: tuple[tuple[str, str], ...]) -> Answer:
        body = json.dumps(_plain(content), ensure_ascii=False).encode()
        return self._door.fetch(Call(method, path, query, {"Content-Type": JSON_TYPE}, body))

    def _judge(self, answer: Answer, conflicts: tuple[int, ...]) -> Change:
        if answer.status in conflicts:
            return Change.CONFLICT
        self._door.check(answer.status, answer.headers, answer.body)
        return Change.DONE


def _is_whole(item: Header) -> bool:
    return item.has("ReferencedRequestSequence") or item.has("InputInformationSequence")


def _plain(content: object) -> Any:
    """Return content whose mappings are dicts, as the JSON writer wants them."""
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content
