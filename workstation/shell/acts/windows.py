"""Windows by preset id; that an id means nothing on these images is said by the preset."""

from collections.abc import Callable

from viewers.image.presets import ACQUIRED, AUTOMATIC, PRESETS
from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group
from workstation.shell.acts.context import ActContext


def _window(preset: str) -> Callable[[ActContext], None]:
    return lambda context: context.views.preset(context.viewport, preset)


WINDOW_ACTS = tuple(
    Act(
        f"preset.{preset}",
        Group.WINDOW,
        _window(preset),
        needs=(needs.a_picture,),
        places=MENU,
        title=f"presets.{preset}",
    )
    for preset in (AUTOMATIC, ACQUIRED, *PRESETS)
)
