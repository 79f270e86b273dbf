"""Which viewports follow each other in an arrangement, and links between examinations that the reader sets by hand."""

from collections.abc import Mapping
from itertools import permutations

from viewers.geometry.frame import as_vector, dot, scaled, subtracted
from viewers.identifiers import ViewportId
from viewers.image.slices import slice_normal
from viewers.state.link_kind import LinkKind
from viewers.sync.rules import ManualOffset, Shown
from viewers.sync.synchroniser import Link
from workstation.reading.arrangement import Arrangement, Hung
from workstation.reading.view_changes import point_shown

# The offset from one viewport to another, along the slices of the first.
HandLink = Mapping[tuple[ViewportId, ViewportId], ManualOffset]


def hand_link(shown: Mapping[ViewportId, Shown]) -> HandLink | None:
    """Return the link by which the images shown now belong together; ``None`` where there are not two in space."""
    offsets: dict[tuple[ViewportId, ViewportId], ManualOffset] = {}
    for source, target in permutations(shown, 2):
        here = point_shown(shown[source].state, shown[source].volume)
        there = point_shown(shown[target].state, shown[target].volume)
        if here is not None and there is not None:
            normal = as_vector(slice_normal(shown[source].volume))
            offsets[(source, target)] = ManualOffset(scaled(normal, dot(subtracted(there, here), normal)))
    return offsets or None


def links_of(hung: Hung, by_hand: HandLink | None) -> tuple[Link, ...]:
    """Return the links of an arrangement: crosshair and window always, the scrolled position in a comparison.

    The step of a protocol says itself what its viewports share.
    """
    if hung.step is not None:
        return hung.step.links(by_hand or {})
    viewports = frozenset(state.viewport for state in hung.states)
    if len(viewports) < 2:
        return ()
    links = [Link(LinkKind.CROSSHAIR, viewports), Link(LinkKind.WINDOW, viewports)]
    if hung.arrangement is Arrangement.COMPARE:
        links.append(Link(LinkKind.POSITION, viewports, by_hand or {}))
    return tuple(links)
