"""What acts ask of the page about the priors of a case."""

from enum import StrEnum


class ComparisonAsk(StrEnum):
    """One thing that is asked."""

    BLINK = "blink"
    OLDER = "older"
    NEWER = "newer"
    ALIGN = "align"
    CONFIRM = "confirm"
