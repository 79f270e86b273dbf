"""What a hub can do is found by a short probe of a real series, and how it is asked follows from that alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.hub_clients import client_of
from tests.support.imitated_hub import FAMILIES, J2K_LOSSLESS, anything, imitated, single_part_only
from tests.support.instances import make_instance
from tests.support.slow_link import SlowLink
from workstation.domain.hub_findings import AS_STORED, HubFindings, Service, SyntaxTrial, Why
from workstation.domain.strategy import WHOLE_SERIES, Way
from workstation.embedded_hub.running import RunningHub
from workstation.hub.checking import link_to
from workstation.hub.sampling import MOST_BYTES
from workstation.hub.strategy import SLOW_BYTES_PER_S, choose

SIDE = 128
JPEG_LS, HTJ2K = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.201"
READING = {Service.QIDO, Service.SERIES, Service.INSTANCE}
PROBED = HubFindings(
    found=datetime(2026, 11, 30, tzinfo=UTC),
    url="http://127.0.0.1:1",
    link="127.0.0.1",
    services=(Service.QIDO, Service.SERIES, Service.INSTANCE, Service.FRAMES),
    probed_bytes=1 << 20,
    first_byte_ms=20,
    instance_ms=100,
    stream_image_ms=10,
    single_image_ms=12,
    bytes_per_s=50_000_000,
)


def series(count: int = 5, side: int = SIDE, study: str = "1.2") -> list[bytes]:
    pixels = (np.indices((side, side)).sum(axis=0) % 97).astype("<u2").tobytes()
    made = {"Rows": side, "Columns": side, "PixelData": pixels, "StudyInstanceUID": study}
    return [
        make_instance(**made, SeriesInstanceUID=f"{study}.3", SOPInstanceUID=f"{study}.3.{n}", InstanceNumber=n)
        for n in range(1, count + 1)
    ]


def checked(**ways: object) -> HubFindings:
    with imitated(series(), **ways) as hub, client_of(hub.stub.url) as client:
        return client.check()


@pytest.mark.orthanc
def test_an_orthanc_is_found_to_give_series_in_one_stream(orthanc: str) -> None:
    with client_of(orthanc) as client:
        client.store(series())
        found = client.check()
    assert set(found.services) == READING | {Service.FRAMES, Service.STOW}
    assert (found.strategy.way, found.asking.transfer_syntax) == (Way.SERIES, AS_STORED)
    assert found.compares_in_short
    assert found.bytes_per_s > 0
    assert [trial.transfer_syntax for trial in found.syntaxes if trial.is_given] == [JPEG_LS]
    assert (found.page_cap, found.ignores_offset) == (None, False)


def test_the_embedded_hub_is_found_to_have_work_items(tmp_path: Path) -> None:
    with RunningHub(tmp_path) as hub, client_of(hub.url) as client:
        client.store(series())
        found = client.check()
    assert set(found.services) == set(Service)
    assert not found.compares_in_short
    assert found.strategy.way is Way.SERIES


def test_an_empty_hub_is_found_to_have_nothing_to_measure_with(tmp_path: Path) -> None:
    with RunningHub(tmp_path) as hub, client_of(hub.url) as client:
        found = client.check()
    assert found.strategy == WHOLE_SERIES
    assert (found.why, found.seconds_for(1)) == (Why.NO_STUDY, None)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_dialect_of_each_family_is_found(family: str) -> None:
    found = checked(family=FAMILIES[family])
    assert set(found.services) >= READING
    assert found.asking.dialect == ("dcm4chee" if family == "dcm4chee" else "standard")


def test_a_hub_without_series_is_asked_for_images_one_by_one() -> None:
    found = checked(family=single_part_only)
    assert (found.strategy.way, found.why) == (Way.INSTANCES, Why.NO_SERIES)


def test_a_hub_that_gives_frames_alone_is_asked_for_frames() -> None:
    found = checked(status_of=lambda path: 404 if path.startswith("/studies/1.2/series/1.2.3") and "frames" not in path
                    and not path.endswith("/instances") else 200, family=anything)  # fmt: skip
    assert Service.SERIES not in found.services
    assert Service.INSTANCE not in found.services


def test_the_probe_ends_at_its_cap_of_bytes() -> None:
    with imitated(series(20, 512)) as hub, client_of(hub.stub.url) as client:
        found = client.check()
    assert MOST_BYTES < found.probed_bytes < MOST_BYTES + (2 << 20)


def test_a_slow_link_is_measured_and_compressed_images_are_asked_for() -> None:
    with (
        imitated(series(6, 256), family=FAMILIES["google"]) as hub,
        SlowLink(hub.stub.url, 800_000) as link,
        client_of(link.url) as client,
    ):
        found = client.check()
    assert 0 < found.bytes_per_s < SLOW_BYTES_PER_S
    assert found.asking.transfer_syntax == J2K_LOSSLESS


def test_a_limit_of_the_hub_shows_in_its_lists() -> None:
    assert checked(cap=3).page_cap == 3
    cut = checked(cap=3, heeds_offset=False)
    assert (cut.page_cap, cut.ignores_offset) == (3, True)


@pytest.mark.parametrize(
    ("change", "way", "why"),
    [
        (lambda one: one, Way.SERIES, Why.STREAM_IS_FASTEST),
        (lambda one: replace(one, single_image_ms=0.0), Way.SERIES, Why.STREAM_IS_FAST),
        (lambda one: replace(one, single_image_ms=5.0), Way.INSTANCES, Why.SINGLE_IS_FASTER),
        (lambda one: replace(one, single_image_ms=9.0), Way.SERIES, Why.STREAM_IS_FASTEST),
        (lambda one: replace(one, services=(Service.INSTANCE,)), Way.INSTANCES, Why.NO_SERIES),
        (lambda one: replace(one, services=(Service.FRAMES,)), Way.FRAMES, Why.ONLY_FRAMES),
        (lambda one: replace(one, services=(Service.FRAMES,), probed_bytes=0), Way.FRAMES, Why.ONLY_FRAMES),
        (lambda one: replace(one, probed_bytes=0), Way.SERIES, Why.NO_STUDY),
        (lambda one: replace(one, services=(Service.QIDO,), probed_bytes=0), Way.SERIES, Why.NO_STUDY),
    ],
)
def test_the_way_follows_from_what_was_measured(
    change: Callable[[HubFindings], HubFindings], way: Way, why: Why
) -> None:
    chosen = choose(change(PROBED))
    assert (chosen.strategy.way, chosen.why) == (way, why)


@pytest.mark.parametrize(
    ("change", "ahead"),
    [
        (lambda one: one, False),
        (lambda one: replace(one, bytes_per_s=2.5e6), True),
        (lambda one: replace(one, first_byte_ms=1500.0), True),
    ],
)
def test_first_images_go_ahead_of_a_stream_that_is_slow_or_late(
    change: Callable[[HubFindings], HubFindings], ahead: bool
) -> None:
    assert choose(change(PROBED)).strategy.ahead is ahead


@pytest.mark.parametrize(
    ("speed", "trials", "syntax"),
    [
        (2e6, ((JPEG_LS, True, 0.5, 60.0),), JPEG_LS),
        (2e6, ((JPEG_LS, True, 0.5, 60.0), (HTJ2K, True, 0.55, 50.0)), HTJ2K),
        (2e6, ((JPEG_LS, True, 0.5, 140.0),), AS_STORED),
        (2e6, ((JPEG_LS, True, 0.98, 60.0),), AS_STORED),
        (2e6, ((JPEG_LS, False, 0.5, 60.0),), AS_STORED),
        (5e7, ((JPEG_LS, True, 0.5, 60.0),), AS_STORED),
    ],
)
def test_compression_is_asked_for_where_the_link_is_slow_and_it_came_sooner(
    speed: float, trials: tuple[tuple[str, bool, float, float], ...], syntax: str
) -> None:
    found = replace(PROBED, bytes_per_s=speed, syntaxes=tuple(SyntaxTrial(*one) for one in trials))
    assert choose(found).asking.transfer_syntax == syntax


def test_the_link_is_told_by_this_machines_address() -> None:
    assert link_to("http://127.0.0.1:8042/dicom-web") == "127.0.0.1"
    assert link_to("http://no.such.host.invalid/") == ""


@pytest.mark.parametrize(
    ("status", "is_storing"),
    [*((one, True) for one in (202, 400, 409)), *((one, False) for one in (302, 403, 404)),
     *((one, None) for one in (429, 500, 503))],
)  # fmt: skip
def test_only_the_word_of_a_store_counts_as_storing(status: int, is_storing: bool | None) -> None:
    with imitated([]) as hub, client_of(hub.stub.url) as client:
        hub.status_of = lambda path: status if path == "/studies" and hub.stub.seen[-1].method == "POST" else 200
        found = client.check()
    assert found.offers(Service.STOW) is bool(is_storing)
    assert (Service.STOW in found.undecided) is (is_storing is None)
