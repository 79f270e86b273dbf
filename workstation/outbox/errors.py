"""What can go wrong between the outbox and a request."""

from typing import ClassVar

from workstation.errors import WorkstationError


class OutboxError(WorkstationError):
    """Root of the errors of the outbox."""

    key: ClassVar[str] = "outbox.failed"


class RequestForgotten(OutboxError):
    """The profile knows the request or its reader no more."""

    key = "outbox.request_unknown"
