"""What is known of a hub from asking it, and how it will therefore be asked for images."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from workstation.domain.strategy import WHOLE_SERIES, Strategy

AS_STORED: Final = "*"
"""Stands for the transfer syntax in which the hub keeps each object."""
FRESH_FOR = timedelta(days=1)
# A link that is so many times faster or slower than when it was measured is another link.
OTHER_LINK = 3.0
IMAGES_OF_A_CT = 400
BYTES_OF_A_CT_IMAGE = 525_000


class Service(StrEnum):
    """What a hub may offer. Source: PS3.18 10 and 11."""

    QIDO = "qido"
    SERIES = "wado_series"
    INSTANCE = "wado_instance"
    FRAMES = "wado_frames"
    STOW = "stow"
    UPS = "ups"
    EVENTS = "events"


class Why(StrEnum):
    """Why images are asked for in that way."""

    NOT_PROBED = "not_probed"
    NO_STUDY = "no_study"
    STREAM_IS_FAST = "stream_is_fast"
    STREAM_IS_FASTEST = "stream_is_fastest"
    SINGLE_IS_FASTER = "single_is_faster"
    NO_SERIES = "no_series"
    ONLY_FRAMES = "only_frames"


@dataclass(frozen=True, slots=True)
class Asking:
    """In which form objects are asked for.

    ``transfer_syntax`` is a UID, or ``AS_STORED``; ``dialect`` is the name of a row of the table of Accept dialects,
    empty where none is known to be understood. ``by_frames`` puts objects together from metadata and frames, where the
    hub gives no whole ones.
    """

    transfer_syntax: str = AS_STORED
    dialect: str = ""
    by_frames: bool = False


@dataclass(frozen=True, slots=True)
class SyntaxTrial:
    """One image asked for in one transfer syntax: whether it came so, its size against the stored one, the time."""

    transfer_syntax: str
    is_given: bool
    ratio: float = 1.0
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class HubFindings:
    """What a probe found. Times of 0 were not measured; ``link`` tells by which network the hub was reached.

    ``undecided`` are the services of which the hub, busy or failing, said nothing when it was asked.
    ``instance_ms`` is of one image asked for alone; ``stream_image_ms`` and ``single_image_ms`` are the time that one
    image takes within the stream of its series, and among images asked for one by one, several at once.
    ``compares_in_short`` tells, of this look alone, that a series is compared without a list of it.
    ``page_cap`` is the most matches that one answer brings where that is fewer than were asked for.
    """

    found: datetime
    url: str
    link: str
    server: str = ""
    services: tuple[Service, ...] = ()
    undecided: tuple[Service, ...] = ()
    latency_ms: float = 0.0
    first_byte_ms: float = 0.0
    instance_ms: float = 0.0
    stream_image_ms: float = 0.0
    single_image_ms: float = 0.0
    bytes_per_s: float = 0.0
    probed_bytes: int = 0
    syntaxes: tuple[SyntaxTrial, ...] = ()
    page_cap: int | None = None
    ignores_offset: bool = False
    strategy: Strategy = WHOLE_SERIES
    asking: Asking = Asking()
    why: Why = Why.NOT_PROBED
    compares_in_short: bool = False

    def offers(self, service: Service) -> bool:
        """Whether the hub gave this service."""
        return service in self.services

    def is_current(self, now: datetime, url: str, link: str) -> bool:
        """Whether they may still be relied upon: of this address, by this network, and not older than a day."""
        return self.url == url and self.link == link and timedelta(0) <= now - self.found < FRESH_FOR

    def is_far_from(self, bytes_per_s: float) -> bool:
        """Whether a measured speed is of another kind of link than the one that was probed."""
        if not self.bytes_per_s or not bytes_per_s:
            return False
        ratio = bytes_per_s / self.bytes_per_s
        return ratio > OTHER_LINK or ratio < 1.0 / OTHER_LINK

    def seconds_for(self, size_bytes: int) -> float | None:
        """Return how long that much stored data takes by the strategy; nothing where the speed was not measured."""
        if not self.bytes_per_s:
            return None
        return self.first_byte_ms / 1000.0 + size_bytes * self._ratio() / self.bytes_per_s

    def _ratio(self) -> float:
        wanted = self.asking.transfer_syntax
        return next((trial.ratio for trial in self.syntaxes if trial.transfer_syntax == wanted), 1.0)
