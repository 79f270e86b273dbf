"""The printable sheet of keys and mouse, made from the same data that the keys act by: one page of A4."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from viewers.tools.pointer import MouseProfile
from workstation.shell.acts.act import Act, Group
from workstation.shell.keys.keymap import Keymap, in_words
from workstation.translations import Translator

# A4 in points.
WIDTH, HEIGHT = 595.0, 842.0
_MARGIN, _GAP, _HEADING = 30.0, 18.0, 26.0
_COLUMNS = 2
_TALLEST_ROW = 13.0
_INK, _FAINT = QColor("#101418"), QColor("#9aa4ae")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and its rows: what is done, and by which keys."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, or a heading, which has no keys."""

    title: str
    keys: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page."""

    title: str
    blocks: tuple[Block, ...]


def sheet_of(acts: Iterable[Act], keymap: Keymap, mouse: MouseProfile, words: Translator) -> Sheet:
    """Return the sheet of a keymap: each act that has a key, in the groups of the table, and the mouse."""
    order = list(Group)
    bound = sorted((act for act in acts if keymap.keys_of(act.id)), key=lambda act: order.index(act.group))
    blocks = [
        Block(
            words.text(group.title_key),
            tuple((words.text(act.title_key), in_words(keymap.keys_of(act.id), words)) for act in found),
        )
        for group, found in groupby(bound, key=lambda act: act.group)
    ]
    title = words.text("hands.sheet_title", keymap=words.text(f"hands.keymap.{keymap.id}"))
    return Sheet(title, (*blocks, Block(words.text("hands.mouse"), _mouse_rows(mouse, words))))


def _mouse_rows(mouse: MouseProfile, words: Translator) -> tuple[tuple[str, str], ...]:
    left, right = (mouse.right, mouse.left) if mouse.is_left_handed else (mouse.left, mouse.right)
    dragged = {
        "left": left,
        "middle": mouse.middle,
        "right": right,
        "shift": mouse.shift_left,
        "control": mouse.control_left,
        "alt": mouse.alt_left,
    }
    does = {
        **{button: words.text(f"reading_page.act.{drag}") for button, drag in dragged.items() if drag is not None},
        "right_click": words.text("hands.does.menu"),
        "wheel": words.text("hands.does.scroll_images"),
        "control_wheel": words.text("hands.does.zoom"),
        "double_click": words.text("hands.does.enlarge"),
    }
    return tuple((done, words.text(f"hands.button.{button}")) for button, done in does.items())


def paint_sheet(painter: QPainter, sheet: Sheet) -> None:
    """Paint a sheet on a page of ``WIDTH`` × ``HEIGHT`` points in black on white; rows shrink until all of them fit."""
    painter.fillRect(QRectF(0.0, 0.0, WIDTH, HEIGHT), Qt.GlobalColor.white)
    painter.setPen(_INK)
    painter.setFont(_font(13.0, is_bold=True))
    painter.drawText(QRectF(_MARGIN, _MARGIN - 8.0, WIDTH - 2 * _MARGIN, 20.0), sheet.title)
    columns = _columns(sheet.blocks)
    row = min(_TALLEST_ROW, (HEIGHT - 2 * _MARGIN - _HEADING) / max(len(column) for column in columns))
    width = (WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for number, column in enumerate(columns):
        for place, line in enumerate(column):
            top = _MARGIN + _HEADING + place * row
            _paint_line(painter, QRectF(_MARGIN + number * (width + _GAP), top, width, row), line)


def _columns(blocks: tuple[Block, ...]) -> list[list[_Line]]:
    """Return the lines of each column; no heading stands alone at the foot of one."""
    lines = [line for block in blocks for line in (_Line(block.heading, None), *(_Line(*row) for row in block.rows))]
    columns: list[list[_Line]] = []
    for left in range(_COLUMNS, 0, -1):
        count = math.ceil(len(lines) / left)
        if count < len(lines) and lines[count - 1].keys is None:
            count += 1
        columns.append(lines[:count])
        lines = lines[count:]
    return columns


def _paint_line(painter: QPainter, area: QRectF, line: _Line) -> None:
    size = min(8.5, area.height() * 0.66)
    foot = Qt.AlignmentFlag.AlignVCenter
    if line.keys is None:
        painter.setFont(_font(size, is_bold=True))
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, line.title)
        return
    painter.setFont(_font(size, is_bold=False))
    painter.drawText(area, foot | Qt.AlignmentFlag.AlignLeft, line.title)
    painter.drawText(area, foot | Qt.AlignmentFlag.AlignRight, line.keys)
    painter.setPen(QPen(_FAINT, 0.4))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(_INK)


def _font(units: float, *, is_bold: bool) -> QFont:
    """Return a font so many units of the painter tall, whatever the density of what is painted on."""
    font = QFont()
    font.setPixelSize(max(1, int(units)))
    font.setBold(is_bold)
    return font
