"""How a row of the series panel is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.shell import theme
from workstation.shell.series_rows import THUMBNAIL, SeriesRow

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
THUMBNAIL_ROLE = int(Qt.ItemDataRole.UserRole) + 2
OPEN_ROLE = int(Qt.ItemDataRole.UserRole) + 3
_MARGIN = 5
_BAR = 3
_STUDY_HEIGHT = 26
_TALL = 10_000

_Index = QModelIndex | QPersistentModelIndex


class SeriesDelegate(QStyledItemDelegate):
    """Paints rows with a thumbnail, and the headings of studies with what is to be known of the whole study."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a height that holds the thumbnail and every line."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, SeriesRow):
            _title, *sentences = _heading(index)
            metrics, width = QFontMetrics(option.font), _width_of(option)
            return QSize(100, _STUDY_HEIGHT + sum(_wrapped(metrics, width, one).height() for one in sentences))
        lines = (2 + len(row.warnings)) * QFontMetrics(option.font).height()
        return QSize(100, max(THUMBNAIL, lines) + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor("#2b4a5c"))
        if not isinstance(row, SeriesRow):
            _paint_heading(painter, option.rect, _heading(index), option.font)
            painter.restore()
            return
        if index.data(OPEN_ROLE):
            painter.fillRect(QRect(option.rect.topLeft(), QSize(_BAR, option.rect.height())), theme.ACCENT)
        _paint_thumbnail(painter, option.rect, index.data(THUMBNAIL_ROLE))
        area = option.rect.adjusted(THUMBNAIL + 2 * _MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        _paint_lines(painter, area, row, option.font)
        if row.share is not None:
            whole = QRect(area.left(), option.rect.bottom() - _BAR, area.width(), _BAR)
            painter.fillRect(whole, QColor(theme.LINE))
            painter.fillRect(QRect(whole.topLeft(), QSize(round(whole.width() * row.share), _BAR)), theme.ACCENT)
        painter.restore()


def _heading(index: _Index) -> list[str]:
    return str(index.data(Qt.ItemDataRole.DisplayRole) or "").split("\n")


def _width_of(option: QStyleOptionViewItem) -> int:
    """Return how wide a heading may be written; its row has no place yet when its height is asked for."""
    view = option.widget
    return view.viewport().width() - 2 * _MARGIN if isinstance(view, QAbstractItemView) else option.rect.width()


def _wrapped(metrics: QFontMetrics, width: int, sentence: str) -> QRect:
    return metrics.boundingRect(QRect(0, 0, max(1, width), _TALL), Qt.TextFlag.TextWordWrap, sentence)


def _paint_heading(painter: QPainter, rect: QRect, lines: list[str], font: QFont) -> None:
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(QColor(theme.TEXT))
    area = rect.adjusted(_MARGIN // 2, 0, -_MARGIN, 0)
    title = metrics.elidedText(lines[0], Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(QRect(area.left(), area.top(), area.width(), _STUDY_HEIGHT), Qt.AlignmentFlag.AlignVCenter, title)
    painter.setPen(QColor(theme.WARNING))
    top = area.top() + _STUDY_HEIGHT
    for sentence in lines[1:]:
        place = _wrapped(metrics, area.width(), sentence).translated(area.left(), top)
        painter.drawText(place, Qt.TextFlag.TextWordWrap, sentence)
        top += place.height()


def _paint_thumbnail(painter: QPainter, rect: QRect, thumbnail: object) -> None:
    box = QRect(rect.left() + _MARGIN, rect.top() + _MARGIN, THUMBNAIL, THUMBNAIL)
    painter.fillRect(box, QColor(0, 0, 0))
    if isinstance(thumbnail, QPixmap):
        size = thumbnail.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(box.topLeft(), size)
        place.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, thumbnail)
    painter.setPen(QColor(theme.LINE))
    painter.drawRect(box.adjusted(0, 0, -1, -1))


def _paint_lines(painter: QPainter, area: QRect, row: SeriesRow, font: QFont) -> None:
    metrics = QFontMetrics(font)
    painter.setFont(font)
    lines = [(row.title, theme.TEXT), (row.facts, theme.QUIET), *((one, theme.WARNING) for one in row.warnings)]
    for place, (text, colour) in enumerate(lines):
        painter.setPen(QColor(colour))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area.left(), area.top() + place * metrics.height() + metrics.ascent(), shown)
