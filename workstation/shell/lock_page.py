"""What a locked window shows: that it is locked and why, a field for the passphrase, how many requests are urgent."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workstation.shell.labels import plain
from workstation.translations import Translator

_COLUMN_WIDTH = 460


class LockReason(StrEnum):
    """Why the window was locked."""

    ASKED = "asked"
    IDLE = "idle"
    SLEEP = "sleep"
    SESSION = "session"


class LockPage(QWidget):
    """Holds nothing of a patient. Where ``asks`` is false, a button opens it: for the demonstration only."""

    unlock_asked = Signal(str)

    def __init__(self, words: Translator, *, asks: bool) -> None:
        super().__init__()
        self._words = words
        self._asks = asks
        self._reason = LockReason.ASKED
        self._immediate = 0
        self.heading, self.why = plain(style="heading"), plain(wrap=True)
        self.immediate, self.problem = plain(style="danger", wrap=True), plain(style="warning", wrap=True)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setVisible(asks)
        self.unlock = QPushButton()
        self.unlock.setProperty("primary", True)
        self._build()
        self.retranslate(words)
        self.unlock.clicked.connect(self._ask)
        self.field.returnPressed.connect(self._ask)

    def show_reason(self, reason: LockReason) -> None:
        """Say why, with an empty field that has the keyboard."""
        self._reason = reason
        self.field.clear()
        self.problem.clear()
        self.set_busy(False)
        self.retranslate(self._words)
        (self.field if self._asks else self.unlock).setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say why it did not open."""
        self.set_busy(False)
        self.problem.setText(sentence)
        self.field.clear()
        self.field.setFocus()

    def show_immediate(self, waiting: int) -> None:
        """Say how many immediate requests wait, and nothing more of them."""
        self._immediate = waiting
        self.immediate.setText(self._words.text("lock.immediate", count=waiting) if waiting else "")

    def set_busy(self, busy: bool) -> None:
        """While a passphrase is tried, no other is taken."""
        for widget in (self.field, self.unlock):
            widget.setEnabled(not busy)

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.heading.setText(words.text("lock.heading"))
        self.why.setText(words.text(f"lock.why.{self._reason}") + (f"\n{words.text('lock.kept')}"))
        asked = words.text("lock.passphrase")
        self.field.setPlaceholderText(asked)
        self.field.setAccessibleName(asked)
        self.unlock.setText(words.text("lock.unlock" if self._asks else "lock.unlock_demonstration"))
        self.show_immediate(self._immediate)

    def _ask(self) -> None:
        if not self.unlock.isEnabled() or (self._asks and not self.field.text()):
            return
        typed = self.field.text()
        self.field.clear()
        self.problem.clear()
        self.set_busy(True)
        self.unlock_asked.emit(typed)

    def _build(self) -> None:
        column = QWidget()
        column.setFixedWidth(_COLUMN_WIDTH)
        inner = QVBoxLayout(column)
        inner.setSpacing(14)
        for widget in (self.heading, self.why, self.immediate, self.problem, self.field):
            inner.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.unlock)
        inner.addLayout(row)
        layout = QHBoxLayout(self)
        layout.addWidget(column, 0, Qt.AlignmentFlag.AlignCenter)
