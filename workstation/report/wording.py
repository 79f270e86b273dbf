"""What can be told from the words of a section: whether it says "none", and which words it uses."""

import re

from workstation.domain.spelling import folded

_NONE = frozenset(
    {"aucun", "aucune", "neant", "non", "no", "none", "nil", "sans", "absence", "absent", "without", "n/a", "pas"}
)
# Who denies one of these has compared: "No change since the CT of January".
_COMPARED = frozenset(
    {"change", "changes", "changed", "unchanged", "modification", "modifications", "inchange", "inchangee", "stable"}
    | {"difference", "differences", "evolution", "progression", "regression", "growth", "croissance"}
    | {"increase", "decrease", "augmentation", "diminution"}
)
_LONGEST_DENIAL = 8


def words(text: str) -> frozenset[str]:
    """Return the words of a text, without case or accents."""
    return frozenset(re.findall(r"[^\W_]+", folded(text)))


def says_none(text: str) -> bool:
    """Whether a short text denies: "Aucun antérieur reçu", "No prior available"; an empty one does too."""
    used = words(text)
    is_denial = len(used) <= _LONGEST_DENIAL and not _NONE.isdisjoint(used) and _COMPARED.isdisjoint(used)
    return not used or is_denial
