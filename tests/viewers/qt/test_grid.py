import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.identifiers import AnnotationId, ViewportId
from viewers.qt.content import ViewportContent
from viewers.qt.grid import ViewportGrid
from viewers.qt.labels import ViewportLabels
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import grid
from viewers.state.resolve import resolve
from viewers.state.view_state import ViewState

# The off-screen platform has no window manager to tell the smallest size to.
pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("propagateSizeHints")]


def make(viewport: ViewportId) -> ViewportWidget:
    return ViewportWidget(viewport, lambda: AnnotationId("mark"), ViewportLabels())


@pytest.fixture
def shown(qtbot: QtBot) -> ViewportGrid:
    widget = ViewportGrid(make)
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show_layout(grid(2, 2))
    widget.show()
    QCoreApplication.processEvents()
    return widget


def visible(widget: ViewportGrid) -> set[str]:
    return {viewport for viewport, one in widget.viewports.items() if one.isVisible()}


def test_a_grid_shares_the_space_evenly(shown: ViewportGrid) -> None:
    sizes = {(one.width(), one.height()) for one in shown.viewports.values()}
    assert len(shown.viewports) == 4
    assert all(abs(width - 299) <= 1 and abs(height - 199) <= 1 for width, height in sizes)


def test_an_enlarged_viewport_takes_all_the_space_and_gives_it_back(shown: ViewportGrid) -> None:
    layout = grid(2, 2).toggled(ViewportId("v3"))
    shown.show_layout(layout)
    QCoreApplication.processEvents()
    assert visible(shown) == {"v3"}
    assert shown.viewports[ViewportId("v3")].width() == 600
    shown.show_layout(layout.toggled(ViewportId("v3")))
    assert visible(shown) == {"v1", "v2", "v3", "v4"}


def test_viewports_that_stay_are_kept_and_the_others_go(shown: ViewportGrid) -> None:
    kept = shown.viewports[ViewportId("v1")]
    gone = weakref.ref(shown.viewports[ViewportId("v4")])
    shown.show_layout(grid(1, 2))
    assert shown.viewports[ViewportId("v1")] is kept
    assert set(shown.viewports) == {"v1", "v2"}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def test_another_widget_can_stand_in_a_cell(shown: ViewportGrid) -> None:
    document = QWidget()
    shown.show_instead(ViewportId("v2"), document)
    QCoreApplication.processEvents()
    assert document.isVisible()
    assert visible(shown) == {"v1", "v3", "v4"}
    shown.show_layout(grid(2, 2).toggled(ViewportId("v1")))
    assert not document.isVisible()
    shown.show_layout(grid(2, 2))
    shown.show_instead(ViewportId("v2"), None)
    assert visible(shown) == {"v1", "v2", "v3", "v4"}


def test_closing_lets_go_of_the_voxels(shown: ViewportGrid) -> None:
    volume = spatial_volume(np.zeros((4, 20, 20), np.int16), straight_affine())
    for viewport, widget in shown.viewports.items():
        view = resolve(ViewState(viewport), volume, widget.size_in_pixels())
        widget.show_content(ViewportContent(volume, view))
        widget.grab()
    voxels = weakref.ref(volume.voxels)
    shown.close()
    del volume, view
    for widget in shown.viewports.values():
        widget.close()
    gc.collect()
    assert voxels() is None
