"""What concerns the page and its window."""

from PySide6.QtCore import Qt

from viewers.tools.navigate import Navigation
from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.context import ActContext


def _toggle_full_screen(context: ActContext) -> None:
    window = context.page.window()
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _cancel(context: ActContext) -> None:
    """Let go of the selected mark, or of the tool in hand."""
    if context.selected_mark is not None:
        context.calls.select(None)
    else:
        context.board.set_tool(Navigation.WINDOW)


PAGE_ACTS = (
    Act("cancel", Group.PAGE, _cancel),
    Act(
        "enlarge",
        Group.PAGE,
        lambda context: context.views.toggle_enlarged(context.viewport),
        needs=(needs.a_case,),
    ),
    Act("menu", Group.PAGE, lambda context: context.calls.show_menu(context.viewport), needs=(needs.a_picture,)),
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
