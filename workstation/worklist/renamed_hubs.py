"""Requests of hubs that have left the profile, and are there under another name: removed, and added again."""

from collections.abc import Callable

from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.request import Request, RequestKey
from workstation.hub.addresses import is_of, is_root_of
from workstation.store.requests import RequestStore


class RenamedHubs:
    """Tells where the request of a hub that left is now; ``former_url`` is where that hub was, as far as it is known.

    It is that of the only hub which lists the identifier and, where it is known, is where the one that left was: at its
    very address, or on its server where none is there. A request of other studies is another one of the same number.
    """

    def __init__(
        self,
        hubs: Callable[[], tuple[HubSettings, ...]],
        former_url: Callable[[HubName], str | None],
        requests: RequestStore,
    ) -> None:
        self._hubs = hubs
        self._former_url = former_url
        self._requests = requests

    def now(self, request: RequestKey) -> RequestKey:
        """Return under which hub the request is now; the same where its hub is there, or cannot be told."""
        hubs = {one.name: one for one in self._hubs()}
        if request.hub in hubs:
            return request
        url = self._former_url(request.hub)
        there = self._at(url)
        former = self._requests.request(request)
        named = [one for one in self._requests.named(request.id) if one.hub in hubs]
        listed = [one for one in named if former is None or _is_alike(former, one)]
        found = [one for one in listed if url is None or (one.hub in there if there else is_of(url, hubs[one.hub]))]
        return found[0].key if len(found) == 1 else request

    def hub_now(self, hub: HubName, request: RequestId | None) -> HubName:
        """Return what a hub is called now: by its address, or by a request of it; the same where it cannot be told."""
        if hub in {one.name for one in self._hubs()}:
            return hub
        there = self._at(self._former_url(hub))
        if there:
            return there[0] if len(there) == 1 else hub
        return hub if request is None else self.now(RequestKey(request, hub)).hub

    def _at(self, url: str | None) -> tuple[HubName, ...]:
        """Return the hubs at an address, mirrors left aside."""
        hubs = self._hubs()
        names = {one.name for one in hubs}
        own = (one for one in hubs if one.mirror_of not in names)
        return () if url is None else tuple(one.name for one in own if is_root_of(url, one))

    def named(self, identifier: RequestId) -> tuple[Request, ...]:
        """Return the requests of this identifier on the hubs that are there; those of others only where there is none.

        What a hub listed that has left the profile since does not stand against one that is there.
        """
        names = {one.name for one in self._hubs()}
        known = self._requests.named(identifier)
        return tuple(one for one in known if one.hub in names) or known


def _is_alike(former: Request, one: Request) -> bool:
    """Whether two requests of one identifier may be the same: hubs that know nothing of each other number alike."""
    if former.studies and one.studies:
        return not {study.study for study in former.studies}.isdisjoint(study.study for study in one.studies)
    return not former.patient.is_named_otherwise(one.patient)
