"""Widget tests run without a display, and none may leave a widget behind."""

import gc
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="module", autouse=True)
def what_is_loaded_is_left_alone() -> None:
    """Spare each test's look at what is left the walk through all that was imported before."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_widget_left_behind(qapp: QApplication) -> Iterator[None]:
    gc.collect()
    before = {id(widget) for widget in QApplication.allWidgets()}
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = [widget for widget in QApplication.allWidgets() if id(widget) not in before]
    assert not left
