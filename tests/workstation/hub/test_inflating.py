"""Bodies that come compressed: read where they are sound, refused where they are bombs."""

import gzip
import json
import os
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

from tests.support.stub_hub import Exchange, running_stub
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.door import Call, Door, DoorLimits
from workstation.hub.errors import HubAnsweredWrongly, TransferCut, TransferTooLarge
from workstation.hub.inflating import FREE_BYTES

TEXT = b"".join(b'{"%d": "%s"}' % (number, os.urandom(40).hex().encode()) for number in range(40_000))


def bare(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


FORMS = {
    "gzip": ("gzip", gzip.compress(TEXT)),
    "x-gzip": ("X-GZIP", gzip.compress(TEXT)),
    "gzip in members": ("gzip", gzip.compress(TEXT[:9]) + gzip.compress(b"") + gzip.compress(TEXT[9:])),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "bare deflate": ("deflate", bare(TEXT)),
    "identity": ("identity", TEXT),
}


def asked(coding: str, body: bytes) -> bytes:
    def answer(exchange: Exchange) -> None:
        exchange.reply(200, body, Content_Encoding=coding)

    with running_stub(answer) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        try:
            return door.fetch(Call("GET", "studies")).body
        finally:
            door.close()


@pytest.mark.parametrize(("coding", "body"), FORMS.values(), ids=FORMS)
def test_a_sound_body_is_read_whatever_its_coding(coding: str, body: bytes) -> None:
    assert asked(coding, body) == TEXT


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_coding_that_nobody_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(HubAnsweredWrongly):
        asked(coding, gzip.compress(b"[]"))


def test_lists_are_asked_for_compressed_and_images_as_they_are() -> None:
    images = Call("GET", "images", headers={"Accept": 'multipart/related; type="application/dicom"'})
    with running_stub(lambda exchange: exchange.reply(200, gzip.compress(b"[]"), Content_Encoding="gzip")) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url))
        assert [door.fetch(call).body for call in (Call("GET", "studies"), images)] == [b"[]", b"[]"]
        door.close()
    assert [seen.headers["accept-encoding"] for seen in stub.seen] == ["gzip", "identity"]


def test_what_is_not_in_its_coding_is_refused() -> None:
    with pytest.raises(HubAnsweredWrongly):
        asked("gzip", b"[]")
    with pytest.raises(HubAnsweredWrongly):
        asked("gzip", gzip.compress(b"[]") + b"more")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_body_that_ends_early_is_a_cut(coding: str) -> None:
    whole = FORMS[coding][1]
    with pytest.raises(TransferCut):
        asked(coding, whole[: len(whole) // 2])


BOMB = """
    import gzip, resource, sys, zlib
    sys.path.insert(0, {root!r})
    from workstation.domain.hub import HubSettings
    from workstation.hub.door import Call, Door
    from workstation.hub.errors import TransferTooLarge
    door = Door(HubSettings("hub", {url!r}))
    door.fetch(Call("GET", "small"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for way in (door.fetch, door.transfer):
        try:
            answer = way(Call("GET", "bomb"))
            with answer as streamed:
                list(streamed.chunks)
        except TransferTooLarge:
            print("refused", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the resident size is told in KiB on Linux")
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_refused_with_little_memory(coding: str) -> None:
    wbits = 31 if coding == "gzip" else 15
    squeeze = zlib.compressobj(9, wbits=wbits)
    bomb = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(300)) + squeeze.flush()
    assert len(bomb) < 1 << 20

    def answer(exchange: Exchange) -> None:
        if exchange.seen.path.endswith("/bomb"):
            exchange.reply(200, bomb, Content_Encoding=coding)
        else:
            exchange.reply(200, b"[]")

    with running_stub(answer) as stub:
        script = textwrap.dedent(BOMB.format(root=str(Path.cwd()), url=stub.url))
        told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    lines = [line.split() for line in told.stdout.splitlines()]
    assert [line[0] for line in lines] == ["refused", "refused"]
    assert max(int(line[1]) for line in lines) < 100 * 1024


def test_a_body_beyond_the_cap_is_refused_however_little_was_sent() -> None:
    door_limit = 1 << 20

    def answer(exchange: Exchange) -> None:
        exchange.reply(200, gzip.compress(TEXT), Content_Encoding="gzip")

    with running_stub(answer) as stub:
        door = Door(HubSettings(HubName("hub"), stub.url), DoorLimits(answer_bytes=door_limit))
        with pytest.raises(TransferTooLarge):
            door.fetch(Call("GET", "studies"))
        door.close()


def test_a_long_list_of_like_images_is_no_bomb() -> None:
    like = {f"0018{number:04X}": {"vr": "LO", "Value": ["CHEST STANDARD"]} for number in range(40)}
    sets = [{**like, "00080018": {"vr": "UI", "Value": [f"1.2.840.{number}"]}} for number in range(10_000)]
    body = json.dumps(sets).encode()
    packed = gzip.compress(body, 9)
    assert len(body) > FREE_BYTES
    assert len(body) > 100 * len(packed)
    assert asked("gzip", packed) == body
