"""The state of one running pull, and what is told of it."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.octets import Octets
from workstation.domain.strategy import Strategy
from workstation.errors import WorkstationError
from workstation.hub.errors import HubError
from workstation.retrieval.errors import WhoseUnknown
from workstation.retrieval.intake import StudyIntake
from workstation.retrieval.interest import Interest
from workstation.retrieval.ports import Cancelled, HubLike
from workstation.retrieval.result import CountSource, Refused
from workstation.retrieval.statement import Statement

# What is expected of a series that a hub names, and of which it gives neither the number nor the list; and besides a
# list that may be cut, where no count tells: an image that may be missing is shown as missing.
AT_LEAST: Final = 1
OnReceived = Callable[[ReceivedInstance, Octets], None]
OnDropped = Callable[[SeriesUID, Collection[InstanceUID]], None]


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a pull is: of one series and of the whole study; ``received_bytes`` is of this pull."""

    series: SeriesUID
    received: int
    expected: int
    study_received: int
    study_expected: int
    received_bytes: int


OnProgress = Callable[[PullProgress], None]


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """One object as it was sent for a series; ``asked`` is its identifier where it was asked for alone."""

    series: SeriesUID
    part10: Octets
    asked: InstanceUID | None = None


@dataclass(slots=True)
class Transfer:
    """One running pull. Thread safe.

    ``counts`` are what each source states of each series, ``expected`` the largest of them; ``unlisted`` are objects
    that came and that the hub does not list, ``conflicting`` those that came with two contents. ``compared`` are the
    series whose list was seen; where ``is_choice``, it is a choice among their objects. ``withheld`` is why the hub
    gives a series, or its list, not whole at present. ``earlier`` is what was expected of each series before this pull,
    in ``guesses`` one more than was known; the hub itself may lower it, no mirror and no manifest may. ``ended`` are
    the series whose stream came to its end, ``cut`` those whose list may be cut and of which nothing else was ever
    known, ``settled`` those of which it is known now how good a guess was, ``under_way`` those that are being asked for
    and may be cut off.
    """

    client: HubLike
    study: StudyUID
    intake: StudyIntake
    strategy: Strategy
    interest: Interest
    on_progress: OnProgress
    on_received: OnReceived
    on_dropped: OnDropped
    cancelled: Cancelled
    expected: dict[SeriesUID, int]
    statement: Statement
    counts: dict[SeriesUID, dict[CountSource, int]]
    earlier: Mapping[SeriesUID, int]
    guesses: frozenset[SeriesUID] = frozenset()
    is_choice: bool = False
    compared: set[SeriesUID] = field(default_factory=set)
    ended: set[SeriesUID] = field(default_factory=set)
    cut: set[SeriesUID] = field(default_factory=set)
    settled: set[SeriesUID] = field(default_factory=set)
    under_way: tuple[SeriesUID, ...] = ()
    unlisted: dict[SeriesUID, tuple[InstanceUID, ...]] = field(default_factory=dict)
    received_bytes: int = 0
    is_whose_known: bool = False
    refused: dict[SeriesUID, list[Refused]] = field(default_factory=dict)
    conflicting: dict[SeriesUID, dict[InstanceUID, Refused]] = field(default_factory=dict)
    withheld: dict[SeriesUID, WorkstationError] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def know_whose(self) -> None:
        """Compare whose study the hub says that this is with what is held; before anything of it is taken over.

        Raises
        ------
        SomeoneElsesImages, WhoseUnknown
            It is held as someone else's, or the hub does not say, for the cause of the error.
        """
        if not self.is_whose_known:
            try:
                patient = self.statement.patient()
            except HubError as error:
                raise WhoseUnknown("not told by the hub") from error
            if patient is not None:
                self.intake.state(patient)
            self.is_whose_known = True

    def recall(self) -> None:
        """Set what was expected before beside what is stated now; a mirror that states less is not believed.

        Where nothing is stated for certain, it is what is known; where less is held than that, one more is expected
        than a list names that may be cut, until a stream comes to its end.
        """
        for series, by_source in self.counts.items() if not self.is_choice else ():
            if CountSource.COUNT in by_source:
                self._settle(series)
            earlier = self._before(series)
            is_guess = series in self.guesses
            is_known = not is_guess and self.held((series,)) >= earlier >= by_source.get(CountSource.LIST, AT_LEAST)
            if by_source and not is_known and not self.is_numbered(series):
                self.cut.add(series)
                self.expected[series] += AT_LEAST
            if earlier > self.expected[series]:
                if self.client.stand_ins or not self.is_numbered(series):
                    self.expected[series] = earlier
                by_source[CountSource.EARLIER] = earlier

    def state(self, series: SeriesUID, source: CountSource, count: int) -> None:
        """Note what a source states of a series; what is stated again is no matter of the past."""
        by_source = self.counts[series]
        by_source[source] = count
        if by_source.get(CountSource.EARLIER, 0) <= count:
            by_source.pop(CountSource.EARLIER, None)

    def tell(self, series: SeriesUID) -> None:
        """Tell how far it is."""
        counts = self.intake.counts()
        total = sum(counts[uid] for uid in self.expected)
        whole = sum(self.expected.values())
        self.on_progress(PullProgress(series, counts[series], self.expected[series], total, whole, self.received_bytes))

    def is_numbered(self, series: SeriesUID) -> bool:
        """Whether the hub says how many objects a series has, by a count or by a list that is not cut."""
        if CountSource.COUNT in self.counts[series]:
            return True
        return CountSource.LIST in self.counts[series] and not self.client.may_have_more(self.study, series)

    def take_number(self, series: SeriesUID) -> None:
        """Expect of a series without a number what is here; where its stream ended, no more than that and its list.

        Besides a list that may be cut, at least one more is expected where no stream ended.
        """
        held = self.held((series,))
        if series not in self.ended:
            self.expected[series] = max(self.expected[series], held + AT_LEAST if series in self.cut else held)
            return
        self.expected[series] = max(self.counts[series].get(CountSource.LIST, AT_LEAST), held)
        self._settle(series)

    def expect_more(self, group: Iterable[SeriesUID]) -> None:
        """Expect of series without a number more than is here: what would have brought it was cut."""
        for series in group:
            if not self.is_numbered(series):
                self.expected[series] = max(self.expected[series], self.held((series,)) + AT_LEAST)

    def held(self, group: Iterable[SeriesUID]) -> int:
        """Return how many objects of some series are held or were taken over."""
        counts = self.intake.counts()
        return sum(counts[series] for series in group)

    def stated(self, group: Iterable[SeriesUID]) -> int:
        """Return how many objects of some series the hub says that it has."""
        return sum(self.expected[series] for series in group)

    def due(self, series: SeriesUID) -> int:
        """Return how many objects of a series are expected from now on: fewer than before where its hub lists fewer."""
        is_lowered = series in self.compared and not self.is_choice and not self.client.stand_ins
        return self.expected[series] if is_lowered else max(self.expected[series], self._before(series))

    def is_guessed(self, series: SeriesUID) -> bool:
        """Whether the last one of those may not be there: nobody has stated it, now or before."""
        stated = (count for source, count in self.counts[series].items() if source is not CountSource.EARLIER)
        known = self.earlier.get(series, 0) - (AT_LEAST if series in self.guesses else 0)
        return self.due(series) > max((self.held((series,)), known, *stated))

    def _settle(self, series: SeriesUID) -> None:
        """Let go of a guess: the hub itself has said or sent what there is; what was known besides stays."""
        if series in self.guesses and not self.client.stand_ins:
            self.settled.add(series)
            self.counts[series].pop(CountSource.EARLIER, None)

    def _before(self, series: SeriesUID) -> int:
        """Return what was expected before, as far as nothing has settled it."""
        return self.earlier.get(series, 0) - (AT_LEAST if series in self.settled else 0)

    def refuse(self, series: SeriesUID, refused: Refused) -> None:
        """Note that an object was not taken."""
        with self.lock:
            self.refused.setdefault(series, []).append(refused)

    def set_aside(self, series: SeriesUID, instance: InstanceUID, why: str) -> None:
        """Note that an object came with two contents: whichever is asked for again, that stays true."""
        with self.lock:
            self.conflicting.setdefault(series, {})[instance] = Refused(why, instance)

    def not_taken(self, series: SeriesUID) -> tuple[Refused, ...]:
        """Return what was refused of a series in the last pass, and what was set aside in any."""
        with self.lock:
            return (*self.refused.get(series, ()), *self.conflicting.get(series, {}).values())

    def forget_refusals(self, group: Iterable[SeriesUID]) -> None:
        """Begin another pass over some series: what was refused is asked for again."""
        with self.lock:
            for series in group:
                self.refused.pop(series, None)

    def has_refused(self, group: Iterable[SeriesUID]) -> bool:
        """Whether anything of some series was refused in this pass."""
        return any(self.refused.get(series) for series in group)
