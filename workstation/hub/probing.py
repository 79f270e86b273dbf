"""Asking a hub once what it can do."""

import time
from collections.abc import Callable

from workstation.domain.request import Carrier
from workstation.hub.door import Call, Door
from workstation.hub.errors import HubAnsweredWrongly, NotOnHub
from workstation.hub.protocol import HubCapabilities

# Statuses by which a hub says that it knows no work items, beyond 404 and 410.
_NO_SERVICE = (400, 405, 406, 501)


def probe(door: Door, monotonic: Callable[[], float] = time.monotonic) -> HubCapabilities:
    """Return what carries requests on a hub, and how fast it answers.

    Raises
    ------
    HubUnreachable, HubRefused
        The hub cannot be asked.
    """
    started = monotonic()
    try:
        server = door.ask(Call("GET", "workitems", (("limit", "1"),))).headers.get("server", "")
        carrier = Carrier.WORK_ITEM
    except NotOnHub:
        server, carrier = "", Carrier.REQUEST_SR
    except HubAnsweredWrongly as error:
        if error.status not in _NO_SERVICE:
            raise
        server, carrier = "", Carrier.REQUEST_SR
    return HubCapabilities(carrier, (monotonic() - started) * 1000.0, server)
