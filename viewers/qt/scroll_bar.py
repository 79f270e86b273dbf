"""The bar at the right edge of a viewport: the place in the stack, what has come, was looked at, is marked.

It is a picture and a place to press: it keeps only that it is being dragged.
"""

from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from viewers.image.slices import slices_of
from viewers.qt.content import ViewportContent
from viewers.qt.palette import BAR_GROUND, BAR_RECEIVED, BAR_SEEN, BAR_THUMB, HATCH, KEY_IMAGE, MARK, WARNING
from viewers.state.resolved import ResolvedView
from viewers.tools.intents import Intent, ScrollTo
from viewers.tools.registry import TOOLS

_WIDTH = 5.0
# How near the edge a press is one on the bar, in logical pixels.
_REACH = 9.0
_INSET = 2.0
_TICK = 6.0
_LEAST_THUMB = 5.0
_MISSING = QBrush(HATCH, Qt.BrushStyle.Dense4Pattern)
_GAP = QBrush(WARNING)


@dataclass(frozen=True, slots=True)
class Track:
    """A stack from its first slice, at the top, to its last. ``seen`` has one bit for each slice looked at.

    ``missing`` is how many images have not come; where they belong nobody knows yet, so they are shown below the last.
    ``gaps`` are slices after which some are missing that should lie there.
    """

    count: int
    shown: int
    absent: frozenset[int] = frozenset()
    seen: int = 0
    keys: frozenset[int] = frozenset()
    marks: frozenset[int] = frozenset()
    gaps: frozenset[int] = frozenset()
    missing: int = 0


def track_of(content: ViewportContent) -> Track | None:
    """Return the track of a picture; ``None`` where there is only one to see."""
    corners = content.resolved.corners
    if corners.slice_count < 2:
        return None
    if content.resolved.slice_index is None:
        return Track(corners.slice_count, corners.slice_number - 1)
    marked = ((one.instance, one.frame_index) for one in content.annotations if one.tool in TOOLS)
    marks = slices_of(content.volume, marked)
    volume = content.volume
    return Track(
        corners.slice_count,
        corners.slice_number - 1,
        content.absent_slices,
        content.seen_slices,
        content.key_slices,
        marks,
        frozenset(int(k) for k in volume.gap_after.nonzero()[0]),
        0 if volume.is_complete else max(0, (volume.expected_slices or 0) - len(volume.sources)),
    )


def bar_of(area: QRectF) -> QRectF:
    """Return where the bar lies in a viewport."""
    return QRectF(area.right() - _WIDTH - 1.0, area.top() + _INSET, _WIDTH, area.height() - 2 * _INSET)


def beside_bar(area: QRectF, resolved: ResolvedView) -> QRectF:
    """Return what the bar leaves of a viewport, for texts to stand in."""
    return area if resolved.corners.slice_count < 2 else area.adjusted(0.0, 0.0, -_WIDTH - 1.0, 0.0)


def is_on_bar(area: QRectF, position: QPointF) -> bool:
    """Whether a press there would take hold of the bar."""
    return area.right() - _REACH <= position.x() <= area.right() and area.top() <= position.y() <= area.bottom()


def slice_at(area: QRectF, y: float, track: Track) -> int:
    """Return the slice whose stretch of the bar lies at a height; beyond the ends, the first or the last."""
    bar = _received(bar_of(area), track)
    return min(max(int((y - bar.top()) / bar.height() * track.count), 0), track.count - 1)


def draw_scroll_bar(painter: QPainter, area: QRectF, track: Track) -> None:
    """Draw the bar: grey what has come, brighter what was looked at, hatched what is missing, then marks and place."""
    bar = bar_of(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(bar, BAR_GROUND)
    painter.setPen(Qt.PenStyle.NoPen)
    whole, bar = bar, _received(bar, track)
    painter.fillRect(QRectF(bar.bottomLeft(), whole.bottomRight()), _MISSING)
    for first, last, brush in _stretches(track):
        painter.fillRect(_stretch(bar, track.count, first, last), brush)
    for k in track.gaps:
        painter.fillRect(QRectF(bar.left(), _stretch(bar, track.count, k, k).bottom() - 1.0, bar.width(), 3.0), _GAP)
    for slices, colour in ((track.marks, MARK), (track.keys, KEY_IMAGE)):
        for k in slices:
            middle = _stretch(bar, track.count, k, k).center().y()
            painter.fillRect(QRectF(bar.left() - _TICK / 2, middle - _TICK / 4, _TICK, _TICK / 2), colour)
    thumb = _stretch(bar, track.count, track.shown, track.shown)
    if thumb.height() < _LEAST_THUMB:
        thumb = QRectF(bar.left(), thumb.center().y() - _LEAST_THUMB / 2, bar.width(), _LEAST_THUMB)
    painter.fillRect(thumb, BAR_THUMB)


def _stretches(track: Track) -> list[tuple[int, int, QBrush]]:
    """Return runs of slices that look alike, as (first, last, brush)."""
    looks = list(f"{track.seen & ((1 << track.count) - 1):0{track.count}b}"[::-1])
    for k in track.absent:
        looks[k] = "-"
    brushes = {"0": QBrush(BAR_RECEIVED), "1": QBrush(BAR_SEEN), "-": _MISSING}
    found, first = [], 0
    for look, run in groupby(looks):
        last = first + sum(1 for _ in run) - 1
        found.append((first, last, brushes[look]))
        first = last + 1
    return found


def _received(bar: QRectF, track: Track) -> QRectF:
    share = track.count / (track.count + track.missing)
    return QRectF(bar.left(), bar.top(), bar.width(), bar.height() * share)


def _stretch(bar: QRectF, count: int, first: int, last: int) -> QRectF:
    step = bar.height() / count
    return QRectF(bar.left(), bar.top() + first * step, bar.width(), (last - first + 1) * step)


class ScrollGrip:
    """The pointer's hold on the bar."""

    def __init__(self) -> None:
        self._shown: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether the bar is being dragged."""
        return self._shown is not None

    def press(self, position: QPointF, area: QRectF, track: Track | None) -> tuple[Intent, ...] | None:
        """Take hold and go to the slice there; ``None`` beside the bar."""
        if track is None or not is_on_bar(area, position):
            return None
        self._shown = track.shown
        return self.drag(position, area, track)

    def drag(self, position: QPointF, area: QRectF, track: Track | None) -> tuple[Intent, ...]:
        """Go to the slice at the height of the pointer, which may have left the bar."""
        if track is None or self._shown is None:
            return ()
        wanted = slice_at(area, position.y(), track)
        if wanted == self._shown:
            return ()
        self._shown = wanted
        return (ScrollTo(wanted),)

    def release(self) -> None:
        """Let go."""
        self._shown = None
