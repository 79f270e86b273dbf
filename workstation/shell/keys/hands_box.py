"""Keys and mouse in the settings: a keymap, the reader's own keys, and what the buttons of the mouse do."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from workstation.domain.hands import Hands
from workstation.shell.acts.registry import ACTS, ACTS_BY_ID
from workstation.shell.keys import changes
from workstation.shell.keys.capture import KeyCapture
from workstation.shell.keys.keymap import in_words
from workstation.shell.keys.keymaps import keymap_ids, keymap_of
from workstation.shell.keys.mouse import mouse_ids
from workstation.shell.labels import plain
from workstation.translations import Translator

_ACT_ROLE = int(Qt.ItemDataRole.UserRole)
_BUTTONS = ("set", "add", "remove", "as_in_keymap", "reset", "sheet")


class HandsBox(QGroupBox):
    """Shows hands and says how the reader wants them. ``sheet_asked`` asks for the printable sheet."""

    changed = Signal(object)
    sheet_asked = Signal()

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self._words = words
        self._hands = Hands()
        self._is_added = False
        self.keymap, self.mouse = QComboBox(), QComboBox()
        self.left_handed, self.level_upwards = QCheckBox(), QCheckBox()
        self.table, self.capture = QTreeWidget(), KeyCapture()
        self.problem = plain(style="warning", wrap=True)
        self.buttons = {name: QPushButton() for name in _BUTTONS}
        self._labels = {name: plain() for name in ("keymap", "mouse")}
        self._build()
        self._connect()
        self.retranslate(words)

    def show_hands(self, hands: Hands) -> None:
        """Show what is chosen."""
        self._hands = hands
        self.keymap.setCurrentIndex(max(0, self.keymap.findData(hands.keymap)))
        self.mouse.setCurrentIndex(max(0, self.mouse.findData(hands.mouse)))
        self.left_handed.setChecked(hands.is_left_handed)
        self.level_upwards.setChecked(hands.is_level_upwards)
        keymap = keymap_of(hands)
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                act = str(item.data(0, _ACT_ROLE))
                item.setText(2, in_words(keymap.keys_of(act), self._words))
                item.setText(3, self._words.text("hands.own") if act in hands.keys else "")

    def retranslate(self, words: Translator) -> None:
        """Show it in another language."""
        self._words = words
        self.setTitle(words.text("hands.title"))
        for name, label in self._labels.items():
            label.setText(words.text(f"hands.field.{name}"))
        for name, button in self.buttons.items():
            button.setText(words.text(f"hands.{name}"))
        self.left_handed.setText(words.text("hands.left_handed"))
        self.level_upwards.setText(words.text("hands.level_upwards"))
        self.table.setHeaderLabels([words.text(f"hands.column.{name}") for name in ("act", "group", "keys", "own")])
        self._fill(self.keymap, "keymap", keymap_ids())
        self._fill(self.mouse, "profile", mouse_ids())
        self.table.clear()
        for act in ACTS:
            item = QTreeWidgetItem([words.text(act.title_key), words.text(act.group.title_key), "", ""])
            item.setData(0, _ACT_ROLE, act.id)
            self.table.addTopLevelItem(item)
        self.show_hands(self._hands)

    def _fill(self, box: QComboBox, family: str, ids: tuple[str, ...]) -> None:
        box.clear()
        for one in ids:
            box.addItem(self._words.text(f"hands.{family}.{one}"), one)

    def _build(self) -> None:
        self.table.setColumnCount(4)
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setMinimumHeight(300)
        for column, width in enumerate((300, 170, 260)):
            self.table.setColumnWidth(column, width)
        self.capture.hide()
        form = QFormLayout()
        form.addRow(self._labels["keymap"], self.keymap)
        form.addRow(self._labels["mouse"], self.mouse)
        form.addRow(self.left_handed)
        form.addRow(self.level_upwards)
        row = QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.table)
        layout.addWidget(self.capture)
        layout.addWidget(self.problem)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.keymap.activated.connect(lambda _index: self._take(replace(self._hands, keymap=self.keymap.currentData())))
        self.mouse.activated.connect(lambda _index: self._take(replace(self._hands, mouse=self.mouse.currentData())))
        self.left_handed.clicked.connect(lambda on: self._take(replace(self._hands, is_left_handed=on)))
        self.level_upwards.clicked.connect(lambda on: self._take(replace(self._hands, is_level_upwards=on)))
        self.buttons["set"].clicked.connect(lambda _checked: self._ask(is_added=False))
        self.buttons["add"].clicked.connect(lambda _checked: self._ask(is_added=True))
        self.buttons["remove"].clicked.connect(lambda _checked: self._change(changes.without_keys))
        self.buttons["as_in_keymap"].clicked.connect(lambda _checked: self._change(changes.as_in_keymap))
        self.buttons["reset"].clicked.connect(lambda _checked: self._take(changes.all_as_in_keymap(self._hands)))
        self.buttons["sheet"].clicked.connect(lambda _checked: self.sheet_asked.emit())
        self.table.itemActivated.connect(lambda _item, _column: self._ask(is_added=False))
        self.capture.captured.connect(self._captured)
        self.capture.left.connect(self.capture.hide)

    @property
    def chosen(self) -> str | None:
        """The act of the current row."""
        item = self.table.currentItem()
        return None if item is None else str(item.data(0, _ACT_ROLE))

    def _ask(self, *, is_added: bool) -> None:
        if self.chosen is None:
            self.problem.setText(self._words.text("hands.choose_act"))
            return
        self._is_added = is_added
        title = self._words.text(ACTS_BY_ID[self.chosen].title_key)
        self.problem.clear()
        self.capture.setText(self._words.text("hands.press", act=title))
        self.capture.show()
        self.capture.setFocus()

    def _captured(self, key: str) -> None:
        act = self.chosen
        if act is None:
            return

        def title(other: str) -> str:
            return self._words.text(ACTS_BY_ID[other].title_key)

        try:
            self._take(changes.with_key(self._hands, act, key, title, is_added=self._is_added))
        except changes.KeyRefused as refused:
            self.problem.setText(self._words.error(refused))
            return
        self.table.setFocus()

    def _change(self, change: Callable[[Hands, str], Hands]) -> None:
        if self.chosen is None:
            self.problem.setText(self._words.text("hands.choose_act"))
        else:
            self._take(change(self._hands, self.chosen))

    def _take(self, hands: Hands) -> None:
        self.problem.clear()
        self.show_hands(hands)
        self.changed.emit(hands)
