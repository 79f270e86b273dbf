import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.workstation.decoding.objects import image, part10
from tests.workstation.decoding.slow_worker import LOADING_S
from workstation.decoding.errors import (
    CrashedTwice,
    DecodeTimeout,
    DecodingError,
    Malformed,
    PoolClosed,
    TooLarge,
    WorkerLost,
)
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.pool import DecoderPool
from workstation.decoding.process import WorkerCommand
from workstation.decoding.segments import PREFIX

COMMAND = WorkerCommand("tests.workstation.decoding.hostile_worker", Path(__file__).parents[3])
SLOW = replace(COMMAND, module="tests.workstation.decoding.slow_worker")
LIMITS = DecodeLimits(parse_s=1.5)
PLAIN = part10(image(np.arange(64, dtype="<u2").reshape(8, 8)))
SHARED_MEMORY = Path("/dev/shm")

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at the process table and shared memory of Linux")


@pytest.fixture
def hostile() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2, limits=LIMITS, command=COMMAND) as opened:
        yield opened


def segments() -> set[str]:
    ours = f"{PREFIX}{os.getpid()}_"
    return {path.name for path in SHARED_MEMORY.glob(f"{ours}*")}


def children() -> set[int]:
    """Return the processes that this one has started, by any of its threads; a thread may end while we look."""
    found: set[int] = set()
    for path in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.update(int(pid) for pid in (path / "children").read_text().split())
    return found


def test_a_hanging_worker_is_killed_at_its_limit_and_replaced(hostile: DecoderPool) -> None:
    hostile.prewarm()
    with pytest.raises(Malformed):
        hostile.inspect(b"echo")
    start = time.monotonic()
    with pytest.raises(DecodeTimeout):
        hostile.inspect(b"hang")
    assert 1.4 < time.monotonic() - start < 30.0
    with pytest.raises(Malformed):
        hostile.inspect(b"echo")


def test_a_worker_killed_by_the_system_is_replaced(hostile: DecoderPool) -> None:
    with pytest.raises(WorkerLost):
        hostile.inspect(b"abort")
    assert hostile.inspect(part10(image())).frames == 1


def test_bytes_that_crashed_two_workers_are_refused_at_once(hostile: DecoderPool) -> None:
    for _ in range(2):
        with pytest.raises(WorkerLost):
            hostile.inspect(b"abort...")
    with pytest.raises(CrashedTwice):
        hostile.inspect(b"abort...")
    with pytest.raises(WorkerLost):
        hostile.inspect(b"abort..")


@linux
def test_a_worker_cannot_take_the_memory_of_the_machine(hostile: DecoderPool) -> None:
    with pytest.raises(TooLarge):
        hostile.inspect(b"grow")
    with pytest.raises(Malformed):
        hostile.inspect(b"echo")


def test_a_worker_that_points_outside_the_bytes_is_not_believed(hostile: DecoderPool) -> None:
    with pytest.raises(WorkerLost):
        hostile.decode(b"lie")


def test_the_others_go_on_while_one_worker_hangs(hostile: DecoderPool) -> None:
    hostile.prewarm()
    sound = part10(image())
    with ThreadPoolExecutor(2) as executor:
        hanging = executor.submit(hostile.inspect, b"hang")
        for _ in range(20):
            assert hostile.inspect(sound).instance == "1.2.3.4.5"
        with pytest.raises(DecodeTimeout):
            hanging.result()


def test_many_threads_share_few_workers(pool: DecoderPool) -> None:
    objects = [part10(image(SOPInstanceUID=f"1.2.{n}")) for n in range(40)]
    with ThreadPoolExecutor(8) as executor:
        found = list(executor.map(pool.inspect, objects))
    assert [one.instance for one in found] == [f"1.2.{n}" for n in range(40)]


def test_closing_ends_those_who_wait(hostile: DecoderPool) -> None:
    outcome: list[DecodingError] = []

    def ask() -> None:
        try:
            hostile.inspect(b"hang")
        except DecodingError as error:
            outcome.append(error)

    waiting = [threading.Thread(target=ask) for _ in range(4)]
    for thread in waiting:
        thread.start()
    time.sleep(0.2)
    hostile.close()
    for thread in waiting:
        thread.join(timeout=10)
    assert [type(error) for error in outcome] == [PoolClosed] * 4
    with pytest.raises(PoolClosed):
        hostile.inspect(b"echo")


@linux
def test_nothing_is_left_behind() -> None:
    memory, processes = segments(), children()
    with DecoderPool(workers=2, limits=LIMITS, command=COMMAND) as opened:
        opened.prewarm()
        masked = image(np.full((8, 8), 0x1FFF, "<u2"), BitsStored=12, HighBit=11)
        assert opened.decode(part10(masked)).size
        for hostile in (b"hang", b"abort", b"grow", b"lie"):
            with pytest.raises(DecodingError):
                opened.inspect(hostile)
        assert len(children() - processes) >= 2
        assert segments() - memory
    left = children() - processes
    assert all("resource_tracker" in Path(f"/proc/{pid}/cmdline").read_text() for pid in left)
    assert segments() <= memory


def test_as_many_workers_start_as_are_awaited_and_never_more_than_there_may_be() -> None:
    with DecoderPool(workers=2, limits=LIMITS, command=COMMAND) as opened:
        for awaited, running in ((1, 1), (1, 1), (3, 2), (None, 2)):
            opened.prewarm(awaited)
            assert len(opened.pids) == running


@linux
def test_a_worker_ends_with_the_workstation() -> None:
    script = (
        "from workstation.decoding.pool import DecoderPool\n"
        "import os, time\n"
        "pool = DecoderPool(workers=2); pool.prewarm()\n"
        "print(*[worker.pid for worker in pool._all], flush=True)\n"
        "time.sleep(0.5); os._exit(1)\n"
    )
    root = str(Path(__file__).parents[3])
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_worker_finds_its_package_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    (tmp_path / "workstation").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with DecoderPool(workers=1) as opened:
        assert opened.inspect(part10(image())).frames == 1


def test_of_several_objects_each_is_read_or_refused_by_itself(hostile: DecoderPool) -> None:
    objects = [part10(image(np.full((4, 4), number, "<i2"), SOPInstanceUID=f"1.{number + 1}")) for number in range(4)]
    read = hostile.inspect_many([objects[0], objects[1][:-8], objects[2], b"nothing", objects[3]])
    assert [type(one).__name__ for one in read] == [
        "ReceivedInstance",
        "Truncated",
        "ReceivedInstance",
        "NotDicom",
        "ReceivedInstance",
    ]
    for found, number in zip(read[::2], (0, 2, 3), strict=True):
        assert not isinstance(found, DecodingError)
        alone = hostile.inspect(objects[number])
        assert (found.reference, found.digest, found.ready) == (alone.reference, alone.digest, alone.ready)
        assert found.header.to_json() == alone.header.to_json()


def test_an_object_that_kills_a_worker_does_not_take_its_company_along(hostile: DecoderPool) -> None:
    sound = part10(image(np.ones((4, 4), "<i2")))
    read = hostile.inspect_many([sound, b"abort...", b"hang....", sound])
    assert [type(one).__name__ for one in read] == [
        "ReceivedInstance",
        "WorkerLost",
        "DecodeTimeout",
        "ReceivedInstance",
    ]


def test_values_that_lie_ready_are_a_view_of_what_came(hostile: DecoderPool) -> None:
    native = part10(image(np.arange(16, dtype="<i2").reshape(4, 4)))
    received = hostile.inspect(native)
    assert received.ready is not None
    values = hostile.values(received, native)
    assert np.shares_memory(values, np.frombuffer(native, np.uint8))
    assert not values.flags.writeable
    np.testing.assert_array_equal(values[0], np.arange(16).reshape(4, 4))


@pytest.mark.parametrize("is_awaited", [False, True])
def test_a_disk_that_is_slow_to_give_the_decoders_is_not_held_against_an_object(is_awaited: bool) -> None:
    limits = DecodeLimits(parse_s=LOADING_S / 2)
    with DecoderPool(1, limits, SLOW) as slow:
        slow.prewarm(pixels=is_awaited)
        assert slow.inspect(PLAIN).frames == 1
        assert slow.decode(PLAIN).shape == (1, 8, 8)
