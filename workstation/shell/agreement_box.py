"""Agreement with the first reading: grade, kind, consequence, reason."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from workstation.domain.report import Agreement, Grade
from workstation.shell.labels import plain
from workstation.translations import Translator

TYPES = ("perception", "interpretation", "location", "staging", "measurement", "comparison", "technique", "text")
IMPACTS = ("none", "possible", "likely", "unknown")


class AgreementBox(QFrame):
    """Grade, and from A1 on its type, impact and reason."""

    changed = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._title = plain(style="caption")
        self.grade, self.type, self.impact = QComboBox(), QComboBox(), QComboBox()
        self.reason = QLineEdit()
        for box in (self.grade, self.type, self.impact):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        row = QHBoxLayout()
        row.addWidget(self.type, 1)
        row.addWidget(self.impact, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self._title)
        layout.addWidget(self.grade)
        layout.addLayout(row)
        layout.addWidget(self.reason)
        self._fill()
        self.retranslate(translator)
        for box in (self.grade, self.type, self.impact):
            box.currentIndexChanged.connect(self._changed)
        self.reason.textChanged.connect(self._changed)
        self._show_details()

    @property
    def agreement(self) -> Agreement | None:
        """What is chosen, ``None`` before a grade is."""
        code = self.grade.currentData()
        if not code:
            return None
        return Agreement(
            Grade(code), self.type.currentData() or "", self.impact.currentData() or "", self.reason.text().strip()
        )

    def show_agreement(self, agreement: Agreement | None) -> None:
        """Show what was chosen."""
        if agreement == self.agreement:
            return
        for box, value in (
            (self.grade, agreement.grade.value if agreement else ""),
            (self.type, agreement.type if agreement else ""),
            (self.impact, agreement.impact if agreement else ""),
        ):
            if value and box.findData(value) < 0:
                box.addItem(value, value)
            box.setCurrentIndex(max(0, box.findData(value)))
        self.reason.setText(agreement.reason if agreement else "")
        self._show_details()

    def clear(self) -> None:
        """Forget everything, also what was typed without a grade."""
        self.show_agreement(None)
        self.reason.clear()

    def retranslate(self, translator: Translator) -> None:
        """Show the choices in another language."""
        self._title.setText(translator.text("editor.agreement.title").upper())
        self.reason.setPlaceholderText(translator.text("editor.agreement.reason"))
        for box, group in ((self.grade, "grade"), (self.type, "type"), (self.impact, "impact")):
            box.setAccessibleName(translator.text(f"editor.agreement.choose.{group}"))
            box.setItemText(0, translator.text(f"editor.agreement.choose.{group}"))
            for index in range(1, box.count()):
                key = f"editor.agreement.{group}.{box.itemData(index)}"
                if translator.has(key):
                    box.setItemText(index, translator.text(key))

    def _fill(self) -> None:
        for box, values in (
            (self.grade, [grade.value for grade in Grade]),
            (self.type, list(TYPES)),
            (self.impact, list(IMPACTS)),
        ):
            box.addItem("", "")
            for value in values:
                box.addItem(value, value)

    def _changed(self) -> None:
        self._show_details()
        self.changed.emit()

    def _show_details(self) -> None:
        needed = self.grade.currentData() in (Grade.A1.value, Grade.A2.value, Grade.A3.value)
        for widget in (self.type, self.impact, self.reason):
            widget.setVisible(needed)
