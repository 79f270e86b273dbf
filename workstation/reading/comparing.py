"""What the reader does with two examinations: joins their spaces, shows one in the place or the plane of the other."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, StudyUID, ViewportId
from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind
from viewers.sync.bridging import apart_from, bridges_now, require_one_subject
from viewers.sync.errors import DifferentSpaces, LinkRefused
from viewers.sync.rules import RULES
from viewers.sync.shown import Shown
from workstation.reading.errors import NothingToJoin, PlanesAcross, PointsMissing
from workstation.reading.view_changes import why_no_planes, with_layer_moved
from workstation.reading.view_hanging import ViewHanging
from workstation.reading.view_links import ViewLinks
from workstation.reading.view_store import ViewStore

# What comes of another examination in the place of the first: its own window only where the values are of one kind.
_CARRIED = (LinkKind.WINDOW, LinkKind.ZOOM_PAN)
# Why a way of some kind cannot be told from what is shown.
_MISSING: Mapping[BridgeKind, type[ReaderError]] = MappingProxyType(
    {BridgeKind.POINTS: PointsMissing, BridgeKind.POSITION: PlanesAcross}
)


class Comparing:
    """Acts on the views of one case; refusals are emitted by the links.

    ``confirmed`` are the studies that the reader took for the patient's though their identity differs.
    """

    def __init__(self, store: ViewStore, links: ViewLinks, hanging: ViewHanging) -> None:
        self._store = store
        self._links = links
        self._hanging = hanging
        self._left: dict[VolumeReference, ViewState] = {}
        self._subjects: Mapping[SeriesUID, tuple[StudyUID, str]] = {}
        self.confirmed: tuple[StudyUID, ...] = ()

    def know_subjects(self, subjects: Mapping[SeriesUID, tuple[StudyUID, str]]) -> None:
        """Take note of whose body each series shows: its study, and a name that is empty for the patient's own."""
        self._subjects = subjects
        self._apply_subjects()

    def confirm(self, *studies: StudyUID) -> None:
        """Take studies for the patient's, by the reader's word."""
        self.confirmed = tuple(dict.fromkeys((*self.confirmed, *studies)))
        self._apply_subjects()

    @property
    def joined(self) -> Bridge | None:
        """The way between what the active viewport and another show, where it is not a frame of reference."""
        active = self._store.layout.active
        found = (way for ends, way in self._links.ways().items() if active in ends)
        return next((way for way in found if way.kind is not BridgeKind.FRAME), None)

    def join(self, kind: BridgeKind) -> None:
        """Join what the viewports show now in one way; refused in words where that cannot be done."""
        self._hanging.has_acted = True
        active, shown = self._store.layout.active, self._store.shown_now()
        try:
            if active not in shown or not apart_from(shown, active):
                raise NothingToJoin("no other space is shown")
            found = bridges_now(kind, shown, active)
            if not found:
                raise _MISSING.get(kind, NothingToJoin)("not to be told from what is shown")
        except ReaderError as error:
            self._links.refused.emit(error)
            return
        for bridge in found:
            self.take(bridge)

    def take(self, bridge: Bridge) -> None:
        """Keep a way between two spaces, and let the others follow the active viewport over it."""
        self._links.bridges = self._links.bridges.with_(bridge)
        active = self._store.layout.active
        for kind in (LinkKind.CROSSHAIR, LinkKind.POSITION, LinkKind.ORIENTATION):
            if self._links.is_followed(kind) and bridge.kind is not BridgeKind.POSITION:
                self._links.follow(active, kind)

    def separate(self) -> bool:
        """Let go of every way from what the active viewport shows; false where there is none."""
        here = self._store.volume(self._store.layout.active)
        known = self._links.bridges.known
        kept = tuple(one for one in known if here is None or not (one.source.holds(here) or one.target.holds(here)))
        self._links.bridges = replace(self._links.bridges, known=kept)
        return kept != known

    def pair(self) -> tuple[Volume, Volume]:
        """Return the volumes of the active viewport and of another in another space, to be registered.

        Of several others, one that has not been registered comes first.

        Raises
        ------
        NothingToJoin
            There are no two.
        IdentityUnconfirmed
            They are not provably of one person.
        """
        active, shown = self._store.layout.active, self._store.shown_now()
        others = apart_from(shown, active) if active in shown else ()
        if not others:
            raise NothingToJoin("no two spaces are shown")
        fresh = [one for one in others if not self._is_registered(shown[active], one)]
        return shown[active].volume, (fresh or others)[0].volume

    def in_same_plane(self) -> None:
        """Show the others in the plane of the active viewport, cut through their volumes, from now on."""
        self._hanging.has_acted = True
        active, shown = self._store.layout.active, self._store.shown_now()
        source = shown.get(active)
        for viewport, target in shown.items():
            if source is None or viewport == active or KINDS[target.state.kind].is_cut:
                continue
            try:
                self._cut(source, target)
            except ReaderError as error:
                self._links.refused.emit(error)
                return
        self._links.ask(LinkKind.ORIENTATION, True, active)

    def follow(self, moved: Mapping[VolumeReference, VolumeReference]) -> None:
        """Take note of volumes that lie elsewhere in their series now: where they were last seen is forgotten."""
        self._left = {one: with_layer_moved(state, moved) for one, state in self._left.items() if one not in moved}

    def put_in_place(self, viewport: ViewportId, reference: VolumeReference) -> bool:
        """Show another volume in the place of the one in a viewport: same place, plane, scale and window.

        False where the places are not known to belong together: it is shown where it was last seen, or in its middle.

        Raises
        ------
        LinkRefused
            The two are not provably of one person, and nothing is changed.
        """
        before, volume = self._store.shown_now().get(viewport), self._store.volumes.get(reference)
        if before is None or volume is None or before.state.volume is None:
            self._hanging.show_in(viewport, reference)
            return False
        middle = volume.voxels.shape[0] // 2
        fresh = self._left.get(reference) or ViewState(viewport, before.state.kind, reference, middle)
        fresh = replace(fresh, viewport=viewport, kind=before.state.kind if volume.is_spatial else ViewKind.STACK)
        target = Shown(fresh, volume, before.size, self._store.subject(volume.series))
        require_one_subject(before, target)
        self._left[before.state.volume] = before.state
        target = _taken_over(before, target, self._links)
        try:
            way = self._links.bridges.between(before, target)
        except DifferentSpaces:
            self._show(target.state)
            return False
        kinds = [LinkKind.CROSSHAIR, LinkKind.ORIENTATION] if way.kind is not BridgeKind.POSITION else []
        for kind in (*kinds, LinkKind.POSITION):
            target = replace(target, state=RULES[kind](before, target, self._links.bridges))
        self._show(target.state)
        return True

    def _is_registered(self, one: Shown, other: Shown) -> bool:
        try:
            return self._links.bridges.between(one, other).kind is BridgeKind.REGISTRATION
        except DifferentSpaces:
            return False

    def _show(self, state: ViewState) -> None:
        self._hanging.replace_in_place(state)

    def _cut(self, source: Shown, target: Shown) -> None:
        self._links.bridges.between(source, target, LinkKind.ORIENTATION)
        error = why_no_planes(target.volume)
        if error is not None:
            raise error
        self._store.set(replace(target.state, kind=ViewKind.MPR, centre_lps=target.point))

    def _apply_subjects(self) -> None:
        self._store.subjects = {
            series: "" if study in self.confirmed else subject for series, (study, subject) in self._subjects.items()
        }
        self._links.of(self._hanging.hung)
        for viewport in self._store.states:
            self._store.view_changed.emit(viewport)


def _taken_over(before: Shown, target: Shown, links: ViewLinks) -> Shown:
    """Return the target with window, scale and shift of what was there, as far as they mean something for it."""
    for kind in _CARRIED:
        try:
            target = replace(target, state=RULES[kind](before, target, links.bridges))
        except LinkRefused:
            continue
    return target
