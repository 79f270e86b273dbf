"""Real hubs whose answers were tampered with: bombs, sizes that lie, addresses that lead away (V4, V5, V8, V9)."""

import json
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from tests.faults.conftest import RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply, instead
from tests.support.hub_clients import client_of, inspect, sleep_not
from tests.support.memory import OURS, rise_of
from tests.support.stub_hub import running_stub
from tests.workstation.decoding.test_hostile_objects import deflated
from tests.workstation.hub.test_door import HOSTILE
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from tests.workstation.store.samples import HUB
from viewers.image.errors import VolumeTooLarge
from workstation.decoding.errors import DecodingError
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.hub_findings import Asking
from workstation.domain.strategy import Strategy, Way
from workstation.hub.errors import ForeignOrigin, HubError, HubRedirected, TransferTooLarge
from workstation.hub.registry import open_hub
from workstation.retrieval.volumes import load_volumes

WHOLE, SINGLE = rf"/series/{SERIES}$", r"/instances/[\d.]+$"
WADO = r"/series/[\d.]+(/instances/[\d.]+)?$"
MEBIBYTE = 1 << 20
TOKEN = "token-of-this-hub"


@cache
def deflate_bomb() -> bytes:
    element = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 300 * MEBIBYTE)
    return deflated(element, *[bytes(MEBIBYTE)] * 300)


@cache
def gzip_bomb() -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(bytes(MEBIBYTE)) for _ in range(300)) + squeeze.flush()


def test_v4_an_object_that_is_a_bomb_is_refused_and_the_series_comes(desk: Desk, real_hub: RealHub) -> None:
    """The bomb comes in place of an object, which is asked for again."""
    spoil, workers = Spoil([faults.someone_else(deflate_bomb())], path=WHOLE), ready(desk)
    with (
        FaultProxy(real_hub.url, [spoil]) as proxy,
        client_of(proxy.url) as client,
        rise_of([OURS, *workers]) as rise,
    ):
        result = desk.retrieval.pull(client, STUDY)
    assert rise.most < 100 * MEBIBYTE
    assert set(desk.pool.pids) == set(workers)
    assert result.is_complete
    assert len(proxy.asked("GET", SINGLE)) == 1


@pytest.mark.parametrize("path", [r"/series\?", WADO], ids=["a list", "the images"])
def test_v4_an_answer_that_is_a_bomb_ends_the_pull_with_little_memory(desk: Desk, real_hub: RealHub, path: str) -> None:
    def swollen(reply: Reply, chance: Chance) -> Reply:
        return replace(reply, body=gzip_bomb(), headers={**reply.headers, "content-encoding": "gzip"})

    workers = [OURS, *ready(desk)]
    assert len(gzip_bomb()) < MEBIBYTE
    with (
        FaultProxy(real_hub.url, [Spoil([swollen], path=path)]) as proxy,
        client_of(proxy.url) as client,
        rise_of(workers) as rise,
        pytest.raises(TransferTooLarge),
    ):
        desk.retrieval.pull(client, STUDY)
    assert rise.most < 100 * MEBIBYTE
    assert desk.is_empty()


def ready(desk: Desk) -> tuple[int, ...]:
    """Return the workers, which have loaded what they need."""
    for _ in range(desk.pool.workers):
        with suppress(DecodingError):
            desk.pool.inspect(b"")
    return desk.pool.pids


def lying(rows: int, columns: int, frames: int, run_length: bool) -> Fault:
    """Return the fault that lets one object state another size than its pixels have."""

    def change(part10: bytes) -> bytes:
        dataset = pydicom.dcmread(BytesIO(part10))
        dataset.Rows, dataset.Columns = rows, columns
        if frames > 1:
            dataset.NumberOfFrames = frames
        if run_length:
            tiny = struct.pack("<16I", 2, 64, 66, *[0] * 13) + b"\x81\x00\x81\x00"
            dataset.file_meta.TransferSyntaxUID = RLELossless
            dataset.add_new(0x7FE00010, "OB", encapsulate([tiny]))
            dataset["PixelData"].is_undefined_length = True
        stream = BytesIO()
        dataset.save_as(stream, enforce_file_format=True)
        return stream.getvalue()

    return faults.altered(change)


# Rows, columns, frames, and whether the pixels are run-length coded.
LIES = {
    "beyond any detector": (65_535, 65_535, 1000, False),
    "a large plate": (11_000, 11_000, 1, True),
    "more frames than bytes": (8, 8, 100_000, True),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_v5_an_object_that_lies_about_its_size_takes_no_memory_and_is_never_a_picture(
    desk: Desk, real_hub: RealHub, lie: tuple[int, int, int, bool]
) -> None:
    spoil, workers = Spoil([lying(*lie)], path=WADO), ready(desk)
    with (
        FaultProxy(real_hub.url, [spoil]) as proxy,
        client_of(proxy.url) as client,
        rise_of([OURS, *workers]) as rise,
    ):
        desk.retrieval.pull(client, STUDY)
        try:
            is_complete = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)[0].is_complete
        except VolumeTooLarge:
            # Told in words: no memory holds what the header states.
            is_complete = False
    assert not is_complete
    assert rise.most < 200 * MEBIBYTE
    assert set(desk.pool.pids) == set(workers)


def test_v8_an_address_in_an_answer_leads_to_no_other_server(desk: Desk, real_hub: RealHub) -> None:
    """Each stands where a hub may name an address: for a series and an object in its lists, for a value in metadata."""

    def naming(url: str) -> Fault:
        def named(reply: Reply, chance: Chance) -> Reply:
            items = json.loads(reply.body or b"[]")
            for item in items:
                item["00081190"] = {"vr": "UR", "Value": [url]}
                item["00420011"] = {"vr": "OB", "BulkDataURI": url}
            return replace(reply, body=json.dumps(items).encode())

        return named

    with running_stub(lambda exchange: exchange.reply(200)) as evil, FaultProxy(real_hub.url) as proxy:
        settings = HubSettings(HUB, proxy.url, SignInKind.BEARER, secret=TOKEN)
        by_frames = open_hub(settings, inspect, sleep=sleep_not, asking=lambda: Asking(by_frames=True))
        plain = open_hub(settings, inspect, sleep=sleep_not)
        refused = 0
        for hostile in HOSTILE.values():
            url = hostile.format(port=urlsplit(evil.url).port, hub=urlsplit(proxy.url).port)
            proxy.spoils = [Spoil([naming(url)], path=r"\?|/metadata")]
            try:
                assert not desk.retrieval.pull(by_frames, STUDY, strategy=Strategy(Way.FRAMES, 1)).is_complete
            except HubError as error:
                refused += isinstance(error, ForeignOrigin)
            assert desk.is_empty()
        # The others are paths, which lead to the hub itself.
        assert refused >= 10
        # What the lists name is not followed at all.
        assert desk.retrieval.pull(plain, STUDY).is_complete
        by_frames.close()
        plain.close()
        assert (evil.seen, evil.connections) == ([], 0)
    assert {one.headers["authorization"] for one in proxy.seen} == {f"Bearer {TOKEN}"}


def test_v9_neither_redirect_nor_environment_takes_the_token_elsewhere(
    desk: Desk, real_hub: RealHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as evil, FaultProxy(real_hub.url) as proxy:
        for name in ("netrc", ".netrc"):
            (tmp_path / name).write_text("machine 127.0.0.1 login someone password else\ndefault login a password b\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("HOME", str(tmp_path))
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, evil.url)
        monkeypatch.delenv("no_proxy", raising=False)
        client = open_hub(HubSettings(HUB, proxy.url, SignInKind.BEARER, secret=TOKEN), inspect, sleep=sleep_not)
        for path in (r"/studies\?", r"/series\?", WADO):
            proxy.spoils = [Spoil([instead(Reply(302, {"location": f"{evil.url}/studies"}))], path=path)]
            with pytest.raises(HubRedirected):
                desk.retrieval.pull(client, STUDY)
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete
        client.close()
        assert {one.headers["authorization"] for one in proxy.seen} == {f"Bearer {TOKEN}"}
        assert (evil.seen, evil.connections) == ([], 0)
