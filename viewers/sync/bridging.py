"""Which way leads from what one viewport shows to what another shows; never from one person to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from viewers.geometry.rigid import IDENTITY
from viewers.identifiers import ViewportId
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind, Space, space_of
from viewers.sync.bridges.registry import BRIDGES
from viewers.sync.errors import DifferentSpaces, IdentityUnconfirmed
from viewers.sync.shown import Shown


@dataclass(frozen=True, slots=True)
class Bridges:
    """The ways that are known besides the frames of reference."""

    known: tuple[Bridge, ...] = ()

    def between(self, source: Shown, target: Shown, kind: LinkKind | None = None) -> Bridge:
        """Return the way from ``source`` to ``target``, over which ``kind`` may be carried where one is named.

        Raises
        ------
        IdentityUnconfirmed
            They are not provably of one person.
        DifferentSpaces
            No way is known, or one that does not carry this.
        """
        require_one_subject(source, target)
        if not (source.volume.is_spatial and target.volume.is_spatial):
            raise DifferentSpaces("link of what has no place")
        ways = self._ways(source, target)
        found = next((way for way in ways if kind is None or kind in BRIDGES[way.kind].carries), None)
        if found is None:
            raise DifferentSpaces("link between spaces that nothing joins")
        return found

    def with_(self, bridge: Bridge) -> "Bridges":
        """Return these ways with another, in place of one of the same kind between the same spaces."""
        return Bridges((bridge, *(one for one in self.known if not _is_same_pair(one, bridge))))

    def without(self, source: Space, target: Space) -> "Bridges":
        """Return the ways that do not lead from ``source`` to ``target`` or back."""
        ends = {source, target}
        return Bridges(tuple(one for one in self.known if {one.source, one.target} != ends))

    def moved(self, volumes: Mapping[VolumeReference, VolumeReference]) -> "Bridges":
        """Return these ways between volumes that have come to lie elsewhere in their series."""
        return Bridges(
            tuple(
                replace(one, source=one.source.moved(volumes), target=one.target.moved(volumes)) for one in self.known
            )
        )

    def _ways(self, source: Shown, target: Shown) -> Iterable[Bridge]:
        here, there = space_of(source.volume), space_of(target.volume)
        if here.volume == there.volume or BRIDGES[BridgeKind.FRAME].made(source, target) is not None:
            yield Bridge(BridgeKind.FRAME, here, there, IDENTITY)
        both = [*self.known, *(one.inverse() for one in self.known)]
        onwards = [one for one in both if one.source.holds(source.volume)]
        yield from (one for one in onwards if one.target.holds(target.volume))
        for first in onwards:
            for second in both:
                if first.kind == second.kind and first.target == second.source and second.target.holds(target.volume):
                    yield Bridge(first.kind, here, there, first.transform.then(second.transform))


def require_one_subject(source: Shown, target: Shown) -> None:
    """Refuse to link pictures that are not provably of one person.

    Raises
    ------
    IdentityUnconfirmed
        They are not.
    """
    if source.subject != target.subject:
        raise IdentityUnconfirmed("link between unconfirmed identities")


def bridges_now(kind: BridgeKind, shown: Mapping[ViewportId, Shown], source: ViewportId) -> tuple[Bridge, ...]:
    """Return the ways of one kind from a viewport to each other one in another space, from what they show now.

    Raises
    ------
    IdentityUnconfirmed
        One of the others is not provably of the same person.
    """
    here = shown[source]
    found: list[Bridge] = []
    for other in apart_from(shown, source):
        transform = BRIDGES[kind].made(here, other)
        if transform is not None:
            found.append(Bridge(kind, space_of(here.volume), space_of(other.volume), transform))
    return tuple(found)


def apart_from(shown: Mapping[ViewportId, Shown], source: ViewportId) -> tuple[Shown, ...]:
    """Return what is shown in other spaces than a viewport shows.

    Raises
    ------
    IdentityUnconfirmed
        One of the others, in whatever space, is not provably of the same person.
    """
    here = shown[source]
    others = [other for viewport, other in shown.items() if viewport != source]
    for other in others:
        require_one_subject(here, other)
    return tuple(other for other in others if not space_of(here.volume).holds(other.volume))


def _is_same_pair(one: Bridge, other: Bridge) -> bool:
    return {one.source, one.target} == {other.source, other.target}
