"""Comparing with priors by the reader's hands: in place, side by side, aligned, and only of one person."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.support.moved_volumes import body_volume, furthest_mm, turn
from tests.support.open_case import PRIOR, as_series, study
from tests.support.patience import PATIENCE_MS
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.geometry.plane import CORONAL
from viewers.geometry.rigid import translation
from viewers.identifiers import StudyUID, ViewportId
from viewers.image.volume import Volume
from viewers.state.view_state import FusedLayer, VolumeReference
from viewers.sync.bridges.base import BridgeKind
from workstation.domain.identity import Trait
from workstation.domain.patient import Patient, PersonName
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.alignment_controller import AlignmentController
from workstation.shell.identity_dialog import IdentityDialog
from workstation.translations import translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]
V1, V2 = ViewportId("v1"), ViewportId("v2")


def prior() -> Volume:
    """The prior, in the same frame of reference."""
    return as_series(volume_of(axial_grid([float(z) for z in range(40)]), smooth), PRIOR)


def shown(desk: Desk, name: str = "v1") -> VolumeReference:
    state = desk.case.views.state(ViewportId(name))
    assert state is not None
    assert state.volume is not None
    return state.volume


def test_one_key_shows_the_prior_in_place_of_the_current_and_gives_it_back(desk: Desk) -> None:
    desk.focus()
    current = shown(desk)
    desk.press(Qt.Key.Key_F6)
    assert (shown(desk), desk.asked[-1]) == (current, ("2", PRIOR))
    desk.page.images.put_volumes([prior()])
    desk.press(Qt.Key.Key_3)
    before = desk.content().resolved
    desk.press(Qt.Key.Key_F6)
    after = desk.content().resolved
    assert after.volume == VolumeReference(PRIOR)
    assert after.window == before.window
    assert after.plane.distance_mm(before.plane.centre_lps) == pytest.approx(0.0, abs=0.51)
    assert after.plane.spacing_mm == pytest.approx(before.plane.spacing_mm)
    desk.press(Qt.Key.Key_F6)
    assert desk.content().resolved == before


def test_where_there_is_no_older_or_newer_prior_it_is_said(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_F7)
    desk.page.images.put_volumes([prior()])
    desk.press(Qt.Key.Key_F6)
    desk.press(Qt.Key.Key_F8)
    assert desk.notices[-1] == "There is no older prior."
    desk.press(Qt.Key.Key_F7)
    assert desk.notices[-1] == "There is no newer prior."


def test_the_point_under_the_pointer_with_shift_is_shown_in_every_picture(desk: Desk) -> None:
    desk.page.images.put_volumes([prior()])
    desk.focus()
    desk.page.acts.act("compare")
    desk.settle()
    widget = desk.viewport("v1")
    place = QPoint(widget.width() // 3, widget.height() // 2)
    QTest.mouseMove(widget, place)
    desk.settle()
    assert desk.content("v2").crosshair_lps is None
    with_shift(desk, place)
    point = desk.content("v1").crosshair_lps
    assert point is not None
    assert desk.content("v2").crosshair_lps == point
    assert abs(desk.content("v2").resolved.plane.distance_mm(point)) < 0.51


def with_shift(desk: Desk, place: QPoint) -> None:
    """Move the pointer with Shift held and no button."""
    widget, none, shift = desk.viewport("v1"), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ShiftModifier
    there = QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, QPointF(place), there, none, none, shift))
    desk.settle()


def test_first_and_last_slice_of_the_active_stack_are_drawn_on_demand(desk: Desk) -> None:
    desk.page.images.put_volumes([prior()])
    desk.focus()
    desk.page.acts.act("compare")
    desk.case.views.comparing.in_same_plane()
    desk.case.views.change(V2, lambda state: replace(state, orientation=CORONAL))
    desk.settle()
    assert len(desk.content("v2").reference_lines) == 1
    desk.page.acts.act("stack_ends")
    desk.settle()
    heights = sorted(line.start_lps[2] for line in desk.content("v2").reference_lines)
    assert (heights[0], heights[-1]) == pytest.approx((0.0, 39.0))


@pytest.fixture
def doubtful(desk: Desk) -> Desk:
    """A comparison with a prior under the same identifier and another name."""
    stranger = Patient("42", PersonName("TEST", "BRAVO"), birth_date="19600102", sex="F")
    desk.case.studies[1] = study("2", "20250110", *desk.case.studies[1].series, patient=stranger)
    desk.open()
    desk.page.images.put_volumes([*desk.case.volumes, prior()])
    desk.page.acts.act("compare")
    desk.settle()
    return desk


def answer(*, accept: bool) -> None:
    """Answer the dialog as soon as it is there."""
    found = QApplication.activeModalWidget()
    if isinstance(found, IdentityDialog):
        (found.confirm if accept else found.back).click()
    else:
        QTimer.singleShot(20, lambda: answer(accept=accept))


def test_a_prior_in_doubt_is_marked_and_linked_in_no_way_until_the_reader_confirms_it(doubtful: Desk) -> None:
    desk, confirmed = doubtful, list[tuple[StudyUID, tuple[Trait, ...]]]()
    desk.page.comparison.identity_confirmed.connect(lambda one, traits: confirmed.append((one, traits)))
    assert desk.content("v2").warnings[0] == "OTHER PATIENT? Differs: name. Not linked"
    before = desk.content("v2").resolved
    for act in ("link", "link_points", "align", "same_plane", "share_window", "share_zoom", "blink_prior"):
        desk.page.acts.act(act)
        assert "not proved to be of one person" in desk.notices[-1]
    desk.press(Qt.Key.Key_3)
    desk.press(Qt.Key.Key_Down)
    with_shift(desk, QPoint(100, 100))
    assert desk.content("v2").resolved == before
    assert desk.content("v2").crosshair_lps is None
    assert desk.content("v2").reference_lines == ()
    answer(accept=False)
    desk.page.acts.act("confirm_identity")
    assert (confirmed, desk.case.views.comparing.confirmed) == ([], ())
    answer(accept=True)
    desk.page.acts.act("confirm_identity")
    assert confirmed == [("2", (Trait.NAME,))]
    desk.press(Qt.Key.Key_Down)
    assert desk.content("v2").resolved.slice_index == desk.content("v1").resolved.slice_index
    assert desk.content("v2").warnings[0] == "Identity confirmed by the reader (differs: name)"


def test_a_prior_that_the_reader_confirmed_is_laid_over_and_listed_as_such(doubtful: Desk) -> None:
    desk = doubtful
    assert "OTHER PATIENT?" in heading_of_prior(desk)
    desk.case.views.comparing.confirm(StudyUID("2"))
    layer = FusedLayer(VolumeReference(PRIOR))
    desk.case.views.change(ViewportId("v1"), lambda state: replace(state, fused=layer))
    desk.settle()
    assert desk.content("v1").resolved.fused is not None
    assert desk.content("v1").warnings == ("Identity confirmed by the reader (differs: name)",)
    assert "OTHER PATIENT?" not in heading_of_prior(desk)
    assert "Identity confirmed" in heading_of_prior(desk)


def heading_of_prior(desk: Desk) -> str:
    item = desk.page.series.tree.topLevelItem(1)
    assert item is not None
    return item.text(0)


def test_the_dialog_shows_both_identities_and_goes_back_on_enter(qtbot: QtBot) -> None:
    one = Patient("42", PersonName("TEST", "ALPHA"), birth_date="19600102", sex="F")
    dialog = IdentityDialog(one, replace(one, name=PersonName("TEST", "BRAVO"), sex=""), translator("en"))
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"TEST ALPHA", "TEST BRAVO", "DIFFERENT", "not stated", "same"} <= set(texts)
    with qtbot.waitSignal(dialog.rejected):
        dialog.show()
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_two_examinations_are_aligned_in_the_background_and_the_place_is_called_approximate(
    desk: Desk, qtbot: QtBot
) -> None:
    moved = turn((0.5, -0.3, 0.8), 7.0).then(translation((18.0, -11.0, 240.0)))
    here, there = body_volume(), body_volume(moved, spacing_mm=3.4)
    executor = Executor(MainThread().post)
    AlignmentController(desk.page.comparison, executor)
    desk.page.images.put_volumes([here, replace(there, series=PRIOR)])
    desk.focus()
    desk.page.acts.act("compare")
    desk.page.acts.act("align")
    assert desk.page.bar.actions_by_id["align"].isChecked()
    qtbot.waitUntil(lambda: not desk.page.comparison.is_aligning, timeout=PATIENCE_MS)
    executor.close()
    (way,) = desk.case.views.links.bridges.known
    assert way.kind is BridgeKind.REGISTRATION
    assert furthest_mm(way.transform, moved, here) < 1.0
    assert "SimpleITK" in way.provenance
    with_shift(desk, QPoint(250, 250))
    assert desk.content("v1").crosshair_note == ""
    assert desk.content("v2").crosshair_note == "approximate"
    assert any("Aligned by registration" in line for line in desk.content("v2").series)


def test_an_alignment_is_dropped_with_its_case(desk: Desk) -> None:
    executor = Executor(MainThread().post)
    AlignmentController(desk.page.comparison, executor)
    desk.page.images.put_volumes([body_volume(), as_series(body_volume(), PRIOR, "2.25.777")])
    desk.focus()
    desk.page.acts.act("compare")
    desk.page.acts.act("align")
    desk.page.close_case()
    assert not desk.page.comparison.is_aligning
    executor.close()
    desk.settle()
    assert desk.notices[-1].startswith("Aligning")
