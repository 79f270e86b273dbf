"""Which objects of a study are here, and of which of them it is not known whether their source has them.

What the whole list of a series does not name does not count, wherever it came from; where its list is not given, or may
be cut, what was imported does not count until the source names or sends it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Set

from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.listing import Doubt


class DoubtLedger:
    """Counts the objects of each series that its source may have; not thread safe.

    ``held`` is what is here at the beginning, ``noted`` what the catalogue knows to be in doubt.
    """

    def __init__(self, held: Mapping[SeriesUID, Collection[InstanceUID]], noted: Mapping[InstanceUID, Doubt]) -> None:
        self._here: defaultdict[SeriesUID, set[InstanceUID]] = defaultdict(set)
        self._counts: Counter[SeriesUID] = Counter()
        self._noted = dict(noted)
        self._doubts = dict(noted)
        self._named: dict[SeriesUID, Collection[InstanceUID]] = {}
        self._cut: dict[SeriesUID, Collection[InstanceUID]] = {}
        self._trusted: set[SeriesUID] = set()
        self._sent: set[InstanceUID] = set()
        for series, instances in held.items():
            self._here[series].update(instances)
            self._recount(series)

    def add(self, series: SeriesUID, instance: InstanceUID) -> None:
        """Note that an object came."""
        self._here[series].add(instance)
        self._counts[series] += 1

    def remove(self, series: SeriesUID, instance: InstanceUID) -> None:
        """Take an object back that came, as if it never had."""
        self._here[series].discard(instance)
        self._counts[series] -= 1

    def instances(self, series: SeriesUID) -> frozenset[InstanceUID]:
        """Return the objects of a series that are here, whether they count or not."""
        return frozenset(self._here[series])

    def here(self, series: SeriesUID) -> int:
        """Return how many objects of a series are here, whether they count or not."""
        return len(self._here[series])

    def count(self, series: SeriesUID) -> int:
        """Return how many of them count."""
        return self._counts[series]

    def counts(self) -> Counter[SeriesUID]:
        """Return those numbers of all series."""
        return self._counts.copy()

    def is_wanted(self, series: SeriesUID, instance: InstanceUID) -> bool:
        """Whether an object may be of a series: no whole list of it was seen, or it is named there."""
        return instance in self._named.get(series, (instance,))

    def confirm(self, series: SeriesUID, instance: InstanceUID) -> None:
        """Note that the source sent what is here: if it had been imported, it is one of its own."""
        if self._doubts.get(instance) is not Doubt.IMPORTED:
            return
        self._sent.add(instance)
        if series in self._cut:
            del self._doubts[instance]
            self._counts[series] += 1

    def doubt(self, came: Iterable[tuple[SeriesUID, InstanceUID]], doubt: Doubt) -> None:
        """Doubt what came of series of which no whole list was seen, but for what is trusted or named all the same."""
        for series, instance in came:
            if series not in self._trusted and instance not in self._cut.get(series, ()):
                self._doubts[instance] = doubt

    def compare(
        self, series: SeriesUID, known: Collection[InstanceUID], came: Set[InstanceUID], *, is_choice: bool = False
    ) -> set[InstanceUID]:
        """Hold what is here of a series against the ``known``, which are all of it; return what is to be dropped.

        That is what is not among them and came, now or before a cut. Whatever else is not among them counts no longer.
        Where they are a choice among its objects, they say nothing about what did not come now, which does not count
        either.
        """
        besides = self._here[series].difference(known)
        if is_choice:
            besides &= came
        strangers = {one for one in besides if one in came or self._doubts.get(one) is Doubt.UNCOMPARED}
        self._named[series] = known
        self._cut.pop(series, None)
        self._trusted.discard(series)
        self._here[series] -= strangers
        settled = strangers.union(known)
        self._doubts = {one: doubt for one, doubt in self._doubts.items() if one not in settled}
        self._doubts |= dict.fromkeys(besides - strangers, Doubt.UNLISTED)
        self._recount(series)
        if is_choice:
            self._counts[series] = len(self._here[series].intersection(known))
        return strangers

    def trust(self, series: SeriesUID, known: Collection[InstanceUID], *, is_counted: bool) -> None:
        """Take what came of a series for what its source has: its list, the ``known``, is not whole.

        What was imported, and was neither sent nor is among them, does not count from now on until it is sent. Where
        its source does not count it either, what came and is not among them stays in doubt.
        """
        self._cut[series] = known
        if is_counted:
            self._trusted.add(series)
        for instance in self._here[series] & self._doubts.keys():
            is_its = instance in known or instance in self._sent
            if is_its or (is_counted and self._doubts[instance] is Doubt.UNCOMPARED):
                del self._doubts[instance]
        self._recount(series)

    def set_apart(self, series: SeriesUID) -> None:
        """Take what was imported into a series whose list is not whole for none of it: without it all is here."""
        if series in self._cut:
            imported = [one for one in self._here[series] if self._doubts.get(one) is Doubt.IMPORTED]
            self._doubts |= dict.fromkeys(imported, Doubt.UNLISTED)

    def take_news(self) -> tuple[Mapping[InstanceUID, Doubt], Collection[InstanceUID]]:
        """Return, once, what has come to be in doubt since the last time, and what no longer is."""
        doubts, settled = self._doubts.items() - self._noted.items(), self._noted.keys() - self._doubts.keys()
        self._noted = dict(self._doubts)
        return dict(doubts), settled

    def _recount(self, series: SeriesUID) -> None:
        besides = (Doubt.UNLISTED, Doubt.IMPORTED) if series in self._cut else (Doubt.UNLISTED,)
        self._counts[series] = sum(self._doubts.get(one) not in besides for one in self._here[series])
