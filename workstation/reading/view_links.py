"""Lets linked viewports follow the one that changed, and keeps the shared point and the ways between spaces."""

from collections.abc import Mapping
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.geometry.frame import Vector3
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import ViewportId
from viewers.signal import Signal
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState, VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind
from viewers.sync.bridging import Bridges
from viewers.sync.errors import IdentityUnconfirmed, LinkRefused
from viewers.sync.shown import Shown
from viewers.sync.synchroniser import Refused, Synchroniser
from workstation.reading.arrangement import Arrangement, Crosshair, Hung
from workstation.reading.linking import links_of
from workstation.reading.view_store import ViewStore

_NOWHERE = ViewportId("")


class ViewLinks:
    """The links of what is hung. ``refused`` says why a viewport does not follow."""

    def __init__(self, store: ViewStore, hung: Hung) -> None:
        self._store = store
        self._hung = hung
        self._synchroniser = Synchroniser(store.shown_now, store.set)
        self._asked: dict[LinkKind, bool] = {}
        self._is_refusal_told = False
        self._shows_ends = False
        self.refused: Signal[ReaderError] = Signal()

    @property
    def bridges(self) -> Bridges:
        """The ways between spaces that are known."""
        return self._synchroniser.bridges

    @bridges.setter
    def bridges(self, bridges: Bridges) -> None:
        self._synchroniser.bridges = bridges
        self._is_refusal_told = False
        self._announce()

    @property
    def shows_ends(self) -> bool:
        """Whether the first and last slice of the active stack are drawn in the others."""
        return self._shows_ends

    def show_ends(self, is_wanted: bool) -> None:
        """Draw the first and last slice of the active stack in the others, or not."""
        self._shows_ends = is_wanted
        self._announce()

    def _announce(self) -> None:
        for viewport in self._store.states:
            self._store.view_changed.emit(viewport)

    def of(self, hung: Hung) -> None:
        """Link the viewports of what is hung now."""
        self._hung = hung
        self._is_refusal_told = False
        self._synchroniser.links = links_of(hung, self._asked)

    def is_followed(self, kind: LinkKind) -> bool:
        """Whether viewports follow each other in one respect."""
        return any(link.kind is kind for link in self._synchroniser.links)

    def ask(self, kind: LinkKind, is_wanted: bool, viewport: ViewportId) -> None:
        """Let the others follow a viewport in one respect from now on, or no longer."""
        self._asked[kind] = is_wanted
        self.of(self._hung)
        if is_wanted:
            self._tell(self._synchroniser.changed(viewport, frozenset({kind})))

    def share(self, kind: LinkKind, viewport: ViewportId) -> None:
        """Let the others take over one respect of a viewport, once."""
        kept = self._synchroniser.links
        self._synchroniser.links = links_of(self._hung, {**dict.fromkeys(LinkKind, False), kind: True})
        refused = self._synchroniser.changed(viewport, frozenset({kind}))
        self._synchroniser.links = kept
        self._tell(refused)

    def point_at(self, viewport: ViewportId, crosshair: Crosshair) -> None:
        """Share the point that a viewport points at."""
        state = self._store.state(viewport)
        self._store.crosshair = replace(crosshair, volume=None if state is None else state.volume)
        self.follow(viewport, LinkKind.CROSSHAIR)
        self._announce()

    def move(self, moved: Mapping[VolumeReference, VolumeReference]) -> None:
        """Let the shared point and the ways between spaces follow volumes to their new places in their series."""
        crosshair = self._store.crosshair
        if crosshair is not None and crosshair.volume is not None:
            self._store.crosshair = replace(crosshair, volume=moved.get(crosshair.volume, crosshair.volume))
        followed = self.bridges.moved(moved)
        if followed != self.bridges:
            self.bridges = followed

    def follow(self, viewport: ViewportId, kind: LinkKind) -> None:
        """Let the others follow a viewport in one respect."""
        refused = self._synchroniser.changed(viewport, frozenset({kind}))
        unconfirmed = [one for one in refused if isinstance(one.error, IdentityUnconfirmed)]
        if unconfirmed and not self._is_refusal_told:
            self._is_refusal_told = True
            self._tell(tuple(unconfirmed[:1]))
        # In the comparison of two examinations another space is the normal case: the bar offers to join them.
        elif self._hung.arrangement is Arrangement.MPR:
            self._tell(refused)

    def ways(self) -> Mapping[tuple[ViewportId, ViewportId], Bridge]:
        """Return the ways between what the viewports show, by (from, to), where there are any."""
        shown, found = self._store.shown_now(), dict[tuple[ViewportId, ViewportId], Bridge]()
        for source in shown:
            for target in shown:
                way = self._way(shown[source], shown[target]) if source != target else None
                if way is not None:
                    found[source, target] = way
        return found

    def joined(self, base: VolumeReference) -> dict[VolumeReference, RigidTransform | None]:
        """Return the way from a volume to each other one of the same person, ``None`` within one frame of reference."""
        here, found = self._as_shown(base), dict[VolumeReference, RigidTransform | None]()
        for other in self._store.volumes:
            there = self._as_shown(other)
            if here is None or there is None or other == base:
                continue
            way = self._way(here, there, LinkKind.ORIENTATION)
            if way is not None:
                found[other] = None if way.kind is BridgeKind.FRAME else way.transform
        return found

    def _as_shown(self, reference: VolumeReference | None) -> Shown | None:
        volume = None if reference is None else self._store.volumes.get(reference)
        if volume is None:
            return None
        return Shown(ViewState(_NOWHERE, volume=reference), volume, subject=self._store.subject(volume.series))

    def crosshair_in(self, viewport: ViewportId) -> tuple[Vector3, Bridge] | None:
        """Return where the shared point lies in a viewport, and by which way it came there."""
        crosshair, state = self._store.crosshair, self._store.state(viewport)
        here = None if state is None else self._as_shown(state.volume)
        if crosshair is None or here is None:
            return None
        source = self._as_shown(crosshair.volume or self._in_space(crosshair))
        way = None if source is None else self._way(source, here, LinkKind.CROSSHAIR)
        return None if way is None else (way.transform.point(crosshair.point_lps), way)

    def _in_space(self, crosshair: Crosshair) -> VolumeReference | None:
        """Return a volume that the point lies in, where an archive of an earlier version names none."""
        known = self._store.volumes.items()
        found = (one for one, volume in known if volume.frame_of_reference == crosshair.space is not None)
        return next(found, None)

    def _way(self, source: Shown, target: Shown, kind: LinkKind | None = None) -> Bridge | None:
        try:
            return self.bridges.between(source, target, kind)
        except LinkRefused:
            return None

    def _tell(self, refused: tuple[Refused, ...]) -> None:
        for error in {type(one.error): one.error for one in refused}.values():
            self.refused.emit(error)
