"""When the reader turns to a viewport with keyboard or mouse, or drops a series or an object on it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent, QFocusEvent

from viewers.identifiers import ViewportId
from workstation.shell.object_drag import dragged_object
from workstation.shell.series_drag import dragged_series

_TURNED_TO = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class ReaderTurns(QObject):
    """Watches the widgets of viewports, which it is installed on as an event filter.

    Signals
    -------
    turned_to
        The viewport that took the keyboard by the reader's act.
    series_dropped
        The viewport, the series and the index of the volume in it.
    object_dropped
        The viewport and the instance of an object.
    """

    turned_to = Signal(object)
    series_dropped = Signal(object, object, int)
    object_dropped = Signal(object, object)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of the keyboard that comes, and take what is dropped."""
        viewport = getattr(watched, "viewport", None)
        if viewport is None:
            return super().eventFilter(watched, event)
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _TURNED_TO:
            self.turned_to.emit(ViewportId(viewport))
        elif isinstance(event, QDropEvent):
            # The events of entering, moving and dropping are one family.
            return self._dragged_over(ViewportId(viewport), event)
        return super().eventFilter(watched, event)

    def _dragged_over(self, viewport: ViewportId, event: QDropEvent) -> bool:
        series, instance = dragged_series(event.mimeData()), dragged_object(event.mimeData())
        if series is None and instance is None:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop and series is not None:
            self.series_dropped.emit(viewport, series.series, series.index)
        elif event.type() == QEvent.Type.Drop:
            self.object_dropped.emit(viewport, instance)
        return True
