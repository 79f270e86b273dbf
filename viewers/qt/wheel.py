"""From the wheel and from touchpads to intents: whole notches and fractions of them, pixels, two fingers, pinches."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from viewers.tools.intents import Intent, PanBy, ScrollBy, ZoomBy

_NOTCH = 120.0
_ZOOM_PER_NOTCH = 1.15
# Pixels of a touchpad for one slice, and pixels that the picture is moved by a notch of a wheel that has no pixels.
_SLICE_PIXELS = 20.0
_PAN_PIXELS = 40.0
# Platforms whose pixels depend on the driver. Source: Qt documentation of QWheelEvent::pixelDelta.
_WITHOUT_PIXELS = frozenset({"xcb"})


class Wheel:
    """The wheel over one viewport: it keeps the fraction of a slice that has not been told yet.

    Where a platform lets a scroll run on after the fingers have left the touchpad, it runs on in the viewport that
    they moved in and in no other that happens to lie under the pointer later.
    """

    def __init__(self) -> None:
        self._rest = 0.0
        self._is_here = False

    def turn(self, event: QWheelEvent) -> tuple[Intent, ...]:
        """Scroll by slices; with Control, zoom about the pointer; with Shift, move the picture."""
        phase = event.phase()
        if phase is Qt.ScrollPhase.ScrollMomentum and not self._is_here:
            return ()
        if phase is Qt.ScrollPhase.ScrollBegin:
            self._rest = 0.0
        self._is_here = phase is not Qt.ScrollPhase.NoScrollPhase
        notches = _notches(event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return _zoomed(_ZOOM_PER_NOTCH ** notches.y(), event.position()) if notches.y() else ()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return _panned(event)
        return self._scrolled(notches.y())

    def leave(self) -> None:
        """Let the pointer go elsewhere: what is still to come of a scroll is not for this viewport."""
        self._rest, self._is_here = 0.0, False

    def _scrolled(self, notches: float) -> tuple[Intent, ...]:
        self._rest += notches
        # Three thirds of a notch are one, whatever rounding made of them.
        slices = int(round(self._rest, 6))
        self._rest -= slices
        return (ScrollBy(-slices),) if slices else ()


def pinched(event: QEvent, widget: QWidget) -> tuple[Intent, ...]:
    """Return the zoom of two fingers that move apart on a touchpad or on the screen; nothing for other gestures."""
    if isinstance(event, QGestureEvent):
        gesture = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(gesture, QPinchGesture):
            return ()
        return _zoomed(gesture.scaleFactor(), widget.mapFromGlobal(gesture.centerPoint()))
    if not isinstance(event, QNativeGestureEvent) or event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
        return ()
    return _zoomed(1.0 + event.value(), event.position())


def _zoomed(factor: float, at: QPointF) -> tuple[Intent, ...]:
    return (ZoomBy(factor, (at.x(), at.y())),)


def _has_pixels(event: QWheelEvent) -> bool:
    return event.hasPixelDelta() and QGuiApplication.platformName() not in _WITHOUT_PIXELS


def _notches(event: QWheelEvent) -> QPointF:
    """Return the way in slices."""
    if _has_pixels(event):
        return QPointF(event.pixelDelta()) / _SLICE_PIXELS
    return QPointF(event.angleDelta()) / _NOTCH


def _panned(event: QWheelEvent) -> tuple[Intent, ...]:
    way = QPointF(event.pixelDelta()) if _has_pixels(event) else _notches(event) * _PAN_PIXELS
    return (PanBy(way.x(), way.y()),)
