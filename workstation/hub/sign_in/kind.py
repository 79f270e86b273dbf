"""What every way to sign in offers to the door."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.hub.errors import HubRefused, NotOffered
from workstation.hub.exchange import Cancelled, DoorLimits


@dataclass(frozen=True, slots=True)
class Browser:
    """The person's own browser: ``visit`` shows an address there, ``done`` is what the page says at the end."""

    visit: Callable[[str], None]
    done: str


class Shelf(Protocol):
    """Where a sign-in keeps what must outlive the program, encrypted: one text per hub."""

    def held(self) -> str | None:
        """Return what is kept, or ``None``."""

    def keep(self, text: str) -> None:
        """Keep a text instead of what was kept."""

    def forget(self) -> None:
        """Destroy what is kept."""


class SignIn(Protocol):
    """How requests to one hub are authenticated. Safe for use from several threads."""

    @property
    def certificate(self) -> str:
        """Key and chain that the connection shows, as PEM; empty for none."""

    def headers(self, cancelled: Cancelled) -> Mapping[str, str]:
        """Return the headers of one request.

        Raises
        ------
        SignInNeeded
            The person must sign in first; nothing is to be sent.
        """

    def renew(self, refused: Mapping[str, str], cancelled: Cancelled) -> bool:
        """Say whether ``headers`` are now others than those that the hub did not accept."""

    def refusal(self, refused: Mapping[str, str]) -> HubRefused:
        """Return the error for a hub that does not accept these headers, and never will."""

    def sign_in(self, browser: Browser, cancelled: Cancelled) -> None:
        """Let the person sign in, and return when that is done."""

    def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a way to sign in is made of."""

    hub: HubSettings
    shelf: Shelf
    limits: DoorLimits
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class FixedSignIn:
    """The same with every request; what the hub does not accept cannot be renewed."""

    hub: str
    fixed: Mapping[str, str] = field(default_factory=dict, repr=False)
    certificate: str = field(default="", repr=False)

    def headers(self, _cancelled: Cancelled) -> Mapping[str, str]:
        """Return the headers."""
        return self.fixed

    def renew(self, _refused: Mapping[str, str], _cancelled: Cancelled) -> bool:
        """Return false."""
        return False

    def refusal(self, _refused: Mapping[str, str]) -> HubRefused:
        """Return the error."""
        return HubRefused("status 401", hub=self.hub)

    def sign_in(self, _browser: Browser, _cancelled: Cancelled) -> None:
        """Refuse: the settings hold everything.

        Raises
        ------
        NotOffered
            Always.
        """
        raise NotOffered("no sign-in in the browser", hub=self.hub)

    def close(self) -> None:
        """Do nothing: nothing is open."""
