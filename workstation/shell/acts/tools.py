"""What the left button does: navigate, or place a mark."""

from collections.abc import Callable

from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool
from viewers.tools.registry import TOOLS
from workstation.shell.acts.act import BAR, Act, Group
from workstation.shell.acts.context import ActContext


def _choose(tool: ActiveTool) -> Callable[[ActContext], None]:
    return lambda context: context.board.hands.set_tool(tool)


def _is_chosen(tool: ActiveTool) -> Callable[[ActContext], bool]:
    return lambda context: context.board.hands.tool == tool


def _tool(name: str, group: Group, tool: ActiveTool) -> Act:
    return Act(name, group, _choose(tool), is_on=_is_chosen(tool), places=BAR)


TOOL_ACTS = (
    _tool("window", Group.TOOL, Navigation.WINDOW),
    _tool("pan", Group.TOOL, Navigation.PAN),
    _tool("zoom", Group.TOOL, Navigation.ZOOM),
    _tool("scroll", Group.TOOL, Navigation.SCROLL),
    _tool("crosshair", Group.TOOL, Navigation.CROSSHAIR),
    _tool("region", Group.TOOL, Navigation.REGION),
    Act(
        "layer",
        Group.TOOL,
        _choose(Navigation.LAYER),
        is_on=_is_chosen(Navigation.LAYER),
    ),
    Act(
        "magnifier",
        Group.TOOL,
        lambda context: context.board.hands.set_lens(not context.board.hands.has_lens),
        is_on=lambda context: context.board.hands.has_lens,
        places=BAR,
    ),
    *(_tool(name, Group.MARK, name) for name in TOOLS),
)
