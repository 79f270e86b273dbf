"""On a slow link images come compressed: the same voxels, and the same images as on a fast link."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.support.hub_clients import PATIENT_LIMITS, inspect
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, slice_of
from viewers.identifiers import InstanceUID
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import AS_STORED, Asking
from workstation.domain.identifiers import HubName
from workstation.embedded_hub.running import RunningHub
from workstation.embedded_hub.transcoding import LOSSLESS
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.retrieval.result import PullResult

SIDE = 64


def values(number: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    return (np.indices((SIDE, SIDE)).sum(axis=0) * number * 7 % 3000 - 1024).astype("<i2")


def images(count: int) -> list[bytes]:
    return [slice_of(n, Rows=SIDE, Columns=SIDE, PixelData=values(n).tobytes()) for n in range(1, count + 1)]


@contextmanager
def hub_with(folder: Path, part10s: list[bytes]) -> Iterator[str]:
    with RunningHub(folder) as hub, asking(hub.url, AS_STORED) as client:
        assert len(client.store(part10s).stored) == len(part10s)
        yield hub.url


@contextmanager
def asking(url: str, syntax: str) -> Iterator[HubClient]:
    settings = HubSettings(HubName("hub"), url)
    client = open_hub(settings, inspect, limits=PATIENT_LIMITS, asking=lambda: Asking(syntax))
    try:
        yield client
    finally:
        client.close()


def pulled(desk: Desk, url: str, syntax: str) -> PullResult:
    with asking(url, syntax) as client:
        return desk.retrieval.pull(client, STUDY)


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_compressed_images_hold_the_same_values(desk: Desk, tmp_path: Path, syntax: str) -> None:
    with hub_with(tmp_path / "hub", images(3)) as url:
        assert pulled(desk, url, syntax).is_complete
    for number in (1, 2, 3):
        held = desk.catalogue.instance(InstanceUID(f"{SERIES}.{number}"))
        assert held is not None
        assert held.transfer_syntax == syntax
        part10 = desk.objects.get(held.reference.instance, held.digest.text)
        assert np.array_equal(desk.pool.decode(part10).reshape(SIDE, SIDE), values(number))


def test_a_study_begun_on_a_slow_link_is_finished_on_a_fast_one(desk: Desk, tmp_path: Path) -> None:
    syntax = next(iter(LOSSLESS))
    with hub_with(tmp_path / "hub", images(1)) as url:
        pulled(desk, url, syntax)
        with asking(url, AS_STORED) as client:
            client.store(images(3))
        result = pulled(desk, url, AS_STORED)
    assert (result.is_complete, result.series[0].received) == (True, 3)
    assert desk.catalogue.quarantined(STUDY) == {}


def test_the_same_identifier_with_another_header_is_a_conflict_in_any_syntax(desk: Desk, tmp_path: Path) -> None:
    with hub_with(tmp_path / "first", images(1)) as url:
        pulled(desk, url, next(iter(LOSSLESS)))
    changed = [slice_of(1, Rows=SIDE, Columns=SIDE, PixelData=values(1).tobytes(), SeriesDescription="changed")]
    with hub_with(tmp_path / "second", [*changed, *images(2)[1:]]) as url:
        result = pulled(desk, url, AS_STORED)
    assert len(result.series[0].refused) == 1
    assert list(desk.catalogue.quarantined(STUDY)) == [f"{SERIES}.1"]
