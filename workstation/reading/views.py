"""What every viewport of an open case is asked to show, and how a change of one is taken over by others.

Lives on the thread of the model. A change is announced once for each viewport that changed; the window resolves and
paints. Nothing but the reader's own acts changes a viewport that shows something.
"""

from collections.abc import Callable, Mapping

from viewers.errors import ReaderError
from viewers.geometry.frame import Vector3
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.pixels import default_window
from viewers.image.presets import preset_window
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.layout import Layout
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.rules import LinkKind, Shown
from viewers.sync.synchroniser import Link, Synchroniser
from viewers.tools.intents import MoveCrosshair, NavigationIntent, ScrollBy, SetWindow
from workstation.reading.arrangement import Arrangement, Hung, hang
from workstation.reading.view_archive import read_views, write_views
from workstation.reading.view_changes import after

_KINDS: Mapping[type, LinkKind] = {
    SetWindow: LinkKind.WINDOW,
    ScrollBy: LinkKind.POSITION,
    MoveCrosshair: LinkKind.CROSSHAIR,
}


class Views:
    """The view states of one case."""

    def __init__(self) -> None:
        self._hung: Hung = hang(Arrangement.STACK, None, None, middle_slices={})
        self._layout = self._hung.layout
        self._states: dict[ViewportId, ViewState] = {}
        self._volumes: dict[VolumeReference, Volume] = {}
        self._fitted: dict[VolumeReference, Window] = {}
        self._sizes: dict[ViewportId, ViewportSize] = {}
        self._current: VolumeReference | None = None
        self._prior: VolumeReference | None = None
        self._synchroniser = Synchroniser(self._shown, self._set)
        self.crosshair_lps: Vector3 | None = None
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

    def state(self, viewport: ViewportId) -> ViewState | None:
        """Return what a viewport is asked to show."""
        return self._states.get(viewport)

    def volume(self, viewport: ViewportId) -> Volume | None:
        """Return the volume in a viewport."""
        state = self._states.get(viewport)
        return self._volumes.get(state.volume) if state and state.volume else None

    def resolved(self, viewport: ViewportId) -> ResolvedView | None:
        """Return what a viewport shows, or ``None`` where it is empty or has no size yet."""
        state, volume, size = self._states.get(viewport), self.volume(viewport), self._sizes.get(viewport)
        if state is None or volume is None or size is None or state.volume is None:
            return None
        return resolve(state, volume, size, self._fitted[state.volume])

    def put(self, volumes: tuple[Volume, ...]) -> None:
        """Make volumes known; viewports that wait for one of them show it."""
        for volume in volumes:
            reference = VolumeReference(volume.series, volume.index)
            self._volumes[reference] = volume
            self._fitted[reference] = default_window(volume)
            for viewport, state in self._states.items():
                if state.volume == reference:
                    self.view_changed.emit(viewport)

    def open(self, current: VolumeReference, prior: VolumeReference | None = None) -> None:
        """Hang a volume of the current study, and perhaps one of a prior, in the chosen arrangement."""
        self._current, self._prior = current, prior if prior is not None else self._prior
        self.arrange(self._hung.arrangement)

    def arrange(self, arrangement: Arrangement) -> None:
        """Hang what is open in another way; a volume without geometry cannot be cut into planes."""
        current = self._volumes.get(self._current) if self._current else None
        if arrangement is Arrangement.MPR and current is not None and not current.is_spatial:
            arrangement = Arrangement.STACK
        middles = {reference: volume.voxels.shape[0] // 2 for reference, volume in self._volumes.items()}
        self._hung = hang(arrangement, self._current, self._prior, middle_slices=middles, crosshair=self.crosshair_lps)
        self._show(self._hung.layout, self._hung.states)

    def show_in(self, viewport: ViewportId, reference: VolumeReference) -> None:
        """Show a volume as a stack in one viewport, by the reader's own act."""
        volume = self._volumes.get(reference)
        middle = volume.voxels.shape[0] // 2 if volume is not None else 0
        self._set(ViewState(viewport, ViewKind.STACK, reference, middle))

    def resize(self, viewport: ViewportId, size: ViewportSize) -> None:
        """Take note of a viewport's size."""
        if self._sizes.get(viewport) != size:
            self._sizes[viewport] = size
            self.view_changed.emit(viewport)

    def navigate(self, viewport: ViewportId, intent: NavigationIntent) -> None:
        """Apply an intent of the pointer and let linked viewports follow."""
        state, volume, shown = self._states.get(viewport), self.volume(viewport), self.resolved(viewport)
        if state is None or volume is None or shown is None:
            return
        if isinstance(intent, MoveCrosshair):
            self.crosshair_lps = intent.point
        self._set(after(state, intent, volume, shown))
        kind = _KINDS.get(type(intent))
        if kind is not None:
            self._follow(viewport, kind)

    def change(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Apply a change of presentation (invert, turn, flip, reset) to one viewport."""
        state = self._states.get(viewport)
        if state is not None:
            self._set(change(state))

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

    def go_to(self, point_lps: Vector3, series: SeriesUID) -> None:
        """Bring every viewport on ``series`` to a point."""
        for viewport, state in self._states.items():
            if state.volume is not None and state.volume.series == series:
                self.navigate(viewport, MoveCrosshair(point_lps))
                return

    def activate(self, viewport: ViewportId) -> None:
        """Make one viewport the one that keys act on."""
        if viewport != self._layout.active:
            self._set_layout(self._layout.activated(viewport))

    def toggle_enlarged(self, viewport: ViewportId) -> None:
        """Enlarge one viewport, or show the grid again."""
        self._set_layout(self._layout.toggled(viewport))

    def archive(self) -> str:
        """Return the states as versioned JSON, to be kept with the draft."""
        return write_views(self._hung.arrangement, self._layout, tuple(self._states.values()), self.crosshair_lps)

    def restore(self, archived: str) -> None:
        """Hang what was archived, exactly; an archive that cannot be read changes nothing."""
        found = read_views(archived)
        if found is None:
            return
        self.crosshair_lps = found.crosshair_lps
        self._hung = Hung(found.arrangement, found.layout, found.states)
        self._show(found.layout, found.states)

    def _show(self, layout: Layout, states: tuple[ViewState, ...]) -> None:
        self._states = {state.viewport: state for state in states}
        self._synchroniser.links = _links(self._hung)
        self._layout = layout
        self.layout_changed.emit(layout)
        for viewport in layout.viewports:
            self.view_changed.emit(viewport)

    def _follow(self, viewport: ViewportId, kind: LinkKind) -> None:
        # In the comparison of two examinations a refused link is the normal case, told by the crosshair's absence.
        refused = self._synchroniser.changed(viewport, frozenset({kind}))
        if self._hung.arrangement is Arrangement.MPR:
            for one in refused:
                self.refused.emit(one.error)
        if kind is LinkKind.CROSSHAIR:
            for other in self._states:
                self.view_changed.emit(other)

    def _shown(self) -> Mapping[ViewportId, Shown]:
        shown: dict[ViewportId, Shown] = {}
        for viewport, state in self._states.items():
            volume = self.volume(viewport)
            if volume is not None:
                shown[viewport] = Shown(state, volume)
        return shown

    def _set(self, state: ViewState) -> None:
        if self._states.get(state.viewport) != state:
            self._states[state.viewport] = state
            self.view_changed.emit(state.viewport)

    def _set_layout(self, layout: Layout) -> None:
        self._layout = layout
        self.layout_changed.emit(layout)


def _links(hung: Hung) -> tuple[Link, ...]:
    viewports = frozenset(state.viewport for state in hung.states)
    kinds = [LinkKind.CROSSHAIR, LinkKind.WINDOW]
    if hung.arrangement is Arrangement.COMPARE:
        kinds.append(LinkKind.POSITION)
    return tuple(Link(kind, viewports) for kind in kinds) if len(viewports) > 1 else ()
