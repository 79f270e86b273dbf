"""What every viewport of an open case is asked to show, and how a change of one is taken over by others.

Lives on the thread of the model. A change is announced once for each viewport that changed; the window resolves and
paints. Nothing but the reader's own acts changes a viewport that shows something.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.graphics.presentation import PresentationState
from viewers.identifiers import InstanceUID, SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.pixels import default_window
from viewers.image.presets import preset_window
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.kinds.registry import KINDS
from viewers.state.layout import Layout
from viewers.state.link_kind import LinkKind
from viewers.state.presented import presented
from viewers.state.quantities import ReadVolumes, of_quantity
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.rules import Shown
from viewers.sync.synchroniser import Synchroniser
from viewers.tools.intents import MoveCrosshair, NavigationIntent, ScrollBy, SetWindow
from workstation.reading.arrangement import Arrangement, Crosshair, Hung, hang
from workstation.reading.linking import HandLink, hand_link, links_of
from workstation.reading.shown_images import ShownImages
from workstation.reading.shown_objects import ChosenObjects, ShownObjects
from workstation.reading.view_archive import read_views, write_views
from workstation.reading.view_changes import after, carried, place_of, point_shown, refilled, why_no_planes


class Views:
    """The view states of one case; ``priors`` are the series of earlier studies."""

    def __init__(self) -> None:
        self._hung: Hung = hang(Arrangement.STACK, None, None, middle_slices={})
        self._layout = self._hung.layout
        self._states: dict[ViewportId, ViewState] = {}
        self._volumes: dict[VolumeReference, Volume] = {}
        self._fitted: dict[VolumeReference, Window] = {}
        self._read = ReadVolumes()
        self._sizes: dict[ViewportId, ViewportSize] = {}
        self._unplaced: set[ViewportId] = set()
        self._current: VolumeReference | None = None
        self._prior: VolumeReference | None = None
        self._hand_link: HandLink | None = None
        self._synchroniser = Synchroniser(self._shown, self._set)
        self.priors: frozenset[SeriesUID] = frozenset()
        self.crosshair: Crosshair | None = None
        self.shown = ShownImages()
        self.chosen = ChosenObjects()
        self.presentation: PresentationState | None = None
        self.view_changed: Signal[ViewportId] = Signal()
        self.layout_changed: Signal[Layout] = Signal()
        self.refused: Signal[ReaderError] = Signal()

    @property
    def layout(self) -> Layout:
        """The grid of viewports."""
        return self._layout

    @property
    def arrangement(self) -> Arrangement:
        """How the case is hung."""
        return self._hung.arrangement

    @property
    def current(self) -> VolumeReference | None:
        """The volume of the current study that is hung."""
        return self._current

    @property
    def prior(self) -> VolumeReference | None:
        """The volume that the current one is compared with."""
        return self._prior

    @property
    def is_linked_by_hand(self) -> bool:
        """Whether the reader has said which places of two examinations belong together."""
        return self._hand_link is not None

    def known(self, reference: VolumeReference) -> Volume | None:
        """Return a volume that has been put."""
        return self._volumes.get(reference)

    def awaited(self) -> frozenset[SeriesUID]:
        """Return the series that viewports are asked to show and that have not come."""
        wanted = {state.volume for state in self._states.values() if state.volume is not None}
        return frozenset(reference.series for reference in wanted - self._volumes.keys())

    def open_series(self) -> frozenset[SeriesUID]:
        """Return the series that viewports show or wait for."""
        return frozenset(state.volume.series for state in self._states.values() if state.volume is not None)

    def holds(self, instance: InstanceUID, frame_index: int) -> bool:
        """Whether a volume with this image has been put."""
        return place_of(self._volumes, instance, frame_index) is not None

    def state(self, viewport: ViewportId) -> ViewState | None:
        """Return what a viewport is asked to show."""
        return self._states.get(viewport)

    def volume(self, viewport: ViewportId) -> Volume | None:
        """Return the volume in a viewport."""
        return self._read.of(self._states.get(viewport), self._volumes)

    def resolved(self, viewport: ViewportId) -> ResolvedView | None:
        """Return what a viewport shows, or ``None`` where it is empty or has no size yet."""
        state, volume, size = self._states.get(viewport), self.volume(viewport), self._sizes.get(viewport)
        if state is None or volume is None or size is None or state.volume is None:
            return None
        asked, fitted = of_quantity(state, volume), None if state.quantity else self._fitted[state.volume]
        return resolve(presented(asked, volume, size, self.presentation), volume, size, fitted)

    def put(self, volumes: tuple[Volume, ...]) -> None:
        """Make all volumes of some series known; who waits for one shows it, who shows less of it keeps the image."""
        fresh = {VolumeReference(volume.series, volume.index): volume for volume in volumes}
        series = {reference.series for reference in fresh}
        before = {reference: volume for reference, volume in self._volumes.items() if reference.series in series}
        self._volumes = {one: volume for one, volume in self._volumes.items() if one not in before} | fresh
        for reference, volume in fresh.items():
            if volume.is_complete or reference not in self._fitted:
                self._fitted[reference] = default_window(volume)
            self.shown.know(volume)
        for viewport, state in tuple(self._states.items()):
            if state.volume is not None and state.volume.series in series:
                self._states[viewport] = self._placed(state, before.get(state.volume), fresh)
                self.view_changed.emit(viewport)
        for reference, volume in fresh.items():
            self._settle_planes(reference, volume)

    def withdraw(self, series: Collection[SeriesUID]) -> None:
        """Let go of the volumes of some series, which are not to be shown: their viewports are empty at once."""
        self._volumes = {one: volume for one, volume in self._volumes.items() if one.series not in series}
        self._fitted = {one: window for one, window in self._fitted.items() if one.series not in series}
        self.shown.forget(series)
        self._read.forget()
        self.crosshair = None
        for viewport, state in self._states.items():
            if state.volume is not None and state.volume.series in series:
                self.view_changed.emit(viewport)

    def open(self, current: VolumeReference, prior: VolumeReference | None = None) -> None:
        """Hang a volume of the current study, and perhaps one of a prior, in the chosen arrangement."""
        self._current, self._prior = current, prior if prior is not None else self._prior
        self._hang(self._hung.arrangement, current)

    def arrange(self, arrangement: Arrangement) -> None:
        """Hang what is open in another way: what the active viewport shows, at the same place and window."""
        active = self._states.get(self._layout.active)
        subject = active.volume if active is not None and active.volume is not None else self._current
        if arrangement is Arrangement.COMPARE:
            subject = self._current or subject
        volume = self._volumes.get(subject) if subject and arrangement is Arrangement.MPR else None
        if volume is not None and (error := why_no_planes(volume)) is not None:
            self.refused.emit(error)
            return
        self._hang(arrangement, subject)

    def compare_with(self, prior: VolumeReference) -> None:
        """Hang the current volume beside one of a prior, which may still have to come."""
        self._prior = prior
        self.arrange(Arrangement.COMPARE)

    def show_in(self, viewport: ViewportId, reference: VolumeReference) -> None:
        """Show a volume as a stack in one viewport, by the reader's own act."""
        self._note(reference)
        if self._hung.arrangement is Arrangement.MPR:
            # Planes are of one volume: another one is opened as a stack of its own.
            self._hang(Arrangement.STACK, reference)
            return
        volume = self._volumes.get(reference)
        self._unplaced.discard(viewport)
        if volume is None:
            self._unplaced.add(viewport)
        self._set(ViewState(viewport, ViewKind.STACK, reference, volume.voxels.shape[0] // 2 if volume else 0))
        self._hung = replace(self._hung, states=tuple(self._states.values()))
        self._link()

    def resize(self, viewport: ViewportId, size: ViewportSize) -> None:
        """Take note of a viewport's size."""
        if self._sizes.get(viewport) != size:
            self._sizes[viewport] = size
            self.view_changed.emit(viewport)

    def navigate(self, viewport: ViewportId, intent: NavigationIntent) -> None:
        """Apply an intent, in device pixels of the viewport, and let linked viewports follow."""
        state, volume, shown = self._states.get(viewport), self.volume(viewport), self.resolved(viewport)
        if state is None or volume is None or shown is None:
            return
        if isinstance(intent, MoveCrosshair) and not volume.is_spatial:
            return
        new = after(state, intent, volume, shown)
        self._set(new)
        match intent:
            case SetWindow():
                self._follow(viewport, LinkKind.WINDOW)
            case MoveCrosshair(point):
                self._point_at(viewport, Crosshair(point, volume.frame_of_reference))
            case ScrollBy() if KINDS[new.kind].slice_index(new, volume) is None and new.centre_lps is not None:
                # The shared point moves with the plane that is scrolled; the other planes stay where they are.
                self._point_at(viewport, Crosshair(new.centre_lps, volume.frame_of_reference))
            case ScrollBy():
                self._follow(viewport, LinkKind.POSITION)

    def change(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Apply a change of presentation (invert, turn, flip, reset) to one viewport; linked ones share its window."""
        state = self._states.get(viewport)
        if state is not None:
            self._set(change(state))
            self._follow(viewport, LinkKind.WINDOW)

    def preset(self, viewport: ViewportId, preset_id: str) -> None:
        """Show a viewport, and those linked with it, with the window of a preset."""
        volume, shown = self.volume(viewport), self.resolved(viewport)
        if volume is None or shown is None:
            return
        try:
            window = preset_window(preset_id, volume, shown.window)
        except ReaderError as error:
            self.refused.emit(error)
            return
        self.navigate(viewport, SetWindow(window))

    def go_to(self, mark: Annotation) -> bool:
        """Show the image of a mark, in a viewport on its series or else in the active one; false if it is not here."""
        viewport = self.go_to_image(mark.instance, mark.frame_index)
        state, volume = (None, None) if viewport is None else (self.state(viewport), self.volume(viewport))
        if viewport is None or state is None or volume is None:
            return False
        if KINDS[state.kind].slice_index(state, volume) is None and mark.frame_of_reference is not None:
            count = len(mark.points_lps)
            x, y, z = (sum(point[axis] for point in mark.points_lps) / count for axis in range(3))
            self.navigate(viewport, MoveCrosshair((x, y, z)))
        return True

    def go_to_image(self, instance: InstanceUID, frame_index: int) -> ViewportId | None:
        """Show one image and return the viewport that shows it; ``None`` where no volume holds it."""
        place = place_of(self._volumes, instance, frame_index)
        if place is None:
            return None
        reference, k = place
        viewport = self._showing(reference)
        if viewport is None:
            self.show_in(self._layout.active, reference)
            viewport = self._layout.active
        state, volume = self._states[viewport], self._volumes[reference]
        if KINDS[state.kind].slice_index(state, volume) is not None:
            self._set(replace(state, slice_index=k))
            self._follow(viewport, LinkKind.POSITION)
        else:
            self.navigate(viewport, MoveCrosshair(slice_plane(volume, k).centre_lps))
        return viewport

    def show_objects(self, shown: ShownObjects) -> None:
        """Keep what the reader chose of the objects of others; apply the presentation state to the images it names."""
        self.chosen = shown.chosen(self.chosen)
        before, self.presentation = self.presentation, shown.presentation
        for viewport in self._states if before is not self.presentation else ():
            self.view_changed.emit(viewport)

    def activate(self, viewport: ViewportId) -> None:
        """Make one viewport the one that keys act on."""
        if viewport != self._layout.active:
            self._set_layout(self._layout.activated(viewport))

    def toggle_enlarged(self, viewport: ViewportId) -> None:
        """Enlarge one viewport, or show the grid again."""
        self._set_layout(self._layout.toggled(viewport))

    def link_by_hand(self, is_linked: bool) -> None:
        """Scroll two examinations together from the images shown now, whatever their frames of reference; or not."""
        self._hand_link = hand_link(self._shown()) if is_linked else None
        self._link()
        self.view_changed.emit(self._layout.active)

    def archive(self) -> str:
        """Return the states as versioned JSON, to be kept with the draft."""
        told = (self.crosshair, self._hand_link, self.shown, self.chosen)
        return write_views(self._hung.arrangement, self._layout, tuple(self._states.values()), *told)

    def restore(self, archived: str) -> bool:
        """Hang what was archived, exactly; an archive that cannot be read changes nothing and gives false."""
        found = read_views(archived)
        if found is None:
            return False
        self.crosshair, self.chosen = found.crosshair, found.chosen
        self.shown = found.shown.knowing(self._volumes.values())
        for state in found.states:
            if state.volume is not None:
                self._note(state.volume)
        self._show(Hung(found.arrangement, found.layout, found.states), found.hand_link)
        return True

    def _hang(self, arrangement: Arrangement, subject: VolumeReference | None) -> None:
        seen = self._seen()
        middles = {reference: volume.voxels.shape[0] // 2 for reference, volume in self._volumes.items()}
        hung = hang(arrangement, subject, self._prior, middle_slices=middles)
        states = tuple(self._carried(state, seen) for state in hung.states)
        self._unplaced = {state.viewport for state in states if state.volume not in self._volumes}
        self._show(replace(hung, states=states))
        volume = self._volumes.get(subject) if subject is not None else None
        if subject is not None and volume is not None:
            self._settle_planes(subject, volume)

    def _settle_planes(self, reference: VolumeReference, volume: Volume) -> None:
        """Let planes of a volume that is here share one point; one that cannot be cut is shown as a stack."""
        first = next((state for state in self._states.values() if state.volume == reference), None)
        if first is None or first.kind is not ViewKind.MPR:
            return
        error = why_no_planes(volume)
        point = point_shown(first, volume)
        if error is not None or point is None:
            self._hang(Arrangement.STACK, reference)
            if error is not None:
                self.refused.emit(error)
        elif self.crosshair is None or self.crosshair.point_lps != first.centre_lps:
            self._set(replace(first, centre_lps=point))
            self._point_at(first.viewport, Crosshair(point, volume.frame_of_reference))

    def _seen(self) -> dict[VolumeReference, ViewState]:
        """Return what is on screen of each volume; the active viewport's word counts most."""
        placed = [state for state in self._states.values() if KINDS[state.kind].cuts_others]
        states = sorted(placed, key=lambda state: state.viewport == self._layout.active)
        return {state.volume: state for state in states if state.volume is not None}

    def _carried(self, state: ViewState, seen: Mapping[VolumeReference, ViewState]) -> ViewState:
        volume = self._volumes.get(state.volume) if state.volume is not None else None
        old = seen.get(state.volume) if state.volume is not None else None
        return state if volume is None or old is None else carried(state, old, volume)

    def _placed(self, state: ViewState, before: Volume | None, fresh: Mapping[VolumeReference, Volume]) -> ViewState:
        if before is not None:
            placed = refilled(state, before, tuple(fresh.values()))
            if placed.volume is not None and placed.volume != state.volume:
                self._note(placed.volume)
            return placed
        volume = fresh.get(state.volume) if state.volume is not None else None
        if volume is None or state.viewport not in self._unplaced:
            return state
        self._unplaced.discard(state.viewport)
        return replace(state, slice_index=volume.voxels.shape[0] // 2)

    def _note(self, reference: VolumeReference) -> None:
        if reference.series in self.priors:
            self._prior = reference
        else:
            self._current = reference

    def _showing(self, reference: VolumeReference) -> ViewportId | None:
        order = (self._layout.active, *self._layout.visible)
        shown = (viewport for viewport in order if viewport in self._states)
        showing = (viewport for viewport in shown if self._states[viewport].volume == reference)
        return next((viewport for viewport in showing if KINDS[self._states[viewport].kind].cuts_others), None)

    def _show(self, hung: Hung, hand_link: HandLink | None = None) -> None:
        self._hung = hung
        self._hand_link = hand_link
        self._states = {state.viewport: state for state in hung.states}
        self._link()
        self._set_layout(hung.layout)
        for viewport in hung.layout.viewports:
            self.view_changed.emit(viewport)

    def _link(self) -> None:
        self._synchroniser.links = links_of(self._hung, self._hand_link)

    def _point_at(self, viewport: ViewportId, crosshair: Crosshair) -> None:
        self.crosshair = crosshair
        self._follow(viewport, LinkKind.CROSSHAIR)
        for other in self._states:
            self.view_changed.emit(other)

    def _follow(self, viewport: ViewportId, kind: LinkKind) -> None:
        # In the comparison of two examinations a refused link is the normal case: the bar offers a link by hand.
        refused = self._synchroniser.changed(viewport, frozenset({kind}))
        if self._hung.arrangement is Arrangement.MPR:
            for one in refused:
                self.refused.emit(one.error)

    def _shown(self) -> dict[ViewportId, Shown]:
        volumes = ((viewport, state, self.volume(viewport)) for viewport, state in self._states.items())
        return {viewport: Shown(state, volume) for viewport, state, volume in volumes if volume is not None}

    def _set(self, state: ViewState) -> None:
        if self._states.get(state.viewport) != state:
            self._states[state.viewport] = state
            self.view_changed.emit(state.viewport)

    def _set_layout(self, layout: Layout) -> None:
        self._layout = layout
        self.layout_changed.emit(layout)
