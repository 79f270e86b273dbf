"""Keeps the library within what the reader allows: evicts studies, finishes erasures, sweeps up after crashes.

A study goes only when nothing needs it, nobody has used it within the hour, and a hub says that it has it: then it can
be fetched again. What came from files is never evicted; only a person erases it.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from viewers.identifiers import InstanceUID, StudyUID
from workstation.domain.clock import Clock
from workstation.retrieval.errors import ObjectLost
from workstation.retrieval.ports import Cancelled, never
from workstation.store.catalogue import Catalogue
from workstation.store.errors import StudyMissing, StudyNeeded
from workstation.store.library import Erased, Library, LibraryStudy
from workstation.store.objects import ObjectStore
from workstation.store.reserve import Reserve
from workstation.store.retention import Retention
from workstation.store.study_needs import Need
from workstation.translations import Translator

# A pull that runs in another process enters its objects at its end: their files are strangers until then.
_STRANGER_FOR = timedelta(hours=24)
_IN_USE_FOR = timedelta(hours=1)
# A hub that does not have a study is mostly one that does not answer: each further question would take its time.
_REFUSALS = 3
_NOBODY_ELSE_HAS_IT = frozenset({Need.ONLY_COPY, Need.KEPT})
# Whoever reads a study that is held as of another patient can go on, or sign, only once it has come anew.
_READ = frozenset({Need.OPEN_DRAFT, Need.CLAIMED})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One study in the library, the room it takes, and until when it is kept (``None``: until a person erases it)."""

    study: LibraryStudy
    size_bytes: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The library as a whole; ``free_bytes`` of the disk."""

    shelves: tuple[Shelf, ...]
    retention: Retention
    free_bytes: int

    @property
    def size_bytes(self) -> int:
        """The room that all studies take."""
        return sum(shelf.size_bytes for shelf in self.shelves)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What one run did: studies evicted, stray files swept, objects found lost."""

    evicted: tuple[StudyUID, ...] = ()
    swept: int = 0
    lost: int = 0


class Housekeeping:
    """Runs in the background, off the window and off the thread that saves drafts; every method blocks."""

    def __init__(
        self,
        catalogue: Catalogue,
        library: Library,
        objects: ObjectStore,
        reserve: Reserve,
        retention: Callable[[], Retention],
        is_on_hub: Callable[[StudyUID, Cancelled], bool],
        actor: Callable[[], str],
        restored_at: Callable[[], datetime | None],
        words: Translator,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._library = library
        self._objects = objects
        self._reserve = reserve
        self._retention = retention
        self._is_on_hub = is_on_hub
        self._actor = actor
        self._restored_at = restored_at
        self._words = words
        self._clock = clock

    def overview(self) -> Overview:
        """Return every study with its size, the one that was not used for longest first."""
        retention = self._retention()
        shelves = tuple(self._shelf(study, retention) for study in self._library.studies())
        return Overview(shelves, retention, self._objects.free_bytes())

    def erase(self, study: StudyUID) -> int:
        """Erase a study because a person asked for it, and return the number of its objects.

        Raises
        ------
        StudyMissing
            It is not held.
        StudyNeeded
            Work that is not finished needs it; its reading does not where it is or was barred for another patient.
        """
        if self._catalogue.study(study) is None:
            raise StudyMissing("no such study in the catalogue")
        despite = _NOBODY_ELSE_HAS_IT | (_READ if self._library.is_disputed(study) else frozenset())
        found = self._library.needs(study) - despite
        if found:
            why = ", ".join(self._words.text(f"library.need.{need.value}") for need in sorted(found))
            raise StudyNeeded("needed by unfinished work", why=why)
        erased = self._library.erase(study, Erased.ASKED, self._actor(), despite=despite)
        self._destroy(erased)
        return len(erased)

    def finish_erasures(self) -> None:
        """Destroy what a process that was killed had erased from the catalogue and not yet from the disk."""
        self._destroy(self._library.to_destroy())

    def run(self, open_now: Collection[StudyUID] = (), cancelled: Cancelled = never) -> Tidied:
        """Bring the library in order; ``open_now`` are on the screen and stay, ``cancelled`` ends the evicting."""
        self.finish_erasures()
        held, restored = self._catalogue.instance_uids(), self._restored_at()
        # A restored catalogue may not know files that were imported after the backup: nobody else has those images.
        since = 0.0 if restored is None else restored.timestamp()
        swept = self._objects.sweep(held, (self._clock() - _STRANGER_FOR).timestamp(), since=since)
        lost = self._note_lost()
        evicted = tuple(self._evict(self.overview(), frozenset(open_now), cancelled))
        self._reserve.build()
        return Tidied(evicted, swept, lost)

    def _shelf(self, study: LibraryStudy, retention: Retention) -> Shelf:
        sizes = (self._objects.file_bytes(instance) for instance in self._catalogue.instance_uids(study.study))
        until = None if study.needs else study.used + timedelta(days=retention.keep_days)
        return Shelf(study, sum(size or 0 for size in sizes), until)

    def _note_lost(self) -> int:
        """Take out of the catalogue what has no file, so that it counts as missing."""
        if not self._objects.is_there():
            return 0
        why, count = self._words.error(ObjectLost("no file")), 0
        for study in self._library.studies():
            instances = self._catalogue.instance_uids(study.study)
            lost = [instance for instance in instances if self._objects.file_bytes(instance) is None]
            if lost:
                _log.warning("%d objects of a study have no file", len(lost))
                self._catalogue.lose(study.study, lost, why)
            count += len(lost)
        return count

    def _evict(self, overview: Overview, open_now: frozenset[StudyUID], cancelled: Cancelled) -> Iterable[StudyUID]:
        now, retention = self._clock(), overview.retention
        room, free, refusals = overview.size_bytes, overview.free_bytes, 0
        for shelf in overview.shelves:
            study = shelf.study
            is_old = shelf.until is not None and shelf.until < now
            is_short = room > retention.quota_bytes or free < retention.free_bytes
            if study.needs or study.study in open_now or study.used > now - _IN_USE_FOR or not (is_old or is_short):
                continue
            if cancelled():
                return
            if not self._is_on_hub(study.study, cancelled):
                refusals += 1
                if refusals == _REFUSALS:
                    return
                continue
            erased = self._library.erase(study.study, Erased.RETENTION if is_old else Erased.ROOM, self._actor())
            self._destroy(erased)
            if erased:
                room, free = room - shelf.size_bytes, free + shelf.size_bytes
                yield study.study

    def _destroy(self, instances: Collection[InstanceUID]) -> None:
        gone = []
        try:
            for instance in instances:
                # It may have been fetched again meanwhile.
                if self._catalogue.instance(instance) is None:
                    self._objects.delete(instance)
                gone.append(instance)
        finally:
            if gone:
                self._library.destroyed(gone)
