"""Images that have come and are not in the catalogue yet, as volumes: the reader sees them while the transfer runs.

What came is held as received until the study is whole, within a budget of memory. Beyond it nothing more is held, and
the series waits for its place in the store: shown is then less than what came, and is marked as incomplete like
everything that is not whole. A transfer that proves to be someone else's is taken back by the caller, and so are
objects that the source turns out not to list.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.ahead import SlicesAhead
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription
from viewers.image.memory import free_memory_bytes
from viewers.image.volume import Volume
from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describing import FrameDescriber
from workstation.domain.octets import Octets

Decode = Callable[[Octets], NDArray[np.generic]]

# Held bytes, the volume before and the volume that is being built from them exist side by side for a moment.
_SHARE_OF_FREE_MEMORY = 0.2
_BUDGET_WHERE_UNKNOWN_BYTES = 1 << 30


@dataclass(slots=True, eq=False)
class _Arrived:
    """One object: its frames as described, and its bytes until they are decoded; no ``pixels`` where refused.

    ``is_preview`` of a lossy first look: the object itself takes its place.
    """

    described: tuple[FrameDescription, ...]
    part10: Octets | None
    pixels: NDArray[np.generic] | None = None
    is_preview: bool = False


@dataclass(slots=True)
class _Series:
    """What came of one series of a study; ``is_cut`` where the budget let something pass. ``others`` are no images."""

    objects: dict[InstanceUID, _Arrived] = field(default_factory=dict)
    others: set[InstanceUID] = field(default_factory=set)
    study: StudyUID | None = None
    expected: int | None = None
    is_cut: bool = False
    has_dropped: bool = False
    ahead: SlicesAhead = field(default_factory=SlicesAhead)


def default_budget_bytes() -> int:
    """Return how many received bytes may be held: a fifth of the memory that is free now."""
    free = free_memory_bytes()
    return _BUDGET_WHERE_UNKNOWN_BYTES if free is None else int(free * _SHARE_OF_FREE_MEMORY)


class Arriving:
    """The images of one case while they arrive. Thread safe; ``volumes`` blocks, and so may ``take``, nothing else."""

    def __init__(self, decode: Decode, budget_bytes: int | None = None) -> None:
        self._decode = decode
        self._describer = FrameDescriber()
        self._left_bytes = default_budget_bytes() if budget_bytes is None else budget_bytes
        self._series: dict[SeriesUID, _Series] = {}
        self._withdrawn: set[StudyUID] = set()
        self._lock = threading.Lock()
        # Held with the other one, and beyond it while a slice is copied: no volume is built of objects that are held
        # and do not lie in their places yet. Taken first.
        self._placing = threading.Lock()

    def take(self, received: ReceivedInstance, part10: Octets, *, is_preview: bool = False) -> None:
        """Hold one object that was checked and belongs to the case; one without an image is counted and let pass.

        A preview is held until the object itself comes.
        """
        described = self._describer.describe(received.header, received.transfer_syntax)
        ready = None if received.ready is None else received.ready.of(part10)
        pixels = ready if ready is not None and len(ready) == len(described) else None
        arrived = _Arrived(described, part10, pixels, is_preview)
        with self._placing:
            with self._lock:
                series = self._hold(received, arrived)
            if series is not None and not is_preview and pixels is not None and len(pixels) == 1:
                series.ahead.put(described[0], pixels[0], series.expected)

    def _hold(self, received: ReceivedInstance, arrived: _Arrived) -> _Series | None:
        """Note what came, and return its series where it is held and was not before."""
        if received.study in self._withdrawn:
            return None
        series = self._series.setdefault(received.series, _Series())
        series.study = received.study
        if not arrived.described:
            series.others.add(received.instance)
            return None
        self._drop_preview(series, received.instance)
        size_bytes = len(arrived.part10 or b"")
        if size_bytes > self._left_bytes:
            series.is_cut = True
            return None
        self._left_bytes -= size_bytes
        return series if series.objects.setdefault(received.instance, arrived) is arrived else None

    def _drop_preview(self, series: _Series, instance: InstanceUID) -> None:
        held = series.objects.get(instance)
        if held is not None and held.is_preview:
            del series.objects[instance]
            self._left_bytes += len(held.part10 or b"")

    def drop(self, series: SeriesUID, instances: Collection[InstanceUID]) -> None:
        """Let go of objects that were taken and are not of the series."""
        with self._lock:
            found = self._series.setdefault(series, _Series())
            found.has_dropped = True
            found.others.difference_update(instances)
            for instance in instances:
                dropped = found.objects.pop(instance, None)
                if dropped is not None:
                    self._left_bytes += len(dropped.part10 or b"")

    def expect(self, series: SeriesUID, instances: int) -> None:
        """Note how many objects a series has at its source."""
        with self._lock:
            self._series.setdefault(series, _Series()).expected = instances

    def count(self, series: SeriesUID) -> int:
        """Return how many objects of a series are held."""
        with self._lock:
            found = self._series.get(series)
            return len(found.objects) if found is not None else 0

    def is_news(self, series: SeriesUID) -> bool:
        """Whether anything of a series came, or was dropped: what was known of it before is not what is held now."""
        with self._lock:
            found = self._series.get(series)
            return found is not None and (bool(found.objects) or found.has_dropped)

    def is_whole(self, series: SeriesUID) -> bool:
        """Whether every object of a series came in this transfer and is held."""
        with self._lock:
            found = self._series.get(series)
            if found is None or any(one.is_preview for one in found.objects.values()):
                return False
            return not found.is_cut and len(found.objects) + len(found.others) == found.expected

    def volumes(self, series: SeriesUID) -> tuple[Volume, ...]:
        """Return the volumes of what has come of a series so far, known to be partial; none where nothing came.

        Raises
        ------
        VolumeTooLarge
            There is not enough memory.
        """
        with self._placing, self._lock:
            found = self._series.get(series)
            objects = dict(found.objects) if found is not None else {}
            ahead = found.ahead if found is not None else None
            expected = found.expected if found is not None else None
            others = len(found.others) if found is not None else 0
        for arrived in objects.values():
            self._decoded(arrived)
        described = [frame for arrived in objects.values() for frame in arrived.described]
        if not described:
            return ()
        # An object that has not come is taken for one frame: nothing else is known of it. Until the source has told
        # how many there are, one is taken to be missing, so that no beginning passes for the whole.
        missing = 1 if expected is None else max(0, expected - others - len(objects))
        frames = len(described) + missing
        return assemble(described, _pixels(tuple(objects.values())), frames, ahead)

    def forget(self, series: SeriesUID) -> None:
        """Let go of a series that is in its place; its room can be used again."""
        with self._lock:
            self._drop(series)

    def withdraw(self, study: StudyUID) -> tuple[SeriesUID, ...]:
        """Let go of all that came of a study, take nothing more of it, and return the series that had begun."""
        with self._lock:
            self._withdrawn.add(study)
            begun = tuple(series for series, found in self._series.items() if found.study == study)
            for series in begun:
                self._drop(series)
        return begun

    def _drop(self, series: SeriesUID) -> None:
        found = self._series.pop(series, None)
        if found is not None:
            self._left_bytes += sum(len(one.part10) for one in found.objects.values() if one.part10 is not None)

    def _decoded(self, arrived: _Arrived) -> None:
        part10 = arrived.part10
        if part10 is None or arrived.pixels is not None:
            return
        try:
            pixels = self._decode(part10)
        except PoolClosed:
            raise
        except DecodingError:
            # Counted as refused by the volume, which names the frames that it lacks.
            arrived.part10 = None
            return
        if len(pixels) == len(arrived.described):
            arrived.pixels = pixels


def _pixels(objects: Sequence[_Arrived]) -> Mapping[tuple[InstanceUID, int], NDArray[np.generic]]:
    return {
        (frame.instance, frame.frame_index): arrived.pixels[frame.frame_index]
        for arrived in objects
        if arrived.pixels is not None
        for frame in arrived.described
    }
