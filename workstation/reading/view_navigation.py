"""Moves what the viewports of a case show: by the pointer and keys, to a mark, to an image."""

from collections.abc import Callable
from dataclasses import replace

from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.identifiers import InstanceUID, ViewportId
from viewers.image.presets import preset_window
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume
from viewers.signal import Signal
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.turning import turned_back
from viewers.state.view_state import ViewState, VolumeReference
from viewers.tools.intents import (
    MoveCrosshair,
    NavigationIntent,
    ScrollBy,
    ScrollTo,
    SetLayer,
    SetWindow,
    WindowByRegion,
    target,
)
from workstation.reading.arrangement import Crosshair
from workstation.reading.view_changes import after, place_of
from workstation.reading.view_links import ViewLinks
from workstation.reading.view_store import ViewStore


class ViewNavigation:
    """Applies what the reader does to one viewport; linked ones follow. ``show_in`` opens a volume in a viewport."""

    def __init__(
        self,
        store: ViewStore,
        links: ViewLinks,
        show_in: Callable[[ViewportId, VolumeReference], None],
        refused: Signal[ReaderError],
    ) -> None:
        self._store = store
        self._links = links
        self._show_in = show_in
        self._refused = refused

    def navigate(self, viewport: ViewportId, intent: NavigationIntent) -> None:
        """Apply an intent, in device pixels of the viewport, and let linked viewports follow."""
        store, viewport = self._store, target(intent, viewport)
        state, volume, shown = store.state(viewport), store.volume(viewport), store.resolved(viewport)
        if state is None or volume is None or shown is None:
            return
        if isinstance(intent, MoveCrosshair) and not volume.is_spatial:
            return
        try:
            new = after(state, intent, volume, shown)
        except ReaderError as error:
            self._refused.emit(error)
            return
        store.set(new)
        match intent:
            case SetLayer():
                self.lay_over(viewport, lambda state: replace(state, fused=new.fused))
            case SetWindow() | WindowByRegion():
                self._links.follow(viewport, LinkKind.WINDOW)
            case MoveCrosshair(point):
                self._links.point_at(viewport, Crosshair(point, volume.frame_of_reference))
            case ScrollBy() | ScrollTo():
                self._scrolled(new, volume)

    def _scrolled(self, state: ViewState, volume: Volume) -> None:
        """Let the shared point move with the plane that is scrolled, or linked stacks; other planes stay."""
        kind = KINDS[state.kind]
        point = kind.point(state, volume)
        if kind.slice_index(state, volume) is None and point is not None:
            self._links.point_at(state.viewport, Crosshair(point, volume.frame_of_reference))
        else:
            self._links.follow(state.viewport, LinkKind.POSITION)

    def change(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Apply a change of presentation (invert, turn, flip, reset) to one viewport; linked ones share its window."""
        state = self._store.state(viewport)
        if state is not None:
            self._store.set(change(state))
            self._links.follow(viewport, LinkKind.WINDOW)

    def lay_over(self, viewport: ViewportId, change: Callable[[ViewState], ViewState]) -> None:
        """Change volume, layer and colours of a viewport, and alike those of the planes through the same volume."""
        state = self._store.state(viewport)
        if state is None:
            return
        new = change(state)
        for other, before in tuple(self._store.states.items()):
            if other == viewport:
                self._store.set(new)
            elif before.volume == state.volume and self._is_plane(before) and self._is_plane(state):
                self._store.set(_laid_over(before, new))

    def reset_planes(self, viewport: ViewportId) -> None:
        """Turn all planes of the volume in a viewport back to how they were hung."""
        store, here = self._store, self._store.state(viewport)
        for state in tuple(store.states.values()):
            volume, shown = store.volume(state.viewport), store.resolved(state.viewport)
            if here is not None and state.volume == here.volume and volume is not None and shown is not None:
                store.set(turned_back(state, volume, shown))

    def preset(self, viewport: ViewportId, preset_id: str) -> None:
        """Show a viewport, and those linked with it, with the window of a preset."""
        volume, shown = self._store.volume(viewport), self._store.resolved(viewport)
        if volume is None or shown is None:
            return
        try:
            window = preset_window(preset_id, volume, shown.window)
        except ReaderError as error:
            self._refused.emit(error)
            return
        self.navigate(viewport, SetWindow(window))

    def go_to(self, mark: Annotation) -> bool:
        """Show the image of a mark, in a viewport on its series or else in the active one; false if it is not here."""
        viewport = self.go_to_image(mark.instance, mark.frame_index)
        state = None if viewport is None else self._store.state(viewport)
        volume = None if viewport is None else self._store.volume(viewport)
        if viewport is None or state is None or volume is None:
            return False
        if KINDS[state.kind].slice_index(state, volume) is None and mark.frame_of_reference is not None:
            count = len(mark.points_lps)
            x, y, z = (sum(point[axis] for point in mark.points_lps) / count for axis in range(3))
            self.navigate(viewport, MoveCrosshair((x, y, z)))
        return True

    def go_to_image(self, instance: InstanceUID, frame_index: int) -> ViewportId | None:
        """Show one image and return the viewport that shows it; ``None`` where no volume holds it."""
        place = place_of(self._store.volumes, instance, frame_index)
        if place is None:
            return None
        reference, k = place
        viewport = self._store.showing(reference)
        if viewport is None:
            viewport = self._store.layout.active
            self._show_in(viewport, reference)
        state, volume = self._store.states[viewport], self._store.volumes[reference]
        if KINDS[state.kind].slice_index(state, volume) is not None:
            self._store.set(replace(state, slice_index=k))
            self._links.follow(viewport, LinkKind.POSITION)
        else:
            self.navigate(viewport, MoveCrosshair(slice_plane(volume, k).centre_lps))
        return viewport

    def _is_plane(self, state: ViewState) -> bool:
        volume, kind = self._store.volume(state.viewport), KINDS[state.kind]
        return volume is not None and kind.cuts_others and kind.slice_index(state, volume) is None


def _laid_over(state: ViewState, example: ViewState) -> ViewState:
    """Return the state with volume, layer, colours and windows of another one, at its own place."""
    return replace(
        state,
        volume=example.volume,
        window=example.window,
        voi_function=example.voi_function,
        inverted=example.inverted,
        quantity=example.quantity,
        colours=example.colours,
        fused=example.fused,
    )
