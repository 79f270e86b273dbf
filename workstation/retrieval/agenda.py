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


class Agenda:
    """The objects of some series that are still to be fetched. Thread safe: each is given out once."""

    def __init__(self, series: Sequence[SeriesUID], missing: Listing, interest: Interest) -> None:
        self._waiting = list(series)
        self._missing = missing
        self._interest = interest
        self._stacks: dict[SeriesUID, _Stack] = {}
        self._lock = threading.Lock()

    def take(self) -> InstanceReference | None:
        """Return the most pressing object, or ``None`` when nothing is left; lists its series on the first need."""
        with self._lock:
            while self._waiting:
                series = self._interest.ordered(self._waiting)[0]
                if series not in self._stacks:
                    self._stacks[series] = _Stack.of(self._missing(series))
                stack = self._stacks[series]
                if stack.left:
                    return stack.take(self._interest.on_screen(series))
                self._waiting.remove(series)
            return None


def anchors(references: Iterable[InstanceReference]) -> tuple[InstanceReference, ...]:
    """Return the middle, the first and the last of a series by instance number."""
    stack = _Stack.of(references)
    return tuple(stack.ordered[place] for place in stack.anchors())


@dataclass(slots=True)
class _Stack:
    """One series by instance number, and the places of it that were not given out."""

    ordered: tuple[InstanceReference, ...]
    left: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, references: Iterable[InstanceReference]) -> "_Stack":
        # A hub that tells no numbers lists in some order, which is all that is known.
        ordered = tuple(sorted(references, key=lambda one: (one.number is None, one.number or 0)))
        return cls(ordered, set(range(len(ordered))))

    def anchors(self) -> tuple[int, ...]:
        count = len(self.ordered)
        return tuple(dict.fromkeys((count // 2, 0, count - 1))) if count else ()

    def take(self, on_screen: InstanceUID | None) -> InstanceReference:
        """Give out the middle, first and last image, what lies about the screen, a coarse stack, then the rest."""
        count = len(self.ordered)
        seen = next((place for place, one in enumerate(self.ordered) if one.instance == on_screen), None)
        focus = count // 2 if seen is None else seen
        near = range(focus - _NEAR, focus + _NEAR + 1) if seen is not None else ()
        spread = [round(step * (count - 1) / _COARSE) for step in range(_COARSE + 1)]
        for places in (self.anchors(), near, spread, self.left):
            open_places = [place for place in places if place in self.left]
            if open_places:
                is_rest = places is near or places is self.left
                place = min(open_places, key=lambda one: abs(one - focus)) if is_rest else open_places[0]
                self.left.remove(place)
                return self.ordered[place]
        raise LookupError("nothing is left of this series")
