"""Labels and tooltips for text that comes from DICOM: always shown as it is, never taken for markup."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain(text: str = "", *, style: str = "", wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a label that shows ``text`` as it is; ``style`` is one of quiet, heading, caption, warning, danger."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if style:
        label.setProperty(style, True)
    return label


def selectable(text: str = "", *, style: str = "") -> QLabel:
    """Return a wrapped plain label whose text can be selected, such as a telephone number."""
    label = plain(text, style=style, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def as_tooltip(text: str) -> str:
    """Return what shows ``text`` as it is in a tooltip, where Qt would otherwise guess whether it is markup."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if text else ""
