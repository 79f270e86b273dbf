"""A small application for the viewport tests: it holds states and marks and applies the intents."""

from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewers.annotations.model import Annotation
from viewers.geometry.frame import Vector3
from viewers.geometry.plane import CORONAL, SAGITTAL
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.overlay import view_plane
from viewers.qt.seen import Seen
from viewers.qt.viewport import ViewportWidget
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView
from viewers.state.view_state import ViewKind, ViewState
from viewers.tools.cuts import Cut
from viewers.tools.intents import (
    AddAnnotation,
    DeleteAnnotation,
    Intent,
    MoveCrosshair,
    MoveHandle,
    SelectAnnotation,
    SetText,
    apply,
    target,
)
from viewers.tools.navigated import navigated

STACK = ViewState(ViewportId("stack"))


class Stage:
    """Viewports on one volume; ``said`` is every intent in order."""

    def __init__(self, qtbot: QtBot, volume: Volume, *states: ViewState, size: tuple[int, int] = (400, 400)) -> None:
        self.volume = volume
        self.states = {state.viewport: state for state in states}
        self.marks: tuple[Annotation, ...] = ()
        self.selected: AnnotationId | None = None
        self.crosshair: Vector3 | None = None
        self.absent: frozenset[int] = frozenset()
        self.seen_slices = 0
        self.keys: frozenset[int] = frozenset()
        self.said: list[Intent] = []
        numbers = count(1)
        self.widgets: dict[ViewportId, ViewportWidget] = {}
        for viewport in self.states:
            widget = ViewportWidget(viewport, lambda: AnnotationId(f"mark-{next(numbers)}"), ViewportLabels())
            widget.resize(*size)
            qtbot.addWidget(widget)
            widget.intent.connect(lambda intent, at=viewport: self.receive(at, intent))
            widget.show()
            self.widgets[viewport] = widget
        self.show()

    @property
    def widget(self) -> ViewportWidget:
        return next(iter(self.widgets.values()))

    def resolved(self, viewport: ViewportId | None = None) -> ResolvedView:
        wanted = viewport or self.widget.viewport
        return resolve(self.states[wanted], self.volume, self.widgets[wanted].size_in_pixels())

    def show(self) -> None:
        for viewport, widget in self.widgets.items():
            widget.show_content(self.content(viewport))

    def content(self, viewport: ViewportId) -> ViewportContent:
        return ViewportContent(
            self.volume,
            self.resolved(viewport),
            self.marks,
            self.selected,
            crosshair_lps=self.crosshair,
            absent_slices=self.absent,
            cuts=tuple(self.cuts(viewport)),
            seen_slices=self.seen_slices,
            key_slices=self.keys,
        )

    def seen(self, viewport: ViewportId) -> Seen:
        content = self.content(viewport)
        return Seen(content, view_plane(content, self.widgets[viewport].devicePixelRatioF()))

    def cuts(self, viewport: ViewportId) -> Iterator[Cut]:
        planes = [one for one, state in self.states.items() if state.kind is ViewKind.MPR]
        for number, other in enumerate(planes):
            if viewport in planes and other != viewport:
                resolved = self.resolved(other)
                yield Cut(other, resolved.plane, resolved.slab, number)

    def receive(self, viewport: ViewportId, intent: Intent) -> None:
        self.said.append(intent)
        match intent:
            case AddAnnotation() | DeleteAnnotation() | MoveHandle() | SetText():
                self.marks = apply(intent, self.marks)
            case SelectAnnotation(annotation):
                self.selected = annotation
            case MoveCrosshair(point):
                self.crosshair = point
                for other, state in self.states.items():
                    if other != viewport or state.kind is ViewKind.MPR:
                        self.states[other] = navigated(state, self.resolved(other), self.volume, intent)
            case _:
                about = target(intent, viewport)
                ratio = self.widgets[viewport].devicePixelRatioF()
                self.states[about] = navigated(self.states[about], self.resolved(about), self.volume, intent, ratio)
        self.show()

    def turn_wheel(self, at: tuple[float, float], angle: int) -> None:
        """Turn the wheel with Control over the first widget."""
        where, none = QPointF(*at), Qt.MouseButton.NoButton
        keys, phase = Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(where, where, QPoint(), QPoint(0, angle), none, keys, phase, False)
        QApplication.sendEvent(self.widget, event)

    def position(self, point: Vector3, viewport: ViewportId | None = None) -> tuple[float, float]:
        """Where a point lies on a widget; pixel (0, 0) of the plane is centred at (0.5, 0.5)."""
        column, row = self.resolved(viewport).plane.lps_to_pixel(point)
        return column + 0.5, row + 0.5


def planes() -> tuple[ViewState, ...]:
    """A stack and the three planes."""
    return (
        STACK,
        ViewState(ViewportId("axial"), ViewKind.MPR),
        ViewState(ViewportId("coronal"), ViewKind.MPR, orientation=CORONAL),
        ViewState(ViewportId("sagittal"), ViewKind.MPR, orientation=SAGITTAL),
    )


def grabbed(widget: QWidget) -> NDArray[np.uint8]:
    """The painted widget, shape (height, width, 3)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
