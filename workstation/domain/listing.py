"""Where a hub lists less than it says it has."""

from dataclasses import dataclass
from enum import StrEnum

from viewers.identifiers import SeriesUID


class Listed(StrEnum):
    """What was listed."""

    SERIES = "series"
    INSTANCES = "instances"


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
