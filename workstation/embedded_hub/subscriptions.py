"""Who is told about which work items. Source: PS3.4 CC.2.3, PS3.18 11.9 to 11.11.

A global subscription covers all present work items and those to come; a filtered one those that match when it is made
and those that match when they are created. Work items are never deleted here: a deletion lock is kept, without effect.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from workstation.embedded_hub.errors import NotFound
from workstation.embedded_hub.index import Index
from workstation.embedded_hub.query import Query, parse_query
from workstation.embedded_hub.ups_state import WorkItem
from workstation.embedded_hub.ups_store import FILTERED_GLOBAL, GLOBAL, WorkItemStore

GLOBAL_UIDS = (GLOBAL, FILTERED_GLOBAL)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber's interest in one work item, or in all."""

    uid: str
    subscriber: str
    deletion_lock: bool = False
    filter: tuple[tuple[str, str], ...] = ()


class Subscriptions:
    """The subscriptions of one hub. Thread safe."""

    def __init__(self, index: Index, items: WorkItemStore) -> None:
        self._index = index
        self._items = items

    def add(self, wanted: Subscription) -> WorkItem | None:
        """Subscribe; return the work item, none for a global subscription.

        Raises
        ------
        NotFound
            There is no such work item.
        """
        if wanted.uid not in GLOBAL_UIDS:
            item = self._items.get(wanted.uid)
            with self._index.write() as connection:
                _insert(connection, wanted.uid, wanted)
            return item
        query = parse_query(wanted.filter)
        with self._index.write() as connection:
            _insert(connection, wanted.uid, wanted)
            for item in self._items.search(query):
                _insert(connection, item.uid, wanted)
        return None

    def remove(self, uid: str, subscriber: str) -> None:
        """Unsubscribe from one work item, or from all with a global UID.

        Raises
        ------
        NotFound
            There is no such subscription.
        """
        with self._index.write() as connection:
            gone = _delete(connection, uid, subscriber)
            if uid in GLOBAL_UIDS:
                gone += connection.execute("DELETE FROM subscriptions WHERE subscriber = ?", (subscriber,)).rowcount
        if gone == 0:
            raise NotFound("There is no such subscription.")

    def suspend(self, uid: str, subscriber: str) -> None:
        """End a global subscription for work items to come; those present stay subscribed.

        Raises
        ------
        NotFound
            There is no such global subscription.
        """
        with self._index.write() as connection:
            if uid not in GLOBAL_UIDS or _delete(connection, uid, subscriber) == 0:
                raise NotFound("There is no such global subscription.")

    def created(self, item: WorkItem) -> None:
        """Subscribe those with a global subscription to a new work item."""
        with self._index.write() as connection:
            rows: Sequence[tuple[str, str, int, str]] = connection.execute(
                "SELECT uid, subscriber, deletion_lock, filter FROM subscriptions WHERE uid IN (?, ?)", GLOBAL_UIDS
            ).fetchall()
            for uid, subscriber, lock, text in rows:
                known = Subscription(uid, subscriber, bool(lock), tuple(parse_qsl(text, keep_blank_values=True)))
                if _query(known).accepts(item.attributes):
                    _insert(connection, item.uid, known)

    def subscribers(self, uid: str) -> tuple[str, ...]:
        """Return who is told about a work item."""
        with self._index.read() as connection:
            rows = connection.execute("SELECT subscriber FROM subscriptions WHERE uid = ?", (uid,)).fetchall()
        return tuple(subscriber for (subscriber,) in rows)


def _query(subscription: Subscription) -> Query:
    return parse_query(subscription.filter)


def _insert(connection: sqlite3.Connection, uid: str, wanted: Subscription) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?)",
        (uid, wanted.subscriber, int(wanted.deletion_lock), urlencode(wanted.filter)),
    )


def _delete(connection: sqlite3.Connection, uid: str, subscriber: str) -> int:
    return connection.execute("DELETE FROM subscriptions WHERE uid = ? AND subscriber = ?", (uid, subscriber)).rowcount
