"""Pulling a series as a reader does, stage by stage, within this process and as a process of its own."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from viewers.image.assemble import assemble
from viewers.image.display import display_slice
from viewers.image.pixels import default_window
from workstation.app.core import Core, open_core
from workstation.bench.errors import MeasureFailed
from workstation.bench.made_up_series import MadeUpSeries
from workstation.bench.measure import have_memory, seconds
from workstation.bench.programs import requis
from workstation.config import Profile
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_frames
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.octets import Octets
from workstation.hub.errors import HubUnreachable
from workstation.hub.protocol import StudyQuery
from workstation.reading.arriving import Arriving
from workstation.retrieval.errors import RetrievalCancelled

HUB = HubName("bench")
# So many slices spread evenly are a stack that can be scrolled through in steps.
COARSE_SLICES = 13
_SENT_AT_ONCE = 40
_START_TIMEOUT_S = 60.0
_PAUSE_S = 0.1
# As received, as a volume, and on its way to the disk.
COPIES = 3


@dataclass(frozen=True, slots=True)
class Pulled:
    """Seconds from asking on a warm connection, and CPU seconds of this process, its workers left out."""

    first_image_s: float
    in_memory_s: float
    stored_s: float
    cpu_s: float


class _Watch:
    """Follows one pull from its first object to its volume."""

    def __init__(self, core: Core, series: MadeUpSeries, *, sought_coarse: bool = False) -> None:
        self._core = core
        self._arriving = Arriving(core.decoder.decode)
        self._series = series.series
        self._place = {instance: place for place, (instance, _) in enumerate(series.part10s)}
        self._count = len(series.part10s)
        self._came: set[int] = set()
        self._sought_coarse = sought_coarse
        self.started = time.perf_counter()
        self.moments: dict[str, float] = {}

    def received(self, received: ReceivedInstance, part10: Octets) -> None:
        """Do with one object what the window does; build the volume with the last."""
        if not self._came:
            self._show(received, part10)
            self._mark("first_image")
        self._arriving.take(received, part10)
        self._arriving.expect(self._series, self._count)
        self._came.add(self._place[received.instance])
        if self._sought_coarse and not self.has_coarse() and self._is_coarse():
            self._mark("coarse")
        if len(self._came) == self._count:
            (volume,) = self._arriving.volumes(self._series)
            if volume.passport.shape_kji[0] != self._count:
                raise MeasureFailed("the volume is not whole")
            self._mark("in_memory")

    def has_coarse(self) -> bool:
        """Whether a coarse stack has come."""
        return "coarse" in self.moments

    def _show(self, received: ReceivedInstance, part10: Octets) -> None:
        frames = describe_frames(received.header, received.transfer_syntax)
        (volume,) = assemble(frames, {(received.instance, 0): self._core.decoder.values(received, part10)[0]})
        display_slice(volume, 0, default_window(volume))

    def _is_coarse(self) -> bool:
        """Whether no place of the stack is further from an image than half a step of the coarse one."""
        reach = max(1, -(-self._count // (2 * (COARSE_SLICES - 1))))
        places = sorted(self._came)
        gaps = [after - before for before, after in pairwise(places)]
        return places[0] <= reach and self._count - 1 - places[-1] <= reach and max(gaps, default=0) <= 2 * reach

    def _mark(self, stage: str) -> None:
        self.moments[stage] = time.perf_counter() - self.started


def pulled(profile: Profile, series: MadeUpSeries, *, is_checked: bool = False) -> Pulled:
    """Pull a series into a copy of a closed profile; with ``is_checked`` the hub was looked at before."""
    with copied(profile) as fresh, open_core(fresh, None) as core:
        client = core.hubs.client(HUB)
        if is_checked:
            core.strategies.check(client)
        _warm(core, series)
        watch, cpu = _Watch(core, series), time.process_time()
        result = core.retrieval.pull(client, series.study, on_received=watch.received)
        stored_s, cpu_s = time.perf_counter() - watch.started, time.process_time() - cpu
    if not result.is_complete:
        raise MeasureFailed("the series did not come whole")
    moments = watch.moments
    return Pulled(moments["first_image"], moments["in_memory"], stored_s, cpu_s)


def begun(profile: Profile, series: MadeUpSeries) -> tuple[float, float]:
    """Return the seconds until the first image and until a coarse stack, and pull no further.

    The hub was looked at before, as a reader's is: how it is asked is chosen by that.
    """
    with copied(profile) as fresh, open_core(fresh, None) as core:
        client = core.hubs.client(HUB)
        core.strategies.check(client)
        _warm(core, series)
        watch = _Watch(core, series, sought_coarse=True)
        with suppress(RetrievalCancelled):
            core.retrieval.pull(client, series.study, cancelled=watch.has_coarse, on_received=watch.received)
    return watch.moments["first_image"], watch.moments["coarse"]


def pulled_by_a_process(profile: Profile, series: MadeUpSeries) -> tuple[float, float]:
    """Return the seconds of ``requis pull`` after its own start, and the CPU seconds of it and its workers.

    Its start is a command that only opens the profile, which was used before: room is set aside in it once, for good.
    """
    with copied(profile) as fresh:
        with open_core(fresh, None) as core:
            core.housekeeping.run()
        have_memory(COPIES * series.pixel_bytes * len(series.part10s))
        opens_s = seconds(lambda: requis(fresh, "outbox", "--json"))
        before = os.times()
        pulls_s = seconds(lambda: requis(fresh, "pull", series.study, "--json"))
        after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return max(pulls_s - opens_s, 0.001), cpu_s


def name_hub(profile: Profile, url: str) -> None:
    """Name the hub in a new profile."""
    with open_core(profile, None) as core:
        core.store.settings.add_hub(HubSettings(HUB, url))


def send(profile: Profile, series: MadeUpSeries) -> None:
    """Wait until the hub of a profile answers, and give it the series."""
    with open_core(profile, None) as core:
        client = core.hubs.client(HUB)
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                client.search_studies(StudyQuery(study=series.study), 1)
                break
            except HubUnreachable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_S)
        part10s = [part10 for _, part10 in series.part10s]
        for first in range(0, len(part10s), _SENT_AT_ONCE):
            client.store(part10s[first : first + _SENT_AT_ONCE])


@contextmanager
def copied(profile: Profile) -> Iterator[Profile]:
    """Give a copy of a closed profile, so that each round begins with nothing; the folder of ``profile`` keeps it.

    Its files are emptied and not removed: after many were removed, file systems look for minutes long for the place of
    a new one, which no reader does between two cases.
    """
    home = Path(tempfile.mkdtemp(prefix="copy", dir=profile.home.parent)) / profile.home.name
    shutil.copytree(profile.home, home)
    try:
        yield replace(profile, home=home)
    finally:
        for path in home.rglob("*"):
            if path.is_file():
                os.truncate(path, 0)


def _warm(core: Core, series: MadeUpSeries) -> None:
    """Start the workers and the connection: a reader who opens a case has been at the queue."""
    core.decoder.prewarm(pixels=True)
    for _, part10 in series.part10s[: 2 * core.decoder.workers]:
        core.decoder.inspect(part10)
    core.hubs.client(HUB).search_series(series.study)
