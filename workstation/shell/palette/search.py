"""Finding acts by a few letters of their names: accents and case do not count, letters may be left out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.domain.spelling import folded


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in the palette, in the reader's language. ``refusal`` says why it cannot be done now, or nothing."""

    act: str
    title: str
    group: str
    keys: str = ""
    refusal: str = ""


def found(query: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that every word of the query fits, the best first; all of them for an empty query."""
    words = folded(query).split()
    ranked = [(rank, entry) for entry in entries if (rank := _rank(words, entry)) is not None]
    return tuple(entry for _rank_, entry in sorted(ranked, key=lambda one: one[0]))


def _rank(words: list[str], entry: Entry) -> int | None:
    """Return how badly an entry fits, the least for best; ``None`` where a word does not fit at all."""
    title, group = folded(entry.title), folded(entry.group)
    if words == title.split():
        return -1
    ranks = [_rank_of_word(word, title, group) for word in words]
    fitting = [rank for rank in ranks if rank is not None]
    return sum(fitting) if len(fitting) == len(ranks) else None


def _rank_of_word(word: str, title: str, group: str) -> int | None:
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.replace("(", " ").replace("’", " ").split()):
        return 1
    if word in title:
        return 2
    if word in group:
        return 3
    return 4 + _gaps(word, title) if _gaps(word, title) >= 0 else None


def _gaps(word: str, title: str) -> int:
    """Return how many letters lie between the letters of a word in the title, in order; -1 where they are not there."""
    first = place = title.find(word[0])
    for letter in word[1:]:
        place = title.find(letter, place + 1) if place >= 0 else -1
    return place - first + 1 - len(word) if place >= 0 else -1
