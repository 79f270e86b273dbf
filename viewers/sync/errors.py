"""Why two viewports are not linked."""

from typing import ClassVar

from viewers.errors import ReaderError


class LinkRefused(ReaderError):
    """The family of refused links."""


class DifferentSpaces(LinkRefused):
    """Two images do not share a frame of reference, so a place in one is not known in the other."""

    key: ClassVar[str] = "sync.different_spaces"


class DifferentQuantities(LinkRefused):
    """A window in one unit means nothing in another."""

    key: ClassVar[str] = "sync.different_quantities"


class IdentityUnconfirmed(LinkRefused):
    """Two images are not provably of one person: nothing of one is carried to the other."""

    key: ClassVar[str] = "sync.identity_unconfirmed"
