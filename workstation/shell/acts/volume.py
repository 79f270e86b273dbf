"""The volume in 3D: whether it is shown, by which preset, from which side, and which part of it."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.identifiers import ViewportId
from viewers.state.camera import Side
from viewers.state.view_state import ViewKind, ViewState
from viewers.state.volume_look import ClippingBox, VolumeLook
from workstation.reading.volume_presets import load_volume_presets
from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NoVolumeShown, PresetOfOthers

_PRESETS = load_volume_presets()


def _viewport(context: ActContext) -> ViewportId | None:
    """Return the viewport in 3D that is meant: the active one, else the first on screen."""
    order = (context.viewport, *context.views.layout.visible)
    return next((one for one in order if _is_3d(context.views.state(one))), None)


def _is_3d(state: ViewState | None) -> bool:
    return state is not None and state.kind is ViewKind.VOLUME


def _in_3d(context: ActContext) -> ReaderError | None:
    if context.case is None:
        return needs.a_case(context)
    return NoVolumeShown("no viewport shows a volume in 3D") if _viewport(context) is None else None


def _suits(preset: str) -> Callable[[ActContext], ReaderError | None]:
    def need(context: ActContext) -> ReaderError | None:
        viewport = _viewport(context)
        volume = None if viewport is None else context.views.volume(viewport)
        is_meant = volume is None or _PRESETS[preset].suits(volume)
        return None if is_meant else PresetOfOthers(f"volume preset {preset} on other values")

    return need


def _look(context: ActContext) -> VolumeLook | None:
    viewport = _viewport(context) if context.case is not None else None
    state = None if viewport is None else context.views.state(viewport)
    return None if state is None else state.look


def _changed(change: Callable[[VolumeLook], VolumeLook]) -> Callable[[ActContext], None]:
    def do(context: ActContext) -> None:
        viewport = _viewport(context)
        if viewport is not None:
            context.views.change(viewport, lambda state: replace(state, look=change(state.look)))

    return do


def _show_or_not(context: ActContext) -> None:
    kind = ViewKind.STACK if _is_3d(context.state) else ViewKind.VOLUME
    context.change(lambda state: replace(state, kind=kind))


def _preset(preset: str) -> Act:
    def is_on(context: ActContext) -> bool:
        look = _look(context)
        return look is not None and look.preset == preset

    return Act(
        f"volume_preset.{preset}",
        Group.VOLUME,
        _changed(lambda look: replace(look, preset=preset)),
        needs=(_in_3d, _suits(preset)),
        is_on=is_on,
        places=MENU,
        title=f"volume_presets.{preset}",
    )


def _side(side: Side) -> Act:
    return Act(
        f"volume_{side}",
        Group.VOLUME,
        _changed(lambda look: replace(look, camera=look.camera.at_side(side))),
        needs=(_in_3d,),
        places=MENU,
    )


def _is_box_shown(context: ActContext) -> bool:
    look = _look(context)
    return look is not None and look.is_box_shown


def _is_unshaded(context: ActContext) -> bool:
    look = _look(context)
    return look is not None and not look.is_shaded


VOLUME_ACTS = (
    Act(
        "volume",
        Group.VOLUME,
        _show_or_not,
        needs=(needs.planes,),
        is_on=lambda context: context.case is not None and _is_3d(context.state),
        places=MENU,
    ),
    *(_preset(preset) for preset in _PRESETS),
    *(_side(side) for side in Side),
    Act(
        "volume_box",
        Group.VOLUME,
        _changed(lambda look: replace(look, is_box_shown=not look.is_box_shown)),
        needs=(_in_3d,),
        is_on=_is_box_shown,
        places=MENU,
    ),
    Act(
        "volume_box_reset",
        Group.VOLUME,
        _changed(lambda look: replace(look, box=ClippingBox())),
        needs=(_in_3d,),
        places=MENU,
    ),
    Act(
        "volume_unshaded",
        Group.VOLUME,
        _changed(lambda look: replace(look, is_shaded=not look.is_shaded)),
        needs=(_in_3d,),
        is_on=_is_unshaded,
        places=MENU,
    ),
)
