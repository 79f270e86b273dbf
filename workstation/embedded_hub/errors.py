"""Errors of the embedded hub; most are refusals, each with its HTTP status.

The technical message is the sentence that the client gets. It never holds a patient's name.
"""

from typing import ClassVar

from workstation.errors import WorkstationError


class EmbeddedHubError(WorkstationError):
    """Root of the embedded hub's errors."""

    key = "embedded_hub.failed"


class PortUnavailable(EmbeddedHubError):
    """The address to listen on is taken or not allowed."""

    key = "embedded_hub.port"


class Refusal(EmbeddedHubError):
    """A request is refused; ``status`` is the HTTP status of the answer."""

    key = "embedded_hub.refused"
    status: ClassVar[int] = 400
    warning: ClassVar[str] = ""
    """What the Warning header says, in the standard's words."""


class BadRequest(Refusal):
    """The request cannot be understood."""

    key = "embedded_hub.bad_request"


class NotFound(Refusal):
    """What is asked for is not here."""

    key = "embedded_hub.not_found"
    status = 404


class NotAcceptable(Refusal):
    """None of the media types that the client accepts can be given."""

    key = "embedded_hub.not_acceptable"
    status = 406


class Conflict(Refusal):
    """The request contradicts what is here."""

    key = "embedded_hub.conflict"
    status = 409


class TooLarge(Refusal):
    """The body is above the limit."""

    key = "embedded_hub.too_large"
    status = 413


class UnsupportedMediaType(Refusal):
    """The body is of a type that this resource does not take."""

    key = "embedded_hub.media_type"
    status = 415


class Unavailable(Refusal):
    """The disk or the index refuses: nothing was kept, and the client may try again."""

    key = "embedded_hub.unavailable"
    status = 503


class Misdirected(Refusal):
    """The Host header names another machine: a web page may be trying to reach this one through it."""

    key = "embedded_hub.misdirected"
    status = 421


class TransactionMissing(BadRequest):
    """A work item is claimed or in hand, and the request names no Transaction UID."""

    key = "embedded_hub.transaction_missing"
    warning = "The Transaction UID is missing."


class TransactionIncorrect(BadRequest):
    """The Transaction UID is not the one with which the work item was claimed."""

    key = "embedded_hub.transaction_incorrect"
    warning = "The Transaction UID is incorrect."


class NotClaimed(Conflict):
    """A Transaction UID is given for a work item that nobody has claimed."""

    key = "embedded_hub.not_claimed"
    warning = "The target URI did not reference a claimed Workitem."


class StateRefused(Conflict):
    """The state of the work item does not allow the request."""

    key = "embedded_hub.state"
    warning = "The submitted request is inconsistent with the current state of the UPS Instance."
