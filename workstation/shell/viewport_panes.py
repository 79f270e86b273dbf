"""Viewports that paint themselves: the table of their kinds, and their coming and going in the grid."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from viewers.identifiers import ViewportId
from viewers.image.bands import Bands
from viewers.qt.content import ViewportContent
from viewers.qt.grid import ViewportGrid
from viewers.qt.labels import ViewportLabels
from viewers.qt.pane import PaneWidget
from viewers.state.layout import Layout
from viewers.state.view_state import ViewKind
from workstation.shell.curved_pane import CurvedPane
from workstation.shell.document_pane import DocumentPane
from workstation.shell.volume_pane import VolumePane


class Pane(Protocol):
    """One viewport that paints itself; whoever made it shows it contents and closes its widget."""

    @property
    def widget(self) -> PaneWidget:
        """What stands in the cell of the grid."""

    def show(self, content: ViewportContent | None) -> None:
        """Show a content, or nothing; the same one may come again."""


# One line per kind that the plane painter cannot paint; the bands share the rows of a picture that is computed.
PANES: Mapping[ViewKind, Callable[[ViewportId, ViewportLabels, Bands], Pane]] = MappingProxyType(
    {
        ViewKind.VOLUME: lambda viewport, labels, _: VolumePane(viewport, labels),
        ViewKind.CURVED: CurvedPane,
        ViewKind.DOCUMENT: lambda viewport, labels, _: DocumentPane(viewport, labels),
    }
)


class PaneHost(QObject):
    """Puts the pane of its kind in the cell of each viewport that needs one; ``made`` gives each new widget."""

    made = Signal(object)

    def __init__(self, grid: ViewportGrid, labels: ViewportLabels, bands: Bands, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._labels = labels
        self._bands = bands
        self._panes: dict[ViewportId, tuple[ViewKind, Pane]] = {}

    @property
    def widgets(self) -> Mapping[ViewportId, PaneWidget]:
        """The widgets of the panes, hidden ones too."""
        return MappingProxyType({viewport: pane.widget for viewport, (_, pane) in self._panes.items()})

    def show_for(self, kinds: Mapping[ViewportId, ViewKind], layout: Layout) -> None:
        """Make the panes that the viewports of a layout need by their kinds, and let go of all others."""
        for viewport, (made, _) in tuple(self._panes.items()):
            if viewport not in layout.viewports or kinds.get(viewport) is not made:
                self._forget(viewport)
        for viewport, kind in kinds.items():
            if kind in PANES and viewport in layout.viewports and viewport not in self._panes:
                self._make(viewport, kind)
        for viewport, widget in self.widgets.items():
            widget.set_active(viewport == layout.active and len(layout.visible) > 1)

    def show(self, viewport: ViewportId, content: ViewportContent | None) -> bool:
        """Show a content in the pane of a viewport; false where it has none."""
        if viewport not in self._panes:
            return False
        self._panes[viewport][1].show(content)
        return True

    def forget(self) -> None:
        """Close every pane."""
        for viewport in tuple(self._panes):
            self._forget(viewport)

    def _make(self, viewport: ViewportId, kind: ViewKind) -> None:
        pane = PANES[kind](viewport, self._labels, self._bands)
        self._panes[viewport] = (kind, pane)
        self._grid.show_instead(viewport, pane.widget)
        self.made.emit(pane.widget)

    def _forget(self, viewport: ViewportId) -> None:
        self._panes.pop(viewport)[1].show(None)
        self._grid.show_instead(viewport, None)
