"""Playing on a reading page: by the key, in time, past nobody's hands, and never in secret slower than it says."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.support.open_case import CURRENT, PRIOR, as_series
from tests.support.patience import PATIENCE_MS
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.identifiers import ViewportId
from viewers.image.timing import FrameTiming
from viewers.image.volume import Volume
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import VolumeReference
from viewers.tools.intents import ScrollBy
from workstation.reading.views import Views
from workstation.shell.cine_player import CinePlayer

pytestmark = pytest.mark.qt
V1 = ViewportId("v1")
C, ALT = Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier


def slice_of(desk: Desk) -> int:
    state = desk.case.views.state(V1)
    assert state is not None
    return state.slice_index


def playing(desk: Desk) -> bool:
    return V1 in desk.page.board.cine.playing


def test_the_key_plays_and_stops_where_it_is(desk: Desk) -> None:
    desk.focus()
    start = slice_of(desk)
    desk.press(C)
    assert playing(desk)
    desk.qtbot.waitUntil(lambda: slice_of(desk) >= start + 3, timeout=PATIENCE_MS)
    desk.qtbot.waitUntil(lambda: any("12 images/s" in line for line in desk.content().series), timeout=PATIENCE_MS)
    desk.press(C)
    stopped = slice_of(desk)
    desk.qtbot.wait(300)
    assert (playing(desk), slice_of(desk)) == (False, stopped)
    assert not any("images/s" in line for line in desk.content().series)


def test_it_stops_at_the_wheel_and_leaves_the_focus_where_it_was(desk: Desk) -> None:
    desk.focus()
    desk.press(C)
    focused = QApplication.focusWidget()
    start = slice_of(desk)
    desk.qtbot.waitUntil(lambda: slice_of(desk) != start, timeout=PATIENCE_MS)
    assert QApplication.focusWidget() is focused
    button = desk.page.bar.actions_by_id["cine"]
    assert button.isChecked()
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(desk.viewport(), wheel)
    assert not playing(desk)
    assert not button.isChecked()


def test_speed_and_sweep_are_a_key_each_and_begin_to_play(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert desk.page.board.cine.playing[V1].per_s == pytest.approx(15.0)
    desk.press(C, ALT)
    assert desk.page.board.cine.playing[V1].is_sweeping
    desk.press(C)
    desk.press(C)
    assert desk.page.board.cine.playing[V1].per_s == pytest.approx(15.0)


def test_what_cannot_be_played_is_refused_in_words(desk: Desk) -> None:
    single = as_series(volume_of(axial_grid([0.0], 16), smooth), PRIOR)
    desk.page.images.put_volumes([single])
    desk.case.views.show_in(V1, VolumeReference(PRIOR))
    desk.focus()
    desk.press(C)
    assert not desk.page.board.cine.playing
    assert any("played" in said for said in desk.notices)


def test_nothing_plays_on_when_the_case_is_closed_or_hidden(desk: Desk) -> None:
    desk.focus()
    desk.press(C)
    desk.page.hide()
    assert not desk.page.board.cine.playing
    desk.page.show()
    desk.page.board.cine.toggle(V1)
    assert playing(desk)
    desk.page.close_case()
    assert not desk.page.board.cine.playing


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(volume: Volume) -> Views:
    views = Views()
    views.put((volume,))
    views.open(VolumeReference(volume.series))
    views.resize(V1, ViewportSize(100, 100))
    return views


def stack(count: int) -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(count)], 16), smooth), CURRENT)


def stepped(player: CinePlayer, clock: Clock, seconds: float) -> None:
    """Let one slice take so long, then let the player come to its next one."""
    clock.now += seconds
    player._step(V1)


def test_slower_than_asked_is_said_and_no_image_is_left_out(desk: Desk) -> None:
    views = opened(replace(stack(30), timings=(FrameTiming(20.0),) * 30))
    clock, seen = Clock(), []
    player = CinePlayer(lambda: views, desk.page, clock)
    player.toggle(V1)
    for _ in range(20):
        stepped(player, clock, 0.1)
        state = views.state(V1)
        assert state is not None
        seen.append(state.slice_index)
    assert seen == [(15 + k) % 30 for k in range(1, 21)]
    told = player.playing[V1]
    assert (told.per_s, told.reached_per_s) == (pytest.approx(50.0), pytest.approx(10.0, abs=0.5))
    for _ in range(60):
        stepped(player, clock, 0.02)
    assert player.playing[V1].reached_per_s is None
    player.stop_all()


def test_a_series_that_grows_plays_on_from_its_image_and_plays_what_has_come(desk: Desk) -> None:
    few = replace(stack(6), expected_slices=12)
    views = opened(few)
    clock = Clock()
    player = CinePlayer(lambda: views, desk.page, clock)
    views.view_changed.connect(player.view_changed)
    player.toggle(V1)
    for _ in range(3):
        stepped(player, clock, 0.1)
    state = views.state(V1)
    assert state is not None
    assert state.slice_index == 0
    views.put((stack(12),))
    assert V1 in player.playing
    seen = set()
    for _ in range(12):
        stepped(player, clock, 0.1)
        state = views.state(V1)
        assert state is not None
        seen.add(state.slice_index)
    assert seen == set(range(12))
    views.navigate(V1, ScrollBy(2))
    assert not player.playing


def test_a_withdrawn_series_is_played_no_more(desk: Desk) -> None:
    views = opened(stack(6))
    player = CinePlayer(lambda: views, desk.page)
    views.view_changed.connect(player.view_changed)
    player.toggle(V1)
    views.withdraw([CURRENT])
    assert not player.playing
