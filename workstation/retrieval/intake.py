"""Taking over the objects of one study: whose they are is checked before anything is kept.

Objects go to the encrypted store as they come, but the catalogue learns of them only in ``keep``: until then they can
be taken back as if they had never come. What was held and is spoilt on the disk is dropped, to come anew. Safe to use
from several threads.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.digest import Digest
from workstation.domain.listing import Doubt
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.retrieval.doubt_ledger import DoubtLedger
from workstation.retrieval.errors import ConflictingObject, NotListed
from workstation.retrieval.likeness import is_same_transcoded
from workstation.retrieval.ownership import Ownership
from workstation.retrieval.ports import CatalogueLike, ObjectsLike
from workstation.store.objects import Arrival


class StudyIntake:
    """What has been taken over of one study so far; ``whole`` looks at every byte of what was held before."""

    def __init__(
        self, study: StudyUID, catalogue: CatalogueLike, objects: ObjectsLike, origin: str, *, whole: bool = False
    ) -> None:
        self._study = study
        self._catalogue = catalogue
        self._objects = objects
        self._origin = origin
        self._lock = threading.Lock()
        summary = catalogue.study(study)
        self._ownership = Ownership(study, summary.patient if summary is not None else None, catalogue.admitted(study))
        self._digests: dict[InstanceUID, Digest] = {}
        self._spoilt: set[InstanceUID] = set()
        self._withdrawn: list[InstanceUID] = []
        here: defaultdict[SeriesUID, set[InstanceUID]] = defaultdict(set)
        for held in catalogue.instances(study):
            if objects.is_sound(held.reference.instance, held.digest.text, whole=whole):
                self._digests[held.reference.instance] = held.digest
                here[held.reference.series].add(held.reference.instance)
            else:
                objects.delete(held.reference.instance)
                self._spoilt.add(held.reference.instance)
        self._ledger = DoubtLedger(here, catalogue.doubts(study))
        self._fresh: list[ReceivedInstance] = []
        self._entered: dict[SeriesUID, list[ReceivedInstance]] = {}
        self._put: list[tuple[SeriesUID, InstanceUID]] = []

    def state(self, patient: Patient) -> None:
        """Note whose study the hub says that this is.

        Raises
        ------
        SomeoneElsesImages
            It is held as someone else's.
        """
        with self._lock:
            self._ownership.state(patient)

    def has(self, instance: InstanceUID) -> bool:
        """Whether the instance is held or was taken over."""
        with self._lock:
            return instance in self._digests

    def is_any_here(self, group: Iterable[SeriesUID]) -> bool:
        """Whether anything of some series is held or was taken over, wherever it came from."""
        with self._lock:
            return any(self._ledger.here(series) for series in group)

    def instances(self, series: SeriesUID) -> frozenset[InstanceUID]:
        """Return the instances of a series that are held or were taken over, wherever they came from."""
        with self._lock:
            return self._ledger.instances(series)

    def count(self, series: SeriesUID) -> int:
        """Return how many instances of a series are held or were taken over, of those that its source may have."""
        with self._lock:
            return self._ledger.count(series)

    def accept(self, received: ReceivedInstance, part10: Octets, *, durable: bool = False) -> bool:
        """Take over one object whole, bytes and all; return whether it is new.

        Raises
        ------
        SomeoneElsesImages, ConflictingObject
            As ``admit``.
        """
        is_new = self.admit(received)
        if is_new:
            self.store(received, part10, durable=durable)
        return is_new

    def admit(self, received: ReceivedInstance, series: SeriesUID | None = None) -> bool:
        """Take over one object, of ``series`` if one was asked for, whose bytes follow; return whether it is new.

        Raises
        ------
        SomeoneElsesImages
            It belongs to another study, series or patient: call ``abandon``.
        ConflictingObject
            Its identifier is in use for other bytes; it was set aside.
        NotListed
            It comes from a file, and the hub's list of its series, which is held whole, does not have it.
        """
        with self._lock:
            self._ownership.check(received, series)
            if self._digests.get(received.instance) == received.digest or self._is_held_otherwise(received):
                if series is not None:
                    self._ledger.confirm(series, received.instance)
                return False
            if series is not None and not self._ledger.is_wanted(series, received.instance):
                return False
            self._check_conflict(received)
            if series is None and self._is_full(received.series):
                raise NotListed("besides a series that is complete")
            self._digests[received.instance] = received.digest
            self._ledger.add(received.series, received.instance)
            self._put.append((received.series, received.instance))
        return True

    def store(
        self, received: ReceivedInstance, part10: Octets, *, durable: bool = False, arrival: Arrival | None = None
    ) -> None:
        """Store the bytes of an object that was admitted; ``arrival`` is its file where it was stored as it came."""
        if arrival is not None:
            self._objects.settle(arrival, received.instance, received.digest.text)
        else:
            self._objects.put(received.instance, part10, durable, zero_preamble=True, digest=received.digest.text)
        with self._lock:
            self._fresh.append(received)

    def keep(self, uncompared: Collection[SeriesUID] = (), doubt: Doubt = Doubt.UNCOMPARED) -> None:
        """Enter in the catalogue what was taken over since the last time; of some series no list was seen yet.

        What came of those that are trusted is not doubted for that.
        """
        with self._lock:
            fresh, self._fresh = self._fresh, []
            withdrawn, self._withdrawn = self._withdrawn, []
            self._put.clear()
            self._ledger.doubt(((one.series, one.instance) for one in fresh if one.series in uncompared), doubt)
        if fresh:
            self._catalogue.record_all(fresh, self._origin)
        if withdrawn:
            self._catalogue.withdraw(withdrawn)
        for instance in withdrawn:
            self._objects.delete(instance)
        self._note_doubts()
        with self._lock:
            for received in fresh:
                self._entered.setdefault(received.series, []).append(received)

    def _note_doubts(self) -> None:
        with self._lock:
            doubts, settled = self._ledger.take_news()
        if doubts or settled:
            self._catalogue.doubt(self._study, doubts, settled)

    def take_entered(self, series: SeriesUID) -> Sequence[ReceivedInstance] | None:
        """Return, once, all that is held of a series where all of it was entered here; else ``None``."""
        with self._lock:
            entered = self._entered.pop(series, [])
            return entered if entered and len(entered) == self._ledger.here(series) else None

    def give_up_spoilt(self, why: str) -> None:
        """Note as lost, with the reason, what was held and spoilt and did not come anew."""
        with self._lock:
            lost = [instance for instance in self._spoilt if instance not in self._digests]
            self._spoilt.clear()
        if lost:
            self._catalogue.lose(self._study, lost, why)

    def counts(self) -> Counter[SeriesUID]:
        """Return those numbers of all series."""
        with self._lock:
            return self._ledger.counts()

    def abandon(self) -> None:
        """Take back all that was not yet kept; none of them may be running."""
        with self._lock:
            put, self._put = self._put, []
            self._fresh.clear()
            for series, instance in put:
                self._digests.pop(instance, None)
                self._ledger.remove(series, instance)
        for _, instance in put:
            self._objects.delete(instance)

    def dismiss(
        self, series: SeriesUID, known: Collection[InstanceUID], *, is_choice: bool = False
    ) -> tuple[InstanceUID, ...]:
        """Take back what came of a series, now or before a cut, and is not among the ``known``, which are all of it.

        Whatever else is held of it stays and counts no longer; of what is still to come, only the known is taken. Where
        they are a choice among its objects, it says nothing about what was held before, which does not count either.
        No ``accept`` may be running.
        """
        with self._lock:
            put = {one for of, one in self._put if of == series}
            strangers = self._ledger.compare(series, known, put, is_choice=is_choice)
            self._put = [(of, one) for of, one in self._put if one not in strangers]
            self._fresh = [one for one in self._fresh if one.instance not in strangers]
            self._withdrawn += strangers - put
            for instance in strangers:
                self._digests.pop(instance, None)
        for instance in strangers & put:
            self._objects.delete(instance)
        return tuple(sorted(strangers))

    def trust(self, series: SeriesUID, known: Collection[InstanceUID], *, is_counted: bool) -> None:
        """Take what came of a series for what its source has: its list, the ``known``, is not whole.

        What was imported, and was neither sent nor is among them, does not count from now on until it is sent. Where
        its source does not count it either, what came and is not among them stays in doubt.
        """
        with self._lock:
            self._ledger.trust(series, known, is_counted=is_counted)

    def set_apart(self, series: SeriesUID) -> None:
        """Take what was imported into a series whose list is not whole for none of it: without it all is here."""
        with self._lock:
            self._ledger.set_apart(series)

    def _is_full(self, series: SeriesUID) -> bool:
        expected = self._catalogue.expected(self._study).get(series)
        return expected is not None and self._ledger.count(series) >= expected

    def _is_held_otherwise(self, received: ReceivedInstance) -> bool:
        """Whether the same image is held in another transfer syntax; what is held stays."""
        if received.instance not in self._digests:
            return False
        held = self._catalogue.instance(received.instance)
        return held is not None and is_same_transcoded(held, received)

    def _check_conflict(self, received: ReceivedInstance) -> None:
        held = self._catalogue.instance(received.instance)
        known = self._digests.get(received.instance, held.digest if held is not None else None)
        elsewhere = held is not None and held.reference.study != self._study
        if elsewhere or (known is not None and known != received.digest):
            self._catalogue.quarantine(self._study, received.instance, ConflictingObject.key)
            raise ConflictingObject("one identifier, two contents")
