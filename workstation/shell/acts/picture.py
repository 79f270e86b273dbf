"""How the picture of the active viewport is presented."""

from collections.abc import Callable
from dataclasses import replace

from viewers.state.quantities import in_next_quantity
from viewers.state.view_state import ViewState
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR_AND_MENU, MENU, Act, Group
from workstation.shell.acts.context import ActContext


def _change(name: str, change: Callable[[ViewState], ViewState]) -> Act:
    return Act(
        name,
        Group.PICTURE,
        lambda context: context.change(change),
        needs=(needs.a_picture,),
        places=BAR_AND_MENU,
    )


def _flipped(state: ViewState, *, horizontally: bool) -> ViewState:
    """Flip what is on screen: of a picture turned by a quarter, left and right are the image's top and bottom."""
    turned = state.rotation_degrees % 180 == 90
    if horizontally and state.against is not None:
        state = replace(state, against=state.against.opposite)
    if horizontally != turned:
        return replace(state, flipped_horizontally=not state.flipped_horizontally)
    return replace(state, flipped_vertically=not state.flipped_vertically)


def _read_in_next_quantity(context: ActContext) -> None:
    volume = context.volume
    if volume is None:
        return
    context.change(lambda state: in_next_quantity(state, volume))
    read = context.volume
    if read is None or read is volume:
        whys = [one.why for one in volume.alternatives.withheld]
        context.say(whys[0] if whys else "reading_page.one_quantity")
    else:
        context.say("reading_page.read_in", quantity=read.quantity.name)


PICTURE_ACTS = (
    _change("invert", lambda state: replace(state, inverted=not state.inverted)),
    _change("graphics", lambda state: replace(state, graphics=not state.graphics)),
    _change("flip_horizontally", lambda state: _flipped(state, horizontally=True)),
    _change("flip_vertically", lambda state: _flipped(state, horizontally=False)),
    _change("rotate_left", lambda state: state.turned(-90)),
    _change("rotate_right", lambda state: state.turned(90)),
    Act(
        "reset",
        Group.PICTURE,
        lambda context: context.views.reset(context.viewport),
        needs=(needs.a_picture,),
        places=BAR_AND_MENU,
    ),
    Act("quantity", Group.PICTURE, _read_in_next_quantity, needs=(needs.a_picture,), places=MENU),
)
