"""Colours and the style sheet: dark, calm, dense; meaning never by colour alone."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

BACKGROUND = "#14171b"
PANEL = "#1b1f24"
RAISED = "#242a31"
LINE = "#323a43"
TEXT = "#d7dde4"
QUIET = "#8b97a4"
ACCENT = "#5fa8d3"
GOOD = "#7dbb7d"
WARNING = "#e0b050"
DANGER = "#e2675f"

SEVERITY_COLOURS = {0: DANGER, 1: "#e08a50", 2: WARNING, 3: QUIET}

_STYLE = f"""
QWidget {{ background: {BACKGROUND}; color: {TEXT}; font-size: 13px; }}
QMainWindow, QDialog {{ background: {BACKGROUND}; }}
QFrame#panel, QWidget#panel {{ background: {PANEL}; border: 1px solid {LINE}; border-radius: 4px; }}
QLabel {{ background: transparent; }}
QLabel[quiet="true"] {{ color: {QUIET}; }}
QLabel[heading="true"] {{ font-size: 15px; font-weight: 600; }}
QLabel[caption="true"] {{ color: {QUIET}; font-size: 11px; font-weight: 600; }}
QLabel[warning="true"] {{ color: {WARNING}; }}
QLabel[danger="true"] {{ color: {DANGER}; font-weight: 600; }}
QPushButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 3px; padding: 5px 12px; }}
QPushButton:hover {{ border-color: {ACCENT}; }}
QPushButton:pressed, QPushButton:checked {{ background: #2d4757; border-color: {ACCENT}; }}
QPushButton:disabled {{ color: #5c6670; }}
QPushButton[primary="true"] {{ background: #2b5d78; border-color: {ACCENT}; font-weight: 600; }}
QToolButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 3px; padding: 4px 8px; }}
QToolButton:hover {{ border-color: {ACCENT}; }}
QToolButton:checked {{ background: #2d4757; border-color: {ACCENT}; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDateTimeEdit {{
    background: #0f1215; border: 1px solid {LINE}; border-radius: 3px; padding: 4px;
    selection-background-color: #2b5d78; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border-color: {ACCENT}; }}
QCheckBox {{ background: transparent; spacing: 6px; }}
QCheckBox::indicator, QTreeView::indicator {{
    width: 14px; height: 14px; border: 1px solid {QUIET}; border-radius: 2px; background: #0f1215; }}
QTreeView::indicator {{ width: 10px; height: 10px; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; }}
QComboBox QAbstractItemView {{ background: {PANEL}; selection-background-color: #2b5d78; }}
QTableView, QTreeView, QListView {{
    background: {PANEL}; alternate-background-color: #1f242a; gridline-color: {LINE}; border: 1px solid {LINE};
    selection-background-color: #2b4a5c; selection-color: {TEXT}; }}
QHeaderView::section {{
    background: {RAISED}; color: {QUIET}; border: 0; border-right: 1px solid {LINE}; padding: 5px; font-weight: 600; }}
QTabWidget::pane {{ border: 1px solid {LINE}; }}
QTabBar::tab {{ background: {PANEL}; color: {QUIET}; padding: 6px 4px; border: 1px solid {LINE}; }}
QTabBar::tab:selected {{ background: {RAISED}; color: {TEXT}; }}
QSplitter::handle {{ background: {LINE}; }}
QStatusBar {{ background: {PANEL}; color: {QUIET}; }}
QStatusBar QLabel {{ color: {QUIET}; padding: 0 8px; }}
QProgressBar {{ background: #0f1215; border: 1px solid {LINE}; border-radius: 3px; text-align: center; height: 14px; }}
QProgressBar::chunk {{ background: #2b5d78; }}
QScrollBar:vertical {{ background: {BACKGROUND}; width: 10px; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QMenu {{ background: {PANEL}; border: 1px solid {LINE}; }}
QMenu::item:selected {{ background: #2b4a5c; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; }}
"""


def apply(application: QApplication) -> None:
    """Dress the whole application."""
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, BACKGROUND),
        (QPalette.ColorRole.WindowText, TEXT),
        (QPalette.ColorRole.Base, PANEL),
        (QPalette.ColorRole.Text, TEXT),
        (QPalette.ColorRole.Button, RAISED),
        (QPalette.ColorRole.ButtonText, TEXT),
        (QPalette.ColorRole.Highlight, "#2b5d78"),
        (QPalette.ColorRole.HighlightedText, TEXT),
        (QPalette.ColorRole.PlaceholderText, QUIET),
    ):
        palette.setColor(role, QColor(colour))
    application.setPalette(palette)
    application.setStyleSheet(_STYLE)
