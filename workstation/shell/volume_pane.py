"""A viewport with the volume in 3D: rendered only once it is seen, after the planes are shown."""

from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from types import ModuleType

from PySide6.QtCore import QObject, QTimer

from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.volume_viewport import VolumeViewport, look_of
from viewers.scene.presets import preset_for
from workstation.reading.volume_presets import load_volume_presets

# The first picture may take seconds without a GPU: it waits until the reader's hand has rested on the planes.
_AT_REST_MS = 900
_RENDERING = "viewers.scene.volume_rendering"


class VolumePane(QObject):
    """Shows contents in a ``VolumeViewport``: another volume late, another look at once."""

    def __init__(self, viewport: ViewportId, labels: ViewportLabels) -> None:
        self._widget = VolumeViewport(viewport, labels)
        super().__init__(self._widget)
        self._presets = load_volume_presets()
        self._wanted: ViewportContent | None = None
        self._shown: Volume | None = None
        self._loading: Future[ModuleType] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_REST_MS)
        self._timer.timeout.connect(self._render)

    @property
    def widget(self) -> VolumeViewport:
        """What stands in the cell of the grid."""
        return self._widget

    def show(self, content: ViewportContent | None) -> None:
        """Render the volume of a content once the hand rests; let go of it where there is none."""
        self._wanted = content
        if content is None:
            self._timer.stop()
            self._shown = None
            self._widget.release()
        elif content.volume is not self._shown:
            self._is_loaded()
            self._timer.start()
        else:
            self._show(content)

    def _is_loaded(self) -> bool:
        """Whether VTK is loaded; where it is not, begin, on a thread of its own."""
        if self._loading is None:
            threads = ThreadPoolExecutor(1)
            self._loading = threads.submit(import_module, _RENDERING)
            threads.shutdown(wait=False)
        return self._loading.done()

    def _render(self) -> None:
        content = self._wanted
        if content is None or not self._widget.isVisible():
            return
        if not self._is_loaded():
            self._timer.start()
            return
        self._shown = content.volume
        self._show(content)

    def _show(self, content: ViewportContent) -> None:
        look = look_of(content)
        preset = preset_for(content.volume, look.preset, self._presets)
        function = preset.function(content.resolved.window, is_shaded=look.is_shaded)
        self._widget.show_content(content, function, preset.id)
