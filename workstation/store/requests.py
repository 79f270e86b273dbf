"""Requests as last seen, and the transactions under which they were claimed, each by its identifier and its hub.

A transaction UID is kept before the claim is sent: if the answer is lost, the same claim can be repeated or given up.
"""

from collections.abc import Callable

from workstation.domain.clock import Clock, system_clock
from workstation.domain.identifiers import HubName, RequestId, TransactionUID
from workstation.domain.request import Request, RequestKey
from workstation.store.database import Connection, Database
from workstation.store.dropped_requests import dropped_by, note_dropped
from workstation.store.request_records import request_from_json, request_to_json

Then = Callable[[Connection], object]


class ClaimStore:
    """The claims of this profile. The transaction of a claim is a secret between this profile and the claim's hub."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def remember(self, request: RequestKey, transaction: TransactionUID) -> None:
        """Keep the transaction of a claim that is about to be sent, in place of an earlier one."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO claims (request, hub, transaction_uid, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (request, hub) DO UPDATE SET"
                " transaction_uid = excluded.transaction_uid, at = excluded.at",
                (request.id, request.hub, transaction, self._clock().isoformat()),
            )

    def transaction(self, request: RequestKey) -> TransactionUID | None:
        """Return the transaction under which a request was claimed, or ``None``."""
        query = "SELECT transaction_uid FROM claims WHERE request = ? AND hub = ?"
        with self._database.read() as connection:
            row = connection.execute(query, (request.id, request.hub)).fetchone()
        return None if row is None else TransactionUID(str(row[0]))

    def claimed(self) -> tuple[RequestKey, ...]:
        """Return what this profile has claimed, the earliest first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT request, hub FROM claims ORDER BY at, hub").fetchall()
        return tuple(RequestKey(RequestId(str(row[0])), HubName(str(row[1]))) for row in rows)

    def move(self, request: RequestKey, hub: HubName) -> None:
        """Keep a claim under the name that its hub has now, unless one is there already."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE OR IGNORE claims SET hub = ? WHERE request = ? AND hub = ?", (hub, request.id, request.hub)
            )

    def forget(self, request: RequestKey, then: Then | None = None) -> None:
        """Drop the claim, and do ``then`` in the same transaction; a claim that is not there is no error."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM claims WHERE request = ? AND hub = ?", (request.id, request.hub))
            if then is not None:
                then(connection)


class RequestStore:
    """The requests as their hubs last stated them, for reading while the hub is out of reach."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def replace_all(
        self, hub: HubName, requests: tuple[Request, ...], then: Then | None = None, *, is_whole: bool = True
    ) -> None:
        """Keep what a hub lists now, in place of what it listed before; a claimed request is kept in any case.

        ``then`` is done in the same transaction. Of a list that is not whole, nothing is said to be dropped.
        """
        seen = self._clock().isoformat()
        with self._database.write() as connection:
            rows = connection.execute("SELECT id FROM requests WHERE hub = ? ORDER BY id", (hub,)).fetchall()
            known = [RequestId(str(row[0])) for row in rows] if is_whole else []
            note_dropped(connection, hub, known, {request.id for request in requests})
            connection.execute(
                "DELETE FROM requests WHERE hub = ? AND id NOT IN (SELECT request FROM claims WHERE hub = ?)",
                (hub, hub),
            )
            connection.executemany(
                "INSERT INTO requests (id, hub, body, seen) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id, hub) DO UPDATE SET body = excluded.body, seen = excluded.seen",
                [(request.id, hub, request_to_json(request), seen) for request in requests],
            )
            if then is not None:
                then(connection)

    def keep(self, request: Request) -> None:
        """Keep one request as its hub states it now."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO requests (id, hub, body, seen) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id, hub) DO UPDATE SET body = excluded.body, seen = excluded.seen",
                (request.id, request.hub, request_to_json(request), self._clock().isoformat()),
            )

    def dropped(self, hub: HubName) -> frozenset[RequestId]:
        """Return the requests that a hub has listed and does not list any more."""
        with self._database.read() as connection:
            return frozenset(dropped_by(connection, hub))

    def all(self) -> tuple[Request, ...]:
        """Return every request known, in no particular order."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT body FROM requests ORDER BY hub, id").fetchall()
        return tuple(request_from_json(str(row[0])) for row in rows)

    def request(self, request: RequestKey) -> Request | None:
        """Return one request, or ``None``."""
        query = "SELECT body FROM requests WHERE id = ? AND hub = ?"
        with self._database.read() as connection:
            row = connection.execute(query, (request.id, request.hub)).fetchone()
        return None if row is None else request_from_json(str(row[0]))

    def named(self, identifier: RequestId) -> tuple[Request, ...]:
        """Return the requests of every hub that have this identifier."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT body FROM requests WHERE id = ? ORDER BY hub", (identifier,)).fetchall()
        return tuple(request_from_json(str(row[0])) for row in rows)
