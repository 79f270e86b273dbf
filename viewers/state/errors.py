"""Why a view cannot be had as it is asked for."""

from typing import ClassVar

from viewers.errors import ReaderError


class FusionRefused(ReaderError):
    """The family of refused fusions."""

    key: ClassVar[str] = "fusion.refused"


class NotOneSpace(FusionRefused):
    """Two volumes do not share a frame of reference: nobody knows which places of them belong together."""

    key: ClassVar[str] = "fusion.not_one_space"


class NothingToFuse(FusionRefused):
    """No other volume of the case lies in the space of the one shown."""

    key: ClassVar[str] = "fusion.nothing_to_fuse"
