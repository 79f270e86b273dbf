"""What can go wrong between the workstation and a hub, as the reader is told."""

from datetime import datetime
from typing import ClassVar

from workstation.domain.request import Request
from workstation.errors import WorkstationError


class HubError(WorkstationError):
    """Root of the errors of the hub client; ``hub`` in the details is the hub's name in the profile."""

    key: ClassVar[str] = "hub.failed"


class HubUnknown(HubError):
    """The profile has no hub of that name."""

    key = "hub.unknown"


class HubUnreachable(HubError):
    """No connection, no answer in time, or a certificate that is not trusted."""

    key = "hub.unreachable"


class UntrustedHub(HubUnreachable):
    """The hub's certificate does not prove that it is the configured hub."""

    key = "hub.untrusted"


class HubDropped(HubUnreachable):
    """The hub closed the connection instead of answering; asking again may help at once."""

    key = "hub.dropped"


class HubBusy(HubUnreachable):
    """The hub asks to come back later; ``retry_after`` is when, in whole seconds."""

    key = "hub.busy"

    def __init__(self, technical: str, retry_after: str = "", **details: str | int | float) -> None:
        super().__init__(technical, **details)
        self.retry_after = retry_after


class HubRefused(HubError):
    """The hub does not accept who is asking, or what it may do."""

    key = "hub.refused"


class NotOnHub(HubError):
    """The hub does not have what was asked for."""

    key = "hub.not_on_hub"


class Withdrawn(NotOnHub):
    """The hub had what was asked for and shares it no longer."""

    key = "hub.withdrawn"


class HubAnsweredWrongly(HubError):
    """The hub answered outside the standard; ``status`` is the HTTP status."""

    key = "hub.answered_wrongly"

    def __init__(self, technical: str, status: int = 0, body: bytes = b"", **details: str | int | float) -> None:
        super().__init__(technical, **details)
        self.status = status
        self.body = body


class NotOnMirror(NotOnHub):
    """The hub does not answer, and its mirror, which does, does not have what was asked for."""

    key = "hub.not_on_mirror"


class AnsweredOfAnother(HubError):
    """The hub was asked about one study or series and answered about another."""

    key = "hub.answered_of_another"


class HubRedirected(HubAnsweredWrongly):
    """The hub names another address to go to; it is not followed, whatever it is."""

    key = "hub.redirected"


class BesideRoot(HubRefused):
    """An address beside the hub's root asks for a sign-in; none was sent there."""

    key = "hub.beside_root"


class NotShared(HubRefused):
    """The hub knows who is asking and does not let that person have this."""

    key = "hub.not_shared"


class SignInNeeded(HubRefused):
    """The person has to sign in at the hub's identity provider, in the browser."""

    key = "hub.sign_in_needed"


class OtherPerson(SignInNeeded):
    """The identity provider names another person than the one who signed in for this hub."""

    key = "hub.other_person"


class SignInFailed(HubRefused):
    """The sign-in in the browser was refused, not finished, or its answer cannot be trusted."""

    key = "hub.sign_in_failed"


class InsecureSignIn(HubError):
    """The settings would send a secret over a link that anybody on it can read."""

    key = "hub.insecure_sign_in"


class UnusableCertificate(HubError):
    """A file of authorities or a client certificate that cannot be used."""

    key = "hub.unusable_certificate"


class UnusablePin(HubError):
    """What should be the SHA-256 of a public key is none."""

    key = "hub.unusable_pin"


class NotOffered(HubError):
    """The hub does not offer this service."""

    key = "hub.not_offered"


class ForeignOrigin(HubError):
    """An address leads away from the configured hub; nothing was sent there."""

    key = "hub.foreign_origin"


class ManifestElsewhere(ForeignOrigin):
    """A manifest states an address that is of no hub of the profile; nothing was sent there."""

    key = "hub.manifest_elsewhere"


class SignInElsewhere(ForeignOrigin):
    """The identity provider gives its tokens at an origin that the settings do not name; nothing was sent there."""

    key = "hub.sign_in_elsewhere"


class UnusableAddress(HubError):
    """The configured address is not an http or https address without user information."""

    key = "hub.unusable_address"


class TransferCut(HubError):
    """A transfer ended early; what arrived complete before is usable."""

    key = "hub.transfer_cut"


class TransferTooLarge(HubError):
    """An answer exceeds what the workstation is ready to take."""

    key = "hub.too_large"


class TransferCancelled(HubError):
    """The reader stopped the transfer."""

    key = "hub.cancelled"


class StoreRefused(HubError):
    """The hub did not take what was sent."""

    key = "hub.store_refused"


class AlreadyClaimed(HubError):
    """Another reader holds the request; ``holder`` and ``since`` say who and from when, where the hub tells."""

    key = "hub.already_claimed"

    def __init__(self, technical: str, holder: str = "", since: datetime | None = None, **details: str | int) -> None:
        shown = since.astimezone().strftime("%H:%M") if since else "–"
        super().__init__(technical, holder=holder or "–", since=shown, **details)
        self.holder = holder
        self.since = since


class StandingUnknown(HubError):
    """Not all reports about a request could be read: who holds it is not known, and nothing was changed."""

    key = "hub.standing_unknown"


class ClaimUnsettled(HubError):
    """A claim was written, and the hub refused to say whether it holds or to take it back: it must be kept."""

    key = "hub.claim_unsettled"


class RequestsIncomplete(HubError):
    """Not all that a hub holds about requests could be read; ``listed`` are the requests as far as was read."""

    key = "hub.requests_incomplete"

    def __init__(self, technical: str, listed: tuple[Request, ...] = (), **details: str) -> None:
        super().__init__(technical, **details)
        self.listed = listed


class RequestsOfMirror(HubError):
    """The hub does not answer; ``listed`` are its requests as a mirror lists them, which may be behind."""

    key = "hub.requests_of_mirror"

    def __init__(self, technical: str, listed: tuple[Request, ...] = (), **details: str) -> None:
        super().__init__(technical, **details)
        self.listed = listed


class StaleClaim(HubError):
    """The hub does not recognise this profile's claim: the request is held elsewhere or was given back."""

    key = "hub.stale_claim"


class SpentClaim(StaleClaim):
    """The claim was given back, and the request is free: taking it again needs another transaction."""

    key = "hub.spent_claim"


class StillInProgress(HubError):
    """The hub said that it closed a request, and states it as in progress all the same."""

    key = "hub.still_in_progress"


class RequestClosed(HubError):
    """The request is completed or cancelled and cannot change any more."""

    key = "hub.request_closed"


class CancelRefused(HubError):
    """Whoever holds the request goes on with it."""

    key = "hub.cancel_refused"


class PerformerSilent(HubError):
    """Whoever holds the request cannot be told."""

    key = "hub.performer_silent"
