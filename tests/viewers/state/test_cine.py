"""Which slice follows which, and for how long each is shown."""

from dataclasses import replace

import pytest

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.image.timing import FrameTiming
from viewers.state.cine import Cine, cine_of, following, rate_per_s, shown_for_ms

STACK = volume_of(axial_grid([0.0, 1.0, 2.0, 3.0]), smooth)
UNEVEN = replace(STACK, timings=tuple(FrameTiming(float(ms)) for ms in (20, 40, 60, 80)))


def played(cine: Cine, count: int, steps: int, start: int = 0) -> list[int]:
    seen, k = [start], start
    for _ in range(steps):
        k, cine = following(k, count, cine)
        seen.append(k)
    return seen


def test_a_loop_begins_anew_and_a_sweep_turns_without_showing_its_ends_twice() -> None:
    assert played(Cine(), 4, 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    assert played(Cine(is_sweeping=True), 4, 9) == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3]
    assert played(Cine(direction=-1), 3, 4, start=1) == [1, 0, 2, 1, 0]
    assert played(Cine(is_sweeping=True), 2, 4) == [0, 1, 0, 1, 0]
    assert played(Cine(is_sweeping=True), 1, 3) == [0, 0, 0, 0]


def test_a_stack_that_grows_is_played_on() -> None:
    k, cine = following(3, 4, Cine(is_sweeping=True))
    assert (k, cine.direction) == (2, -1)
    assert following(k, 40, cine)[0] == 1


def test_each_slice_has_its_own_time_and_the_speed_divides_it() -> None:
    assert [shown_for_ms(UNEVEN, k, Cine()) for k in range(4)] == [20.0, 40.0, 60.0, 80.0]
    assert shown_for_ms(UNEVEN, 1, Cine(speed=2.0)) == 20.0
    assert rate_per_s(UNEVEN, Cine()) == pytest.approx(20.0)
    assert rate_per_s(UNEVEN, Cine(speed=0.5)) == pytest.approx(10.0)


def test_what_has_no_time_is_played_at_a_rate_of_ours() -> None:
    assert rate_per_s(STACK, Cine()) == pytest.approx(12.0)
    assert not cine_of(STACK).is_sweeping
    sweeping = replace(STACK, timings=(FrameTiming(40.0, True),) * 4)
    assert cine_of(sweeping).is_sweeping


def test_speed_stays_between_a_tenth_and_ten_times() -> None:
    fast = slow = Cine()
    for _ in range(40):
        fast, slow = fast.faster(), slow.slower()
    assert (fast.speed, slow.speed) == (10.0, 0.1)
