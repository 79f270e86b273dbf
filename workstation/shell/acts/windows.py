"""Windows by preset id; that an id means nothing on these images is said by the preset."""

from collections.abc import Callable

from viewers.errors import ReaderError
from viewers.image.presets import ACQUIRED, AUTOMATIC, PRESETS, preset_window
from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group, Need
from workstation.shell.acts.context import ActContext


def _window(preset: str) -> Callable[[ActContext], None]:
    return lambda context: context.views.preset(context.viewport, preset)


def _fits(preset: str) -> Need:
    """Need values that the window means something on: in Hounsfield units, of CT."""

    def refused(context: ActContext) -> ReaderError | None:
        volume = context.volume
        try:
            if volume is not None:
                preset_window(preset, volume)
        except ReaderError as error:
            return error
        return None

    return refused


WINDOW_ACTS = tuple(
    Act(
        f"preset.{preset}",
        Group.WINDOW,
        _window(preset),
        needs=(needs.a_picture, *((_fits(preset),) if preset in PRESETS else ())),
        places=MENU,
        title=f"presets.{preset}",
    )
    for preset in (AUTOMATIC, ACQUIRED, *PRESETS)
)
