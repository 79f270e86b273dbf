"""Faults planted in a child by the test: where it dies by itself, and the four mistakes that must be found.

Nothing of this is in the application: its classes are altered in the one process that asks for it.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlcipher3 import dbapi2

from tests.crash.fork_server import say
from viewers.identifiers import InstanceUID
from workstation.domain.delivery import Delivery, DeliveryState
from workstation.durable import FileCalls
from workstation.errors import WorkstationError
from workstation.hub.dicomweb import DicomWebClient
from workstation.outbox.courier import Courier

DIED_AT_FAULT_POINT = 77
BEFORE_COMMIT, AFTER_COMMIT, AT_JOURNAL = "before_commit", "after_commit", "at_journal"
AFTER_STORE, AFTER_READING_BACK, AFTER_COMPLETING = "after_store", "after_reading_back", "after_completing"
FAULT_POINTS = (BEFORE_COMMIT, AFTER_COMMIT, AT_JOURNAL, AFTER_STORE, AFTER_READING_BACK, AFTER_COMPLETING)
NEW_UID, EARLY_SENT, NORMAL, SPLIT = "new_uid", "early_sent", "normal", "split_transaction"
Call = Callable[..., Any]


class PlantedConnection(dbapi2.Connection):
    """A connection whose statements pass by what was planted."""

    before: tuple[Callable[["PlantedConnection", str], str], ...] = ()
    after: tuple[Callable[[str], None], ...] = ()

    def execute(self, sql: str, *parameters: object) -> Any:
        for look in self.before:
            sql = look(self, sql)
        result = super().execute(sql, *parameters)
        for see in self.after:
            see(sql)
        return result


def open_planted_connections() -> None:
    """Let the database be opened with connections that look at their statements."""
    plain = dbapi2.connect
    dbapi2.connect = lambda *arguments, **options: plain(*arguments, factory=PlantedConnection, **options)


def plant_fault_point(point: str, number: int) -> None:
    """Let this process end at once at the ``number``-th time that it comes to ``point``."""
    left = iter(range(number - 1))

    def pass_by() -> None:
        if next(left, None) is None:
            say({"died": point})
            os._exit(DIED_AT_FAULT_POINT)

    def before_commit(_connection: PlantedConnection, sql: str) -> str:
        if sql == "COMMIT":
            pass_by()
        return sql

    def after_commit(sql: str) -> None:
        if sql == "COMMIT":
            pass_by()

    if point == BEFORE_COMMIT:
        PlantedConnection.before += (before_commit,)
    elif point == AFTER_COMMIT:
        PlantedConnection.after += (after_commit,)
    elif point == AT_JOURNAL:
        _call_around(FileCalls, "flush", before=pass_by)
    else:
        names = {AFTER_STORE: "store", AFTER_READING_BACK: "retrieve_instance", AFTER_COMPLETING: "complete"}
        _call_around(DicomWebClient, names[point], after=pass_by)


def plant_mutant(mutant: str) -> None:
    """Plant one of the four mistakes."""
    if mutant == NORMAL:
        PlantedConnection.before += (_synchronise_less,)
    elif mutant == SPLIT:
        PlantedConnection.before += (_commit_in_between,)
    elif mutant == NEW_UID:
        _replace(Courier, "_deliver", _deliver_under_new_uid)
    else:
        assert mutant == EARLY_SENT
        _replace(Courier, "_deliver", _deliver_after_calling_it_sent)


def _synchronise_less(_connection: PlantedConnection, sql: str) -> str:
    return sql.replace("synchronous = FULL", "synchronous = NORMAL")


def _commit_in_between(connection: PlantedConnection, sql: str) -> str:
    """Close the draft, queue its objects and write the audit line each in a commit of its own."""
    if sql.startswith(("INSERT INTO deliveries", "INSERT INTO audit ")):
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
    return sql


def _deliver_under_new_uid(plain: Call, courier: Any, delivery: Delivery) -> bool:
    if delivery.attempts:
        renamed = InstanceUID(f"{delivery.instance[:-8]}{secrets.randbelow(10**8):08}")
        part10 = courier._store.object_bytes(delivery.id).replace(delivery.instance.encode(), renamed.encode())
        with courier._store._database.write() as connection:
            connection.execute(
                "UPDATE deliveries SET instance = ?, part10 = ?, sha256 = ? WHERE id = ?",
                (renamed, part10, _sha256(part10), delivery.id),
            )
        delivery = replace(delivery, instance=renamed, sha256=_sha256(part10))
    return bool(plain(courier, delivery))


def _deliver_after_calling_it_sent(_plain: Call, courier: Any, delivery: Delivery) -> bool:
    courier._store.step(delivery.id, DeliveryState.SENT, "read_back")
    with suppress(WorkstationError):
        courier._hubs.client(delivery.hub).store([courier._store.object_bytes(delivery.id)])
    return True


def _sha256(part10: bytes) -> str:
    return hashlib.sha256(part10).hexdigest()


def _replace(owner: type, name: str, other: Call) -> None:
    plain = getattr(owner, name)
    setattr(owner, name, lambda *arguments: other(plain, *arguments))


def _call_around(owner: type, name: str, before: Call | None = None, after: Call | None = None) -> None:
    def around(plain: Call, *arguments: Any) -> Any:
        if before is not None:
            before()
        result = plain(*arguments)
        if after is not None:
            after()
        return result

    _replace(owner, name, around)
