import math

import pytest

from tests.viewers.tools.views import at, view
from viewers.image.description import VoiFunction, Window
from viewers.tools.intents import MoveCrosshair, PanBy, ScrollBy, SetWindow, WindowByRegion, ZoomBy
from viewers.tools.navigate import DragWays, Navigation, Navigator, WindowBasis

BASIS = WindowBasis(Window(40.0, 400.0), VoiFunction.LINEAR)
PAST = (104.0, 100.0)


def pressed(navigation: Navigation, basis: WindowBasis | None = BASIS) -> Navigator:
    navigator = Navigator()
    navigator.press(at(100, 100, view()), navigation, basis)
    return navigator


@pytest.mark.parametrize("navigation", [one for one in Navigation if one is not Navigation.CROSSHAIR])
def test_a_click_that_trembles_changes_nothing(navigation: Navigation) -> None:
    navigator = pressed(navigation)
    assert navigator.move(at(102, 102, view())) == ()
    assert navigator.move(at(99, 98, view())) == ()
    assert not navigator.has_dragged
    assert navigator.release(at(99, 98, view())) == ()
    assert not navigator.is_busy


def test_the_window_widens_to_the_right_and_darkens_downwards() -> None:
    navigator = pressed(Navigation.WINDOW)
    assert navigator.move(at(*PAST, view())) == ()
    (wider,) = navigator.move(at(PAST[0] + 256, PAST[1], view()))
    assert wider == SetWindow(Window(40.0, pytest.approx(400.0 * math.e)))
    (darker,) = navigator.move(at(PAST[0], PAST[1] + 64, view()))
    assert darker == SetWindow(Window(pytest.approx(140.0), pytest.approx(400.0)))


def test_a_window_is_never_narrower_than_its_function_allows() -> None:
    navigator = pressed(Navigation.WINDOW, WindowBasis(Window(0.0, 2.0), VoiFunction.LINEAR))
    navigator.move(at(*PAST, view()))
    (narrow,) = navigator.move(at(PAST[0] - 4000, PAST[1], view()))
    assert narrow == SetWindow(Window(0.0, 1.0))


def test_a_view_without_a_window_has_none_to_change() -> None:
    navigator = pressed(Navigation.WINDOW, None)
    navigator.move(at(*PAST, view()))
    assert navigator.move(at(300, 300, view())) == ()


def test_panning_adds_up_to_the_way_of_the_pointer() -> None:
    navigator = pressed(Navigation.PAN)
    navigator.move(at(*PAST, view()))
    steps = [*navigator.move(at(120, 90, view())), *navigator.move(at(150, 95, view()))]
    assert steps == [PanBy(16.0, -10.0), PanBy(30.0, 5.0)]


def test_zooming_upwards_enlarges_about_the_press() -> None:
    navigator = pressed(Navigation.ZOOM)
    navigator.move(at(*PAST, view()))
    (zoom,) = navigator.move(at(104, 100 - 200, view()))
    assert zoom == ZoomBy(pytest.approx(math.e), PAST)


def test_scrolling_by_drag_loses_no_fraction_of_a_slice() -> None:
    navigator = pressed(Navigation.SCROLL)
    navigator.move(at(*PAST, view()))
    found = [intent for y in range(101, 165) for intent in navigator.move(at(104, y, view()))]
    assert found == [ScrollBy(1)] * 8
    assert navigator.move(at(104, 100, view())) == (ScrollBy(-8),)


def test_the_crosshair_follows_from_the_press_on() -> None:
    navigator, on = Navigator(), view()
    assert navigator.press(at(100, 100, on), Navigation.CROSSHAIR, None) == (MoveCrosshair(on.to_space((100, 100))),)
    assert navigator.move(at(101, 100, on)) == (MoveCrosshair(on.to_space((101, 100))),)


def test_nothing_moves_without_a_press() -> None:
    assert Navigator().move(at(10, 10, view())) == ()


def test_an_uptake_window_is_dragged_as_finely_as_one_in_hounsfield_units() -> None:
    basis = WindowBasis(Window(3.5, 7.0), VoiFunction.LINEAR_EXACT, 7.0)
    navigator = pressed(Navigation.WINDOW, basis)
    navigator.move(at(*PAST, view()))
    (finer,) = navigator.move(at(PAST[0] - 10, PAST[1] + 10, view()))
    assert isinstance(finer, SetWindow)
    assert 6.6 < finer.window.width < 6.9
    assert 3.6 < finer.window.centre < 3.9


def test_a_window_that_is_all_but_closed_opens_again() -> None:
    basis = WindowBasis(Window(0.0, 1.0), VoiFunction.LINEAR, 400.0)
    navigator = pressed(Navigation.WINDOW, basis)
    navigator.move(at(*PAST, view()))
    (opened,) = navigator.move(at(PAST[0] + 300, PAST[1], view()))
    (moved,) = navigator.move(at(PAST[0], PAST[1] + 300, view()))
    assert isinstance(opened, SetWindow)
    assert isinstance(moved, SetWindow)
    assert opened.window.width > 15
    assert moved.window.centre > 8


def test_a_window_of_all_values_comes_down_within_one_sweep_of_the_hand() -> None:
    navigator = pressed(Navigation.WINDOW, WindowBasis(Window(32768.0, 65536.0), VoiFunction.LINEAR, 400.0))
    navigator.move(at(*PAST, view()))
    (closed,) = navigator.move(at(PAST[0] - 600, PAST[1] + 10, view()))
    assert isinstance(closed, SetWindow)
    assert closed.window.width < 700
    assert abs(closed.window.centre - 32768.0) < 200


def test_a_reader_may_turn_round_which_way_is_up() -> None:
    found = []
    for ways in (DragWays(), DragWays(is_level_upwards=True)):
        navigator = Navigator()
        navigator.press(at(100, 100, view()), Navigation.WINDOW, BASIS, ways)
        navigator.move(at(*PAST, view()))
        found.extend(navigator.move(at(PAST[0], PAST[1] + 50, view())))
    before, after = found
    assert isinstance(before, SetWindow)
    assert isinstance(after, SetWindow)
    assert after.window.centre - 40.0 == pytest.approx(40.0 - before.window.centre)


def test_a_box_is_told_once_it_is_let_go_and_not_when_it_is_given_up() -> None:
    navigator, on = pressed(Navigation.REGION), view()
    assert navigator.box is None
    assert navigator.move(at(140, 130, on)) == ()
    assert navigator.box == ((100, 100), (140, 130))
    assert navigator.release(at(150, 160, on)) == (WindowByRegion(on.to_space((100, 100)), on.to_space((150, 160))),)
    given_up = pressed(Navigation.REGION)
    given_up.move(at(140, 130, on))
    given_up.cancel()
    assert given_up.release(at(150, 160, on)) == ()
