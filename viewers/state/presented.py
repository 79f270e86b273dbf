"""A presentation state laid under what the reader asks for: its window until he sets one, his turns on top of its own.

It reaches only the images that it names; every other slice of the same stack stays as it is.
Source: PS3.3 C.10.4, C.10.6, C.11.6; PS3.4 N.2.
"""

from dataclasses import replace

from viewers.geometry.plane import Orientation
from viewers.graphics.presentation import Presentation, PresentationState
from viewers.identifiers import ViewportId
from viewers.image.conversion import of_stored
from viewers.image.description import VoiFunction, Window
from viewers.image.volume import Volume
from viewers.state.framing import displayed, fit, own_plane, pixel_aspect
from viewers.state.kinds.registry import KINDS
from viewers.state.kinds.stack import shown_slice
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewState

_UPRIGHT = Orientation((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
_NOBODY = ViewState(ViewportId(""))


def presented(state: ViewState, volume: Volume, size: ViewportSize, applied: PresentationState | None) -> ViewState:
    """Return the view state that shows a slice as the presentation state wants it; the same one where it is silent."""
    shown = None if applied is None else presentation_of(state, volume, applied)
    if shown is None:
        return state
    turned = _turned(state, shown)
    meant = _meant(volume, shown)
    if meant is not None and state.window is None:
        turned = replace(turned, window=meant[0], voi_function=meant[1])
    if shown.is_inverted is not None:
        # The state says what is white at the end: what the image says of itself does not count any more.
        turned = replace(turned, inverted=state.inverted != (shown.is_inverted != volume.inverted))
    return _placed(turned, volume, size, shown)


class PresentedVolumes:
    """Volumes with the shutter and the table of a presentation state, made once for each slice that has them.

    The voxels are shared: only what is painted differs, never what is measured.
    """

    def __init__(self) -> None:
        self._applied: PresentationState | None = None
        self._made: dict[tuple[int, int], tuple[Volume, Volume]] = {}

    def of(self, state: ViewState, volume: Volume, applied: PresentationState | None) -> Volume:
        """Return the volume as a viewport paints it; the same one where the state has nothing to add."""
        if applied is not self._applied:
            self._applied = applied
            self._made.clear()
        shown = None if applied is None else presentation_of(state, volume, applied)
        if shown is None or (shown.shutter is None and (shown.table is None or not is_whole(volume, shown))):
            return volume
        k = shown_slice(state, volume)
        key = (id(volume), k)
        if key not in self._made:
            self._made[key] = (volume, _painted(volume, k, shown))
        return self._made[key][1]


def is_whole(volume: Volume, shown: Presentation) -> bool:
    """Whether the window that a presentation state wants can be had with the values of a volume."""
    return shown.window is None or _meant(volume, shown) is not None


def _meant(volume: Volume, shown: Presentation) -> tuple[Window, VoiFunction] | None:
    return None if shown.window is None else of_stored(shown.window, shown.voi_function, shown.rescale, volume)


def _painted(volume: Volume, k: int, shown: Presentation) -> Volume:
    shutters = volume.shutters
    if shown.shutter is not None:
        own = list(shutters or [None] * len(volume.sources))
        own[k] = shown.shutter
        shutters = tuple(own)
    return replace(
        volume,
        shutters=shutters,
        presentation=(shown.table if is_whole(volume, shown) else None) or volume.presentation,
    )


def presentation_of(state: ViewState, volume: Volume, applied: PresentationState) -> Presentation | None:
    """Return what a presentation state says of the slice that a stack shows."""
    k = KINDS[state.kind].slice_index(state, volume)
    if k is None:
        return None
    source = volume.sources[k]
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
    own = own_plane(volume, shown_slice(state, volume))
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
