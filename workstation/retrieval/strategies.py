"""How each hub is asked for images: what was found of it last, looked at again when that is old or no longer true.

Nobody waits for a probe before the first image: a hub that was never looked at is asked for whole series as stored,
and the speed of that transfer decides whether to look closer before the next.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import BYTES_OF_A_CT_IMAGE, Asking, HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.link import LinkSpeed
from workstation.domain.strategy import WHOLE_SERIES, Strategy
from workstation.errors import WorkstationError

Later = Callable[[Callable[[], None]], object]
_log = logging.getLogger(__name__)
# Less than this tells nothing of a link: the time is that of questions and answers.
_TELLING_BYTES = 8 << 20
# Each image asks: the database and the network's addresses are looked up for many at once.
_LOOKED_UP_FOR = timedelta(seconds=5)
_AT_LEAST_APART = timedelta(minutes=10)
_FAST_BYTES_PER_S = 20_000_000.0


class CheckedHub(Protocol):
    """The part of a hub that can be looked at."""

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""

    def check(self) -> HubFindings:
        """Find out what it can do and how fast."""


class FindingsLike(Protocol):
    """Where findings are remembered."""

    def of(self, hub: HubName) -> HubFindings | None:
        """Return the last findings of a hub."""

    def remember(self, hub: HubName, findings: HubFindings) -> None:
        """Keep the findings of a hub."""


class Strategies:
    """The strategy of every hub; ``later`` runs what nobody waits for. Thread safe as far as the findings are."""

    def __init__(self, findings: FindingsLike, link_to: Callable[[str], str], clock: Clock, later: Later) -> None:
        self._later = later
        self._findings = findings
        self._link_to = link_to
        self._clock = clock
        self._looked_up: dict[HubSettings, tuple[datetime, HubFindings | None]] = {}

    def current(self, hub: HubSettings) -> HubFindings | None:
        """Return what is known of a hub and still holds: of its address, by this network, of the last day."""
        now = self._clock()
        before, known = self._looked_up.get(hub, (None, None))
        if before is not None and timedelta(0) <= now - before < _LOOKED_UP_FOR:
            return known
        found = self._findings.of(hub.name)
        is_current = found is not None and found.is_current(now, hub.url, self._link_to(hub.url))
        self._looked_up[hub] = (now, found if is_current else None)
        return found if is_current else None

    def strategy(self, hub: HubSettings) -> Strategy:
        """Return how a hub is asked."""
        found = self.current(hub)
        return WHOLE_SERIES if found is None else found.strategy

    def asking(self, hub: HubSettings) -> Asking:
        """Return in which form objects are asked for."""
        found = self.current(hub)
        return Asking() if found is None else found.asking

    def slowest(self, hubs: Iterable[HubSettings]) -> LinkSpeed | None:
        """Return the slowest of the links whose speed is known and still holds."""
        found = [(one.name, self.current(one)) for one in hubs]
        known = [LinkSpeed(name, one.bytes_per_s) for name, one in found if one is not None and one.bytes_per_s]
        slowest = min(known, key=lambda link: link.bytes_per_s, default=None)
        return slowest if slowest is None else replace(slowest, is_of_several=len(known) > 1)

    def check(self, client: CheckedHub) -> HubFindings:
        """Look at a hub now, and remember what was found.

        Raises
        ------
        WorkstationError
            It cannot be asked.
        """
        found = client.check()
        self._findings.remember(client.settings.name, found)
        self._looked_up.pop(client.settings, None)
        return found

    def estimate(self, client: CheckedHub, images: int) -> float | None:
        """Return in how many seconds so many images would be here; a hub not looked at yet is, for the next time."""
        found = self.current(client.settings)
        if found is None:
            self._later(lambda: self._look(client))
        return None if found is None else found.seconds_for(images * BYTES_OF_A_CT_IMAGE)

    def measured(self, client: CheckedHub, size_bytes: int, seconds: float) -> None:
        """Take note of a transfer, and have the hub looked at again where it was unlike what was found before."""
        if size_bytes < _TELLING_BYTES or seconds <= 0:
            return
        if self._is_news(self.current(client.settings), size_bytes / seconds):
            self._later(lambda: self._look(client))

    def _is_news(self, found: HubFindings | None, bytes_per_s: float) -> bool:
        if found is None:
            return bytes_per_s < _FAST_BYTES_PER_S
        # Above that speed the transfer waits for this computer, not for the link.
        is_slow = min(bytes_per_s, found.bytes_per_s) < _FAST_BYTES_PER_S
        return is_slow and found.is_far_from(bytes_per_s) and self._clock() - found.found > _AT_LEAST_APART

    def _is_newly_looked_at(self, hub: HubSettings) -> bool:
        """Whether the same look was asked for more than once while it was waited for."""
        found = self._findings.of(hub.name)
        return found is not None and found.url == hub.url and self._clock() - found.found <= _AT_LEAST_APART

    def _look(self, client: CheckedHub) -> None:
        if self._is_newly_looked_at(client.settings):
            return
        try:
            self.check(client)
        except WorkstationError as error:
            _log.warning("a hub could not be looked at: %s", error.technical)
