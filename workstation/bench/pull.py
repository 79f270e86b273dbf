"""One series from a hub: until its first image, until it is kept, until it can be cut; beside its bare stream."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from viewers.image.assemble import assemble
from viewers.image.display import display_slice
from viewers.image.pixels import default_window
from workstation.app.core import Core, open_core
from workstation.bench.errors import MeasureFailed
from workstation.bench.made_up_profile import made_up_profile
from workstation.bench.made_up_series import MadeUpSeries, made_up_series
from workstation.bench.measure import Findings, Pair, Size, seconds, staged
from workstation.bench.orthanc import orthanc_binary, serving_orthanc
from workstation.bench.programs import requis, serving
from workstation.config import Profile
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_frames
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.errors import HubUnreachable
from workstation.hub.plain_stream import PlainStream
from workstation.hub.protocol import StudyQuery

STAGES = ("first_image", "stored", "readable", "process")
_HUB = HubName("bench")
_ROUNDS = 3  # each takes seconds
_SENT_AT_ONCE = 40
_START_TIMEOUT_S = 60.0
_PAUSE_S = 0.1


def run(size: Size, folder: Path) -> Findings:
    """Measure the embedded hub, and Orthanc where it is installed."""
    series, profile = made_up_series(size), made_up_profile(folder)
    rounds = min(_ROUNDS, size.rounds)
    with serving(profile, folder / "hub") as url:
        pairs = _of_hub("embedded", url, series, made_up_profile(folder / "embedded"), rounds)
    binary = orthanc_binary()
    if binary is not None:
        with serving_orthanc(binary, folder / "orthanc-hub") as url:
            pairs += _of_hub("orthanc", url, series, made_up_profile(folder / "orthanc"), rounds)
    return Findings(pairs)


def _of_hub(hub: str, url: str, series: MadeUpSeries, profile: Profile, rounds: int) -> tuple[Pair, ...]:
    with open_core(profile, None) as core:
        core.store.settings.add_hub(HubSettings(_HUB, url))
        _fill(core, series)
    address = f"{url}/studies/{series.study}/series/{series.series}"

    def stream() -> tuple[float, ...]:
        started = time.perf_counter()
        with PlainStream(address) as answer:
            count = answer.read(len(series.part10s[0][1]))
            first_s = time.perf_counter() - started
            count += answer.read()
        whole_s = time.perf_counter() - started
        if count < sum(len(part10) for _, part10 in series.part10s):
            raise MeasureFailed("the bare stream is shorter than the series")
        return first_s, whole_s, whole_s, whole_s

    def pull() -> tuple[float, ...]:
        return *_within_a_process(profile, series), _as_a_process(profile, series)

    return staged([f"{hub}_{stage}" for stage in STAGES], pull, stream, rounds)


def _within_a_process(profile: Profile, series: MadeUpSeries) -> tuple[float, float, float]:
    """Return the seconds until the first image, until all is encrypted and kept, until a volume is there."""
    firsts: list[float] = []
    with _copied(profile) as fresh, open_core(fresh, None) as core:
        _warm(core, series)
        client = core.hubs.client(_HUB)

        def shown(received: ReceivedInstance, part10: bytes) -> None:
            if not firsts:
                _first_image(core, received, part10)
                firsts.append(time.perf_counter())

        started = time.perf_counter()
        result = core.retrieval.pull(client, series.study, on_received=shown)
        stored = time.perf_counter()
        core.images.volumes(series.study, series.series)
        readable = time.perf_counter()
    if not result.is_complete:
        raise MeasureFailed("the series did not come whole")
    return firsts[0] - started, stored - started, readable - started


def _first_image(core: Core, received: ReceivedInstance, part10: bytes) -> None:
    frames = describe_frames(received.header, received.transfer_syntax)
    (volume,) = assemble(frames, {(received.instance, 0): core.decoder.decode(part10)[0]})
    display_slice(volume, 0, default_window(volume))


def _as_a_process(profile: Profile, series: MadeUpSeries) -> float:
    """Return the seconds of ``requis pull`` after its own start: less those of a command that only opens."""
    with _copied(profile) as fresh:
        opens_s = seconds(lambda: requis(fresh, "outbox", "--json"))
        pulls_s = seconds(lambda: requis(fresh, "pull", series.study, "--json"))
    return max(pulls_s - opens_s, 0.001)


def _warm(core: Core, series: MadeUpSeries) -> None:
    """Start the workers and the connection: a reader who opens a case has been at the queue."""
    core.decoder.prewarm()
    for _, part10 in series.part10s[: 2 * core.decoder.workers]:
        core.decoder.inspect(part10)
    core.hubs.client(_HUB).search_series(series.study)


@contextmanager
def _copied(profile: Profile) -> Iterator[Profile]:
    """Give a copy of a closed profile, so that each round begins with nothing."""
    with ExitStack() as stack:
        home = profile.home.with_name("copy")
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        shutil.copytree(profile.home, home)
        yield replace(profile, home=home)


def _fill(core: Core, series: MadeUpSeries) -> None:
    client = core.hubs.client(_HUB)
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
