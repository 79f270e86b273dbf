"""A catalogue made large for measuring: one entered study, repeated under other identifiers by the engine itself.

Only the benchmarks may import it (a contract in ``pyproject.toml``).
"""

from math import prod

from viewers.identifiers import StudyUID
from workstation.store.database import Database

STUDIES_OF_A_PATIENT = 3

_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) "
_PATIENT = f"patient_id || (n / {STUDIES_OF_A_PATIENT})"
# Each row is its model with the identifiers replaced, so it is as long as if it had been received.
_STATEMENTS = (
    "INSERT INTO studies (uid, patient_id, issuer_oid, summary, origin, added)"
    f" SELECT uid || '.' || n, {_PATIENT}, issuer_oid,"
    f" replace(replace(summary, uid, uid || '.' || n), patient_id, {_PATIENT}), origin, added"
    " FROM studies JOIN numbers WHERE uid = ? ORDER BY n",
    "INSERT INTO series (uid, study, summary)"
    " SELECT uid || '.' || n, study || '.' || n, replace(summary, uid, uid || '.' || n)"
    " FROM series JOIN numbers WHERE study = ? ORDER BY n",
    "INSERT INTO instances (uid, series, study, sop_class, transfer_syntax, digest, frames, number, header, origin,"
    " added) SELECT uid || '.' || n, series || '.' || n, study || '.' || n, sop_class, transfer_syntax, digest, frames,"
    " number, header, origin, added FROM instances JOIN numbers WHERE study = ? ORDER BY n",
)


def multiply(database: Database, study: StudyUID, first: int, last: int) -> None:
    """Repeat ``study`` as numbers ``first`` to ``last`` - 1 in one transaction.

    Study ``n`` is ``study`` with ``.n`` behind it, its patient that of the model with ``n // STUDIES_OF_A_PATIENT``.
    """
    with database.write() as connection:
        for statement in _STATEMENTS:
            connection.execute(_NUMBERS + statement, (first, last - 1, study))


def size_bytes(database: Database) -> int:
    """Return the room that the database takes once its log is merged."""
    with database.read() as connection:
        rows = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")]
    return prod(int(str(row[0])) for row in rows if row)
