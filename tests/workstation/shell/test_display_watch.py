"""A picture on a display below the floor of its modality says so, and the report records it."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from tests.support.displays import LAPTOP, READING_ROOM, on
from tests.support.patience import PATIENCE_MS
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Case, Desk
from workstation.domain.display import Display
from workstation.reading.view_archive import below_floor_of
from workstation.shell.display_watch import display_of
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator


def opened(qtbot: QtBot, display: Display, modality: str) -> Desk:
    page = ReadingPage(translator("en"), displays=on(display))
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    volume = replace(volume_of(axial_grid([0.0, 1.0]), smooth), modality=modality)
    desk = Desk(page, Case([volume]), qtbot)
    desk.open()
    desk.page.images.put_volumes(desk.case.volumes)
    qtbot.waitUntil(lambda: bool(page.board.contents), timeout=PATIENCE_MS)
    return desk


def warnings(desk: Desk) -> tuple[str, ...]:
    (content,) = desk.page.board.contents.values()
    return content.warnings


def test_a_mammogram_on_a_laptop_is_not_diagnostic_and_the_draft_keeps_it(qtbot: QtBot) -> None:
    desk = opened(qtbot, LAPTOP, "MG")
    assert "Not diagnostic: MG on 1920 × 1080 pixels, at least 5 million are asked" in warnings(desk)
    (kept,) = below_floor_of(desk.case.views.archive())
    assert (kept.modality, kept.display) == ("MG", LAPTOP)


def test_the_same_on_a_reading_display_says_nothing(qtbot: QtBot) -> None:
    desk = opened(qtbot, READING_ROOM, "MG")
    assert not [line for line in warnings(desk) if "diagnostic" in line]
    assert below_floor_of(desk.case.views.archive()) == ()


def test_a_display_is_measured_in_pixels_of_the_device(qtbot: QtBot) -> None:
    page = ReadingPage(translator("en"))
    qtbot.addWidget(page)
    screen = page.screen()
    found = display_of(page)
    assert (found.width_px, found.height_px) == (screen.size() * screen.devicePixelRatio()).toTuple()
