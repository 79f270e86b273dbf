"""The audit log in the database: a line is written in the transaction of the act that it tells."""

import logging
from collections.abc import Callable, Iterable, Iterator

from workstation.audit.chain import GENESIS, AuditHead, AuditLine, AuditProblem, ProblemKind, chain, verify
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.store.audit_anchors import AnchorFile
from workstation.store.database import Connection, Database, Row
from workstation.store.errors import StoreError

_log = logging.getLogger(__name__)
_AT_ONCE = 2000
_EVENTS = {event.value: event for event in AuditEvent}
_OUTCOMES = {int(outcome): outcome for outcome in Outcome}
_COLUMNS = "seq, at, actor, event, object, outcome, detail, mac"


class AuditLog:
    """The append-only log of a profile; ``anchors`` keep its heads outside the database, ``reader`` says who acts."""

    def __init__(
        self,
        database: Database,
        key: bytes,
        clock: Clock,
        anchors: AnchorFile | None = None,
        reader: Callable[[], str] = lambda: "",
    ) -> None:
        self._reader = reader
        self._database = database
        self._key = key
        self._clock = clock
        self._anchors = anchors

    def append(
        self,
        connection: Connection,
        event: AuditEvent,
        *,
        actor: str,
        object: str = "",
        outcome: Outcome = Outcome.SUCCESS,
        detail: str = "",
    ) -> AuditLine:
        """Write one line within the transaction of the act; both are kept, or neither."""
        head = _head(connection)
        bare = AuditLine(head.seq + 1, self._clock().isoformat(), actor, event, object, outcome, detail)
        line = chain(head.mac, bare, self._key)
        _insert(connection, line)
        return line

    def adopt(self, connection: Connection, lines: Iterable[AuditLine]) -> int:
        """Append lines of this very log that were read elsewhere, as far as each follows the last; return how many."""
        adopted = 0
        for line in lines:
            head = _head(connection)
            if line.seq != head.seq + 1 or chain(head.mac, line, self._key).mac != line.mac:
                break
            _insert(connection, line)
            adopted += 1
        return adopted

    def record(
        self,
        event: AuditEvent,
        *,
        actor: str,
        object: str = "",
        outcome: Outcome = Outcome.SUCCESS,
        detail: str = "",
    ) -> AuditLine:
        """Write one line for an act that changes nothing in the database."""
        with self._database.write() as connection:
            return self.append(connection, event, actor=actor, object=object, outcome=outcome, detail=detail)

    def lines(self) -> tuple[AuditLine, ...]:
        """Return every line, the oldest first."""
        with self._database.read() as connection:
            return tuple(_stream(connection))

    def head(self) -> AuditHead:
        """Return the last line's number and code, to be kept elsewhere."""
        with self._database.read() as connection:
            return _head(connection)

    def head_within(self, connection: Connection) -> AuditHead:
        """Return it within a transaction of the caller."""
        return _head(connection)

    def record_reading(self) -> AuditLine:
        """Write that somebody has read the log."""
        return self.record(AuditEvent.AUDIT_READ, actor=self._reader())

    def anchor(self) -> None:
        """Keep the head of what is committed outside the database, unless it is there already.

        To be called after a transaction, never within: a line that is rolled back would be missed later. A disk that
        does not take the anchor is no reason to fail the act, which is done.
        """
        if self._anchors is None:
            return
        with self._database.write() as connection:
            head, anchored = _head(connection), _anchored(connection)
            if head.seq == anchored:
                return
            try:
                self._anchors.append(head, _repaired_after(connection, anchored))
            except StoreError as error:
                _log.warning("the head of the audit log was not anchored: %s", error.technical)
            else:
                connection.execute("UPDATE audit_head SET anchored = ?", (head.seq,))

    def lost_lines(self) -> int:
        """Return how many lines repairs of the database could not bring back; the log says when that was."""
        return self._anchors.read().lost if self._anchors is not None else 0

    def verify(self, known: Iterable[AuditHead] = ()) -> tuple[AuditProblem, ...]:
        """Return every fault of the log, against its own head, its anchors, and heads ``known`` from elsewhere."""
        anchors = self._anchors.read() if self._anchors is not None else None
        with self._database.read() as connection:
            heads = (_head(connection), *(anchors.heads if anchors else ()), *known)
            found = verify(_stream(connection), self._key, *heads)
            anchored = _anchored(connection)
        if anchors is None:
            return found
        damaged = anchors.damaged_after
        if damaged is None and anchored and anchored not in {head.seq for head in anchors.heads}:
            damaged = anchors.heads[-1].seq if anchors.heads else 0
        return found if damaged is None else (*found, AuditProblem(ProblemKind.ANCHORS_ALTERED, damaged))


def lines_after(connection: Connection, seq: int) -> Iterator[AuditLine]:
    """Give the lines beyond ``seq``, one after the other, until one cannot be read."""
    cursor = connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq", (seq,))
    while (row := cursor.fetchone()) is not None:
        yield _line(row)


def _insert(connection: Connection, line: AuditLine) -> None:
    connection.execute(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (line.seq, line.at, line.actor, str(line.event), line.object, int(line.outcome), line.detail, line.mac),
    )
    connection.execute(
        "INSERT INTO audit_head (only, seq, mac) VALUES (1, ?, ?)"
        " ON CONFLICT (only) DO UPDATE SET seq = excluded.seq, mac = excluded.mac",
        (line.seq, line.mac),
    )


def _head(connection: Connection) -> AuditHead:
    row = connection.execute("SELECT seq, mac FROM audit_head").fetchone()
    return AuditHead(0, GENESIS) if row is None else AuditHead(int(str(row[0])), str(row[1]))


def _anchored(connection: Connection) -> int:
    row = connection.execute("SELECT anchored FROM audit_head").fetchone()
    return 0 if row is None else int(str(row[0]))


def _repaired_after(connection: Connection, seq: int) -> int:
    """Return the first line beyond ``seq`` that tells of a repair, 0 where there is none."""
    query = "SELECT coalesce(min(seq), 0) FROM audit WHERE seq > ? AND event = ?"
    row = connection.execute(query, (seq, AuditEvent.RESTORED.value)).fetchone()
    return 0 if row is None else int(str(row[0]))


def _stream(connection: Connection) -> Iterator[AuditLine]:
    """Yield every line in the order of the table, a handful at a time."""
    query = f"SELECT {_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT {_AT_ONCE}"
    after = -(1 << 62)
    while rows := connection.execute(query, (after,)).fetchall():
        for row in rows:
            line = _line(row)
            after = line.seq
            yield line


def _line(row: Row) -> AuditLine:
    seq, at, actor, event, subject, outcome, detail, mac = row
    number = int(str(outcome))
    return AuditLine(
        int(str(seq)),
        str(at),
        str(actor),
        _EVENTS.get(str(event), str(event)),
        str(subject),
        _OUTCOMES.get(number, number),
        str(detail),
        str(mac),
    )
