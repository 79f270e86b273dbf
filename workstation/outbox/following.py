"""Keeps signed reports with their hub when that leaves the profile, and is there again under another name."""

import logging
from collections.abc import Callable

from workstation.domain.identifiers import HubName, RequestId
from workstation.store.errors import StoreError
from workstation.store.outbox_hubs import OutboxHubs

_log = logging.getLogger(__name__)
HubNow = Callable[[HubName, RequestId | None], HubName]


class Following:
    """``hub_now`` tells what a hub is called now, by itself or by a request of it; the same name where nobody knows."""

    def __init__(self, reports: OutboxHubs, hub_now: HubNow) -> None:
        self._reports = reports
        self._hub_now = hub_now

    def follow(self) -> None:
        """Give each report of a hub that left to the hub that it is now; one that cannot be keeps up no other."""
        for one in self._reports.stranded():
            hub = self._hub_now(one.hub, one.request)
            if hub == one.hub:
                continue
            try:
                self._reports.move(one, hub)
            except StoreError as failure:
                _log.warning("a report could not follow its hub: %s", failure.technical)
