"""Two volumes in one picture, and the colours of pictures."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.state.view_state import ViewState, VolumeReference
from workstation.reading import fusing
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR_AND_MENU, MENU, Act, Group
from workstation.shell.acts.context import ActContext

_OPACITY_STEP = 0.1


def _is_fused(context: ActContext) -> bool:
    return context.state is not None and context.state.fused is not None


def _same_study(context: ActContext) -> fusing.IsSameStudy:
    priors = context.views.priors

    def is_same(one: VolumeReference, other: VolumeReference) -> bool:
        return (one.series in priors) is (other.series in priors)

    return is_same


def _joined(context: ActContext) -> fusing.Joined:
    shown = None if context.state is None else context.state.volume
    return {} if shown is None else context.views.joined(shown)


def _fuse(context: ActContext) -> None:
    volumes, joined, is_same = context.views.volumes, _joined(context), _same_study(context)

    def fused(state: ViewState) -> ViewState:
        if state.fused is not None:
            return replace(state, fused=None)
        return fusing.fused_with(state, volumes, joined, is_same)

    try:
        context.views.lay_over(context.viewport, fused)
    except ReaderError as error:
        context.calls.refuse(error)


def _layer(name: str, change: Callable[[ActContext, ViewState], ViewState]) -> Act:
    return Act(
        name,
        Group.PICTURE,
        lambda context: context.views.lay_over(context.viewport, lambda state: change(context, state)),
        needs=(needs.a_picture, needs.a_layer),
        places=MENU,
    )


def _colours(context: ActContext) -> None:
    context.views.lay_over(context.viewport, fusing.in_next_colours)
    state = context.state
    if state is not None:
        name = state.fused.colours if state.fused is not None else state.colours
        context.say("reading_page.colours", colours=context.words.text(f"colour_maps.{name or 'own'}"))


FUSION_ACTS = (
    Act("fuse", Group.PICTURE, _fuse, needs=(needs.a_picture,), is_on=_is_fused, places=BAR_AND_MENU),
    _layer("fuse_swap", lambda context, state: fusing.swapped(state, context.views.volumes)),
    _layer(
        "fuse_next",
        lambda context, state: fusing.with_next_partner(
            state, context.views.volumes, _joined(context), _same_study(context)
        ),
    ),
    _layer("layer_clearer", lambda _context, state: fusing.with_opacity(state, -_OPACITY_STEP)),
    _layer("layer_denser", lambda _context, state: fusing.with_opacity(state, _OPACITY_STEP)),
    Act("colours", Group.PICTURE, _colours, needs=(needs.a_picture,), places=MENU),
)
