"""The checks before signing: each a sentence, with a jump to where it is mended, or a box to accept it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.report.checks import Check
from workstation.shell.labels import plain
from workstation.translations import Translator


class ChecksList(QFrame):
    """Shows checks; remembers which of them the reader accepts."""

    jump_asked = Signal(str)
    accepted_changed = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._translator = translator
        self._checks: tuple[Check, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 4, 6, 4)
        self._column.setSpacing(2)
        self.hide()

    @property
    def accepted(self) -> tuple[str, ...]:
        """The ids of the checks that the reader accepts."""
        return tuple(identifier for identifier, box in self._boxes.items() if box.isChecked())

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the checks that are listed."""
        return tuple(check.id for check in self._checks)

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """List the checks; what was accepted stays accepted."""
        accepted = set(self.accepted)
        self._checks = checks
        self._boxes = {}
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for check in checks:
            self._column.addWidget(self._row(check, check.id in accepted))
        self.setVisible(bool(checks))

    def clear(self) -> None:
        """Show no check; what was accepted was accepted for this report only."""
        self._boxes = {}
        self.show_checks(())

    def retranslate(self, translator: Translator) -> None:
        """Show the same checks in another language."""
        self._translator = translator
        self.show_checks(self._checks)

    def _row(self, check: Check, accepted: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        style = "quiet" if not check.blocking else "warning"
        line.addWidget(plain(check.sentence(self._translator), style=style, wrap=True), 1)
        if check.acceptable:
            box = QCheckBox(self._translator.text("editor.accept"))
            box.setChecked(accepted)
            box.toggled.connect(lambda _on: self.accepted_changed.emit())
            self._boxes[check.id] = box
            line.addWidget(box)
        if check.blocking:
            jump = QPushButton("→")
            jump.setFixedWidth(34)
            jump.setAccessibleName(self._translator.text("editor.jump"))
            jump.clicked.connect(lambda: self.jump_asked.emit(check.jump))
            line.addWidget(jump)
        return row
