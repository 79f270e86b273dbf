"""What dragging does, in steps for the keyboard."""

from collections.abc import Callable
from dataclasses import replace

from viewers.image.description import Window
from viewers.state.resolved import ResolvedView
from viewers.tools.intents import NavigationIntent, PanBy, SetWindow, ZoomBy
from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.context import ActContext

_ZOOM = 1.15
_WIDER = 1.1
# Of the window's width, and of the smaller side of the viewport.
_BRIGHTER, _ASIDE = 0.05, 0.1


def _step(name: str, intent: Callable[[ResolvedView], NavigationIntent]) -> Act:
    def step(context: ActContext) -> None:
        shown = context.views.resolved(context.viewport)
        if shown is not None:
            context.navigate(intent(shown))

    return Act(name, Group.STEPS, step, needs=(needs.a_picture,))


def _zoom(factor: float) -> Callable[[ResolvedView], NavigationIntent]:
    return lambda shown: ZoomBy(factor, (shown.plane.width / 2, shown.plane.height / 2))


def _pan(right: int, down: int) -> Callable[[ResolvedView], NavigationIntent]:
    def pan(shown: ResolvedView) -> NavigationIntent:
        pixels = _ASIDE * min(shown.plane.width, shown.plane.height)
        return PanBy(right * pixels, down * pixels)

    return pan


def _window(widths: float, wider: float) -> Callable[[ResolvedView], NavigationIntent]:
    def change(shown: ResolvedView) -> NavigationIntent:
        window = shown.window
        return SetWindow(Window(window.centre + widths * window.width, max(1.0, window.width * wider)))

    return change


STEP_ACTS = (
    _step("zoom_in", _zoom(_ZOOM)),
    _step("zoom_out", _zoom(1 / _ZOOM)),
    Act(
        "fit",
        Group.STEPS,
        lambda context: context.change(lambda state: replace(state, zoom=1.0, pan=(0.0, 0.0))),
        needs=(needs.a_picture,),
    ),
    _step("pan_left", _pan(-1, 0)),
    _step("pan_right", _pan(1, 0)),
    _step("pan_up", _pan(0, -1)),
    _step("pan_down", _pan(0, 1)),
    _step("window_wider", _window(0.0, _WIDER)),
    _step("window_narrower", _window(0.0, 1 / _WIDER)),
    _step("window_brighter", _window(-_BRIGHTER, 1.0)),
    _step("window_darker", _window(_BRIGHTER, 1.0)),
)
