"""Workers read heads of images, and whole objects where those do not suffice: what is found is the same."""

import subprocess
import sys
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from pydicom import Dataset

from tests.support.encoded import DEFLATED, IMPLICIT
from tests.workstation.decoding.objects import compressed, image, part10
from workstation.decoding import pool as pool_module
from workstation.decoding.answers import received_of
from workstation.decoding.errors import DecodingError, Truncated, WorkerLost
from workstation.decoding.heads import HEAD_BYTES, SHORT_BYTES, Heads
from workstation.decoding.pool import DecoderPool
from workstation.decoding.process import Answer, WorkerProcess
from workstation.decoding.received import ReceivedInstance

LARGE = np.arange(512 * 512, dtype="<u2").reshape(512, 512) % 4096
TWELVE_BITS = {"BitsStored": 12, "HighBit": 11}


def trailing() -> bytes:
    dataset = image(LARGE)
    dataset.add_new(0xFFFCFFFC, "OB", bytes(40))
    return part10(dataset)


def long_header() -> bytes:
    dataset = image(LARGE)
    items = []
    for number in range(2000):
        item = Dataset()
        item.CodeMeaning = f"{number:060d}"
        items.append(item)
    dataset.ViewCodeSequence = items
    return part10(dataset)


OBJECTS = {
    "explicit": part10(image(LARGE)),
    "implicit": part10(image(LARGE), IMPLICIT),
    "deflated": part10(image(np.random.default_rng(1).integers(0, 4096, (512, 512)).astype("<u2")), DEFLATED),
    "twelve bits": part10(image(LARGE, **TWELVE_BITS)),
    "something behind the pixels": trailing(),
    "a long header": long_header(),
    "compressed": compressed([bytes(300_000)], "1.2.840.10008.1.2.4.91"),
    "small": part10(image()),
}


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    """Workers that have learned nothing."""
    with DecoderPool(workers=1) as opened:
        yield opened


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of what workers are given, call by call."""
    sizes: list[int] = []
    call = WorkerProcess.call

    def counted(
        self: WorkerProcess, operation: str, data: Sequence[bytes | memoryview], *more: float, **fields: float
    ) -> Answer:
        sizes.append(sum(map(len, data)))
        return call(self, operation, data, *more, **fields)

    monkeypatch.setattr(WorkerProcess, "call", counted)
    return sizes


def whole(pool: DecoderPool, content: bytes, monkeypatch: pytest.MonkeyPatch) -> ReceivedInstance:
    with monkeypatch.context() as patched:
        patched.setattr(Heads, "of", lambda _, one: one)
        return pool.inspect(content)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_head_tells_what_the_whole_object_tells(
    name: str, pool: DecoderPool, given: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = OBJECTS[name]
    found = [pool.inspect(content), *pool.inspect_many([content, memoryview(content)])]
    assert given[0] == min(len(content), SHORT_BYTES)
    expected = whole(pool, content, monkeypatch)
    for one in found:
        assert isinstance(one, ReceivedInstance)
        assert one.header.to_json() == expected.header.to_json()
        assert (one.reference, one.digest, one.frames) == (expected.reference, expected.digest, expected.frames)
        assert (one.ready, one.document) == (expected.ready, expected.document)


def test_a_worker_is_not_given_the_pixels_of_an_image(given: list[int]) -> None:
    with DecoderPool(workers=1) as pool:
        pool.inspect_many([OBJECTS["explicit"]] * 3)
    assert given == [3 * SHORT_BYTES]


def test_after_one_that_had_to_be_read_whole_others_are_given_whole_for_a_while(given: list[int]) -> None:
    content = OBJECTS["something behind the pixels"]
    with DecoderPool(workers=1) as pool:
        for _ in range(3):
            pool.inspect(content)
    assert given == [SHORT_BYTES, len(content), HEAD_BYTES, len(content), len(content)]


def test_after_one_with_a_longer_header_others_are_given_longer_heads(given: list[int]) -> None:
    content = part10(image(LARGE, ImageComments="x" * 9000))
    with DecoderPool(workers=1) as pool:
        for _ in range(3):
            assert pool.inspect(content).header.text("ImageComments") == "x" * 9000
    assert given == [SHORT_BYTES, len(content), HEAD_BYTES, HEAD_BYTES]


def test_one_that_ends_within_its_pixels_is_truncated_all_the_same(pool: DecoderPool) -> None:
    with pytest.raises(Truncated):
        pool.inspect(OBJECTS["explicit"][:-2])
    assert isinstance(pool.inspect_many([OBJECTS["explicit"][:-2], OBJECTS["explicit"]])[0], DecodingError)


def test_values_beyond_the_stored_bits_do_not_lie_ready(pool: DecoderPool) -> None:
    stray = LARGE.copy()
    stray[511, 511] |= 0x8000
    content = part10(image(stray, **TWELVE_BITS))
    assert pool.inspect(OBJECTS["twelve bits"]).ready is not None
    assert pool.inspect(content).ready is None
    assert pool.decode(content)[0, 511, 511] == LARGE[511, 511]


def test_a_worker_starts_without_what_images_do_not_need() -> None:
    script = "import sys, workstation.decoding.worker; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "workstation.decoding.worker" in loaded
    assert not {"pydicom", "requests", "pypdfium2", "PySide6", "numpy", "imagecodecs", "openjpeg"} & set(loaded)


def test_values_that_are_said_to_lie_elsewhere_than_in_the_object_are_a_lie(pool: DecoderPool) -> None:
    content = OBJECTS["explicit"]
    told = inspect_answer(pool, content)
    place = {**told.fields["ready"], "from": "output", "offset": 0}
    lying = Answer({**told.fields, "ready": place}, told.body, bytearray(content))
    with pytest.raises(WorkerLost):
        received_of(lying, content)


def inspect_answer(pool: DecoderPool, content: bytes) -> Answer:
    """Return what a worker answers for an object."""
    found: list[Answer] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pool_module, "received_of", lambda answer, _: found.append(answer))
        pool.inspect(content)
    return found[0]
