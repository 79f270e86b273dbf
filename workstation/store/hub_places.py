"""Where hubs were for which something waits: no other hub that takes their name gets it."""

from workstation.domain.delivery import SETTLED, SETTLED_COMPLETIONS
from workstation.domain.hub import HubSettings
from workstation.domain.hub_place import is_same_place
from workstation.domain.identifiers import HubName
from workstation.domain.report import DraftState
from workstation.store.database import Connection
from workstation.store.errors import HubElsewhere, HubUncertain

# What has arrived is looked for again for some weeks, and what is missing then is sent again.
_CASES = (
    "SELECT coalesce(request, draft) FROM deliveries WHERE hub = ?1 AND (check_at > 0 OR state NOT IN (?2, ?3))"
    " UNION SELECT request FROM completions WHERE hub = ?1 AND state NOT IN (?4, ?5)"
    " UNION SELECT request FROM claims WHERE hub = ?1"
    " UNION SELECT coalesce(request, id) FROM drafts WHERE state = ?6 AND json_extract(body, '$.hub') = ?1"
)


def former_setting(hub: HubName) -> str:
    """Return the name of the setting that keeps where a hub was that has been removed."""
    return f"former hub {hub}"


def check_place(connection: Connection, hub: HubSettings) -> None:
    """Refuse to give a name to a hub at another place than the one for which something waits under that name.

    Raises
    ------
    HubElsewhere, HubUncertain
        It was at another address, or nobody knows at which.
    """
    waiting = _count_cases(connection, hub.name)
    if not waiting:
        return
    query = (
        "SELECT coalesce((SELECT json_extract(body, '$.url') FROM hubs WHERE name = ?),"
        " (SELECT value FROM settings WHERE name = ?))"
    )
    (found,) = connection.execute(query, (hub.name, former_setting(hub.name))).fetchall()
    if found[0] is None:
        raise HubUncertain("what waits was for an unknown address", hub=hub.name, url=hub.url, count=waiting)
    former = str(found[0])
    if not is_same_place(former, hub.url):
        raise HubElsewhere(
            "what waits was for another address", hub=hub.name, url=hub.url, former=former, count=waiting
        )


def _count_cases(connection: Connection, hub: HubName) -> int:
    """Return how many cases have something that goes, or is looked for, at the hub of a name."""
    settled, completed = (sorted(one.value for one in states) for states in (SETTLED, SETTLED_COMPLETIONS))
    parameters = (hub, *settled, *completed, DraftState.OPEN.value)
    (found,) = connection.execute(f"SELECT count(*) FROM ({_CASES})", parameters).fetchall()
    return int(str(found[0]))
