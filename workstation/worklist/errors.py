"""What can go wrong with the queue."""

from collections.abc import Iterable
from typing import Self

from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
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


class NotAllHubsAsked(WorklistError):
    """No hub that answered lists the request, and others did not answer or could not be read in full."""

    key = "worklist.not_all_asked"


class RequestOnSeveralHubs(WorklistError):
    """Several hubs have a request of this identifier, and none of them was named."""

    key = "worklist.on_several_hubs"

    @classmethod
    def among(cls, requests: Iterable[Request]) -> Self:
        """Return the error that names the hubs of these requests."""
        return cls("one identifier, several hubs", hubs=", ".join(sorted(one.hub for one in requests)))


class RequestElsewhere(WorklistError):
    """The hub that is named has no request of this identifier, and another one has."""

    key = "worklist.elsewhere"

    @classmethod
    def of(cls, hub: HubName, requests: Iterable[Request]) -> Self:
        """Return the error that names the hub and those of the requests."""
        return cls("not on the named hub", hub=hub, hubs=", ".join(sorted(one.hub for one in requests)))


class NotHeld(WorklistError):
    """The request is not held by this profile."""

    key = "worklist.not_held"


class UnknownReason(WorklistError):
    """A code is none of the reasons for declining."""

    key = "worklist.unknown_reason"
