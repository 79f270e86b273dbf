"""Work items and subscriptions in the hub's index. Each request is one transaction, so that of two claims one fails."""

import json
import sqlite3
from collections.abc import Callable, Iterator

from workstation.domain.request import RequestState
from workstation.embedded_hub.errors import Conflict, NotFound
from workstation.embedded_hub.index import Index
from workstation.embedded_hub.metadata import compact
from workstation.embedded_hub.query import Query
from workstation.embedded_hub.ups_state import Change, WorkItem

GLOBAL = "1.2.840.10008.5.1.4.34.5"
FILTERED_GLOBAL = "1.2.840.10008.5.1.4.34.5.1"


class WorkItemStore:
    """The work items of one hub. Thread safe."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, change: Change) -> None:
        """Record a new work item.

        Raises
        ------
        Conflict
            There is one with this UID.
        """
        item = change.item
        with self._index.write() as connection:
            try:
                connection.execute(
                    "INSERT INTO work_items VALUES (?, ?, ?, ?)",
                    (item.uid, item.state.value, item.transaction, compact(item.attributes)),
                )
            except sqlite3.IntegrityError as error:
                raise Conflict("A work item with this UID is already here.") from error

    def get(self, uid: str) -> WorkItem:
        """Return one work item.

        Raises
        ------
        NotFound
            There is none with this UID.
        """
        with self._index.read() as connection:
            return _load(connection, uid)

    def change(self, uid: str, rule: Callable[[WorkItem], Change]) -> Change:
        """Apply a rule to the present state of one work item and record the result, in one transaction.

        Raises
        ------
        NotFound
            There is no work item with this UID.
        Refusal
            The rule refuses; nothing is changed.
        """
        with self._index.write() as connection:
            change = rule(_load(connection, uid))
            item = change.item
            connection.execute(
                "UPDATE work_items SET state = ?, transaction_uid = ?, attributes = ? WHERE uid = ?",
                (item.state.value, item.transaction, compact(item.attributes), uid),
            )
            return change

    def search(self, query: Query) -> Iterator[WorkItem]:
        """Return the work items that match, in order of creation."""
        with self._index.read() as connection:
            rows = connection.execute(
                "SELECT uid, state, transaction_uid, attributes FROM work_items ORDER BY rowid"
            ).fetchall()
        return (item for item in map(_item, rows) if query.accepts(item.attributes))


def _load(connection: sqlite3.Connection, uid: str) -> WorkItem:
    row = connection.execute(
        "SELECT uid, state, transaction_uid, attributes FROM work_items WHERE uid = ?", (uid,)
    ).fetchone()
    if row is None:
        raise NotFound("No work item with this UID is here.")
    return _item(row)


def _item(row: tuple[str, str, str, str]) -> WorkItem:
    uid, state, transaction, attributes = row
    return WorkItem(uid, RequestState(state), transaction, json.loads(attributes))
