"""The tabs beside the pictures: all of them in sight, however narrow the pane."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget


def page_tabs() -> QTabWidget:
    """Return tabs that shorten their titles rather than hide behind arrows."""
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.tabBar().setDrawBase(False)
    tabs.setUsesScrollButtons(False)
    tabs.setElideMode(Qt.TextElideMode.ElideRight)
    return tabs
