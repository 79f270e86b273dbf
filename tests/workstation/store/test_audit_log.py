"""The audit log in the database: written with its act, and honest."""

from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, NOW, fixed_clock, open_database
from workstation.audit.chain import AuditHead, ProblemKind
from workstation.audit.events import AuditEvent, Outcome
from workstation.store.audit import AuditLog
from workstation.store.database import Database
from workstation.store.errors import StoreError


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(tmp_path)


def write_lines(database: Database, count: int) -> AuditLog:
    log = AuditLog(database, KEY, fixed_clock)
    for number in range(count):
        log.record(AuditEvent.OPENED, actor="10000000001", object=f"1.2.{number}", detail="é")
    return log


def test_lines_are_kept_in_order_and_verify(database: Database) -> None:
    log = write_lines(database, 5)
    assert [line.object for line in log.lines()] == [f"1.2.{number}" for number in range(5)]
    assert log.lines()[0].at == NOW.isoformat()
    assert log.lines()[0].outcome is Outcome.SUCCESS
    assert log.verify() == ()
    assert AuditLog(database, KEY, fixed_clock).head() == AuditHead(5, log.lines()[-1].mac)


def test_a_line_is_not_kept_without_its_act(database: Database) -> None:
    log = write_lines(database, 1)

    def fail_after_the_line() -> None:
        with database.write() as connection:
            log.append(connection, AuditEvent.CLAIMED, actor="a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_the_line()
    assert len(log.lines()) == 1
    assert log.verify() == ()


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'x'"])
def test_the_log_is_append_only(database: Database, statement: str) -> None:
    write_lines(database, 2)
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit SET actor = 'x' WHERE seq = 3", ProblemKind.ALTERED),
        ("DELETE FROM audit WHERE seq = 3", ProblemKind.OUT_OF_ORDER),
        ("DELETE FROM audit WHERE seq > 3", ProblemKind.CUT_SHORT),
        ("DELETE FROM audit", ProblemKind.CUT_SHORT),
    ],
)
def test_changes_behind_the_program_are_found(database: Database, statement: str, kind: ProblemKind) -> None:
    log = write_lines(database, 5)
    with database.write() as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute(statement)
    assert kind in {problem.kind for problem in log.verify()}


def test_a_log_and_head_cut_together_are_found_by_an_anchor_kept_elsewhere(database: Database) -> None:
    log = write_lines(database, 5)
    anchor = log.head()
    with database.write() as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE seq > 3")
        connection.execute("UPDATE audit_head SET seq = 3, mac = (SELECT mac FROM audit WHERE seq = 3)")
    assert log.verify() == ()
    assert {problem.kind for problem in log.verify([anchor])} == {ProblemKind.CUT_SHORT}
