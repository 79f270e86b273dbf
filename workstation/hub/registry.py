"""Which client a hub gets: one line per kind of hub, by what carries its requests."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from workstation.domain.clock import Clock, system_clock
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import Asking, HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.request import Carrier
from workstation.hub.checking import HubCheck
from workstation.hub.dicomweb import DicomWebClient
from workstation.hub.door import Door, DoorLimits
from workstation.hub.negotiation import AskingNow
from workstation.hub.orthanc_index import OrthancIndex
from workstation.hub.probing import probe
from workstation.hub.protocol import HubClient, Inspect, RequestDesk
from workstation.hub.request_sr import RequestSrRequests
from workstation.hub.retrieve import Retrieve
from workstation.hub.search import Search
from workstation.hub.sign_in.kind import Shelf
from workstation.hub.store import store
from workstation.hub.subscription import Subscription
from workstation.hub.ups import UpsRequests
from workstation.hub.work_items import WorkItems


@dataclass(frozen=True, slots=True)
class Connection:
    """What a desk for requests is made of."""

    settings: HubSettings
    door: Door
    search: Search
    retrieve: Retrieve
    inspect: Inspect
    roots: Mapping[HubName, str]
    clock: Clock
    sleep: Callable[[float], None]


def _ups(connection: Connection) -> RequestDesk:
    items = WorkItems(connection.door, connection.search)
    subscription = Subscription(connection.door, connection.settings.name)
    return UpsRequests(items, subscription, connection.settings, connection.roots, connection.clock, connection.sleep)


def _request_sr(connection: Connection) -> RequestDesk:
    return RequestSrRequests(
        connection.search,
        connection.retrieve,
        partial(store, connection.door),
        connection.inspect,
        connection.settings,
        connection.clock,
        connection.sleep,
    )


KINDS: Final[Mapping[Carrier, Callable[[Connection], RequestDesk]]] = MappingProxyType(
    {
        Carrier.WORK_ITEM: _ups,
        Carrier.REQUEST_SR: _request_sr,
    }
)


def open_hub(
    settings: HubSettings,
    inspect: Inspect,
    known: Sequence[HubSettings] = (),
    *,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
    limits: DoorLimits | None = None,
    shelf: Shelf | None = None,
    asking: AskingNow = Asking,
) -> HubClient:
    """Return the client of a hub. Nothing is sent yet: a hub that is down can be opened.

    ``inspect`` returns the header of Part 10 bytes, by a worker process. ``known`` are the profile's hubs, by which
    priors on other hubs are recognised. ``shelf`` keeps what a sign-in in the browser gave. ``asking`` tells each time
    in which form objects are asked for.

    Raises
    ------
    UnusableAddress
        The configured address is not one.
    """
    door = Door(settings, limits, shelf=shelf, clock=clock)
    search, retrieve = Search(door, settings), Retrieve(door, asking)
    roots = {hub.name: hub.url.rstrip("/") for hub in (*known, settings)}
    connection = Connection(settings, door, search, retrieve, inspect, roots, clock, sleep)
    ask = partial(probe, door)

    def check() -> HubFindings:
        return HubCheck(settings, door, Search(door, settings), ask, clock).run()

    return DicomWebClient(
        settings, door, search, retrieve, OrthancIndex(door), ask, check, lambda carrier: KINDS[carrier](connection)
    )
