"""Which requests a hub has listed and lists no more: its mirror may list them for long."""

import json
from collections.abc import Collection
from typing import Final

from workstation.domain.identifiers import HubName, RequestId
from workstation.store.database import Connection

# A mirror that is further behind than so many requests is none.
_MOST: Final = 2000


def dropped_setting(hub: HubName) -> str:
    """Return the name of the setting that keeps them."""
    return f"requests dropped {hub}"


def dropped_by(connection: Connection, hub: HubName) -> tuple[RequestId, ...]:
    """Return them, the latest last."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (dropped_setting(hub),)).fetchone()
    return () if row is None else tuple(RequestId(str(one)) for one in json.loads(str(row[0])))


def note_dropped(
    connection: Connection, hub: HubName, known: Collection[RequestId], listed: Collection[RequestId]
) -> None:
    """Note within a transaction of the caller which of those known a hub lists no more, and which again."""
    before = dropped_by(connection, hub)
    now = tuple(one for one in dict.fromkeys((*before, *known)) if one not in listed)[-_MOST:]
    if now != before:
        connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (dropped_setting(hub), json.dumps(now)),
        )
