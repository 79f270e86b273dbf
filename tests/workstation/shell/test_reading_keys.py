"""The keys of the reading page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from tests.support.open_case import CURRENT, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from viewers.image.description import Window
from viewers.image.quantity import SUV_BODY_WEIGHT, SUV_LEAN_MASS
from viewers.image.quantity_kinds import Conversion
from workstation.domain.report import KeyImage
from workstation.reading.arrangement import Arrangement
from workstation.shell.acts.registry import ACTS

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def key_images(desk: Desk) -> tuple[KeyImage, ...]:
    return desk.case.session.answers.key_images


def test_a_number_acts_from_the_list_of_series_too(desk: Desk) -> None:
    desk.page.series.tree.setFocus()
    desk.press(Qt.Key.Key_3)
    assert desk.content().resolved.window == Window(-600.0, 1500.0)


def test_typing_in_a_text_field_changes_no_picture(desk: Desk) -> None:
    field = QLineEdit(desk.page.measurements)
    field.show()
    field.setFocus()
    before = desk.content()
    for key in (Qt.Key.Key_3, Qt.Key.Key_I, Qt.Key.Key_K, Qt.Key.Key_M):
        desk.press(key)
    assert field.text() == "3ikm"
    assert desk.content() is before
    assert not key_images(desk)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (Qt.Key.Key_Down, 22),
        (Qt.Key.Key_Right, 22),
        (Qt.Key.Key_Up, 20),
        (Qt.Key.Key_PageDown, 31),
        (Qt.Key.Key_PageUp, 11),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_End, 40),
    ],
)
def test_arrows_and_pages_scroll_and_stop_at_the_ends(desk: Desk, key: Qt.Key, shown: int) -> None:
    desk.focus()
    desk.press(key)
    assert desk.content().resolved.corners.slice_number == shown


def test_the_letters_of_the_patient_follow_a_turn_and_a_flip(desk: Desk) -> None:
    desk.focus()
    seen = []
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    for key, modifiers in (
        (None, plain),
        (Qt.Key.Key_R, plain),
        (Qt.Key.Key_H, plain),
        (Qt.Key.Key_L, plain),
        (Qt.Key.Key_R, shift),
    ):
        if key is not None:
            desk.press(key, modifiers)
        edges = desk.content().resolved.edges
        assert edges is not None
        seen.append((edges.left, edges.top, edges.right, edges.bottom))
    assert seen == [
        ("R", "A", "L", "P"),
        ("P", "R", "A", "L"),
        ("A", "R", "P", "L"),
        ("R", "P", "L", "A"),
        ("R", "A", "L", "P"),
    ]


def test_inverting_twice_is_the_picture_before(desk: Desk) -> None:
    desk.focus()
    shown = [desk.content().resolved.inverted]
    for _ in range(2):
        desk.press(Qt.Key.Key_I)
        shown.append(desk.content().resolved.inverted)
    assert shown == [False, True, False]


def test_k_makes_the_shown_image_a_key_image_and_takes_it_back(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_K)
    source = desk.case.volumes[0].sources[21]
    assert key_images(desk) == (KeyImage(source.instance, source.frame_index),)
    assert "★ key image" in desk.content().series
    desk.press(Qt.Key.Key_K)
    assert not key_images(desk)
    assert "★ key image" not in desk.content().series


def test_a_key_image_of_a_plane_that_was_not_acquired_is_refused_in_words(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.press(Qt.Key.Key_K)
    assert not key_images(desk)
    assert len(desk.notices) == 1


def test_m_and_j_hang_the_case_and_hang_it_back(desk: Desk) -> None:
    desk.focus()
    for key, arrangement in (
        (Qt.Key.Key_M, Arrangement.MPR),
        (Qt.Key.Key_M, Arrangement.STACK),
        (Qt.Key.Key_J, Arrangement.COMPARE),
        (Qt.Key.Key_N, Arrangement.STACK),
    ):
        desk.press(key)
        assert desk.case.views.arrangement is arrangement
        assert desk.page.bar.actions_by_id[arrangement.value].isChecked()


def test_tab_goes_from_viewport_to_viewport_and_makes_it_active(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.focus("v1")
    desk.press(Qt.Key.Key_Tab)
    assert desk.case.views.layout.active == "v2"
    desk.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert desk.case.views.layout.active == "v1"


def test_enter_enlarges_the_active_viewport_and_shows_the_grid_again(desk: Desk) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_M)
    desk.focus("v2")
    desk.press(Qt.Key.Key_Return)
    assert desk.case.views.layout.visible == ("v2",)
    assert desk.viewport("v2").hasFocus()
    desk.press(Qt.Key.Key_Return)
    assert len(desk.case.views.layout.visible) == 4


def test_every_act_has_a_name_in_both_languages(desk: Desk) -> None:
    for act in ACTS:
        assert desk.page.bar.actions_by_id[act.id].text()


def test_the_key_of_the_quantity_shows_uptake_by_lean_mass_and_says_what_the_report_keeps(desk: Desk) -> None:
    conversions = (Conversion(0.5, 0.0, SUV_BODY_WEIGHT), Conversion(0.25, 0.0, SUV_LEAN_MASS))
    grid = axial_grid([float(z) for z in range(40)])
    pet = volume_of(grid, smooth, modality="PT", units="BQML", conversions=conversions)
    desk.page.images.put_volumes([as_series(pet, CURRENT)])
    desk.focus()
    desk.press(Qt.Key.Key_U)
    resolved = desk.content().resolved
    assert (resolved.quantity, resolved.window) == (SUV_LEAN_MASS, Window(2.5, 5.0))
    assert desk.content().volume.quantity == SUV_LEAN_MASS
    (notice,) = desk.notices
    assert notice.startswith("Shown as SUVlbm.")


def test_an_image_of_one_quantity_says_so_when_another_is_asked_for(desk: Desk) -> None:
    desk.focus()
    before = desk.content().resolved
    desk.press(Qt.Key.Key_U)
    assert desk.content().resolved == before
    assert desk.notices == ["The values of this image can be read in one quantity only."]
