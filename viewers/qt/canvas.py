"""The painting of one viewport: its last picture, its segments, the values of its marks, each computed once."""

import time

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewers.annotations.calibration import calibrated
from viewers.annotations.model import Annotation, Measurement
from viewers.identifiers import AnnotationId
from viewers.image.bands import Bands
from viewers.image.description import SpacingSource
from viewers.qt.content import ViewportContent
from viewers.qt.edges import strongest_edge
from viewers.qt.furniture import draw_box
from viewers.qt.graphics import SegmentPainter
from viewers.qt.labels import ViewportLabels
from viewers.qt.lens import Lens
from viewers.qt.overlay import draw_overlay, drawn_marks
from viewers.qt.picture import PictureSource
from viewers.qt.probe import probe_line
from viewers.qt.scroll_bar import Track, draw_scroll_bar, track_of
from viewers.qt.seen import Seen
from viewers.state.kinds.registry import KINDS
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import Pointer
from viewers.tools.registry import measure
from viewers.tools.view_plane import PixelPosition

# A mark in hand that takes longer than this to measure would hold up the pointer.
_SLOW_S = 0.05


class Canvas:
    """What a viewport paints of a content. It keeps only what would be computed again to the same result."""

    def __init__(self, bands: Bands) -> None:
        self._pictures = PictureSource(bands)
        self._segments = SegmentPainter()
        self._track: Track | None = None
        self.lens = Lens(bands)
        self._values: dict[Annotation, Measurement] = {}
        self._slow: AnnotationId | None = None

    @property
    def track(self) -> Track | None:
        """What the bar at the edge shows."""
        return self._track

    def turn_to(self, seen: Seen | None, before: Seen | None) -> None:
        """Forget what does not hold for what is shown from now on."""
        if seen is None or not seen.measures_like(before):
            self._values.clear()
        self._track = None if seen is None else track_of(seen.content)
        if seen is None:
            self.lens.forget()
            self._pictures.forget()
            self._segments.forget()

    def paint(self, painter: QPainter, area: QRectF, seen: Seen, pointer: Pointer, labels: ViewportLabels) -> None:
        """Draw the picture, computed only when it has changed, and what lies over it.

        Raises
        ------
        ImageError
            The view asked for cannot be made of this volume; nothing has been drawn.
        """
        content, view = seen.content, seen.view
        frame = self._pictures.frame(content, pointer.is_navigating)
        frame.setDevicePixelRatio(painter.device().devicePixelRatioF())
        painter.drawImage(QPointF(0.0, 0.0), frame)
        if content.segments:
            self._segments.draw(painter, view, content.segments)
        preview = pointer.preview
        if preview is None:
            self._slow = None
        marks = drawn_marks(content, view, preview, lambda one: self._measured(one, content, preview), labels)
        with_handles = pointer.tool is Navigation.CROSSHAIR
        probe = self._probed(painter, seen, pointer, labels)
        draw_overlay(painter, area, content, view, marks, labels, with_handles=with_handles, probe=probe)
        if pointer.box is not None:
            draw_box(painter, *pointer.box)
        self.lens.draw(painter, seen)
        if self._track is not None:
            draw_scroll_bar(painter, area, self._track)

    def _probed(self, painter: QPainter, seen: Seen, pointer: Pointer, labels: ViewportLabels) -> str:
        """Return the values under the pointer, while no button is held."""
        at = self.lens.position
        if at is None or pointer.is_busy or not KINDS[seen.content.resolved.kind].cuts_others:
            return ""
        return probe_line(seen, at, painter.device().devicePixelRatioF(), labels)

    def edge(self, position: PixelPosition) -> PixelPosition | None:
        """Return the strongest edge near a position of the picture painted last, ``None`` where there is none."""
        picture = self._pictures.last
        return None if picture is None else strongest_edge(picture, position)

    def _measured(self, annotation: Annotation, content: ViewportContent, preview: Annotation | None) -> Measurement:
        if annotation == preview:
            return self._measured_in_hand(annotation, content)
        if annotation not in self._values:
            self._values[annotation] = measure(annotation, calibrated(content.volume, content.annotations))
        return self._values[annotation]

    def _measured_in_hand(self, annotation: Annotation, content: ViewportContent) -> Measurement:
        """Measure a mark while it moves; one that takes long is measured when it is let go of."""
        if annotation.id == self._slow:
            return Measurement(annotation, (), SpacingSource.NONE)
        volume = calibrated(content.volume, content.annotations)
        started = time.perf_counter()
        measured = measure(annotation, volume)
        if time.perf_counter() - started > _SLOW_S:
            self._slow = annotation.id
        return measured
