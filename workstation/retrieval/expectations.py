"""How many objects are expected of each series of a study: by what is stated now, was expected before, and came.

A hub may count the objects of a series, list them, or list them cut: where nothing tells how many there are, an image
that may be missing is expected until a stream comes to its end.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Final

from viewers.identifiers import SeriesUID
from workstation.retrieval.result import Counts, CountSource

# What is expected of a series that a hub names, and of which it gives neither the number nor the list; and besides a
# list that may be cut, where no count tells: an image that may be missing is shown as missing.
AT_LEAST: Final = 1


class Expectations:
    """What is expected of each series in one pull. One thread changes it; others may read meanwhile.

    ``stated`` is what each source states of each series that the hub lists; where ``is_choice``, of a choice among
    their objects. ``earlier`` is what was expected of each series before this pull, in ``guesses`` one more than was
    known; the hub itself may lower it, no mirror and no manifest may. ``held`` tells how many objects of a series are
    here, ``may_have_more`` whether its list may have been cut where no count tells, ``has_stand_ins`` whether mirrors
    have answered in place of the hub.
    """

    def __init__(
        self,
        stated: Mapping[SeriesUID, Mapping[CountSource, int]],
        held: Callable[[SeriesUID], int],
        may_have_more: Callable[[SeriesUID], bool],
        has_stand_ins: Callable[[], bool],
        earlier: Counts,
        guesses: Set[SeriesUID] = frozenset(),
        *,
        is_choice: bool = False,
    ) -> None:
        self._held = held
        self._may_have_more = may_have_more
        self._has_stand_ins = has_stand_ins
        self._earlier = earlier
        self._guesses = guesses
        self._is_choice = is_choice
        self._stated = {series: dict(by_source) for series, by_source in stated.items()}
        self._expected = {series: max(by.values(), default=AT_LEAST) for series, by in self._stated.items()}
        # Whose list was seen; whose stream came to its end; whose list may be cut, and of which nothing else was ever
        # known; of which it is known now how good a guess was.
        self._compared: set[SeriesUID] = set()
        self._ended: set[SeriesUID] = set()
        self._cut: set[SeriesUID] = set()
        self._settled: set[SeriesUID] = set()
        if not is_choice:
            for series in self._stated:
                self._recall(series)

    @property
    def series(self) -> Set[SeriesUID]:
        """The series of which something is expected, in the order of the hub's list."""
        return self._expected.keys()

    def of(self, series: SeriesUID) -> int:
        """Return how many objects of a series are expected in this pull."""
        return self._expected[series]

    def total(self, group: Iterable[SeriesUID]) -> int:
        """Return how many objects of some series are expected in this pull."""
        return sum(self._expected[series] for series in group)

    def stated(self, series: SeriesUID) -> Mapping[CountSource, int]:
        """Return what each source states of a series."""
        return dict(self._stated[series])

    def is_short(self, series: SeriesUID) -> bool:
        """Whether less of a series is here than is expected."""
        return self._held(series) < self._expected[series]

    def is_numbered(self, series: SeriesUID) -> bool:
        """Whether the hub says how many objects a series has, by a count or by a list that is not cut."""
        if CountSource.COUNT in self._stated[series]:
            return True
        return CountSource.LIST in self._stated[series] and not self._may_have_more(series)

    def is_compared(self, series: SeriesUID) -> bool:
        """Whether a list of a series was seen that is not cut."""
        return series in self._compared

    def uncompared(self) -> Set[SeriesUID]:
        """Return the series of which no such list was seen."""
        return self._expected.keys() - self._compared

    def state(self, series: SeriesUID, source: CountSource, count: int) -> None:
        """Note what a source states of a series; what is stated again is no matter of the past."""
        by_source = self._stated[series]
        by_source[source] = count
        if by_source.get(CountSource.EARLIER, 0) <= count:
            by_source.pop(CountSource.EARLIER, None)

    def compare(self, series: SeriesUID, count: int) -> None:
        """Expect as many as a list names with which a series was compared, and no fewer than before it."""
        self._expected[series] = max(self._expected[series], count)
        if self.is_numbered(series):
            self._compared.add(series)

    def end(self, series: SeriesUID) -> None:
        """Note that the stream of a series came to its end."""
        self._ended.add(series)

    def has_ended(self, series: SeriesUID) -> bool:
        """Whether the stream of a series came to its end."""
        return series in self._ended

    def take_number(self, series: SeriesUID) -> None:
        """Expect of a series without a number what is here; where its stream ended, no more than that and its list.

        Besides a list that may be cut, at least one more is expected where no stream ended.
        """
        if self.is_numbered(series):
            return
        held = self._held(series)
        if series not in self._ended:
            self._expected[series] = max(self._expected[series], held + AT_LEAST if series in self._cut else held)
            return
        self._expected[series] = max(self._stated[series].get(CountSource.LIST, AT_LEAST), held)
        self._settle(series)

    def expect_more(self, group: Iterable[SeriesUID]) -> None:
        """Expect of series without a number more than is here: what would have brought it was cut."""
        for series in group:
            if not self.is_numbered(series):
                self._expected[series] = max(self._expected[series], self._held(series) + AT_LEAST)

    def due(self, series: SeriesUID) -> int:
        """Return how many objects of a series are expected from now on: fewer than before where its hub lists fewer."""
        is_lowered = series in self._compared and not self._is_choice and not self._has_stand_ins()
        return self._expected[series] if is_lowered else max(self._expected[series], self._before(series))

    def is_guessed(self, series: SeriesUID) -> bool:
        """Whether the last one of those may not be there: nobody has stated it, now or before."""
        stated = (count for source, count in self._stated[series].items() if source is not CountSource.EARLIER)
        known = self._earlier.get(series, 0) - (AT_LEAST if series in self._guesses else 0)
        return self.due(series) > max((self._held(series), known, *stated))

    def listed_no_more(self) -> Counts:
        """Return the series that were expected before and are in no list any more, with how many objects."""
        if self._is_choice:
            return {}
        # What has no identifier was expected of the study, and of no series.
        return {one: count for one, count in self._earlier.items() if count and one and one not in self._expected}

    def _recall(self, series: SeriesUID) -> None:
        """Set what was expected before beside what is stated now; a mirror that states less is not believed.

        Where nothing is stated for certain, it is what is known; where less is held than that, one more is expected
        than a list names that may be cut, until a stream comes to its end.
        """
        by_source = self._stated[series]
        if CountSource.COUNT in by_source:
            self._settle(series)
        earlier = self._before(series)
        is_guess = series in self._guesses
        is_known = not is_guess and self._held(series) >= earlier >= by_source.get(CountSource.LIST, AT_LEAST)
        if by_source and not is_known and not self.is_numbered(series):
            self._cut.add(series)
            self._expected[series] += AT_LEAST
        if earlier > self._expected[series]:
            if self._has_stand_ins() or not self.is_numbered(series):
                self._expected[series] = earlier
            by_source[CountSource.EARLIER] = earlier

    def _settle(self, series: SeriesUID) -> None:
        """Let go of a guess: the hub itself has said or sent what there is; what was known besides stays."""
        if series in self._guesses and not self._has_stand_ins():
            self._settled.add(series)
            self._stated[series].pop(CountSource.EARLIER, None)

    def _before(self, series: SeriesUID) -> int:
        """Return what was expected before, as far as nothing has settled it."""
        return self._earlier.get(series, 0) - (AT_LEAST if series in self._settled else 0)
