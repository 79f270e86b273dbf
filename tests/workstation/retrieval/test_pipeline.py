"""When what arrives is encrypted, and in which order it is taken over."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.instances import make_instance
from viewers.identifiers import SeriesUID
from workstation.decoding.errors import DecodingError
from workstation.decoding.pool import DecoderPool
from workstation.decoding.received import ReceivedInstance
from workstation.domain.octets import Octets
from workstation.retrieval import pipeline as pipeline_module
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.pipeline import Found, Pipeline
from workstation.retrieval.transfer import Arrived
from workstation.store.errors import StoreFull
from workstation.store.objects import Arrival, ObjectStore

PATIENCE_S = 20.0
SERIES = SeriesUID("1.2")


class Keeper:
    """Keeps everything, and notes what it took and stored."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self.taken: list[str] = []
        self.stored: list[str] = []
        self._inside = threading.Lock()

    def take(self, arrived: Arrived, found: Found) -> bool:
        assert isinstance(found, ReceivedInstance)
        assert self._inside.acquire(blocking=False), "two at a time"
        self.taken.append(found.instance)
        self._inside.release()
        return True

    def keep(self, arrived: Arrived, received: ReceivedInstance, arrival: Arrival | None) -> None:
        if arrival is None:
            self._objects.put(received.instance, arrived.part10, durable=False)
        else:
            self._objects.settle(arrival, received.instance, received.digest.text)
        self.stored.append(received.instance)


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects", bytes(32))


@pytest.fixture(scope="module")
def decoder() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2) as pool:
        pool.prewarm()
        yield pool


def part10s(count: int) -> list[bytes]:
    return [make_instance(SOPInstanceUID=f"1.2.{number + 1}", InstanceNumber=number) for number in range(count)]


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_so()


def test_what_came_is_encrypted_when_the_rush_is_over(objects: ObjectStore, decoder: DecoderPool) -> None:
    keeper = Keeper(objects)
    with Pipeline(decoder, objects, keeper) as pipeline:
        for part10 in part10s(3):
            pipeline.put(Arrived(SERIES, part10))
        assert until(lambda: len(keeper.stored) == 3)


def test_while_a_rush_lasts_the_reader_has_the_images_before_they_are_encrypted(
    objects: ObjectStore, decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_RUSH_S", 3600.0)
    monkeypatch.setattr(pipeline_module, "_LATEST_S", 3600.0)
    keeper = Keeper(objects)
    with Pipeline(decoder, objects, keeper) as pipeline:
        for part10 in part10s(6):
            pipeline.put(Arrived(SERIES, part10))
        assert until(lambda: len(keeper.taken) == 6)
        time.sleep(0.5)
        # The first came before the rush was known for one.
        assert len(keeper.stored) <= 1
        pipeline.flush()
        assert len(keeper.stored) == 6


def test_what_comes_in_a_rush_is_encrypted_before_it_gets_old(objects: ObjectStore, decoder: DecoderPool) -> None:
    keeper, over = Keeper(objects), threading.Event()
    with Pipeline(decoder, objects, keeper) as pipeline:

        def send() -> None:
            for part10 in part10s(1000):
                if over.wait(0.005):
                    return
                pipeline.put(Arrived(SERIES, part10))

        sending = threading.Thread(target=send)
        sending.start()
        is_kept = until(lambda: bool(keeper.stored))
        is_still_sent = sending.is_alive()
        over.set()
        sending.join()
    assert (is_kept, is_still_sent) == (True, True)


def test_all_is_taken_over_in_order_of_arrival_and_stored(objects: ObjectStore, decoder: DecoderPool) -> None:
    keeper, sent = Keeper(objects), part10s(150)
    with Pipeline(decoder, objects, keeper) as pipeline:
        for part10 in sent:
            pipeline.put(Arrived(SERIES, memoryview(part10)))
        pipeline.flush()
        assert keeper.taken == [f"1.2.{number + 1}" for number in range(150)]
        assert sorted(keeper.stored) == sorted(keeper.taken)
    assert all(objects.get(instance) == part10 for instance, part10 in zip(keeper.taken, sent, strict=True))


def test_a_disk_that_fails_is_told_at_the_end_also_where_nobody_flushed(
    objects: ObjectStore, decoder: DecoderPool
) -> None:
    class Failing(Keeper):
        def keep(self, arrived: Arrived, received: ReceivedInstance, arrival: Arrival | None) -> None:
            raise StoreFull("played")

    with pytest.raises(StoreFull), Pipeline(decoder, objects, Failing(objects)) as pipeline:
        pipeline.put(Arrived(SERIES, part10s(1)[0]))


def test_nothing_is_kept_behind_an_image_of_someone_else(objects: ObjectStore, decoder: DecoderPool) -> None:
    class Strict(Keeper):
        def take(self, arrived: Arrived, found: Found) -> bool:
            if len(self.taken) == 20:
                raise SomeoneElsesImages("played")
            return super().take(arrived, found)

    def send() -> None:
        with Pipeline(decoder, objects, keeper) as pipeline:
            for part10 in part10s(60):
                pipeline.put(Arrived(SERIES, part10))

    keeper = Strict(objects)
    with pytest.raises(SomeoneElsesImages):
        send()
    assert len(keeper.taken) == 20
    assert len(keeper.stored) <= 20
    assert not list(objects.arrivals())


class Counting:
    """Has objects read by the workers, and notes how many at a time."""

    def __init__(self, decoder: DecoderPool) -> None:
        self._decoder = decoder
        self.workers = decoder.workers
        self.together: list[int] = []

    def inspect_many(self, part10s: Sequence[Octets]) -> Sequence[ReceivedInstance | DecodingError]:
        self.together.append(len(part10s))
        return self._decoder.inspect_many(part10s)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._decoder, name)


def test_in_a_rush_images_are_read_in_company_and_at_its_end_at_once(
    objects: ObjectStore, decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_RUSH_S", 3600.0)
    monkeypatch.setattr(pipeline_module, "_COMPANY_S", 3600.0)
    keeper, counting = Keeper(objects), Counting(decoder)
    sent = part10s(36)
    with Pipeline(counting, objects, keeper) as pipeline:
        pipeline.put(Arrived(SERIES, sent[0]))
        assert until(lambda: len(keeper.taken) == 1), "the first is not kept waiting"
        for part10 in sent[1:]:
            pipeline.put(Arrived(SERIES, part10))
        assert until(lambda: len(keeper.taken) == 33)
        assert counting.together == [1, 16, 16]
        pipeline.flush()
        assert keeper.taken == [f"1.2.{number + 1}" for number in range(36)]


def test_an_image_of_a_rush_that_gets_no_company_is_read_all_the_same(
    objects: ObjectStore, decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_RUSH_S", 3600.0)
    keeper = Keeper(objects)
    with Pipeline(decoder, objects, keeper) as pipeline:
        for part10 in part10s(3):
            pipeline.put(Arrived(SERIES, part10))
        assert until(lambda: len(keeper.taken) == 3)


class Blocking(Counting):
    """Holds whoever is first to read several until it is let go, and notes who read."""

    def __init__(self, decoder: DecoderPool) -> None:
        super().__init__(decoder)
        self.go = threading.Event()
        self.readers: list[int] = []

    def inspect_many(self, part10s: Sequence[Octets]) -> Sequence[ReceivedInstance | DecodingError]:
        self.readers.append(threading.get_ident())
        is_first = len(part10s) > 1 and all(count == 1 for count in self.together)
        found = super().inspect_many(part10s)
        if is_first:
            self.go.wait(3 * PATIENCE_S)
        return found


@pytest.mark.parametrize("count", [20, 60])
def test_another_reader_helps_in_a_rush_where_one_does_not_keep_up(
    objects: ObjectStore, decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(pipeline_module, "_RUSH_S", 3600.0)
    # A few are late in the end, many are at once.
    monkeypatch.setattr(pipeline_module, "_BEHIND_S", 0.05 if count == 20 else 3600.0)
    keeper, blocking = Keeper(objects), Blocking(decoder)
    with Pipeline(blocking, objects, keeper) as pipeline:
        for part10 in part10s(count):
            pipeline.put(Arrived(SERIES, part10))
        assert until(lambda: sum(blocking.together) > 17)
        assert not keeper.taken[17:]
        blocking.go.set()
        pipeline.flush()
        assert len(keeper.taken) == count


def test_one_reader_alone_reads_a_rush_that_it_keeps_up_with(
    objects: ObjectStore, decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "_RUSH_S", 3600.0)
    monkeypatch.setattr(pipeline_module, "_BEHIND_S", 3600.0)
    keeper, blocking = Keeper(objects), Blocking(decoder)
    blocking.go.set()
    with Pipeline(blocking, objects, keeper) as pipeline:
        first, *rest = part10s(49)
        pipeline.put(Arrived(SERIES, first))
        assert until(lambda: len(keeper.taken) == 1)
        blocking.readers.clear()
        for number, part10 in enumerate(rest, 1):
            pipeline.put(Arrived(SERIES, part10))
            assert number % 16 or until(lambda taken=number + 1: len(keeper.taken) == taken)
        assert len(set(blocking.readers)) == 1
