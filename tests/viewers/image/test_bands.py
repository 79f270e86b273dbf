"""Rows shared between threads: each once, whoever is late, and none lost when the executor is gone."""

import threading
from concurrent.futures import ThreadPoolExecutor

from viewers.image.bands import ThreadBands

SHAPE = (500, 500)


def test_every_row_is_done_once() -> None:
    done: list[int] = []
    with ThreadPoolExecutor(3) as executor:
        ThreadBands(executor, 4).run(lambda first, last: done.extend(range(first, last)), SHAPE)
    assert sorted(done) == list(range(SHAPE[0]))


def test_a_thread_that_never_comes_holds_up_nobody() -> None:
    busy, done = threading.Event(), list[int]()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(busy.wait, 60)
        ThreadBands(executor, 2).run(lambda first, last: done.extend(range(first, last)), SHAPE)
        assert not busy.is_set()
        busy.set()
    assert done == list(range(SHAPE[0]))


def test_rows_are_done_here_once_the_executor_was_shut_down() -> None:
    executor, done = ThreadPoolExecutor(1), list[int]()
    executor.shutdown()
    ThreadBands(executor, 2).run(lambda first, last: done.extend(range(first, last)), SHAPE)
    assert done == list(range(SHAPE[0]))
