"""The hubs of the profile, each opened when it is first needed."""

import threading
from collections.abc import Callable

from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.addresses import is_of, origin_words
from workstation.hub.errors import HubUnknown, ManifestElsewhere
from workstation.hub.protocol import HubClient


class HubDirectory:
    """Finds a hub's client by name. ``settings`` is asked anew each time, so that a hub added meanwhile is found."""

    def __init__(
        self, settings: Callable[[], tuple[HubSettings, ...]], connect: Callable[[HubSettings], HubClient]
    ) -> None:
        self._settings = settings
        self._connect = connect
        self._clients: dict[HubSettings, HubClient] = {}
        self._lock = threading.Lock()

    def names(self) -> tuple[HubName, ...]:
        """Return the names of all hubs, in the order of the profile."""
        return tuple(one.name for one in self._settings())

    def client(self, name: HubName) -> HubClient:
        """Return the client of one hub.

        Raises
        ------
        HubUnknown
            The profile has no hub of that name.
        HubUnreachable
            It does not answer.
        """
        wanted = next((one for one in self._settings() if one.name == name), None)
        if wanted is None:
            raise HubUnknown("the profile has no such hub", hub=name)
        with self._lock:
            known = self._clients.get(wanted)
        if known is not None:
            return known
        client = self._connect(wanted)
        with self._lock:
            kept = self._clients.setdefault(wanted, client)
        if kept is not client:
            client.close()
        return kept

    def of_address(self, url: str) -> HubClient:
        """Return the client of the hub whose origin an address has.

        Raises
        ------
        ManifestElsewhere
            It is of none.
        """
        for one in self._settings():
            if is_of(url, one):
                return self.client(one.name)
        raise ManifestElsewhere("an address of no hub of the profile", origin=origin_words(url))

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            clients = tuple(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()
