"""A reading page with an open case."""

import os
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.open_case import Case
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.shell.desk import Desk
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A page that shows a phantom of 40 slices as a stack."""
    page = ReadingPage(translator("en"), displays=on(READING_ROOM))
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    desk = Desk(page, Case([volume_of(axial_grid([float(z) for z in range(40)]), smooth)]), qtbot)
    desk.open()
    page.images.put_volumes(desk.case.volumes)
    desk.settle()
    yield desk
    page.close_case()
