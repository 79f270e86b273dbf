"""What can go wrong with the queue."""

from workstation.errors import WorkstationError


class WorklistError(WorkstationError):
    """Root of the errors of the queue."""

    key = "worklist.failed"


class NoReader(WorklistError):
    """Nobody is named as the reader of this profile, so nothing can be claimed or signed."""

    key = "worklist.no_reader"


class NoSuchRequest(WorklistError):
    """No hub lists the request."""

    key = "worklist.no_such_request"


class NotHeld(WorklistError):
    """The request is not held by this profile."""

    key = "worklist.not_held"


class UnknownReason(WorklistError):
    """A code is none of the reasons for declining."""

    key = "worklist.unknown_reason"
