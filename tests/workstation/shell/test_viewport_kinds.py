"""Every kind of viewport on the board: painted the same again, archived whole, gone without a trace."""

import gc
import math
import os
import weakref
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.scene import volume_rendering
from viewers.state.kinds.registry import KINDS
from viewers.state.layout import grid
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from workstation.reading.arrangement import Arrangement
from workstation.reading.view_archive import read_views, write_views
from workstation.reading.views import Views
from workstation.shell.viewport_board import ViewportBoard
from workstation.shell.viewport_captions import CaseDirectory
from workstation.shell.viewport_panes import PANES
from workstation.translations import translator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("propagateSizeHints")]
V1 = ViewportId("v1")
EVERY = pytest.mark.parametrize("kind", list(ViewKind))


@pytest.fixture
def board(qtbot: QtBot) -> Iterator[ViewportBoard]:
    found = ViewportBoard(translator("en"))
    qtbot.addWidget(found)
    found.resize(320, 300)
    found.show()
    yield found
    found.close_case()


def phantom() -> Volume:
    return volume_of(axial_grid([float(z) for z in range(24)]), smooth)


def hung(kind: ViewKind, volume: Volume) -> Views:
    views = Views()
    views.put((volume,))
    state = ViewState(V1, kind, VolumeReference(volume.series), 7, zoom=1.5, rotation_degrees=90, colours="pet")
    path = ((-20.0, -10.0, 4.0), (-5.0, 0.0, 9.0), (8.0, 4.0, 14.0), (20.0, 10.0, 20.0))
    state = replace(state, curve=replace(state.curve, points_lps=path))
    assert views.restore(write_views(Arrangement.STACK, grid(1, 1), (state,), None))
    return views


def cell(board: ViewportBoard) -> QWidget:
    return board.panes.widgets.get(V1) or board.grid.viewports[V1]


def painted(board: ViewportBoard, qtbot: QtBot) -> QImage:
    """The cell once its picture has come to rest."""
    widget = cell(board)
    before = QImage()
    for _ in range(200):
        qtbot.wait(50)
        now = widget.grab().toImage()
        if now == before and _has_picture(widget):
            return now
        before = now
    raise AssertionError("the picture does not come to rest")


def apart(one: QImage, other: QImage) -> float:
    """The mean difference of two pictures, in levels of 255."""
    levels = [np.frombuffer(image.constBits(), dtype=np.uint8).astype(float) for image in (one, other)]
    return float(np.abs(levels[0] - levels[1]).mean())


def _has_picture(widget: QWidget) -> bool:
    return getattr(widget, "picture_width", 1) > 0


def test_only_kinds_of_the_table_paint_themselves() -> None:
    assert set(PANES) <= set(KINDS)


@EVERY
def test_it_paints_the_same_again_and_is_archived_whole(
    kind: ViewKind, board: ViewportBoard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 3D is rendered by a way that suits the machine, which a busy one takes for slow.
    monkeypatch.setattr(volume_rendering, "_FAST_S", math.inf)
    views = hung(kind, phantom())
    board.open_case(views, CaseDirectory())
    first = painted(board, qtbot)
    if KINDS[kind].has_volume:
        assert len({first.pixel(x, y) for x in range(40, 280, 8) for y in range(40, 260, 8)}) > 20
    archive = views.archive()
    again = Views()
    again.put((phantom(),))
    assert again.restore(archive)
    assert again.archive() == archive
    found = read_views(archive)
    assert found is not None
    assert found.states == (views.state(V1),)
    board.close_case()
    board.open_case(again, CaseDirectory())
    # 3D is rendered as finely as there is time; planes are the same to the last pixel.
    assert apart(painted(board, qtbot), first) <= (8.0 if kind in PANES else 0.0)


@EVERY
def test_closing_leaves_neither_widget_nor_voxels(kind: ViewKind, board: ViewportBoard, qtbot: QtBot) -> None:
    for _ in range(3):
        volume = phantom()
        views = hung(kind, volume)
        board.open_case(views, CaseDirectory())
        painted(board, qtbot)
        held = weakref.ref(volume.voxels)
        pane = board.panes.widgets.get(V1)
        widget = None if pane is None else weakref.ref(pane)
        board.close_case()
        del volume, views, pane
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert held() is None
        assert widget is None or widget() is None


def test_a_viewport_changes_kind_and_back(board: ViewportBoard, qtbot: QtBot) -> None:
    volume = phantom()
    views = hung(ViewKind.STACK, volume)
    board.open_case(views, CaseDirectory())
    plain = painted(board, qtbot)
    views.change(V1, lambda state: replace(state, kind=ViewKind.VOLUME))
    qtbot.wait(20)
    assert set(board.panes.widgets) == {V1}
    views.change(V1, lambda state: replace(state, kind=ViewKind.STACK))
    qtbot.wait(20)
    assert not board.panes.widgets
    assert painted(board, qtbot) == plain
