"""The fourth pane of the planes: the volume in 3D, made only when it is seen and after the planes are shown."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.identifiers import ViewportId
from viewers.image.pixels import default_window
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.grid import ViewportGrid
from viewers.qt.labels import ViewportLabels
from viewers.qt.volume_viewport import VolumeViewport
from viewers.scene.presets import CT_PRESETS, TransferFunction, projection
from viewers.state.layout import Layout
from workstation.reading.arrangement import VOLUME_PANE, Arrangement
from workstation.reading.views import Views

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

# The first picture may take seconds without a GPU: it waits until the reader's hand has rested on the planes.
_AT_REST_MS = 900
_RENDERING = "viewers.scene.volume_rendering"


class VolumePane(QObject):
    """Puts a ``VolumeViewport`` in its cell of the grid while planes are hung; ``made`` tells that there is one."""

    made = Signal()

    def __init__(self, grid: ViewportGrid, parent: "QWidget") -> None:
        super().__init__(parent)
        self._grid = grid
        self._views: Views | None = None
        self._labels = ViewportLabels()
        self._captions: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._shown: Volume | None = None
        self._loading: Future[ModuleType] | None = None
        self.widget: VolumeViewport | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_REST_MS)
        self._timer.timeout.connect(self._make)

    def retranslate(self, labels: ViewportLabels) -> None:
        """Use other words for the next volume."""
        self._labels = labels

    def show_for(self, views: Views, layout: Layout) -> None:
        """Follow the layout: planned with the planes, gone with them."""
        self._views = views
        if views.arrangement is not Arrangement.MPR or VOLUME_PANE not in layout.viewports:
            self.forget()
            return
        if self.widget is not None:
            self.widget.set_active(layout.active == VOLUME_PANE and len(layout.visible) > 1)
        if VOLUME_PANE in layout.visible and self._volume() is not self._shown:
            self._is_loaded()
            self._timer.start()

    def show_captions(self, contents: Mapping[ViewportId, ViewportContent]) -> None:
        """Name the volume as the planes name it; begins once these show it."""
        content = next(iter(contents.values()), None)
        if content is not None:
            self._captions = (content.identity, content.series)
        views = self._views
        if views is not None and views.arrangement is Arrangement.MPR and self._volume() is not self._shown:
            self._timer.start()

    def forget(self) -> None:
        """Take the volume out of the grid and free it."""
        self._timer.stop()
        self._views = self._shown = None
        if self.widget is not None:
            self.widget = None
            self._grid.show_instead(VOLUME_PANE, None)

    def _volume(self) -> Volume | None:
        views = self._views
        return views.volume(views.layout.viewports[0]) if views is not None else None

    def _is_loaded(self) -> bool:
        """Whether VTK is loaded; where it is not, begin, on a thread of its own."""
        if self._loading is None:
            threads = ThreadPoolExecutor(1)
            self._loading = threads.submit(import_module, _RENDERING)
            threads.shutdown(wait=False)
        return self._loading.done()

    def _make(self) -> None:
        volume, views = self._volume(), self._views
        if volume is None or views is None or VOLUME_PANE not in views.layout.visible or not self._grid.isVisible():
            return
        if not self._is_loaded():
            self._timer.start()
            return
        if self.widget is None:
            self.widget = VolumeViewport(VOLUME_PANE, self._labels)
            self._grid.show_instead(VOLUME_PANE, self.widget)
            self.made.emit()
        self._shown = volume
        self.widget.show_volume(volume, _look(volume), None, *self._captions)


def _look(volume: Volume) -> TransferFunction:
    is_ct = volume.modality == "CT" and volume.quantity.name == "HU"
    return CT_PRESETS["bone"] if is_ct else projection(default_window(volume))
