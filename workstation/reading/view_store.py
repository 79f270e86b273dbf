"""The store of an open case's view states and of the volumes that they show. Lives on the thread of the model."""

from collections.abc import Collection, Mapping

from viewers.graphics.presentation import PresentationState
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.pixels import default_window
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.fusion import fused
from viewers.state.kinds.registry import KINDS
from viewers.state.layout import Layout, grid
from viewers.state.presented import presented
from viewers.state.quantities import ReadVolumes, of_quantity
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewState, VolumeReference
from viewers.sync.shown import Shown
from workstation.reading.arrangement import Crosshair
from workstation.reading.shown_images import ShownImages
from workstation.reading.view_changes import places


class ViewStore:
    """Holds the grid, the state of each viewport and the volumes; every change is announced once per viewport."""

    def __init__(self) -> None:
        self._layout = grid(1, 1)
        self._states: dict[ViewportId, ViewState] = {}
        self._volumes: dict[VolumeReference, Volume] = {}
        self._fitted: dict[VolumeReference, Window] = {}
        self._read = ReadVolumes()
        self._sizes: dict[ViewportId, ViewportSize] = {}
        self.subjects: Mapping[SeriesUID, str] = {}
        self.crosshair: Crosshair | None = None
        self.shown = ShownImages()
        self.presentation: PresentationState | None = None
        self.view_changed: Signal[ViewportId] = Signal()
        self.layout_changed: Signal[Layout] = Signal()

    @property
    def layout(self) -> Layout:
        """The grid of viewports."""
        return self._layout

    @property
    def states(self) -> Mapping[ViewportId, ViewState]:
        """What each viewport is asked to show."""
        return self._states

    @property
    def volumes(self) -> Mapping[VolumeReference, Volume]:
        """The volumes that have been put."""
        return self._volumes

    def state(self, viewport: ViewportId) -> ViewState | None:
        """Return what a viewport is asked to show."""
        return self._states.get(viewport)

    def volume(self, viewport: ViewportId) -> Volume | None:
        """Return the volume in a viewport, in the quantity that it is read in."""
        return self._read.of(self._states.get(viewport), self._volumes)

    def resolved(self, viewport: ViewportId) -> ResolvedView | None:
        """Return what a viewport shows, or ``None`` where it is empty or has no size yet."""
        state, volume, size = self._states.get(viewport), self.volume(viewport), self._sizes.get(viewport)
        if state is None or volume is None or size is None or state.volume is None:
            return None
        asked, fitted = of_quantity(state, volume), None if state.quantity else self._fitted[state.volume]
        view = resolve(presented(asked, volume, size, self.presentation), volume, size, fitted)
        over = self.layer(viewport)
        return view if state.fused is None or over is None else fused(view, state.fused, volume, over)

    def layer(self, viewport: ViewportId) -> Volume | None:
        """Return the volume that is laid over the one in a viewport, in the quantity that it is read in."""
        state = self._states.get(viewport)
        if state is None or state.fused is None or state.volume is None:
            return None
        if self.subject(state.fused.volume.series) != self.subject(state.volume.series):
            return None
        return self._read.named(state.fused.volume, state.fused.quantity, self._volumes)

    def shown_now(self) -> dict[ViewportId, Shown]:
        """Return state and volume of each viewport that shows one."""
        volumes = ((viewport, state, self.volume(viewport)) for viewport, state in self._states.items())
        return {
            viewport: Shown(state, volume, self._sizes.get(viewport), self.subject(volume.series))
            for viewport, state, volume in volumes
            if volume is not None
        }

    def subject(self, series: SeriesUID) -> str:
        """Return whose body a series shows, as an opaque name; one of which nothing is known is nobody else's."""
        return self.subjects.get(series, series if self.subjects else "")

    def seen(self) -> dict[VolumeReference, ViewState]:
        """Return what is on screen of each volume; the active viewport's word counts most."""
        placed = [state for state in self._states.values() if KINDS[state.kind].cuts_others]
        states = sorted(placed, key=lambda state: state.viewport == self._layout.active)
        return {state.volume: state for state in states if state.volume is not None}

    def showing(self, reference: VolumeReference) -> ViewportId | None:
        """Return a visible viewport that is asked to show a volume, the active one first."""
        order = (self._layout.active, *self._layout.visible)
        shown = (viewport for viewport in order if viewport in self._states)
        showing = (viewport for viewport in shown if self._states[viewport].volume == reference)
        return next((viewport for viewport in showing if KINDS[self._states[viewport].kind].cuts_others), None)

    def middle_slices(self) -> dict[VolumeReference, int]:
        """Return the index of the middle slice of each volume."""
        return {reference: volume.voxels.shape[0] // 2 for reference, volume in self._volumes.items()}

    def replace_volumes(self, fresh: Mapping[VolumeReference, Volume]) -> dict[VolumeReference, Volume]:
        """Put all volumes of some series in place of those known of them, and return these."""
        series = {reference.series for reference in fresh}
        before = {reference: volume for reference, volume in self._volumes.items() if reference.series in series}
        self._volumes = {one: volume for one, volume in self._volumes.items() if one not in before} | dict(fresh)
        kept = {place: self._fitted[one] for one, place in places(before, fresh).items()}
        self._fitted = {one: window for one, window in self._fitted.items() if one not in before} | {
            one: default_window(volume) if volume.is_complete or one not in kept else kept[one]
            for one, volume in fresh.items()
        }
        self.shown.knowing(fresh.values())
        return before

    def withdraw(self, series: Collection[SeriesUID]) -> None:
        """Let go of the volumes of some series: their viewports are empty at once."""
        self._volumes = {one: volume for one, volume in self._volumes.items() if one.series not in series}
        self._fitted = {one: window for one, window in self._fitted.items() if one.series not in series}
        self.shown.forget(series)
        self._read.forget()
        self.crosshair = None
        for viewport, state in self._states.items():
            if any(one.series in series for one in state.volumes):
                self.view_changed.emit(viewport)

    def set(self, state: ViewState) -> None:
        """Ask one viewport to show something."""
        if self._states.get(state.viewport) != state:
            self.renew(state)

    def renew(self, state: ViewState) -> None:
        """Ask one viewport to show something, perhaps the same of other pixels: announced in any case."""
        self._states[state.viewport] = state
        self.view_changed.emit(state.viewport)

    def replace_states(self, states: Collection[ViewState]) -> None:
        """Ask for these states and no other; the caller announces the layout that they stand in."""
        self._states = {state.viewport: state for state in states}

    def set_layout(self, layout: Layout) -> None:
        """Show another grid, or another active viewport."""
        self._layout = layout
        self.layout_changed.emit(layout)

    def resize(self, viewport: ViewportId, size: ViewportSize) -> None:
        """Take note of a viewport's size."""
        if self._sizes.get(viewport) != size:
            self._sizes[viewport] = size
            self.view_changed.emit(viewport)

    def present(self, presentation: PresentationState | None) -> None:
        """Apply a presentation state to the images that it names, or none."""
        before, self.presentation = self.presentation, presentation
        for viewport in self._states if before is not presentation else ():
            self.view_changed.emit(viewport)
