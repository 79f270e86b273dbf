"""A process that migrates a database with data and is killed at the statement, or the step within one, of a number.

Called with a folder, where to kill (``statement``, ``step`` or ``file``) and a range of numbers; it forks for each
number, so that the interpreter starts once. A life that was not killed tells its exit status.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from sqlcipher3 import dbapi2

from tests.workstation.store.samples import KEY, fixed_clock
from workstation.durable import FileCalls
from workstation.store import engine
from workstation.store.backups import Backups
from workstation.store.database import Database
from workstation.store.migrations import MIGRATIONS, Migration

LAST = MIGRATIONS[-1].number
ADDED = (
    Migration(
        LAST + 1,
        (
            "CREATE TABLE labels (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
            "INSERT INTO labels (name, value) SELECT name, upper(value) FROM settings",
            "ALTER TABLE settings ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        ),
    ),
    Migration(
        LAST + 2,
        (
            "UPDATE settings SET note = name",
            "CREATE INDEX settings_by_note ON settings(note)",
            "DELETE FROM labels WHERE name = 'name 3'",
        ),
    ),
)
STEPS_BETWEEN_LOOKS = 400


class Killer:
    """Counts down, and kills this very process at nought."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, *_: object) -> int:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


class KillingCalls(FileCalls):
    """Kills before each call that a backup makes to the file system."""

    def __init__(self, killer: Killer) -> None:
        self.killer = killer

    def open(self, path: Path, flags: int, mode: int) -> int:
        self.killer()
        return super().open(path, flags, mode)

    def flush(self, descriptor: int) -> None:
        self.killer()
        super().flush(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self.killer()
        super().replace(source, target)

    def flush_folder(self, folder: Path) -> None:
        self.killer()
        super().flush_folder(folder)


def migrate(folder: Path, where: str, killer: Killer) -> None:
    def connect(*arguments: object, **named: object) -> object:
        connection = dbapi2.connect(*arguments, **named)
        if where == "statement":
            connection.set_trace_callback(killer)
        if where == "step":
            connection.set_progress_handler(killer, STEPS_BETWEEN_LOOKS)
        return connection

    engine.dbapi2 = type("Engine", (), {**vars(dbapi2), "connect": staticmethod(connect)})
    calls = KillingCalls(killer) if where == "file" else FileCalls()
    backups = Backups(folder / "backups", KEY, fixed_clock, calls)
    Database.open(
        folder / "profile.db",
        KEY,
        fixed_clock,
        migrations=(*MIGRATIONS, *ADDED),
        before_migration=backups.make_before_migration,
    ).close()


def main(original: Path, where: str, numbers: range) -> None:
    for number in numbers:
        folder = original.with_name(f"{where}-{number}")
        shutil.copytree(original, folder)
        child = os.fork()
        if child == 0:
            migrate(folder, where, Killer(number))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    first, last, every = (int(text) for text in sys.argv[3:6])
    main(Path(sys.argv[1]), sys.argv[2], range(first, last + 1, every))
