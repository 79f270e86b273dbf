"""What dragging does can be done in steps by keys, and series and viewports are gone through."""

import pytest
from PySide6.QtCore import Qt

from tests.support.open_case import PRIOR, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]
CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier


def test_the_window_is_changed_in_steps(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_2)
    desk.press(Qt.Key.Key_Right, CONTROL_SHIFT)
    wider = desk.content().resolved.window
    assert (wider.centre, wider.width) == (40.0, pytest.approx(440.0))
    desk.press(Qt.Key.Key_Up, CONTROL_SHIFT)
    assert desk.content().resolved.window.centre == pytest.approx(18.0)


def test_the_picture_is_zoomed_about_its_middle_and_fitted_again(desk: Desk) -> None:
    desk.focus()
    before = desk.content().resolved.plane
    desk.page.acts.act("zoom_in")
    desk.settle()
    zoomed = desk.content().resolved.plane
    assert zoomed.spacing_mm < before.spacing_mm
    assert zoomed.centre_lps == pytest.approx(before.centre_lps, abs=1e-6)
    desk.page.acts.act("pan_right")
    desk.press(Qt.Key.Key_Equal)
    assert desk.content().resolved.plane == before


def test_control_and_arrow_go_to_the_next_viewport(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.press(Qt.Key.Key_Right, CONTROL)
    assert (desk.case.views.layout.active, desk.viewport("v2").hasFocus()) == ("v2", True)
    desk.press(Qt.Key.Key_Left, CONTROL)
    desk.press(Qt.Key.Key_Left, CONTROL)
    assert desk.case.views.layout.active == "v4"


def test_series_are_gone_through_in_the_order_of_the_list(desk: Desk) -> None:
    desk.page.images.put_volumes([as_series(volume_of(axial_grid([0.0, 1.0, 2.0]), smooth), PRIOR)])
    desk.focus()
    for key, shown in ((Qt.Key.Key_PageDown, "2.25.109"), (Qt.Key.Key_PageDown, PRIOR), (Qt.Key.Key_PageDown, PRIOR)):
        desk.press(key, CONTROL)
        state = desk.case.views.state(desk.case.views.layout.active)
        assert state is not None
        assert state.volume is not None
        assert state.volume.series == shown
