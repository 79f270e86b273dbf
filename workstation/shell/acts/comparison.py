"""Two examinations together: their places joined, one in the plane, window, scale or place of the other."""

from viewers.state.link_kind import LinkKind
from viewers.sync.bridges.base import BridgeKind
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR, MENU, Act, Group, Need, Place
from workstation.shell.acts.context import ActContext
from workstation.shell.comparison_asks import ComparisonAsk


def _link(context: ActContext) -> None:
    """Scroll together from the images shown now, or no longer."""
    if context.views.comparing.joined is None:
        context.views.comparing.join(BridgeKind.POSITION)
    else:
        context.views.comparing.separate()


def _unlink(context: ActContext) -> None:
    if not context.views.comparing.separate():
        context.say("reading_page.nothing_joined")


def _followed(name: str, kind: LinkKind, places: frozenset[Place] = MENU) -> Act:
    """Return the act by which the others follow the active viewport in one respect from now on, or no longer."""

    def toggle(context: ActContext) -> None:
        context.views.links.ask(kind, not context.views.links.is_followed(kind), context.viewport)

    return Act(
        name,
        Group.COMPARISON,
        toggle,
        needs=(needs.a_picture,),
        is_on=lambda context: context.views.links.is_followed(kind),
        places=places,
    )


def _shared(name: str, kind: LinkKind) -> Act:
    """Return the act by which the others take over one respect of the active viewport once."""
    return Act(
        name,
        Group.COMPARISON,
        lambda context: context.views.links.share(kind, context.viewport),
        needs=(needs.a_picture,),
    )


def _same_plane(context: ActContext) -> None:
    if context.views.links.is_followed(LinkKind.ORIENTATION):
        context.views.links.ask(LinkKind.ORIENTATION, False, context.viewport)
    else:
        context.views.comparing.in_same_plane()


def _asked(name: str, what: ComparisonAsk, *, places: frozenset[Place] = MENU, need: Need = needs.a_picture) -> Act:
    """Return the act that the page does, since it is about the priors of the case."""
    return Act(
        name,
        Group.COMPARISON,
        lambda context: context.calls.comparison(what),
        needs=(needs.a_case, need),
        places=places,
    )


COMPARISON_ACTS = (
    _asked("blink_prior", ComparisonAsk.BLINK),
    _asked("older_prior", ComparisonAsk.OLDER, need=needs.a_case),
    _asked("newer_prior", ComparisonAsk.NEWER, need=needs.a_case),
    _asked("confirm_identity", ComparisonAsk.CONFIRM),
    Act(
        "admit_study",
        Group.COMPARISON,
        lambda context: context.calls.admit(),
        needs=(needs.a_case, needs.a_closed_study),
        places=MENU,
    ),
    Act("fetch_anew", Group.COMPARISON, lambda context: context.calls.fetch_anew(), needs=(needs.a_case,), places=MENU),
    Act(
        "align",
        Group.COMPARISON,
        lambda context: context.calls.comparison(ComparisonAsk.ALIGN),
        needs=(needs.two_pictures,),
        is_on=lambda context: context.calls.is_aligning(),
        places=MENU,
    ),
    Act(
        "link",
        Group.COMPARISON,
        _link,
        needs=(needs.two_pictures,),
        is_on=lambda context: context.views.comparing.joined is not None,
        places=BAR,
    ),
    Act(
        "link_points",
        Group.COMPARISON,
        lambda context: context.views.comparing.join(BridgeKind.POINTS),
        needs=(needs.two_pictures,),
        places=MENU,
    ),
    Act(
        "unlink",
        Group.COMPARISON,
        _unlink,
        needs=(needs.two_pictures,),
    ),
    Act(
        "same_plane",
        Group.COMPARISON,
        _same_plane,
        needs=(needs.planes, needs.two_pictures),
        is_on=lambda context: context.views.links.is_followed(LinkKind.ORIENTATION),
        places=MENU,
    ),
    _followed("same_window", LinkKind.WINDOW),
    _followed("same_zoom", LinkKind.ZOOM_PAN),
    _shared("share_window", LinkKind.WINDOW),
    _shared("share_zoom", LinkKind.ZOOM_PAN),
    Act(
        "stack_ends",
        Group.COMPARISON,
        lambda context: context.views.links.show_ends(not context.views.links.shows_ends),
        needs=(needs.a_picture,),
        is_on=lambda context: context.views.links.shows_ends,
    ),
)
