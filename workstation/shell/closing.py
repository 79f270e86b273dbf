"""Closing the window: it waits until what was typed and drawn is on the disk, and asks where that fails."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.shell.case_controller import CaseController
from workstation.shell.labels import plain
from workstation.translations import Translator


class Choice(StrEnum):
    """What the reader wants when the disk does not take the draft."""

    RETRY = "retry"
    STAY = "stay"
    LEAVE = "leave"


class UnsavedDialog(QDialog):
    """Says why the draft is not saved. Escape keeps the window open: no key alone loses anything."""

    def __init__(self, words: Translator, why: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = Choice.STAY
        self.setWindowTitle(words.text("closing.title"))
        self.setMinimumWidth(520)
        self.buttons = {choice: QPushButton(words.text(f"closing.{choice.value}")) for choice in Choice}
        row = QHBoxLayout()
        row.addStretch(1)
        for choice, button in self.buttons.items():
            button.setAutoDefault(choice is Choice.RETRY)
            button.clicked.connect(lambda _checked, choice=choice: self._choose(choice))
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(words.text("closing.unsaved", why=why), style="danger", wrap=True))
        layout.addWidget(plain(words.text("closing.what_now"), wrap=True))
        layout.addLayout(row)

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self.accept()


class ClosingGuard:
    """Answers whether the window may close: when all is saved, or when the reader gives up what is not."""

    def __init__(self, case: CaseController, window: QWidget, words: Callable[[], Translator]) -> None:
        self._case = case
        self._window = window
        self._words = words

    def may_close(self) -> bool:
        """Save what is open, and ask as often as that fails."""
        while (error := self._case.settle()) is not None:
            words = self._words()
            dialog = UnsavedDialog(words, words.error(error), self._window)
            dialog.exec()
            if dialog.choice is not Choice.RETRY:
                return dialog.choice is Choice.LEAVE
        return True
