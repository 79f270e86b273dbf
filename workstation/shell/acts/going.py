"""From viewport to viewport and from series to series."""

from collections.abc import Callable

from workstation.shell.acts import needs
from workstation.shell.acts.act import Act, Group
from workstation.shell.acts.context import ActContext


def _turn_to(step: int) -> Callable[[ActContext], None]:
    def turn(context: ActContext) -> None:
        layout = context.views.layout
        place = layout.viewports.index(layout.active) + step
        context.views.activate(layout.viewports[place % len(layout.viewports)])
        context.board.focus_active()

    return turn


def _series(step: int) -> Callable[[ActContext], None]:
    return lambda context: context.calls.step_series(step)


GOING_ACTS = (
    Act("previous_viewport", Group.IMAGES, _turn_to(-1), needs=(needs.a_case,)),
    Act("next_viewport", Group.IMAGES, _turn_to(1), needs=(needs.a_case,)),
    Act("previous_series", Group.IMAGES, _series(-1), needs=(needs.a_case,)),
    Act("next_series", Group.IMAGES, _series(1), needs=(needs.a_case,)),
)
