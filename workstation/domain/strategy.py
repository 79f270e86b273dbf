"""How a study is fetched from one hub: chosen by who has asked the hub, followed by the retrieval engine."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """What is asked for at a time.

    ``FRAMES`` is for a hub that gives no objects: each is put together from its metadata and its frames, one after the
    other as with ``INSTANCES``, because only a whole object can be checked and kept.
    """

    SERIES = "series"
    INSTANCES = "instances"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way of fetching.

    ``parallel`` is how many objects are asked for at the same time where they are asked for one by one. ``ahead``
    says that a stream is the fastest and too long to wait for: what a reader needs first is asked for by itself, and
    the rest then as well, because a hub may compress a stream otherwise than single objects.
    """

    way: Way = Way.SERIES
    parallel: int = 4
    ahead: bool = False


# Every DICOMweb server gives a whole series; on one that is near, nothing is faster.
WHOLE_SERIES: Final = Strategy()
ONE_BY_ONE: Final = Strategy(Way.INSTANCES)
