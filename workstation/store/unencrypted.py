"""A database without encryption, for measuring what encryption costs; nothing of a patient is ever put into it.

Only the benchmarks may import it (a contract in ``pyproject.toml``).
"""

from workstation.store.database import Database
from workstation.store.engine import Connection, connect_unencrypted


class UnencryptedDatabase(Database):
    """The same engine, schema and settings, without a key."""

    def _connect(self) -> Connection:
        return connect_unencrypted(self._path)
