"""What can be told from the words of a section: whether it says "none", and which words it uses."""

import re

from workstation.domain.spelling import folded

_NONE = frozenset(
    {"aucun", "aucune", "neant", "non", "no", "none", "nil", "sans", "absence", "absent", "without", "n/a", "pas"}
)
_LONGEST_DENIAL = 8


def words(text: str) -> frozenset[str]:
    """Return the words of a text, without case or accents."""
    return frozenset(re.findall(r"[^\W_]+", folded(text)))


def says_none(text: str) -> bool:
    """Whether a short text denies: "Aucun antérieur reçu", "No prior available"; an empty one does too."""
    used = words(text)
    return not used or (len(used) <= _LONGEST_DENIAL and not _NONE.isdisjoint(used))
