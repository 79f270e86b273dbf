"""Questions before acts that cannot be undone; going back is what Enter does."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QVBoxLayout, QWidget

from workstation.shell.labels import plain

_WIDTH = 460


class CarefulDialog(QDialog):
    """A question whose act takes a click or a choice by key: Enter and Escape go back."""

    def __init__(self, title: str, confirm: str, back: str, parent: QWidget | None, width: int = _WIDTH) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.confirm = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.back = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.confirm.setText(confirm)
        self.back.setText(back)
        self.confirm.setAutoDefault(False)
        self.back.setDefault(True)
        self.back.setFocus()
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def lay_out(self, *parts: QWidget | QLayout) -> None:
        """Put the parts one below the other, above the buttons."""
        layout = QVBoxLayout(self)
        for part in parts:
            if isinstance(part, QWidget):
                layout.addWidget(part)
            else:
                layout.addLayout(part)
        layout.addWidget(self._buttons)


class ConfirmDialog(CarefulDialog):
    """Says what will happen to what, and asks."""

    def __init__(
        self, title: str, subject: str, question: str, confirm: str, back: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, confirm, back, parent)
        self.lay_out(plain(subject, style="heading", wrap=True), plain(question, wrap=True))
