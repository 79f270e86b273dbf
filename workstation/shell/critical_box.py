"""The record of a critical result: its category and the six fields."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QLabel, QLineEdit, QWidget

from workstation.domain.report import CriticalResult
from workstation.shell.labels import plain
from workstation.translations import Translator

FIELDS = ("finding", "identified_at", "communicated_by", "received_by", "received_at", "method")


class CriticalBox(QFrame):
    """Hidden until the reader says that there is a critical result."""

    changed = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.enabled = QCheckBox()
        self.category = QComboBox()
        for number in (1, 2, 3):
            self.category.addItem(str(number), number)
        self.category.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.fields = {name: QLineEdit() for name in FIELDS}
        self.read_back = QCheckBox()
        self._labels: dict[str, QLabel] = {name: plain() for name in ("category", *FIELDS)}
        form = QFormLayout(self)
        form.setContentsMargins(6, 6, 6, 6)
        form.addRow(self.enabled)
        form.addRow(self._labels["category"], self.category)
        for name, field in self.fields.items():
            form.addRow(self._labels[name], field)
        form.addRow(self.read_back)
        self.retranslate(translator)
        self.enabled.toggled.connect(self._toggled)
        self.category.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.read_back.toggled.connect(lambda _on: self.changed.emit())
        for field in self.fields.values():
            field.textChanged.connect(lambda _text: self.changed.emit())
        self._show_fields(False)

    @property
    def critical(self) -> CriticalResult | None:
        """The record, ``None`` where there is no critical result."""
        if not self.enabled.isChecked():
            return None
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        return CriticalResult(**texts, category=int(self.category.currentData()), read_back=self.read_back.isChecked())

    def show_critical(self, critical: CriticalResult | None) -> None:
        """Show a record."""
        if critical == self.critical:
            return
        self.enabled.setChecked(critical is not None)
        if critical is not None:
            self.category.setCurrentIndex(self.category.findData(critical.category))
            for name, field in self.fields.items():
                field.setText(getattr(critical, name))
            self.read_back.setChecked(critical.read_back)

    def clear(self) -> None:
        """Forget everything, also what was typed and then switched off."""
        self.enabled.setChecked(False)
        for field in self.fields.values():
            field.clear()
        self.category.setCurrentIndex(0)
        self.read_back.setChecked(False)

    def retranslate(self, translator: Translator) -> None:
        """Show the labels in another language."""
        self.enabled.setText(translator.text("editor.critical.title"))
        self.read_back.setText(translator.text("editor.critical.read_back"))
        for name, label in self._labels.items():
            label.setText(translator.text(f"editor.critical.{name}"))
        for index in range(self.category.count()):
            number = self.category.itemData(index)
            self.category.setItemText(index, translator.text(f"editor.critical.category_{number}"))

    def _toggled(self, on: bool) -> None:
        self._show_fields(on)
        self.changed.emit()

    def _show_fields(self, on: bool) -> None:
        widgets: list[QWidget] = [self.category, self.read_back, *self.fields.values(), *self._labels.values()]
        for widget in widgets:
            widget.setVisible(on)
