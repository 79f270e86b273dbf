"""News of a transfer: many from its threads, few in the window, and never an old one after its outcome."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from viewers.identifiers import SeriesUID
from workstation.retrieval.transfer import PullProgress
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.transfer_news import TransferNews

pytestmark = pytest.mark.qt
SERIES, COUNT = SeriesUID("2.25.1"), 2000


def progress(received: int) -> PullProgress:
    return PullProgress(SERIES, received, COUNT, received, COUNT, received)


def tell_all(news: TransferNews) -> None:
    def work() -> None:
        for received in range(1, COUNT + 1):
            news.tell(progress(received))
            news.came(SERIES)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_two_thousand_objects_are_a_handful_of_news_and_the_last_is_the_truth(qtbot: QtBot) -> None:
    main_thread = MainThread()
    executor = Executor(main_thread.post)
    news, told, came = TransferNews(executor), list[PullProgress](), list[SeriesUID]()
    news.progressed.connect(told.append)
    news.arrived.connect(came.append)
    tell_all(news)
    qtbot.waitUntil(lambda: bool(told) and told[-1].received == COUNT, timeout=PATIENCE_MS)
    assert 1 <= len(told) <= 5
    assert set(came) == {SERIES}
    executor.close()


def test_after_a_flush_and_after_the_end_nothing_old_is_told(qtbot: QtBot) -> None:
    main_thread = MainThread()
    executor = Executor(main_thread.post)
    news, told = TransferNews(executor), list[PullProgress]()
    news.progressed.connect(told.append)
    news.tell(progress(7))
    news.flush()
    assert [one.received for one in told] == [7]
    news.tell(progress(8))
    news.end()
    qtbot.wait(250)
    assert [one.received for one in told] == [7]
    executor.close()
