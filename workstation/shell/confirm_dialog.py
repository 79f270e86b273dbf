"""A question before an act that cannot be undone; going back is what Enter does."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from workstation.shell.labels import plain


class ConfirmDialog(QDialog):
    """Says what will happen to what, and asks."""

    def __init__(
        self, title: str, subject: str, question: str, confirm: str, back: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.confirm = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.back = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.confirm.setText(confirm)
        self.back.setText(back)
        self.confirm.setAutoDefault(False)
        self.back.setDefault(True)
        self.back.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain(subject, style="heading", wrap=True))
        layout.addWidget(plain(question, wrap=True))
        layout.addWidget(buttons)
