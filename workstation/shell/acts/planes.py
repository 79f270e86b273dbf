"""Planes cut through a volume: how thick they are, what a slab shows, and the way back from oblique ones."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.image.sampling import Projection, Slab
from viewers.state.kinds.registry import KINDS
from viewers.tools.intents import SetSlab
from workstation.shell.acts import needs
from workstation.shell.acts.act import MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NoPlaneShown
from workstation.shell.formats import numeral

# The thicknesses that a slab goes through by key, mm.
_THICKNESSES_MM = (2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 80.0)


# How far a notch of the wheel moves a plane, mm; ``None`` is from one plane of voxels to the next.
_STEPS_MM = (None, 1.0, 2.0, 5.0, 10.0)


def _a_plane(context: ActContext) -> ReaderError | None:
    state = context.state
    if state is None or context.volume is None:
        return needs.a_picture(context)
    return None if KINDS[state.kind].is_cut else NoPlaneShown("the active viewport shows no plane cut through a volume")


def _a_slab(context: ActContext) -> ReaderError | None:
    state = context.state
    if state is None or context.volume is None:
        return needs.a_picture(context)
    return None if KINDS[state.kind].is_slab else NoPlaneShown("what the active viewport shows has no thickness")


def thicker(slab: Slab | None) -> Slab:
    """Return the next slab that is thicker, by maximum where there was none."""
    if slab is None:
        return Slab(_THICKNESSES_MM[0], Projection.MAXIMUM)
    more = (mm for mm in _THICKNESSES_MM if mm > slab.thickness_mm)
    return replace(slab, thickness_mm=next(more, slab.thickness_mm))


def thinner(slab: Slab | None) -> Slab | None:
    """Return the next slab that is thinner; after the thinnest, the plane alone."""
    if slab is None:
        return None
    less = (mm for mm in reversed(_THICKNESSES_MM) if mm < slab.thickness_mm)
    thickness_mm = next(less, None)
    return None if thickness_mm is None else replace(slab, thickness_mm=thickness_mm)


def _slab(name: str, change: Callable[[Slab | None], Slab | None]) -> Act:
    def do(context: ActContext) -> None:
        state = context.state
        if state is not None:
            context.navigate(SetSlab(state.viewport, change(state.slab)))

    return Act(name, Group.PICTURE, do, needs=(_a_slab,))


def next_step_mm(step_mm: float | None) -> float | None:
    """Return the step after ``step_mm``; after the longest, that of the voxels."""
    return _STEPS_MM[(_STEPS_MM.index(step_mm) + 1) % len(_STEPS_MM)] if step_mm in _STEPS_MM else None


def _step(context: ActContext) -> None:
    """Move all planes of the volume by the next step."""
    here = context.state
    if here is None:
        return
    step_mm = next_step_mm(here.step_mm)
    for viewport in context.views.layout.viewports:
        state = context.views.state(viewport)
        if state is not None and state.volume == here.volume and KINDS[state.kind].is_cut:
            context.views.change(viewport, lambda shown: replace(shown, step_mm=step_mm))
    if step_mm is None:
        context.say("reading_page.step_of_voxels")
    else:
        context.say("reading_page.step_of_mm", mm=numeral(f"{step_mm:g}", context.words.language))


def _projected(projection: Projection) -> Callable[[Slab | None], Slab | None]:
    return lambda slab: replace(thicker(None) if slab is None else slab, projection=projection)


PLANE_ACTS = (
    Act(
        "reset_planes",
        Group.PICTURE,
        lambda context: context.views.reset_planes(context.viewport),
        needs=(_a_plane,),
        places=MENU,
    ),
    Act("plane_step", Group.PICTURE, _step, needs=(_a_plane,)),
    _slab("slab_thicker", thicker),
    _slab("slab_thinner", thinner),
    _slab("slab_none", lambda _slab: None),
    *(_slab(f"slab_{projection.value}", _projected(projection)) for projection in Projection),
)
