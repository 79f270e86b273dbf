"""The bar of the reading page: acts as buttons, and every act as a shortcut that never disturbs typing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolBar, QToolButton, QWidget

from workstation.shell.acts.act import Act, Group, Place
from workstation.shell.acts.registry import ACTS
from workstation.shell.keys.keymap import Keymap, in_words
from workstation.shell.labels import as_tooltip, plain
from workstation.shell.reading_icons import icon
from workstation.translations import Translator

_STYLE = "QToolBar { background: transparent; border: 0; spacing: 2px; } QToolButton { padding: 3px 3px; }"
# Qt's name of the button behind which the rest of a bar is.
_MORE = "qt_toolbar_ext_button"
_OF_THE_REPORT = (Group.MARK, Group.KEY_IMAGE)


class ReadingBar(QFrame):
    """Buttons for the acts that belong in the bar; ``acted`` gives the id of the act that the reader chose."""

    acted = Signal(str)

    def __init__(self, translator: Translator, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._translator = translator
        self._keymap = keymap
        self._actions = {act.id: self._action(act) for act in ACTS}
        self._presets = QToolButton()
        self._menu = QMenu(self._presets)
        self._state = plain(style="quiet")
        self._tools = QToolBar()
        self.setStyleSheet(_STYLE)
        self._build()
        self.retranslate(translator)

    @property
    def actions_by_id(self) -> Mapping[str, QAction]:
        """The actions, for menus and for the widgets on which the keys act."""
        return MappingProxyType(self._actions)

    def action_with(self, key: str) -> QAction | None:
        """Return the action that a key stands for, or ``None``."""
        act = self._keymap.act_with(key)
        return None if act is None else self._actions.get(act)

    def keys_in_words(self, act: str) -> str:
        """Return the keys of an act as this system shows them."""
        return in_words(self._keymap.keys_of(act), self._translator)

    def show_on(self, is_on: Callable[[Act], bool]) -> None:
        """Show which acts are on, of those that can be, without acting."""
        for act in ACTS:
            if act.is_on is not None:
                self._actions[act.id].setChecked(is_on(act))

    def show_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Offer only the way through the history that there is."""
        self._actions["undo"].setEnabled(can_undo)
        self._actions["redo"].setEnabled(can_redo)

    def show_marking(self, is_possible: bool) -> None:
        """Offer the acts that change the report, or none of them."""
        for act in ACTS:
            if act.group in _OF_THE_REPORT:
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

    def set_keymap(self, keymap: Keymap) -> None:
        """Act by other keys."""
        self._keymap = keymap
        for act in ACTS:
            self._actions[act.id].setShortcuts([QKeySequence(key) for key in keymap.shortcuts_of(act.id)])
        self.retranslate(self._translator)

    def retranslate(self, translator: Translator) -> None:
        """Name everything in another language."""
        self._translator = translator
        for act in ACTS:
            action = self._actions[act.id]
            title = translator.text(act.title_key)
            keys = self.keys_in_words(act.id)
            action.setText(title)
            action.setToolTip(as_tooltip(f"{title} ({keys})" if keys else title))
        self._presets.setText(translator.text("reading_page.presets"))
        self._presets.setToolTip(translator.text("reading_page.presets_hint"))

    def _build(self) -> None:
        self._tools.setIconSize(QSize(18, 18))
        # What finds no room is behind the arrow at the end: the bar never makes the window wider than its screen.
        before: Group | None = None
        for act in (one for one in ACTS if Place.BAR in one.places):
            if before is Group.TOOL and act.group is not before:
                self._tools.addWidget(self._presets)
            if before is not None and act.group is not before:
                self._tools.addSeparator()
            before = act.group
            self._add_button(act)
        self._menu.addActions([self._actions[act.id] for act in ACTS if act.group is Group.WINDOW])
        self._presets.setMenu(self._menu)
        self._presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._presets.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more = self._tools.findChild(QToolButton, _MORE)
        if more is not None:
            more.setIcon(icon("more"))
            more.setMinimumWidth(24)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.addWidget(self._tools, 1)
        row.addWidget(self._state)

    def _action(self, act: Act) -> QAction:
        action = QAction(icon(act.id), "", self)
        action.setShortcuts([QKeySequence(key) for key in self._keymap.shortcuts_of(act.id)])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setCheckable(act.is_on is not None)
        action.setAutoRepeat(act.is_on is None)
        action.triggered.connect(lambda _checked, name=act.id: self.acted.emit(name))
        return action

    def _add_button(self, act: Act) -> None:
        action = self._actions[act.id]
        self._tools.addAction(action)
        button = self._tools.widgetForAction(action)
        # Reached with Tab, but a click leaves the keyboard with the viewport.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if isinstance(button, QToolButton) and action.icon().isNull():
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
