"""From a step of a protocol to the states of its viewports, and what changes of them as more becomes known. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.state.view_state import ViewState, VolumeReference
from workstation.reading.arrangement import Crosshair
from workstation.reading.protocols.hanging import HungPane, HungStep, state_of
from workstation.reading.view_changes import through

Volumes = Mapping[VolumeReference, Volume]


def states_of(step: HungStep, volumes: Volumes, crosshair: Crosshair | None) -> tuple[ViewState, ...]:
    """Return the states of the viewports of a step; those without one are empty."""
    found = (_state(pane, volumes, crosshair) for pane in step.panes)
    return tuple(state for state in found if state is not None)


def newly_shown(
    step: HungStep,
    shown: Mapping[ViewportId, ViewState],
    volumes: Volumes,
    crosshair: Crosshair | None,
    *,
    has_acted: bool,
) -> tuple[ViewState, ...]:
    """Return the states of viewports that show another volume by what is known now, or were empty.

    Once the reader ``has_acted``, only empty ones are filled.
    """
    fresh: list[ViewState] = []
    for pane in step.panes:
        old = shown.get(pane.viewport)
        if old is not None and (has_acted or _shows(old, pane)):
            continue
        state = _state(pane, volumes, crosshair)
        if state is not None:
            fresh.append(state)
    return tuple(fresh)


def merged(
    here: HungStep, step: HungStep, shown: Mapping[ViewportId, ViewState], fresh: Sequence[ViewState]
) -> HungStep:
    """Return the step as it hangs: its new panes where they are shown, and elsewhere those that were there."""
    changed = {state.viewport for state in fresh}
    panes = []
    for pane in step.panes:
        state, old = shown.get(pane.viewport), here.pane(pane.viewport)
        if pane.viewport in changed or state is None:
            panes.append(pane)
        else:
            kept = old if old is not None and old.reference == state.volume else pane
            panes.append(replace(kept, reference=state.volume))
    return replace(step, panes=tuple(panes))


def placed_pane(pane: HungPane, volume: Volume, waiting: ViewState) -> ViewState:
    """Return what a viewport shows once its volume is here; what the reader changed while it waited is kept."""
    placed = state_of(pane, volume) or waiting
    return replace(placed, window=waiting.window or placed.window, inverted=waiting.inverted, fused=waiting.fused)


def as_first_shown(state: ViewState, pane: HungPane, volume: Volume) -> ViewState:
    """Return the state as its pane says, at the place that it has been brought to."""
    reset, hung = state.reset(), state_of(pane, volume)
    if hung is None or hung.kind is not state.kind:
        return reset
    return replace(
        reset,
        zoom=hung.zoom,
        window=hung.window,
        inverted=hung.inverted,
        flipped_horizontally=hung.flipped_horizontally,
        rotation_degrees=hung.rotation_degrees,
        against=hung.against,
    )


def through_shared_point(state: ViewState, volume: Volume, crosshair: Crosshair | None) -> ViewState:
    """Return the state through the shared point, where it means something in the volume."""
    if crosshair is None or not volume.is_spatial or volume.frame_of_reference != crosshair.space:
        return state
    return through(state, crosshair.point_lps, volume)


def _state(pane: HungPane, volumes: Volumes, crosshair: Crosshair | None) -> ViewState | None:
    volume = volumes.get(pane.reference) if pane.reference is not None else None
    state = state_of(pane, volume)
    return state if state is None or volume is None else through_shared_point(state, volume, crosshair)


def _shows(state: ViewState, pane: HungPane) -> bool:
    """Whether a viewport shows what the pane wants, whatever slice of it the reader has scrolled to."""
    if pane.reference is None:
        return True
    if pane.over is not None and state.fused is None:
        return False
    return state.volume == pane.reference and (pane.slice_index is None or state.slice_index == pane.slice_index)
