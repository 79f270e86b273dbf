"""The menu over a picture, made from the table of acts: what can be done there now, the everyday acts first."""

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from workstation.shell.acts.act import Act, Group
from workstation.translations import Translator

# Other groups, and windows without a key, stand in menus of their own, so that the menu fits beside the picture.
_AT_ONCE = (Group.WINDOW, Group.PICTURE, Group.KEY_IMAGE, Group.HISTORY)


def fill_menu(menu: QMenu, offered: Iterable[Act], actions: Mapping[str, QAction], words: Translator) -> None:
    """Put the acts that are offered into a menu."""
    by_group: dict[Group, list[Act]] = {}
    for act in offered:
        by_group.setdefault(act.group, []).append(act)
    others = [group for group in Group if group in by_group and group not in _AT_ONCE]
    for group in (*(one for one in _AT_ONCE if one in by_group), *others):
        within = menu.addMenu(words.text(group.title_key)) if group in others else menu
        rest = [act for act in by_group[group] if group is Group.WINDOW and not actions[act.id].shortcuts()]
        within.addActions([actions[act.id] for act in by_group[group] if act not in rest])
        if rest:
            menu.addMenu(words.text(group.title_key)).addActions([actions[act.id] for act in rest])
        if group not in others:
            menu.addSeparator()
