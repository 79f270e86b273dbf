"""Which display is good enough for which modality, and that what was read on a poor one is not forgotten."""

import pytest

from workstation.domain.display import Display, DisplayShortfall
from workstation.reading.display_floors import DisplayFloors, ShownBelowFloor, load_floors
from workstation.reading.view_archive import below_floor_of
from workstation.reading.views import Views

FLOORS = DisplayFloors(load_floors())
FIVE = Display(2048, 2560, 337.0, 422.0)
THREE = Display(1536, 2048, 318.0, 424.0)
OFFICE = Display(1920, 1200, 518.0, 324.0)
TELEVISION = Display(3840, 2160, 1210.0, 680.0)


@pytest.mark.parametrize(
    ("modality", "display", "is_enough"),
    [
        ("MG", FIVE, True),
        ("MG", THREE, False),
        ("DX", THREE, True),
        ("CR", OFFICE, False),
        ("CT", OFFICE, True),
        ("MR", Display(1280, 800), True),
        ("CT", Display(1024, 768), False),
        ("MG", TELEVISION, False),
        ("CT", TELEVISION, True),
        ("MG", Display(3840, 2160), True),
    ],
)
def test_a_modality_asks_for_pixels_enough_and_close_enough(modality: str, display: Display, is_enough: bool) -> None:
    assert (FLOORS.shortfall(modality, display) is None) is is_enough


def test_a_screen_of_many_pixels_may_have_them_too_far_apart() -> None:
    few, far = FLOORS.shortfall("MG", THREE), FLOORS.shortfall("MG", TELEVISION)
    assert few is not None
    assert far is not None
    assert (few.is_of_pitch, far.is_of_pitch) == (False, True)


def shortfall(modality: str, display: Display) -> DisplayShortfall:
    found = FLOORS.shortfall(modality, display)
    assert found is not None
    return found


def test_the_worst_display_of_each_modality_is_kept() -> None:
    shown = ShownBelowFloor()
    for display in (THREE, OFFICE, THREE):
        shown.note(shortfall("MG", display))
    shown.note(shortfall("CR", OFFICE))
    assert [(one.modality, one.display) for one in shown.shortfalls] == [("CR", OFFICE), ("MG", OFFICE)]


def test_what_was_read_on_a_poor_display_comes_back_with_the_draft() -> None:
    views = Views()
    views.below_floor.note(shortfall("MG", OFFICE))
    archived = views.archive()
    again = Views()
    assert again.restore(archived)
    assert [(one.modality, one.display) for one in again.below_floor.shortfalls] == [("MG", OFFICE)]
    assert [one.display for one in below_floor_of(again.archive())] == [OFFICE]


def test_an_archive_from_before_displays_were_looked_at_is_read() -> None:
    old = Views().archive().replace(', "below_floor": []', "")
    assert "below_floor" not in old
    assert Views().restore(old)
    assert below_floor_of(old) == ()
