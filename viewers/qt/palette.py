"""The colours drawn over pictures: few, calm, told apart without red against green."""

from typing import Final

from PySide6.QtGui import QColor

BACKGROUND: Final = QColor(0, 0, 0)
FRAME: Final = QColor(52, 58, 64)
FRAME_ACTIVE: Final = QColor(88, 166, 214)
TEXT: Final = QColor(218, 224, 230)
TEXT_DIM: Final = QColor(168, 176, 184)
SHADOW: Final = QColor(0, 0, 0, 220)
GROUND: Final = QColor(0, 0, 0, 155)
LETTER: Final = QColor(240, 220, 150)
WARNING: Final = QColor(255, 176, 32)
MARK: Final = QColor(120, 215, 235)
MARK_SELECTED: Final = QColor(255, 221, 87)
CROSSHAIR: Final = QColor(120, 190, 255, 120)
REFERENCE: Final = QColor(150, 160, 170, 150)
REFERENCE_ACTIVE: Final = QColor(255, 205, 110, 220)
HATCH: Final = QColor(255, 176, 32, 120)
HATCH_GROUND: Final = QColor(34, 28, 16)
# One for each plane of a reconstruction, by its number.
CUTS: Final = (QColor(110, 190, 255), QColor(255, 200, 90), QColor(215, 150, 255))
BAR_GROUND: Final = QColor(0, 0, 0, 150)
BAR_RECEIVED: Final = QColor(120, 128, 136, 110)
BAR_SEEN: Final = QColor(160, 190, 215, 210)
BAR_THUMB: Final = QColor(255, 255, 255)
KEY_IMAGE: Final = QColor(255, 221, 87)
