"""A presentation state laid under what the reader asks for: its window until he sets one, his turns on top of its own.

It reaches only the images that it names; every other slice of the same stack stays as it is.
Source: PS3.3 C.10.4, C.10.6, C.11.6; PS3.4 N.2.
"""

from dataclasses import replace

from viewers.geometry.plane import Orientation
from viewers.graphics.presentation import Presentation, PresentationState
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.state.resolve import displayed, fit, own_plane, pixel_aspect
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState

_UPRIGHT = Orientation((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
_NOBODY = ViewState(ViewportId(""))


def presented(state: ViewState, volume: Volume, size: ViewportSize, applied: PresentationState | None) -> ViewState:
    """Return the view state that shows a slice as the presentation state wants it; the same one where it is silent."""
    shown = None if applied is None else presentation_of(state, volume, applied)
    if shown is None:
        return state
    turned = _turned(state, shown)
    if shown.window is not None and state.window is None:
        turned = replace(turned, window=shown.window, voi_function=shown.voi_function)
    if shown.is_inverted is not None:
        # The state says what is white at the end: what the image says of itself does not count any more.
        turned = replace(turned, inverted=state.inverted != (shown.is_inverted != volume.inverted))
    return _placed(turned, volume, size, shown)


def presentation_of(state: ViewState, volume: Volume, applied: PresentationState) -> Presentation | None:
    """Return what a presentation state says of the slice that a stack shows."""
    if state.kind is not ViewKind.STACK:
        return None
    source = volume.sources[min(max(state.slice_index, 0), len(volume.sources) - 1)]
    return applied.of(source.instance, source.frame_index)


def _turned(state: ViewState, shown: Presentation) -> ViewState:
    """Return the state with the turn and flip of both, the reader's last, as one flip and one turn."""
    # Turned, then flipped, is the same as flipped, then turned the other way. Source: PS3.3 C.10.6.
    degrees = -shown.rotation_degrees if shown.flipped_horizontally else shown.rotation_degrees
    theirs = replace(_NOBODY, flipped_horizontally=shown.flipped_horizontally, rotation_degrees=degrees % 360)
    wanted = displayed(displayed(_UPRIGHT, theirs), state)
    for flipped in (False, True):
        for turn in (0, 90, 180, 270):
            one = replace(_NOBODY, flipped_horizontally=flipped, rotation_degrees=turn)
            if displayed(_UPRIGHT, one) == wanted:
                return replace(state, flipped_horizontally=flipped, flipped_vertically=False, rotation_degrees=turn)
    return state


def _placed(state: ViewState, volume: Volume, size: ViewportSize, shown: Presentation) -> ViewState:
    """Return the state with the displayed area in the middle and as large as it is wanted."""
    own = own_plane(volume, min(max(state.slice_index, 0), len(volume.sources) - 1))
    left, top, right, bottom = shown.area or (-0.5, -0.5, own.width - 0.5, own.height - 0.5)
    across, down = own.spacing_mm, own.spacing_mm * own.aspect
    tall = down * (1.0 if volume.is_spatial else pixel_aspect(volume))
    whole = _fitted((own.width * across, own.height * tall), size, state)
    part = _fitted(((right - left) * across, (bottom - top) * tall), size, state)
    if shown.magnification:
        part = across / shown.magnification
    aside = ((left + right) / 2 - (own.width - 1) / 2) * across
    below = ((top + bottom) / 2 - (own.height - 1) / 2) * down
    axes = displayed(_UPRIGHT, state)
    pan = tuple(
        kept - (aside * axis[0] + below * axis[1])
        for kept, axis in zip(state.pan, (axes.row_direction, axes.column_direction), strict=True)
    )
    return replace(state, zoom=state.zoom * whole / part, pan=(pan[0], pan[1]))


def _fitted(extent: tuple[float, float], size: ViewportSize, state: ViewState) -> float:
    width, height = extent[::-1] if state.rotation_degrees % 180 == 90 else extent
    return fit((width, height), size, 1.0)
