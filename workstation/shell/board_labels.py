"""The words of every cell of the board: those of its kind, and why it is empty."""

from collections.abc import Collection
from dataclasses import replace

from viewers.identifiers import SeriesUID, ViewportId
from viewers.qt.grid import ViewportGrid
from viewers.qt.pane import PaneWidget
from workstation.reading.views import Views
from workstation.shell.empty_words import empty_words
from workstation.shell.viewport_captions import CaseDirectory
from workstation.shell.viewport_panes import PaneHost
from workstation.shell.viewport_words import viewport_labels
from workstation.translations import Translator


class BoardLabels:
    """Sets the words of a cell where they are others than before."""

    def __init__(self, grid: ViewportGrid, panes: PaneHost) -> None:
        self._grid = grid
        self._panes = panes
        self._told: dict[ViewportId, tuple[str, str, PaneWidget | None]] = {}

    def keep(self, viewports: Collection[ViewportId]) -> None:
        """Remember nothing of cells that are gone."""
        self._told = {viewport: told for viewport, told in self._told.items() if viewport in viewports}

    def show(self, views: Views, case: CaseDirectory, lost: frozenset[SeriesUID], words: Translator) -> None:
        """Say in every cell what is to be said now; series in ``lost`` could not be loaded."""
        for viewport, widget in self._grid.viewports.items():
            pane = self._panes.widgets.get(viewport)
            empty = empty_words(views, viewport, case, lost, words)
            wanted = (empty, words.language, pane)
            if self._told.get(viewport) != wanted:
                self._told[viewport] = wanted
                (pane or widget).set_labels(replace(viewport_labels(words), empty=empty))
