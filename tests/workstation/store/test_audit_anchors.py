"""Whoever rewrites the past of a profile is found: edit, delete, reorder, truncate, rebuild, put back, remove marks."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, fixed_clock, open_database
from workstation.audit.chain import GENESIS, AuditHead, AuditLine, ProblemKind, chain
from workstation.audit.events import AuditEvent, Outcome
from workstation.durable import FileCalls
from workstation.store.audit import AuditLog
from workstation.store.audit_anchors import AnchorFile
from workstation.store.database import Connection, Database

ANCHOR_KEY = bytes(reversed(KEY))
ALTERED, OUT_OF_ORDER = ProblemKind.ALTERED, ProblemKind.OUT_OF_ORDER
CUT_SHORT, REBUILT, ANCHORS = ProblemKind.CUT_SHORT, ProblemKind.REBUILT, ProblemKind.ANCHORS_ALTERED


class Profile:
    """A database with ten lines, anchored after the third, the sixth and the ninth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database: Database = open_database(folder)
        self.log = AuditLog(self.database, KEY, fixed_clock, AnchorFile(self.anchors, ANCHOR_KEY))

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors.audit"

    def write(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.log.record(AuditEvent.OPENED, actor="1", object=f"1.2.{number}")

    def attack(self, change: Callable[[Connection], None]) -> None:
        with self.database.write() as connection:
            connection.execute("DROP TRIGGER IF EXISTS audit_no_update")
            connection.execute("DROP TRIGGER IF EXISTS audit_no_delete")
            change(connection)

    def found(self, *known: AuditHead) -> dict[ProblemKind, int]:
        """Return the first line of each kind of fault."""
        problems: dict[ProblemKind, int] = {}
        for one in self.log.verify(known):
            problems.setdefault(one.kind, one.seq)
        return problems


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path)
    for first in (1, 4, 7):
        profile.write(first, first + 2)
        profile.log.anchor()
    profile.write(10, 10)
    yield profile
    profile.database.close()


def edit(connection: Connection) -> None:
    connection.execute("UPDATE audit SET object = '9.9' WHERE seq = 5")


def edit_the_event(connection: Connection) -> None:
    connection.execute("UPDATE audit SET event = 'nothing at all', outcome = 3 WHERE seq = 5")


def delete(connection: Connection) -> None:
    connection.execute("DELETE FROM audit WHERE seq = 5")


def reorder(connection: Connection) -> None:
    connection.execute("UPDATE audit SET seq = 50 WHERE seq = 5")
    connection.execute("UPDATE audit SET seq = 5 WHERE seq = 6")
    connection.execute("UPDATE audit SET seq = 6 WHERE seq = 50")


def truncate(connection: Connection) -> None:
    connection.execute("DELETE FROM audit WHERE seq > 5")
    connection.execute("UPDATE audit_head SET anchored = 3, seq = 5, mac = (SELECT mac FROM audit WHERE seq = 5)")


def rebuild(connection: Connection) -> None:
    """Write the whole log again, chained with the right key, as somebody with the open database could."""
    connection.execute("DELETE FROM audit")
    previous = GENESIS
    for seq in range(1, 11):
        bare = AuditLine(seq, fixed_clock().isoformat(), "2", AuditEvent.OPENED, f"1.2.{seq}", Outcome.SUCCESS)
        line = chain(previous, bare, KEY)
        connection.execute(
            "INSERT INTO audit (seq, at, actor, event, object, outcome, detail, mac) VALUES (?, ?, ?, ?, ?, 0, '', ?)",
            (seq, line.at, line.actor, line.event, line.object, line.mac),
        )
        previous = line.mac
    connection.execute("UPDATE audit_head SET seq = 10, mac = ?", (previous,))


def test_an_honest_log_is_sound(profile: Profile) -> None:
    assert profile.found() == {}
    assert profile.found(profile.log.head()) == {}


@pytest.mark.parametrize(
    ("attack", "kind", "line"),
    [
        (edit, ALTERED, 5),
        (edit_the_event, ALTERED, 5),
        (delete, OUT_OF_ORDER, 5),
        (reorder, ALTERED, 5),
        (truncate, CUT_SHORT, 6),
        (rebuild, REBUILT, 3),
    ],
)
def test_each_attack_on_the_log_is_found_at_its_line(
    attack: Callable[[Connection], None], kind: ProblemKind, line: int, profile: Profile
) -> None:
    profile.attack(attack)
    assert profile.found()[kind] == line


def test_a_database_put_back_to_an_older_copy_is_found(tmp_path: Path) -> None:
    folder, copy = tmp_path / "profile", tmp_path / "copy"
    profile = Profile(folder)
    profile.write(1, 3)
    profile.log.anchor()
    profile.database.close()
    shutil.copytree(folder, copy)
    profile = Profile(folder)
    profile.write(4, 6)
    profile.log.anchor()
    profile.database.close()
    for path in folder.glob("profile.db*"):
        path.unlink()
    for path in copy.glob("profile.db*"):
        shutil.copy(path, folder)
    profile = Profile(folder)
    assert profile.found() == {CUT_SHORT: 4}
    profile.write(40, 43)
    assert profile.found()[REBUILT] == 6
    profile.database.close()


def test_profile_and_anchors_put_back_together_are_found_by_a_report_that_was_sent(profile: Profile) -> None:
    """What lies here alone cannot show it; the head in a signed report, fetched from its hub, does."""
    sent = profile.log.head()
    profile.attack(truncate)
    profile.anchors.write_text("".join(profile.anchors.read_text().splitlines(keepends=True)[:1]))
    assert profile.found() == {}
    assert profile.found(sent) == {CUT_SHORT: 6}


@pytest.mark.parametrize(
    ("damage", "after"),
    [
        (lambda lines: lines[:0], 0),
        (lambda lines: lines[:-1], 6),
        (lambda lines: lines[1:], 0),
        (lambda lines: [lines[0], lines[2]], 3),
        (lambda lines: [lines[1], lines[0], lines[2]], 0),
        (lambda lines: [lines[0], lines[1].replace(" ", "x", 1), lines[2]], 3),
        (lambda lines: [lines[0], "7" + lines[1][1:], lines[2]], 3),
    ],
)
def test_anchors_that_were_changed_or_removed_are_found(
    damage: Callable[[list[str]], list[str]], after: int, profile: Profile
) -> None:
    lines = profile.anchors.read_text().splitlines()
    profile.anchors.write_text("".join(f"{line}\n" for line in damage(lines)))
    assert profile.found()[ANCHORS] == after


def test_a_missing_file_of_anchors_is_found(profile: Profile) -> None:
    profile.anchors.unlink()
    assert profile.found() == {ANCHORS: 0}


def test_anchors_made_with_another_key_are_not_believed(profile: Profile) -> None:
    profile.anchors.unlink()
    AnchorFile(profile.anchors, KEY).append(AuditHead(9, profile.log.lines()[8].mac))
    assert profile.found() == {ANCHORS: 0}


def test_a_line_torn_by_a_power_cut_accuses_nobody(profile: Profile) -> None:
    with profile.anchors.open("ab") as file:
        file.write(b"10 abcd")
    assert profile.found() == {}
    profile.log.anchor()
    profile.write(11, 11)
    profile.log.anchor()
    heads = AnchorFile(profile.anchors, ANCHOR_KEY).read().heads
    assert [head.seq for head in heads] == [3, 6, 9, 10, 11]
    assert profile.found() == {}


def test_an_act_is_not_undone_by_a_disk_that_takes_no_anchor(tmp_path: Path) -> None:
    class FullDisk(FileCalls):
        def write(self, descriptor: int, data: memoryview) -> int:
            raise OSError(28, "no space")

    log = AuditLog(
        open_database(tmp_path), KEY, fixed_clock, AnchorFile(tmp_path / "anchors", ANCHOR_KEY, calls=FullDisk())
    )
    log.record(AuditEvent.OPENED, actor="1")
    log.anchor()
    assert len(log.lines()) == 1
    assert log.verify() == ()


def test_nothing_is_anchored_twice(profile: Profile) -> None:
    profile.log.anchor()
    size = profile.anchors.stat().st_size
    profile.log.anchor()
    assert profile.anchors.stat().st_size == size


def test_a_repair_that_lost_lines_accuses_nobody_and_says_how_many(tmp_path: Path) -> None:
    folder, copy = tmp_path / "profile", tmp_path / "copy"
    profile = Profile(folder)
    profile.write(1, 3)
    profile.log.anchor()
    profile.database.close()
    shutil.copytree(folder, copy)
    profile = Profile(folder)
    profile.write(4, 9)
    profile.log.anchor()
    profile.database.close()
    shutil.copy(copy / "profile.db", folder)
    profile = Profile(folder)
    profile.log.record(AuditEvent.RESTORED, actor="")
    profile.log.anchor()
    assert profile.found() == {}
    assert profile.log.lost_lines() == 6
    profile.write(10, 30)
    profile.log.anchor()
    profile.database.close()
    shutil.copy(copy / "profile.db", folder)
    profile = Profile(folder)
    profile.write(40, 41)
    assert profile.found() == {REBUILT: 4, CUT_SHORT: 6}
    profile.database.close()
