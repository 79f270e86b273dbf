"""What concerns the page and its window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.second_screen import FULL, SIDE, VIEWPORTS


def _toggle_full_screen(context: ActContext) -> None:
    window = (QApplication.focusWidget() or context.page).window()
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _carry(part: str) -> Act:
    return Act(
        f"second_window_{part}",
        Group.PAGE,
        lambda context: context.calls.carry(part),
        needs=(needs.a_case,),
        is_on=lambda context: context.carried == part,
        is_everywhere=True,
    )


def _fill_screen(context: ActContext) -> None:
    """Show the active viewport over the whole screen, or the page again."""
    is_leaving, is_enlarged = context.carried == FULL, context.views.layout.enlarged is not None
    if is_leaving is is_enlarged:
        context.views.toggle_enlarged(context.viewport)
    context.calls.carry(FULL)


def _cancel(context: ActContext) -> None:
    """Let go of the selected mark, of the whole screen, or of the tool in hand."""
    if context.selected_mark is not None:
        context.calls.select(None)
    elif context.carried == FULL:
        _fill_screen(context)
    else:
        context.board.hands.set_tool(context.board.hands.profile.left)


PAGE_ACTS = (
    Act("cancel", Group.PAGE, _cancel),
    Act(
        "enlarge",
        Group.PAGE,
        lambda context: context.views.toggle_enlarged(context.viewport),
        needs=(needs.a_case,),
    ),
    Act("menu", Group.PAGE, lambda context: context.calls.show_menu(context.viewport), needs=(needs.a_picture,)),
    _carry(VIEWPORTS),
    _carry(SIDE),
    Act(
        "full_screen_viewport",
        Group.PAGE,
        _fill_screen,
        needs=(needs.a_picture,),
        is_on=lambda context: context.carried == FULL,
        places=MENU,
        is_everywhere=True,
    ),
    Act("palette", Group.PAGE, lambda context: context.calls.open_palette(), is_everywhere=True),
    Act("keys_sheet", Group.PAGE, lambda context: context.calls.show_keys(), is_everywhere=True),
    Act(
        "full_screen",
        Group.PAGE,
        _toggle_full_screen,
        is_on=lambda context: context.page.window().isFullScreen(),
        is_everywhere=True,
    ),
)
