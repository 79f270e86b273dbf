"""Hangs an open case by a protocol, and again as more of it becomes known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from viewers.identifiers import SeriesUID
from viewers.image.volume import Volume
from viewers.signal import Signal
from workstation.domain.study import StudySummary
from workstation.reading.arrangement import Arrangement
from workstation.reading.protocols.facts import CaseFacts, Knowledge, VolumeFacts, facts_of_volume
from workstation.reading.protocols.hanging import hang_step
from workstation.reading.protocols.matching import Ranked
from workstation.reading.protocols.model import Protocol
from workstation.reading.protocols.shelf import Shelf, kind_of_study
from workstation.reading.views import Views


class ProtocolHanging:
    """Follows one open case. ``load`` asks for a series that is hung and has not come.

    ``shelf`` holds the protocols; without any, nothing is hung by one. ``shelf_changed`` tells of a choice to be kept.
    """

    def __init__(self, load: Callable[[SeriesUID], object]) -> None:
        self._load = load
        self._views: Views | None = None
        self._studies: tuple[StudySummary, ...] = ()
        self._knowledge = Knowledge()
        self._asked: set[SeriesUID] = set()
        self._is_chosen = False
        self._last: tuple[str, int] | None = None
        self.shelf = Shelf()
        self.shelf_changed: Signal[Shelf] = Signal()

    def open_case(self, views: Views) -> None:
        """Hang this case from now on."""
        self.close_case()
        self._views = views

    def close_case(self) -> None:
        """Hang nothing, and know nothing."""
        self._views, self._studies, self._knowledge = None, (), Knowledge()
        self._asked.clear()
        self._is_chosen, self._last = False, None

    def show_studies(self, studies: Sequence[StudySummary]) -> None:
        """Take note of the studies as they are listed now, the one being read first."""
        self._studies = tuple(studies)

    def know(self, facts: Sequence[VolumeFacts]) -> None:
        """Take note of what headers tell of volumes; what hangs may become better by it."""
        self._knowledge.take(facts)
        self.renew()

    def take(self, volumes: Sequence[Volume]) -> None:
        """Take note of volumes that have come, all of a series at once; of one that is partial only what is new."""
        facts = [facts_of_volume(volume) for volume in volumes]
        known = self._knowledge.volumes
        whole = {one.reference.series for one, volume in zip(facts, volumes, strict=True) if volume.is_complete}
        self._knowledge.take(
            [one for one in facts if one.reference.series in whole or one.reference.series not in known]
        )

    def forget(self, series: Sequence[SeriesUID]) -> None:
        """Know nothing more of some series: they are of someone else."""
        self._knowledge.forget(series)

    def take_shelf(self, shelf: Shelf) -> None:
        """Hang by these protocols from now on, a case too that was opened before they came and is as it was opened."""
        self.shelf = shelf
        views = self._views
        if views is not None and views.arrangement is Arrangement.STACK and not views.has_acted:
            self.begin()
        else:
            self.renew()

    def begin(self) -> bool:
        """Hang the best protocol; false where none fits, or it finds nothing."""
        best = next(iter(self.ranked()), None)
        if best is None:
            return False
        self._hang(best.protocol, 0)
        return self._views is not None and self._views.current is not None

    def renew(self) -> None:
        """Hang again by what is known now: better while the reader has not acted, then only what was empty."""
        views = self._views
        if views is None or views.step is None:
            return
        best = next(iter(self.ranked()), None)
        if best is not None and not views.has_acted and not self._is_chosen and best.protocol.id != views.step.protocol:
            self._hang(best.protocol, 0)
            return
        protocol = self.shelf.find(views.step.protocol)
        if protocol is not None:
            views.improve(hang_step(protocol, views.step.number, self._facts()))
            self._load_awaited(views)

    def step_on(self, steps: int) -> bool:
        """Go on by steps of the protocol, or hang its last step again; false where no protocol fits.

        The reader goes on in what hangs: nothing that comes late hangs another protocol.
        """
        views = self._views
        if views is None:
            return False
        hung = (views.step.protocol, views.step.number) if views.step is not None else None
        protocol = self.shelf.find((hung or self._last or ("", 0))[0])
        if protocol is None:
            return self.begin()
        self._is_chosen = True
        number = hung[1] + steps if hung is not None else (self._last or ("", 0))[1]
        self._hang(protocol, number)
        return True

    def choose(self, protocol_id: str) -> None:
        """Hang another protocol, from its first step, by the reader's wish."""
        protocol = self.shelf.find(protocol_id)
        if protocol is not None:
            self._is_chosen = True
            self._hang(protocol, 0)

    def keep_always(self, *, wanted: bool) -> None:
        """Hang the protocol that hangs now for all studies of this kind; or no more."""
        hung = self.hung
        if hung is None:
            return
        always = {kind: one for kind, one in self.shelf.always.items() if kind != self.kind}
        self.shelf = replace(self.shelf, always=always | ({self.kind: hung.id} if wanted else {}))
        self.shelf_changed.emit(self.shelf)

    @property
    def is_always(self) -> bool:
        """Whether the protocol that hangs is the reader's choice for all studies of this kind."""
        hung = self.hung
        return hung is not None and self.shelf.always.get(self.kind) == hung.id

    @property
    def hung(self) -> Protocol | None:
        """The protocol that hangs now."""
        step = self._views.step if self._views is not None else None
        return self.shelf.find(step.protocol) if step is not None else None

    @property
    def kind(self) -> str:
        """What kind of study is being read."""
        return kind_of_study(self._facts())

    def ranked(self) -> tuple[Ranked, ...]:
        """Return the protocols that fit, best first."""
        return self.shelf.ranked(self._facts()) if self._studies else ()

    def _hang(self, protocol: Protocol, number: int) -> None:
        if self._views is None:
            return
        step = hang_step(protocol, number, self._facts())
        self._last = (step.protocol, step.number)
        self._views.hang_step(step)
        self._load_awaited(self._views)

    def _load_awaited(self, views: Views) -> None:
        """Ask for each series once: one that does not come is asked for again by the reader alone."""
        for series in sorted(views.awaited() - self._asked):
            self._asked.add(series)
            self._load(series)

    def _facts(self) -> CaseFacts:
        return self._knowledge.case(self._studies)
