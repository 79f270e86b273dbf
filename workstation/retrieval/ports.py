"""What retrieval needs from the rooms around it, as narrow as it needs it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.errors import DecodingError
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.header import Header
from workstation.domain.contradiction import Contradiction
from workstation.domain.digest import Digest
from workstation.domain.identifiers import HubName
from workstation.domain.listing import Doubt
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.store.objects import Arrival

Cancelled = Callable[[], bool]
# Told of a study for which images of someone else came, and of what keeps them from being of its patient.
OnStrangers = Callable[[StudyUID, Contradiction | None], None]


def never() -> bool:
    """Never cancelled."""
    return False


class Held(Protocol):
    """One instance that the catalogue holds."""

    @property
    def reference(self) -> InstanceReference:
        """Its identifiers."""

    @property
    def transfer_syntax(self) -> str:
        """Its transfer syntax UID."""

    @property
    def digest(self) -> Digest:
        """Digest of the Part 10 bytes as received."""

    @property
    def frames(self) -> int:
        """Number of frames, 0 without pixels."""

    @property
    def header(self) -> Header:
        """Its header without pixels."""


class CatalogueLike(Protocol):
    """The index of what is held."""

    def study(self, uid: StudyUID) -> StudySummary | None:
        """Return one study, or ``None``."""

    def series(self, study: StudyUID) -> tuple[SeriesSummary, ...]:
        """Return the series held of a study."""

    def instances(self, study: StudyUID, series: SeriesUID | None = None) -> Sequence[Held]:
        """Return the instances held."""

    def instance(self, uid: InstanceUID) -> Held | None:
        """Return one instance, whatever its study."""

    def selections(self) -> tuple[InstanceUID, ...]:
        """Return the Key Object Selections held, whatever their study."""

    def record_all(self, received: Sequence[ReceivedInstance], origin: str) -> None:
        """Enter several instances, all or none."""

    def expect(self, study: StudyUID, series: SeriesUID, count: int, *, is_guessed: bool = False) -> None:
        """Note how many instances a series has at its source; of a guess, the last one may be there or not."""

    def expected(self, study: StudyUID) -> Mapping[SeriesUID, int]:
        """Return those numbers."""

    def guessed(self, study: StudyUID) -> frozenset[SeriesUID]:
        """Return the series of which that number is a guess."""

    def refuse(self, study: StudyUID, series: SeriesUID, instance: InstanceUID | None, why: str) -> None:
        """Note that something was not taken."""

    def quarantine(self, study: StudyUID, instance: InstanceUID, why: str) -> None:
        """Note that an object was set aside."""

    def quarantined(self, study: StudyUID) -> Mapping[InstanceUID, str]:
        """Return what is set aside of a study, and why."""

    def withdraw(self, instances: Collection[InstanceUID]) -> None:
        """Take objects out without a note."""

    def doubt(
        self, study: StudyUID, doubts: Mapping[InstanceUID, Doubt], settled: Collection[InstanceUID] = ()
    ) -> None:
        """Note of which held objects it is not known whether their source has them, and of which it is now."""

    def doubts(self, study: StudyUID, series: SeriesUID | None = None) -> Mapping[InstanceUID, Doubt]:
        """Return those objects of a study, or of one series, and why."""

    def lose(self, study: StudyUID, instances: Collection[InstanceUID], why: str) -> None:
        """Note that held objects are lost."""

    def admitted(self, study: StudyUID) -> frozenset[Contradiction]:
        """Return how objects of a study may differ and yet be of one patient, as a person has said."""

    def begin_pull(self, study: StudyUID) -> bool:
        """Note that a study is being fetched; say whether an earlier fetch never came to its end."""

    def end_pull(self, study: StudyUID) -> None:
        """Note that a fetch came to its end."""


class ObjectsLike(Protocol):
    """The encrypted objects."""

    def prepare(self) -> None:
        """Make ready to keep objects, so that the first one does not wait."""

    def put(
        self,
        instance: InstanceUID,
        data: Octets,
        durable: bool,
        *,
        zero_preamble: bool = False,
        digest: str | None = None,
    ) -> None:
        """Keep one object."""

    def get(self, instance: InstanceUID, digest: str | None = None) -> bytes:
        """Return one object whole."""

    def has(self, instance: InstanceUID) -> bool:
        """Whether a file of it is there."""

    def is_sound(self, instance: InstanceUID, digest: str, *, whole: bool = False) -> bool:
        """Whether its file is of the content with that digest."""

    def delete(self, instance: InstanceUID) -> None:
        """Remove it."""

    def arrive(self, data: Octets) -> Arrival | None:
        """Keep an object as it arrives, not yet known; ``None`` when that cannot be done with this one."""

    def settle(self, arrival: Arrival, instance: InstanceUID, digest: str) -> None:
        """Give what arrived its place."""

    def discard(self, arrival: Arrival) -> None:
        """Destroy what arrived, unless it has settled."""

    def arrivals(self) -> Iterator[tuple[Arrival, bytes]]:
        """Yield what arrived and never settled, with its content."""


class HeldObjectsLike(Protocol):
    """The held objects, never spoilt ones."""

    def get(self, held: Held) -> bytes:
        """Return one object whole."""


class DecoderLike(Protocol):
    """The worker processes."""

    @property
    def workers(self) -> int:
        """How many calls run at the same time."""

    def inspect(self, part10: Octets) -> ReceivedInstance:
        """Read what an object is."""

    def inspect_many(self, part10s: Sequence[Octets]) -> Sequence[ReceivedInstance | DecodingError]:
        """Read what several objects are."""

    def decode(self, part10: Octets) -> NDArray[np.generic]:
        """Return its stored values."""

    def overlays(self, part10: Octets) -> NDArray[np.uint16] | None:
        """Return the overlays as bits of each pixel, by group."""


class NamesLike(Protocol):
    """What a hub calls the instances of one series in an index of its own."""

    def are_of(self, instances: Collection[InstanceUID], /) -> bool:
        """Whether these and no other are the instances of the series."""


class HubLike(Protocol):
    """The part of a hub that images come from; a question that is ``cancelled`` ends at once."""

    @property
    def stand_ins(self) -> tuple[HubName, ...]:
        """The mirrors that have answered in its place so far; none where it answers itself."""

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never, /) -> Patient | None:
        """Return whose study the hub says that it is; ``None`` where it lists no such study."""

    def search_series(self, study: StudyUID, cancelled: Cancelled = never, /) -> tuple[SeriesSummary, ...]:
        """Return the series of a study."""

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never, /
    ) -> tuple[InstanceReference, ...]:
        """Return the instances of a series."""

    def may_have_more(self, study: StudyUID, series: SeriesUID, /) -> bool:
        """Whether the list of a series that it gave last may have been cut, and no count tells."""

    def names_of(
        self, study: StudyUID, series: SeriesUID, patient_id: str, cancelled: Cancelled = never, /
    ) -> NamesLike | None:
        """Return what the instances of a series are called in an index of its own; ``None`` where it has none."""

    def search_instance(
        self, study: StudyUID, series: SeriesUID, place: int, cancelled: Cancelled = never, /
    ) -> InstanceReference | None:
        """Return the instance at a place, from 0, in the hub's own order of a series; ``None`` where none is told."""

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the instances of a series as they arrive."""

    def retrieve_instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance."""
