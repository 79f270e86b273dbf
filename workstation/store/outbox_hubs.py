"""Signed reports whose hub has left the profile: nothing of theirs is lost, and they go on with it under another name.

Where a hub is now is not told here: who knows it gives each report its hub.
"""

import logging
from dataclasses import dataclass

from workstation.domain.clock import Clock
from workstation.domain.delivery import SETTLED, DeliveryState, DeliveryStep, StepName
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.store.database import Connection, Database
from workstation.store.delivery_rows import move, select_deliveries
from workstation.store.errors import StoreError
from workstation.store.request_records import request_from_json, request_to_json
from workstation.store.signing_rows import read_signing
from workstation.store.signings import SignedCopies, Signing

_log = logging.getLogger(__name__)
# What went wrong there holds of the hub by whatever name.
_TOLD = (DeliveryState.CONFLICT, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class Stranded:
    """A report whose hub the profile does not have, and the request that it answers."""

    draft: DraftId
    request: RequestId | None
    hub: HubName


class OutboxHubs:
    """The hubs to which signed reports go."""

    def __init__(self, database: Database, clock: Clock, copies: SignedCopies) -> None:
        self._database = database
        self._clock = clock
        self._copies = copies

    def stranded(self) -> tuple[Stranded, ...]:
        """Return the reports of hubs that the profile does not have, those that have arrived there too."""
        query = (
            "SELECT DISTINCT draft, request, hub FROM deliveries"
            " WHERE state <> ? AND hub NOT IN (SELECT name FROM hubs) ORDER BY draft"
        )
        with self._database.read() as connection:
            rows = connection.execute(query, (DeliveryState.CANCELLED.value,)).fetchall()
        return tuple(
            Stranded(DraftId(str(draft)), None if request is None else RequestId(str(request)), HubName(str(hub)))
            for draft, request, hub in rows
        )

    def move(self, report: Stranded, hub: HubName) -> None:
        """Have a report go on with its hub under the name ``hub``, with its claim; what waits is tried at once.

        Raises
        ------
        StoreError
            The profile has the former hub again, or not the other one; nothing is changed then.
        """
        step = DeliveryStep(self._clock(), StepName.HUB_RENAMED, f"{report.hub} → {hub}")
        with self._database.write() as connection:
            deliveries = select_deliveries(connection, "WHERE draft = ? AND hub = ?", (report.draft, report.hub))
            for one in deliveries:
                move(connection, one.id, one.state, step, one.reason if one.state in _TOLD else "")
            connection.execute(
                "UPDATE deliveries SET hub = ?, next_attempt_at = 0, attempts = 0 WHERE draft = ? AND hub = ?",
                (hub, report.draft, report.hub),
            )
            connection.execute(
                "UPDATE completions SET hub = ?, next_attempt_at = 0, reason = '' WHERE draft = ? AND hub = ?",
                (hub, report.draft, report.hub),
            )
            if report.request is not None:
                _move_request(connection, report.request, report.hub, hub)
            signing = read_signing(connection, report.draft)
        if any(one.state not in SETTLED for one in deliveries):
            self._keep_apart(signing)

    def _keep_apart(self, signing: Signing) -> None:
        try:
            self._copies.keep(signing)
        except StoreError as failure:
            _log.warning("the name that a hub has now is in the database only: %s", failure.technical)


def _move_request(connection: Connection, request: RequestId, former: HubName, hub: HubName) -> None:
    """Keep a request and its claim under the new name too, unless the hub has stated it there meanwhile."""
    connection.execute("UPDATE OR IGNORE claims SET hub = ? WHERE request = ? AND hub = ?", (hub, request, former))
    row = connection.execute("SELECT body, seen FROM requests WHERE id = ? AND hub = ?", (request, former)).fetchone()
    if row is not None:
        body = request_to_json(request_from_json(str(row[0])).moved_to(hub))
        connection.execute(
            "INSERT OR IGNORE INTO requests (id, hub, body, seen) VALUES (?, ?, ?, ?)", (request, hub, body, row[1])
        )
