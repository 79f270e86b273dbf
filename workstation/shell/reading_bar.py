"""The bar of the reading page: every act as a button, and as a shortcut that never disturbs typing."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from workstation.shell.labels import as_tooltip, plain
from workstation.shell.reading_icons import icon
from workstation.shell.reading_tools import ACTS, Act, Group
from workstation.translations import Translator

_CHECKED = (Group.TOOL, Group.MARK, Group.ARRANGEMENT)
_IN_WORDS = ("stack", "mpr", "compare")
_LINK = "link"


class ReadingBar(QFrame):
    """Buttons for the acts of ``reading_tools``; ``acted`` gives the id of the act that the reader chose."""

    acted = Signal(str)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._translator = translator
        self._actions: dict[str, QAction] = {}
        self._exclusive = {name: QActionGroup(self) for name in ("tool", "arrangement")}
        self._presets = QToolButton()
        self._menu = QMenu(self._presets)
        self._state = plain(style="quiet")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 6, 3)
        self._row.setSpacing(3)
        self.setStyleSheet("QToolButton { padding: 3px 5px; }")
        self._build()
        self.retranslate(translator)

    @property
    def actions_by_id(self) -> Mapping[str, QAction]:
        """The actions, for menus and for the widgets on which the keys act."""
        return MappingProxyType(self._actions)

    def show_chosen(self, act: str) -> None:
        """Show which tool or arrangement is in use, without acting."""
        self._actions[act].setChecked(True)

    def show_linked(self, is_linked: bool, is_possible: bool) -> None:
        """Show whether two examinations are scrolled together by hand."""
        self._actions[_LINK].setChecked(is_linked)
        self._actions[_LINK].setEnabled(is_possible)

    def show_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Offer only the way through the history that there is."""
        self._actions["undo"].setEnabled(can_undo)
        self._actions["redo"].setEnabled(can_redo)

    def show_marking(self, is_possible: bool) -> None:
        """Offer the acts that change the report, or none of them."""
        for act in ACTS:
            if act.group in (Group.MARK, Group.KEY_IMAGE):
                self._actions[act.id].setEnabled(is_possible)

    def show_state(self, text: str, *, is_trouble: bool = False) -> None:
        """Show whether what the reader did is saved."""
        self._state.setText(text)
        self._state.setProperty("danger", is_trouble)
        self._state.setProperty("quiet", not is_trouble)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)

    @property
    def state_text(self) -> str:
        """What the state label says."""
        return self._state.text()

    def retranslate(self, translator: Translator) -> None:
        """Name everything in another language."""
        self._translator = translator
        for act in ACTS:
            action = self._actions[act.id]
            title = title_of(act, translator)
            keys = " / ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in act.keys)
            action.setText(title)
            action.setToolTip(as_tooltip(f"{title} ({keys})" if keys else title))
        self._presets.setText(translator.text("reading_page.presets"))
        self._presets.setToolTip(translator.text("reading_page.presets_hint"))

    def _build(self) -> None:
        for act in ACTS:
            self._actions[act.id] = self._action(act)
        before: Group | None = None
        for act in ACTS:
            if act.group is Group.PAGE:
                continue
            if before is not None and act.group is not before:
                self._row.addSpacing(10)
            before = act.group
            self._row.addWidget(self._button(act))
        self._menu.addActions([self._actions[act.id] for act in ACTS if act.id.startswith("preset.")])
        self._presets.setMenu(self._menu)
        self._presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._presets.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.insertWidget(5, self._presets)
        self._row.addStretch(1)
        self._row.addWidget(self._state)

    def _action(self, act: Act) -> QAction:
        action = QAction(icon(act.id), "", self)
        action.setShortcuts([QKeySequence(key) for key in act.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setCheckable(act.group in _CHECKED)
        if act.group in (Group.TOOL, Group.MARK):
            self._exclusive["tool"].addAction(action)
        elif act.group is Group.ARRANGEMENT and act.id != _LINK:
            self._exclusive["arrangement"].addAction(action)
        action.triggered.connect(lambda _checked, name=act.id: self.acted.emit(name))
        return action

    def _button(self, act: Act) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[act.id])
        button.setIconSize(QSize(20, 20))
        # Reached with Tab, but a click leaves the keyboard with the viewport.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        in_words = act.id in _IN_WORDS
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextOnly if in_words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        return button


def title_of(act: Act, translator: Translator) -> str:
    """Return the name of an act; presets have their own names."""
    if act.id.startswith("preset."):
        return translator.text(f"presets.{act.id.removeprefix('preset.')}")
    return translator.text(f"reading_page.act.{act.id}")
