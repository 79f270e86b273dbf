"""Background work: results come back on the owner's thread, failures are told, cancelled results are dropped."""

import os
import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from workstation.errors import WorkstationError
from workstation.runtime.executor import Executor, Job, Pool


class Loop:
    """Stands for the window's event loop: posted calls wait until they are run here."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def run_one(self) -> None:
        self.calls.get(timeout=10)()


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def executor(loop: Loop) -> Iterator[Executor]:
    executor = Executor(loop.calls.put)
    yield executor
    executor.close()


def test_work_runs_elsewhere_and_its_result_comes_back_here(executor: Executor, loop: Loop) -> None:
    seen: list[tuple[str, int]] = []
    executor.run(
        Pool.COMPUTE,
        lambda _job: threading.current_thread().name,
        lambda name: seen.append((name, threading.get_ident())),
        lambda error: pytest.fail(error.technical),
    )
    loop.run_one()
    assert seen[0][0].startswith("requis-compute")
    assert seen[0][1] == threading.get_ident()


def test_a_failure_reaches_the_reader(executor: Executor, loop: Loop) -> None:
    failures: list[WorkstationError] = []

    def fail(job: Job) -> None:
        raise WorkstationError("told")

    executor.run(Pool.NETWORK, fail, lambda _: pytest.fail("no result"), failures.append)
    loop.run_one()
    assert failures[0].technical == "told"


def test_a_defect_is_told_as_unexpected(executor: Executor, loop: Loop) -> None:
    failures: list[WorkstationError] = []
    executor.run(Pool.STORE, lambda _job: [][0], lambda _: pytest.fail("no result"), failures.append)
    loop.run_one()
    assert failures[0].key == "unexpected"
    assert "IndexError" in failures[0].technical


def test_the_result_of_a_cancelled_job_is_dropped(executor: Executor, loop: Loop) -> None:
    release = threading.Event()
    job = executor.run(
        Pool.COMPUTE, lambda _job: release.wait(10), lambda _: pytest.fail("dropped"), lambda _: pytest.fail("dropped")
    )
    job.cancel()
    release.set()
    executor.run(Pool.COMPUTE, lambda _job: 1, lambda _: None, lambda _: None)
    loop.run_one()
    assert job.is_cancelled


def test_the_store_pool_runs_one_thing_at_a_time(executor: Executor, loop: Loop) -> None:
    running, most = 0, []

    def work(job: Job) -> None:
        nonlocal running
        running += 1
        most.append(running)
        running -= 1

    for _ in range(20):
        executor.run(Pool.STORE, work, lambda _: None, lambda error: pytest.fail(error.technical))
    for _ in range(20):
        loop.run_one()
    assert max(most) == 1


def test_closing_writes_all_that_the_store_was_given() -> None:
    executor, gate, written = Executor(lambda _call: None), threading.Event(), list[int]()
    executor.run(Pool.STORE, lambda _job: gate.wait(10), lambda _: None, lambda _: None)
    for number in range(3):
        executor.run(Pool.STORE, lambda _job, n=number: written.append(n), lambda _: None, lambda _: None)
    threading.Timer(0.1, gate.set).start()
    executor.close()
    assert written == [0, 1, 2]


def test_closing_asks_long_work_to_stop() -> None:
    executor, stopped = Executor(lambda _call: None), threading.Event()
    started = threading.Event()

    def pull(job: Job) -> None:
        started.set()
        while not job.is_cancelled and not stopped.wait(0.01):
            pass

    executor.run(Pool.NETWORK, pull, lambda _: None, lambda _: None)
    assert started.wait(10)
    threading.Timer(5, stopped.set).start()
    executor.close()
    assert not stopped.is_set()
    stopped.set()


def test_work_that_comes_after_closing_is_dropped_and_said(caplog: pytest.LogCaptureFixture) -> None:
    executor, ran = Executor(lambda _call: None), threading.Event()
    executor.close()
    job = executor.run(
        Pool.NETWORK, lambda _job: ran.set(), lambda _none: None, lambda error: pytest.fail(error.technical)
    )
    assert job.is_cancelled
    assert not ran.is_set()
    assert "after closing" in caplog.text


@pytest.mark.skipif(os.cpu_count() == 1, reason="one core shares nothing")
def test_a_picture_is_shared_while_every_other_pool_is_busy() -> None:
    executor, free, helped = Executor(lambda _call: None), threading.Event(), threading.Event()
    for pool in (Pool.NETWORK, Pool.STORE, Pool.COMPUTE):
        for _ in range(8):
            executor.run(pool, lambda _job: free.wait(60), lambda _: None, lambda _: None)

    def work(_first: int, _last: int) -> None:
        if threading.current_thread() is threading.main_thread():
            helped.wait(10)
        else:
            helped.set()

    executor.bands.run(work, (400, 400))
    free.set()
    executor.close()
    assert helped.is_set()
