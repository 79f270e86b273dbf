"""One listing, page after page, whatever a hub makes of ``limit`` and ``offset``.

A page is followed by another question until one brings nothing new: caps below the limit asked for, pages that
overlap and an ``offset`` that is ignored all come to an end. No more is asked where a page below the limit has just as
many as the hub says there are. Source: PS3.18 8.3.4.4, 10.6.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workstation.dicom.header import Header
from workstation.hub.errors import HubAnsweredWrongly

# No listing that a reader can use is longer; an endless one is a fault of the hub.
MOST_PAGES = 200
Ask = Callable[[int, int], tuple[Header, ...]]


@dataclass(frozen=True, slots=True)
class PageHabits:
    """What a hub was seen to do: the most matches of one answer where fewer than asked for, ``offset`` ignored."""

    page_cap: int | None = None
    ignores_offset: bool = False


class Pages:
    """One listing, of ``stated`` matches where that is known; ``habits`` is what it showed when read to its end."""

    def __init__(self, ask: Ask, identity: str, limit: int, hub: str, stated: int | None = None) -> None:
        self._ask = ask
        self._identity = identity
        self._limit = limit
        self._hub = hub
        self._stated = stated
        self.habits = PageHabits()

    def __iter__(self) -> Iterator[Header]:
        """Yield each match once.

        Raises
        ------
        HubAnsweredWrongly
            The hub goes on without end.
        """
        seen: set[str] = set()
        offset, first = 0, 0
        for number in range(MOST_PAGES):
            page = self._ask(self._limit, offset)
            fresh = [one for one in page if one.uid(self._identity) and one.uid(self._identity) not in seen]
            self._learn(number, first, len(page), len(fresh))
            if not fresh:
                return
            first = first or len(page)
            seen.update(one.uid(self._identity) for one in fresh)
            yield from _once(fresh, self._identity)
            if len(page) < self._limit and len(seen) == self._stated:
                return
            offset += len(page)
        raise HubAnsweredWrongly("a listing without end", hub=self._hub)

    def _learn(self, number: int, first: int, found: int, fresh: int) -> None:
        if number == 1 and found and not fresh:
            self.habits = PageHabits(ignores_offset=True)
        elif number == 1 and fresh and first < self._limit:
            self.habits = PageHabits(first)


def _once(headers: list[Header], identity: str) -> Iterator[Header]:
    """Yield each of one page once: a page may name one thing twice."""
    seen: set[str] = set()
    for header in headers:
        uid = header.uid(identity)
        if uid not in seen:
            seen.add(uid)
            yield header
