"""The grid of viewports: places them as a layout says, enlarges one, frames the active one. It decides nothing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtWidgets import QGridLayout, QWidget

from viewers.identifiers import ViewportId
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout

_SPACING = 2


class ViewportGrid(QWidget):
    """A grid of viewport widgets.

    ``make`` builds the widget of a viewport that a layout names for the first time; the application connects its
    signals there. A viewport that a layout no longer names is closed and deleted.
    """

    def __init__(self, make: Callable[[ViewportId], ViewportWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._viewports: dict[ViewportId, ViewportWidget] = {}
        self._replaced: dict[ViewportId, QWidget] = {}
        self._layout: Layout | None = None
        self._cells = QGridLayout(self)
        self._cells.setSpacing(_SPACING)
        self._cells.setContentsMargins(0, 0, 0, 0)

    @property
    def viewports(self) -> Mapping[ViewportId, ViewportWidget]:
        """The viewports of the layout, hidden ones too."""
        return MappingProxyType(self._viewports)

    def show_layout(self, layout: Layout) -> None:
        """Arrange the viewports; those already there keep what they show."""
        for gone in set(self._viewports) - set(layout.viewports):
            self._restore(gone)
            self._discard(self._viewports.pop(gone))
        for viewport in layout.viewports:
            if viewport not in self._viewports:
                self._viewports[viewport] = self._make(viewport)
        self._layout = layout
        self._arrange(layout)

    def show_instead(self, viewport: ViewportId, widget: QWidget | None) -> None:
        """Show another widget (a volume, a document) in a viewport's cell; ``None`` shows the viewport again.

        The grid owns the widget from here on, and closes and deletes it when it is replaced.
        """
        self._restore(viewport)
        if widget is not None:
            self._replaced[viewport] = widget
        if self._layout is not None:
            self._arrange(self._layout)

    def _restore(self, viewport: ViewportId) -> None:
        before = self._replaced.pop(viewport, None)
        if before is not None:
            self._discard(before)

    def _arrange(self, layout: Layout) -> None:
        for index in reversed(range(self._cells.count())):
            self._cells.takeAt(index)
        for row in range(self._cells.rowCount()):
            self._cells.setRowStretch(row, 0)
        for column in range(self._cells.columnCount()):
            self._cells.setColumnStretch(column, 0)
        columns = 1 if layout.enlarged is not None else layout.columns
        for index, viewport in enumerate(layout.visible):
            row, column = divmod(index, columns)
            self._cells.addWidget(self._cell(viewport), row, column)
            self._cells.setRowStretch(row, 1)
            self._cells.setColumnStretch(column, 1)
        for viewport, widget in self._viewports.items():
            shown = viewport in layout.visible
            widget.setVisible(shown and viewport not in self._replaced)
            widget.set_active(viewport == layout.active and len(layout.visible) > 1)
            if viewport in self._replaced:
                self._replaced[viewport].setVisible(shown)

    def _cell(self, viewport: ViewportId) -> QWidget:
        return self._replaced.get(viewport, self._viewports[viewport])

    def _discard(self, widget: QWidget) -> None:
        self._cells.removeWidget(widget)
        widget.close()
        widget.setParent(None)
        widget.deleteLater()
