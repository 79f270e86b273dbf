"""A first look over a slow link is lossy, marked, wanted by the reader, and gone once the image itself is here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.hub_clients import client_of
from tests.support.imitated_hub import REFUSED, imitated
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, slice_of
from workstation.decoding.received import ReceivedInstance
from workstation.domain.hub_findings import HubFindings
from workstation.embedded_hub.running import RunningHub
from workstation.hub.protocol import HubClient
from workstation.reading.arriving import Arriving
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.lossy_previews import LossyPreviews

SIDE = 64
SLOW, FAST = 2_500_000.0, 90_000_000.0


def images() -> list[bytes]:
    pixels = (np.indices((SIDE, SIDE)).sum(axis=0) * 31 % 3000 - 1024).astype("<i2").tobytes()
    return [slice_of(n, Rows=SIDE, Columns=SIDE, PixelData=pixels) for n in (1, 2, 3)]


def previews(desk: Desk, *, wanted: bool = True, bytes_per_s: float = SLOW) -> LossyPreviews:
    found = HubFindings(datetime(2026, 11, 30, tzinfo=UTC), "", "", bytes_per_s=bytes_per_s)
    return LossyPreviews(lambda _hub: found, desk.pool, desk.catalogue, lambda: wanted, desk.note)


@contextmanager
def stored(folder: Path) -> Iterator[HubClient]:
    with RunningHub(folder) as hub, client_of(hub.url) as client:
        client.store(images())
        yield client


def shown(desk: Desk, client: HubClient, **ways: object) -> list[tuple[ReceivedInstance, bytes]]:
    found: list[tuple[ReceivedInstance, bytes]] = []
    previews(desk, **ways).show(client, STUDY, lambda received, part10: found.append((received, part10)))
    return found


def test_a_preview_is_lossy_and_marked_until_the_image_itself_comes(desk: Desk, tmp_path: Path) -> None:
    arriving = Arriving(desk.pool.decode)
    with stored(tmp_path / "hub") as client:
        ((received, part10),) = shown(desk, client)
        arriving.expect(SERIES, 1)
        arriving.take(received, part10, is_preview=True)
        (volume,) = arriving.volumes(SERIES)
        assert (volume.lossy, arriving.is_whole(SERIES)) == (True, False)
        assert desk.is_empty()
        full = client.retrieve_instance(received.reference)
    arriving.take(desk.pool.inspect(full), full)
    arriving.take(received, part10, is_preview=True)
    (volume,) = arriving.volumes(SERIES)
    assert (volume.lossy, arriving.is_whole(SERIES)) == (False, True)


@pytest.mark.parametrize("ways", [{"wanted": False}, {"bytes_per_s": FAST}, {"bytes_per_s": 0.0}])
def test_there_is_none_unless_it_is_wanted_and_the_link_is_slow(
    desk: Desk, tmp_path: Path, ways: dict[str, object]
) -> None:
    with stored(tmp_path / "hub") as client:
        assert shown(desk, client, **ways) == []


def test_there_is_none_of_a_series_that_is_here(desk: Desk, tmp_path: Path) -> None:
    with stored(tmp_path / "hub") as client:
        desk.retrieval.pull(client, STUDY)
        assert shown(desk, client) == []


def test_a_hub_that_gives_no_lossy_images_is_not_asked_again(desk: Desk) -> None:
    with imitated(images(), family=lambda _accept, _single: REFUSED) as hub, client_of(hub.stub.url) as client:
        assert shown(desk, client) == []
        asked = len(hub.asked)
        assert shown(desk, client) == []
        assert len(hub.asked) == asked > 0


OTHERS = {
    "series": {"series": "1.9.9"},
    "patient": {"PatientID": "SOMEONE-ELSE"},
    "nobody": {"PatientID": ""},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_n6_a_preview_of_someone_else_is_not_shown_ends_the_study_and_is_told(
    desk: Desk, other: dict[str, str]
) -> None:
    with imitated(images()) as hub, client_of(hub.stub.url) as client:
        hub.instead = slice_of(2, Rows=SIDE, Columns=SIDE, PixelData=bytes(SIDE * SIDE * 2), **other)
        found: list[bytes] = []
        with pytest.raises(SomeoneElsesImages):
            previews(desk).show(client, STUDY, lambda _received, part10: found.append(part10))
    assert found == []
    assert desk.strangers == [STUDY]


def test_n6_a_preview_of_a_study_that_is_held_as_another_patients_is_not_shown(desk: Desk) -> None:
    held = slice_of(1, series="1.2.3.5", PatientID="SOMEONE-ELSE")
    desk.catalogue.record(desk.pool.inspect(held), "file")
    with imitated(images()) as hub, client_of(hub.stub.url) as client, pytest.raises(SomeoneElsesImages):
        shown(desk, client)
    assert desk.strangers == [STUDY]
