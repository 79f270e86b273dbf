"""The hubs of the profile, each opened when it is first needed."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Final, TypeVar

from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.addresses import is_below, is_of, origin_words
from workstation.hub.beside import begin
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import HubUnknown, HubUnreachable, ManifestElsewhere
from workstation.hub.health import Health, is_illness
from workstation.hub.mirrored import MirroredHub, Site
from workstation.hub.protocol import HubClient, StudyQuery

Result = TypeVar("Result")
# A study that nobody has: answered from an index.
NOBODY: Final = StudyQuery(study="0.0")
_LOOK_S: Final = 0.2


class HubDirectory:
    """Finds a hub's client by name. ``settings`` is asked anew each time, so that a hub added meanwhile is found."""

    def __init__(
        self, settings: Callable[[], tuple[HubSettings, ...]], connect: Callable[[HubSettings], HubClient]
    ) -> None:
        self._settings = settings
        self._connect = connect
        self._clients: dict[HubSettings, HubClient] = {}
        self._healths: dict[HubSettings, Health] = {}
        self._lock = threading.Lock()

    def names(self) -> tuple[HubName, ...]:
        """Return the names of all hubs, in the order of the profile; a mirror of another one is none by itself."""
        settings = self._settings()
        known = {one.name for one in settings}
        return tuple(one.name for one in settings if one.mirror_of not in known)

    def mirrors(self, name: HubName) -> tuple[HubSettings, ...]:
        """Return the mirrors of a hub, in the order of the profile."""
        return tuple(one for one in self._settings() if one.mirror_of == name)

    def reading(self, name: HubName) -> MirroredHub:
        """Return a hub to read from: itself, or its mirrors while it does not answer. Raises as ``client``.

        A mirror that cannot be used is left out; ``unusable_mirrors`` names it.
        """
        opened = (self._mirror(one.name) for one in self.mirrors(name))
        return MirroredHub(self._site(name), [one for one in opened if isinstance(one, Site)])

    def unusable_mirrors(self) -> tuple[tuple[HubName, WorkstationError], ...]:
        """Return the mirrors that cannot be used as the profile describes them, each with why; nobody is asked."""
        opened = ((mirror.name, self._mirror(mirror.name)) for name in self.names() for mirror in self.mirrors(name))
        return tuple((name, one) for name, one in opened if isinstance(one, WorkstationError))

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

    def ask_each(
        self,
        ask: Callable[[HubName], Result],
        within_s: float,
        cancelled: Cancelled = never,
        among: Sequence[HubName] | None = None,
    ) -> Mapping[HubName, Result | WorkstationError]:
        """Ask every hub of the profile, or those ``among``, all at once; return what each answers or why it does not.

        A hub that takes longer than ``within_s`` counts as one that does not answer; what it says later is dropped.
        Cancelled, it waits for nobody any more.
        """
        asked = {name: self._ask_beside(name, ask) for name in (self.names() if among is None else among)}
        until, awaited = time.monotonic() + within_s, set(asked.values())
        while awaited and not cancelled() and time.monotonic() < until:
            awaited = wait(awaited, min(_LOOK_S, within_s)).not_done
        return {name: _late(name) if future in awaited else future.result() for name, future in asked.items()}

    def _ask_beside(self, name: HubName, ask: Callable[[HubName], Result]) -> "Future[Result | WorkstationError]":
        def asked() -> Result | WorkstationError:
            try:
                return ask(name)
            except WorkstationError as error:
                return error

        return begin(asked)

    def answers(self, name: HubName) -> bool:
        """Ask a hub a small question, and return whether it is well."""
        try:
            client = self.client(name)
        except WorkstationError:
            return False
        try:
            client.search_studies(NOBODY, 1)
        except WorkstationError as error:
            return not is_illness(error)
        return True

    def _mirror(self, name: HubName) -> Site | WorkstationError:
        try:
            return self._site(name)
        except WorkstationError as error:
            return error

    def _site(self, name: HubName) -> Site:
        client = self.client(name)
        with self._lock:
            health = self._healths.setdefault(client.settings, Health(lambda: client.search_studies(NOBODY, 1)))
        return Site(client, health)

    def of_address(self, url: str) -> HubClient:
        """Return the client of the hub whose origin an address has; of several, the one below whose root it lies.

        Raises
        ------
        ManifestElsewhere
            It is of none.
        """
        found = sorted((one for one in self._settings() if is_of(url, one)), key=lambda one: not is_below(url, one))
        if found:
            return self.client(found[0].name)
        raise ManifestElsewhere("an address of no hub of the profile", origin=origin_words(url))

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            clients = tuple(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()


def _late(name: HubName) -> WorkstationError:
    return HubUnreachable("no answer within the time for a search", hub=name)
