"""How the parts of the reading page stand beside one another."""

from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from workstation.shell.cancel_bar import CancelBar
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_board import ViewportBoard

_SERIES_WIDTH = 190
_SIDE_WIDTH = 260
_FIRST_WIDTHS = [240, 1000, 424]


def panes_of(series: SeriesPanel, board: ViewportBoard, cancel_bar: CancelBar, tabs: QTabWidget) -> QSplitter:
    """Return series, viewports and tabs side by side; the bar that asks about a cancel request moves no picture."""
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(cancel_bar)
    column.addWidget(tabs, 1)
    series.setMinimumWidth(_SERIES_WIDTH)
    side.setMinimumWidth(_SIDE_WIDTH)
    panes = QSplitter()
    for place, (widget, stretch) in enumerate(((series, 0), (board, 1), (side, 0))):
        panes.addWidget(widget)
        panes.setStretchFactor(place, stretch)
        panes.setCollapsible(place, place != 1)
    panes.setSizes(_FIRST_WIDTHS)
    return panes


def stack(page: QWidget, *parts: QWidget) -> None:
    """Put parts below one another on a page; the last one takes the room."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(6, 4, 6, 4)
    layout.setSpacing(4)
    for part in parts:
        layout.addWidget(part)
    layout.setStretchFactor(parts[-1], 1)
