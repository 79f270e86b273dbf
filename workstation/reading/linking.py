"""Which viewports follow each other in an arrangement, and in what."""

from collections.abc import Mapping

from viewers.identifiers import ViewportId
from viewers.state.link_kind import LinkKind
from viewers.sync.synchroniser import Link
from workstation.reading.arrangement import Arrangement, Hung

# What the reader wants followed, or not, besides what comes with the arrangement.
Asked = Mapping[LinkKind, bool]


def links_of(hung: Hung, asked: Asked) -> tuple[Link, ...]:
    """Return the links of what is hung: those that come with it, less what the reader wants not, and what he wants."""
    viewports = frozenset(state.viewport for state in hung.states)
    kept = [link for link in _own_links(hung, viewports) if asked.get(link.kind, True)]
    own = {link.kind for link in kept}
    wanted = [kind for kind, is_wanted in asked.items() if is_wanted and kind not in own]
    return (*kept, *(Link(kind, viewports) for kind in wanted if len(viewports) > 1))


def _own_links(hung: Hung, viewports: frozenset[ViewportId]) -> tuple[Link, ...]:
    """Return what comes with an arrangement: crosshair and window always, the scrolled position in a comparison.

    The step of a protocol says itself what its viewports share.
    """
    if hung.step is not None:
        return hung.step.links()
    if len(viewports) < 2:
        return ()
    kinds = [LinkKind.CROSSHAIR, LinkKind.WINDOW]
    if hung.arrangement is Arrangement.COMPARE:
        kinds.append(LinkKind.POSITION)
    return tuple(Link(kind, viewports) for kind in kinds)
