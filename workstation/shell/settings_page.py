"""The settings page: who reads, the language, the hubs, and sections that others add."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.hub import HubSettings
from workstation.domain.reader import Reader
from workstation.shell.labels import plain
from workstation.shell.link_box import LinkBox
from workstation.translations import Translator

_FIELDS = ("name", "identifier", "organisation")


class SettingsPage(QWidget):
    """Shows the profile's settings and says what the reader wants changed."""

    reader_changed = Signal(object)
    language_chosen = Signal(str)
    hub_added = Signal(str, str)
    hub_removed = Signal(str)

    def __init__(self, translator: Translator, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._translator = translator
        self.fields = {name: QLineEdit() for name in _FIELDS}
        self._labels: dict[str, QLabel] = {name: plain() for name in (*_FIELDS, "language", "hub_name", "hub_url")}
        self.save = QPushButton()
        self.language = QComboBox()
        for code in languages:
            self.language.addItem(code.upper(), code)
        self.hubs = QListWidget()
        self.hub_name, self.hub_url = QLineEdit(), QLineEdit()
        self.add, self.remove = QPushButton(), QPushButton()
        self.link = LinkBox(translator)
        self._reader_box, self._language_box, self._hub_box = QGroupBox(), QGroupBox(), QGroupBox()
        self._build()
        self.retranslate(translator)
        self.save.clicked.connect(self._save_reader)
        self.language.activated.connect(lambda _index: self.language_chosen.emit(self.language.currentData()))
        self.add.clicked.connect(self._add_hub)
        self.remove.clicked.connect(self._remove_hub)

    def show_reader(self, reader: Reader | None) -> None:
        """Show who reads."""
        if reader is not None:
            for name in _FIELDS:
                self.fields[name].setText(getattr(reader, name))

    def show_hubs(self, hubs: tuple[HubSettings, ...]) -> None:
        """Show the hubs."""
        self.hubs.clear()
        self.hubs.addItems([f"{hub.name}    {hub.url}" for hub in hubs])

    def add_box(self, box: QWidget) -> None:
        """Add a section below the others."""
        self._column.insertWidget(self._column.count() - 1, box)

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        words = translator.text
        self.link.retranslate(translator)
        self._reader_box.setTitle(words("shell.settings.reader"))
        self._language_box.setTitle(words("shell.settings.language"))
        self._hub_box.setTitle(words("shell.settings.hubs"))
        for name, label in self._labels.items():
            label.setText(words(f"shell.settings.field.{name}"))
        self.save.setText(words("shell.settings.save"))
        self.add.setText(words("shell.settings.add"))
        self.remove.setText(words("shell.settings.remove"))
        self.language.setCurrentIndex(max(0, self.language.findData(translator.language)))

    def _build(self) -> None:
        reader = QFormLayout(self._reader_box)
        for name in _FIELDS:
            reader.addRow(self._labels[name], self.fields[name])
        reader.addRow(self.save)
        language = QFormLayout(self._language_box)
        language.addRow(self._labels["language"], self.language)
        hubs = QVBoxLayout(self._hub_box)
        hubs.addWidget(self.hubs)
        row = QHBoxLayout()
        for widget in (self._labels["hub_name"], self.hub_name, self._labels["hub_url"], self.hub_url, self.add):
            row.addWidget(widget)
        row.addWidget(self.remove)
        hubs.addLayout(row)
        content = QWidget()
        self._column = QVBoxLayout(content)
        for box in (self._reader_box, self._language_box, self._hub_box, self.link):
            self._column.addWidget(box)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _save_reader(self) -> None:
        name, identifier, organisation = (self.fields[field].text().strip() for field in _FIELDS)
        self.reader_changed.emit(Reader(name, identifier, organisation))

    def _add_hub(self) -> None:
        name, url = self.hub_name.text().strip(), self.hub_url.text().strip().rstrip("/")
        if name and url:
            self.hub_added.emit(name, url)
            self.hub_name.clear()
            self.hub_url.clear()

    def _remove_hub(self) -> None:
        item = self.hubs.currentItem()
        if item is not None:
            self.hub_removed.emit(item.text().split("    ")[0])
