"""What to ask for next where objects are asked for one by one: looked at again before each, as the reader scrolls."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.study import InstanceReference
from workstation.retrieval.interest import Interest

_NEAR = 2
# With so many slices spread over it, a stack can be scrolled through in steps before it is whole.
_COARSE = 12

Listing = Callable[[SeriesUID], Iterable[InstanceReference]]
First = Callable[[SeriesUID], InstanceReference | None]


class Agenda:
    """The objects of some series that are still to be fetched. Thread safe: each is given out once."""

    def __init__(
        self, series: Sequence[SeriesUID], missing: Listing, interest: Interest, first: First | None = None
    ) -> None:
        self._first = first
        self._begun: InstanceUID | None = None
        self._waiting = list(series)
        self._missing = missing
        self._interest = interest
        self._stacks: dict[SeriesUID, _Stack] = {}
        self._lock = threading.Lock()

    def take(self) -> InstanceReference | None:
        """Return the most pressing object, or ``None`` when nothing is left; lists its series on the first need.

        The very first is asked for by its place alone: the reader need not wait for the list.
        """
        with self._lock:
            while self._waiting:
                series = self._interest.ordered(self._waiting)[0]
                if (first := self._take_first(series)) is not None:
                    return first
                if series not in self._stacks:
                    self._stacks[series] = _Stack.of(self._missing(series), self._begun)
                stack = self._stacks[series]
                if stack.left:
                    return stack.take(self._interest.on_screen(series))
                self._waiting.remove(series)
            return None

    def _take_first(self, series: SeriesUID) -> InstanceReference | None:
        ask, self._first = self._first, None
        found = ask(series) if ask is not None else None
        if found is not None:
            self._begun = found.instance
        return found


@dataclass(slots=True)
class _Stack:
    """One series by instance number, and the places of it that were not given out."""

    ordered: tuple[InstanceReference, ...]
    left: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, references: Iterable[InstanceReference], begun: InstanceUID | None) -> "_Stack":
        # A hub that tells no numbers lists in some order, which is all that is known.
        ordered = tuple(sorted(references, key=lambda one: (one.number is None, one.number or 0)))
        return cls(ordered, {place for place, one in enumerate(ordered) if one.instance != begun})

    def anchors(self) -> tuple[int, ...]:
        count = len(self.ordered)
        return tuple(dict.fromkeys((count // 2, 0, count - 1))) if count else ()

    def take(self, on_screen: InstanceUID | None) -> InstanceReference:
        """Give out the middle, first and last image, what lies about the screen, a coarse stack, then the rest."""
        for places in self._pressing(on_screen):
            place = next((one for one in places if one in self.left), None)
            if place is not None:
                break
        else:
            focus = self._focus(on_screen)
            place = min(self.left, key=lambda one: abs(one - focus))
        self.left.remove(place)
        return self.ordered[place]

    def _pressing(self, on_screen: InstanceUID | None) -> tuple[Iterable[int], ...]:
        count, seen = len(self.ordered), self._place(on_screen)
        steps = () if seen is None else sorted(range(-_NEAR, _NEAR + 1), key=abs)
        near = [seen + step for step in steps if seen is not None]
        spread = [round(step * (count - 1) / _COARSE) for step in range(_COARSE + 1)]
        return self.anchors(), near, spread

    def _focus(self, on_screen: InstanceUID | None) -> int:
        seen = self._place(on_screen)
        return len(self.ordered) // 2 if seen is None else seen

    def _place(self, on_screen: InstanceUID | None) -> int | None:
        if on_screen is None:
            return None
        return next((place for place, one in enumerate(self.ordered) if one.instance == on_screen), None)
