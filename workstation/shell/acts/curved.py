"""The curved picture: its path, drawn in the planes, and how it is turned."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.identifiers import ViewportId
from viewers.state.curved_look import CurvedLook
from viewers.state.view_state import ViewKind, ViewState
from viewers.tools.path_drag import PATH
from workstation.reading.arrangement import Arrangement
from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NoPathDrawn

_DEGREES = 15.0


def _viewport(context: ActContext) -> ViewportId | None:
    """Return the curved viewport that is meant: the active one, else the first on screen."""
    order = (context.viewport, *context.views.layout.visible)
    return next((one for one in order if _is_curved(context.views.state(one))), None)


def _is_curved(state: ViewState | None) -> bool:
    return state is not None and state.kind is ViewKind.CURVED


def _curve(context: ActContext) -> CurvedLook | None:
    viewport = _viewport(context)
    state = None if viewport is None else context.views.state(viewport)
    return None if state is None else state.curve


def _a_path(context: ActContext) -> ReaderError | None:
    if context.case is None:
        return needs.a_case(context)
    curve = _curve(context)
    return None if curve is not None and curve.points_lps else NoPathDrawn("no path has been drawn")


def _draw(context: ActContext) -> None:
    """Let clicks draw a path, beside the planes; the curved picture takes the place of the volume in 3D."""
    if _viewport(context) is None:
        if context.views.arrangement is not Arrangement.MPR:
            context.views.arrange(Arrangement.MPR)
        layout = context.views.layout
        context.views.change(layout.viewports[-1], lambda state: replace(state, kind=ViewKind.CURVED))
        if layout.active == layout.viewports[-1]:
            context.views.activate(layout.viewports[0])
    context.board.hands.set_tool(PATH)


def _close(context: ActContext) -> None:
    viewport = _viewport(context)
    if viewport is not None:
        context.views.change(viewport, lambda state: replace(state, kind=ViewKind.VOLUME, curve=CurvedLook()))


def _changed(change: Callable[[CurvedLook], CurvedLook]) -> Callable[[ActContext], None]:
    def do(context: ActContext) -> None:
        viewport = _viewport(context)
        if viewport is not None:
            context.views.change(viewport, lambda state: replace(state, curve=change(state.curve)))

    return do


def _act(name: str, change: Callable[[CurvedLook], CurvedLook]) -> Act:
    return Act(name, Group.CURVED, _changed(change), needs=(_a_path,), places=MENU)


CURVED_ACTS = (
    Act(
        "path",
        Group.CURVED,
        _draw,
        needs=(needs.planes,),
        is_on=lambda context: context.board.hands.tool == PATH,
        places=MENU,
    ),
    _act("path_back", lambda curve: curve.drawn(curve.points_lps[:-1])),
    _act("path_clear", lambda curve: curve.drawn(())),
    _act("curved_turn_left", lambda curve: curve.turned(-_DEGREES)),
    _act("curved_turn_right", lambda curve: curve.turned(_DEGREES)),
    _act("curved_quarter", lambda curve: curve.turned(90.0)),
    Act("curved_close", Group.CURVED, _close, needs=(_a_path,), places=MENU),
)
