"""Where a hub lists less than it says it has, or not what is held."""

from dataclasses import dataclass
from enum import StrEnum

from viewers.identifiers import SeriesUID


class Listed(StrEnum):
    """What was listed."""

    SERIES = "series"
    INSTANCES = "instances"


class Doubt(StrEnum):
    """Why it is not known of an object that is held whether it is one of those that its source has.

    ``UNCOMPARED``: it came, and the line failed before its source had listed the series; it counts as received.
    ``IMPORTED``: so does what came from a file into a series that a hub counts, whose list was not asked for.
    ``UNLISTED``: the whole list of its series does not name it, or all that its source counts is here without it; it
    counts for nothing that the source has.
    """

    UNCOMPARED = "uncompared"
    IMPORTED = "imported"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``listed`` of ``stated`` series of a study, or instances of a series, or of the study where none is named.

    ``stated`` is unknown where the hub lists up to its limit, gives the same page again when asked for the next, and
    counts nothing.
    """

    what: Listed
    listed: int
    stated: int | None
    series: SeriesUID | None = None
