"""The audit log in the database: a line is written in the transaction of the act that it tells."""

from collections.abc import Iterable, Iterator

from workstation.audit.chain import GENESIS, AuditHead, AuditLine, AuditProblem, chain, verify
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.store.database import Connection, Database, Row

_COLUMNS = "seq, at, actor, event, object, outcome, detail, mac"


class AuditLog:
    """The append-only log of a profile."""

    def __init__(self, database: Database, key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

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
            return _lines(connection)

    def head(self) -> AuditHead:
        """Return the last line's number and code, to be kept elsewhere."""
        with self._database.read() as connection:
            return _head(connection)

    def head_within(self, connection: Connection) -> AuditHead:
        """Return it within a transaction of the caller."""
        return _head(connection)

    def verify(self, anchor: AuditHead | None = None) -> tuple[AuditProblem, ...]:
        """Return every fault of the log, against its own head and one known from elsewhere."""
        with self._database.read() as connection:
            lines, head = _lines(connection), _head(connection)
        found = verify(lines, self._key, head)
        more = verify(lines, self._key, anchor) if anchor is not None else ()
        return tuple(dict.fromkeys((*found, *more)))


def lines_after(connection: Connection, seq: int) -> Iterator[AuditLine]:
    """Give the lines beyond ``seq``, one after the other, until one cannot be read."""
    cursor = connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq", (seq,))
    while (row := cursor.fetchone()) is not None:
        yield _line(row)


def _insert(connection: Connection, line: AuditLine) -> None:
    connection.execute(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (line.seq, line.at, line.actor, line.event.value, line.object, int(line.outcome), line.detail, line.mac),
    )
    connection.execute(
        "INSERT INTO audit_head (only, seq, mac) VALUES (1, ?, ?)"
        " ON CONFLICT (only) DO UPDATE SET seq = excluded.seq, mac = excluded.mac",
        (line.seq, line.mac),
    )


def _head(connection: Connection) -> AuditHead:
    row = connection.execute("SELECT seq, mac FROM audit_head").fetchone()
    return AuditHead(0, GENESIS) if row is None else AuditHead(int(str(row[0])), str(row[1]))


def _lines(connection: Connection) -> tuple[AuditLine, ...]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq").fetchall()
    return tuple(_line(row) for row in rows)


def _line(row: Row) -> AuditLine:
    seq, at, actor, event, subject, outcome, detail, mac = (str(value) for value in row)
    return AuditLine(int(seq), at, actor, AuditEvent(event), subject, Outcome(int(outcome)), detail, mac)
