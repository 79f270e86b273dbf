"""Playing the slices of the active viewport."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.state.cine import Cine
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR_AND_MENU, MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NothingToPlay


def _slices(context: ActContext) -> ReaderError | None:
    if context.board.cine.can_play(context.viewport):
        return None
    return NothingToPlay("the viewport shows no stack of slices")


def _is_playing(context: ActContext) -> bool:
    return context.viewport in context.board.cine.playing


def _change(name: str, change: Callable[[Cine], Cine]) -> Act:
    return Act(
        name,
        Group.IMAGES,
        lambda context: context.board.cine.change(context.viewport, change),
        needs=(needs.a_picture, _slices),
        places=MENU,
    )


CINE_ACTS = (
    Act(
        "cine",
        Group.IMAGES,
        lambda context: context.board.cine.toggle(context.viewport),
        needs=(needs.a_picture, _slices),
        is_on=_is_playing,
        places=BAR_AND_MENU,
    ),
    _change("cine_faster", Cine.faster),
    _change("cine_slower", Cine.slower),
    _change("cine_sweep", lambda cine: replace(cine, is_sweeping=not cine.is_sweeping)),
)
