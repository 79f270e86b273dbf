"""Alarms that end what takes too long."""

import threading

from workstation.decoding.watchdog import Watchdog

PATIENCE_S = 20.0


def test_a_nearer_alarm_than_the_one_waited_for_rings_at_its_own_time() -> None:
    watchdog, rang, far = Watchdog(), threading.Event(), threading.Event()
    watchdog.alarm(far.set).set(3600.0)
    near = watchdog.alarm(rang.set)
    near.set(0.05)
    assert rang.wait(PATIENCE_S)
    assert near.fired
    assert not far.is_set()
    watchdog.close()


def test_an_alarm_rings_after_others_were_set_and_forgotten() -> None:
    watchdog, rang, early = Watchdog(), threading.Event(), threading.Event()
    for _ in range(100):
        forgotten = watchdog.alarm(early.set)
        forgotten.set(0.2)
        forgotten.cancel()
    watchdog.alarm(rang.set).set(0.4)
    assert rang.wait(PATIENCE_S)
    assert not early.is_set()
    watchdog.close()


def test_an_alarm_that_is_set_again_rings_at_the_later_time() -> None:
    watchdog, order = Watchdog(), []
    both = threading.Semaphore(0)

    def rings(name: str) -> None:
        order.append(name)
        both.release()

    again = watchdog.alarm(lambda: rings("again"))
    again.set(0.1)
    watchdog.alarm(lambda: rings("once")).set(0.3)
    again.set(0.6)
    assert both.acquire(timeout=PATIENCE_S)
    assert both.acquire(timeout=PATIENCE_S)
    assert order == ["once", "again"]
    watchdog.close()
