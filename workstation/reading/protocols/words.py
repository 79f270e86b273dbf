"""Words of descriptions as people write them: without accents, capitals and signs."""

from collections.abc import Iterable
from functools import lru_cache

from workstation.domain import spelling


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return the words of a text, lower case and unaccented, with one space around each.

    ``T2_TSE-Sag (épaule)`` is `` t2 tse sag epaule ``.
    """
    return " " + " ".join("".join(sign if sign.isalnum() else " " for sign in spelling.folded(text)).split()) + " "


def said(words: Iterable[str], text: str) -> str | None:
    """Return what a text says of the first of ``words`` that it says, or ``None``.

    A word is found as a whole; one that ends in ``*`` is the beginning of a word; several words are found in a row.
    """
    heard = folded(text)
    pattern = next((one for word in words if (one := _pattern(word)) in heard), None)
    if pattern is None:
        return None
    start = heard.index(pattern)
    end = heard.index(" ", start + max(1, len(pattern) - 1))
    return heard[start:end].strip()


def _pattern(word: str) -> str:
    pattern = folded(word)
    return pattern.rstrip() if word.endswith("*") else pattern
