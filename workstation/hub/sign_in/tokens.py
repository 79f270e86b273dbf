"""The tokens of one hub: the access token in memory only, the refresh token on an encrypted shelf.

However many requests find the token refused or old at the same time, one of them renews it and the others wait for that
one. Times are counted from when a token came, so that a wrong clock of this machine ends no session early.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final

from workstation.domain.clock import Clock
from workstation.domain.hub import HubSettings
from workstation.hub.errors import HubError, HubUnreachable, OtherPerson, SignInFailed, SignInNeeded, TransferCancelled
from workstation.hub.exchange import Cancelled
from workstation.hub.sign_in.id_token import check_claims, claims_of
from workstation.hub.sign_in.kind import Shelf
from workstation.hub.sign_in.provider import Granted, Provider

# A token is renewed this long before it ends, or when a fifth of its life is left.
_EARLY_S: Final = 60.0
_EARLY_SHARE: Final = 0.2
_POLL_S: Final = 0.1
# What failed is not tried again by each of those that wait for it.
_SAME_FAILURE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlives the program: who signed in, at whom, for which hub. ``refresh`` is empty where none was given."""

    url: str
    issuer: str
    client: str
    subject: str
    refresh: str

    def __repr__(self) -> str:
        """Show no token."""
        return f"Kept(issuer={self.issuer!r})"


def holds_session(text: str | None) -> bool:
    """Say whether what a shelf holds lets a program go on without asking the person."""
    kept = _read(text)
    return kept is not None and bool(kept.refresh)


def _read(text: str | None) -> Kept | None:
    """Return what a shelf holds; what another version wrote is nothing, and the person signs in again."""
    try:
        return None if text is None else Kept(**json.loads(text))
    except (ValueError, TypeError):
        return None


class TokenKeeper:
    """Gives the access token of one hub, renewed in time. Safe for use from several threads."""

    def __init__(
        self, hub: HubSettings, provider: Provider, shelf: Shelf, clock: Clock, monotonic: Callable[[], float]
    ) -> None:
        self._hub = hub
        self._provider = provider
        self._shelf = shelf
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._access = ""
        self._renew_at = 0.0
        self._hopeless = ""
        self._failure: HubError | None = None
        self._failed_at = 0.0

    def current(self, cancelled: Cancelled) -> str:
        """Return an access token that is in force.

        Raises
        ------
        SignInNeeded
            The person has to sign in.
        HubUnreachable
            The identity provider does not answer.
        """
        with self._alone(cancelled):
            if not self._access or self._monotonic() >= self._renew_at:
                self._renew(cancelled)
            return self._access

    def renewed(self, refused: str, cancelled: Cancelled) -> bool:
        """Say whether there is another token than the refused one; it is fetched if nobody has done so meanwhile."""
        with self._alone(cancelled):
            if refused == self._hopeless:
                return False
            if self._access == refused:
                self._renew(cancelled)
            return True

    def give_up(self, refused: str) -> None:
        """Note that the hub refuses a token that is fresh: renewing it once more would change nothing."""
        with self._lock:
            self._hopeless = refused

    def accept(self, granted: Granted, nonce: str) -> None:
        """Take what the person's sign-in gave.

        Raises
        ------
        SignInFailed
            The ID token is not for us.
        OtherPerson
            Another person signed in here before.
        """
        with self._lock:
            subject = self._subject(granted, nonce)
            kept = self._kept()
            if kept is not None and kept.subject != subject:
                raise OtherPerson("another subject signed in", hub=self._hub.name)
            self._take(granted, subject)

    @contextmanager
    def _alone(self, cancelled: Cancelled) -> Iterator[None]:
        while not self._lock.acquire(timeout=_POLL_S):
            if cancelled():
                raise TransferCancelled("cancelled", hub=self._hub.name)
        try:
            yield
        finally:
            self._lock.release()

    def _renew(self, cancelled: Cancelled) -> None:
        self._access = ""
        kept = self._kept()
        if kept is None or not kept.refresh:
            raise SignInNeeded("nobody is signed in", hub=self._hub.name)
        if self._failure is not None and self._monotonic() < self._failed_at + _SAME_FAILURE_S:
            raise type(self._failure)(self._failure.technical, hub=self._hub.name) from self._failure
        try:
            self._refresh(kept, cancelled)
        except (SignInNeeded, SignInFailed, HubUnreachable) as error:
            self._failure, self._failed_at = error, self._monotonic()
            raise

    def _refresh(self, kept: Kept, cancelled: Cancelled) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": kept.refresh}
        try:
            granted = self._provider.grant(form, cancelled)
        except SignInNeeded:
            self._drop(kept)
            raise
        subject = self._subject(granted, None) if granted.id_token else kept.subject
        if subject != kept.subject:
            self._drop(kept)
            raise OtherPerson("a token of another subject", hub=self._hub.name)
        self._take(granted, subject, kept.refresh)

    def _subject(self, granted: Granted, nonce: str | None) -> str:
        known = self._provider.known
        claims = claims_of(granted.id_token, self._hub.name)
        return check_claims(claims, known.issuer, known.client, nonce, self._clock(), self._hub.name)

    def _take(self, granted: Granted, subject: str, refresh: str = "") -> None:
        early_s = min(_EARLY_S, _EARLY_SHARE * granted.lifetime_s)
        self._failure = None
        self._access, self._renew_at = granted.access, self._monotonic() + granted.lifetime_s - early_s
        known = self._provider.known
        kept = Kept(self._hub.url, known.issuer, known.client, subject, granted.refresh or refresh)
        if kept != self._kept():
            self._shelf.keep(json.dumps(asdict(kept)))

    def _drop(self, kept: Kept) -> None:
        """Destroy a refresh token that is worth nothing; who signed in stays known."""
        self._shelf.keep(json.dumps({**asdict(kept), "refresh": ""}))

    def _kept(self) -> Kept | None:
        """Return what is kept, if it is of this hub and issuer as they are set now."""
        kept = _read(self._shelf.held())
        if kept is None:
            return None
        known = self._provider.known
        return kept if (kept.url, kept.issuer, kept.client) == (self._hub.url, known.issuer, known.client) else None
