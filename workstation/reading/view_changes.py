"""What an intent of the pointer, another arrangement or a fuller volume makes of a view state: pure functions."""

from collections.abc import Mapping
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.geometry.frame import Vector3
from viewers.identifiers import InstanceUID
from viewers.image.errors import ColourRefused, NoSpace
from viewers.image.volume import Volume
from viewers.state.kinds.registry import KINDS
from viewers.state.resolved import ResolvedView
from viewers.state.view_state import ViewState, VolumeReference
from viewers.tools.intents import MoveCrosshair, NavigationIntent
from viewers.tools.navigated import navigated


def after(state: ViewState, intent: NavigationIntent, volume: Volume, shown: ResolvedView) -> ViewState:
    """Return the state after ``intent``, whose positions are device pixels of ``shown``, what is on screen now."""
    if isinstance(intent, MoveCrosshair):
        return through(state, intent.point, volume)
    return navigated(state, shown, volume, intent)


def through(state: ViewState, point: Vector3, volume: Volume) -> ViewState:
    """Return the state with its plane, or its nearest slice, through a point of the volume's space."""
    return KINDS[state.kind].through(state, volume, point)


def shown_slice(state: ViewState, volume: Volume) -> int:
    """Return which slice a stack shows."""
    last: int = volume.voxels.shape[0] - 1
    return min(max(state.slice_index, 0), last)


def point_shown(state: ViewState, volume: Volume) -> Vector3 | None:
    """Return a point in the picture: the crosshair where it lies there, else the middle; ``None`` without a space."""
    return KINDS[state.kind].point(state, volume)


def carried(new: ViewState, old: ViewState, volume: Volume) -> ViewState:
    """Return ``new`` with the place, the window and the layer that ``old`` showed of the same volume."""
    kept = replace(
        new,
        window=old.window,
        voi_function=old.voi_function,
        inverted=old.inverted,
        quantity=old.quantity,
        colours=old.colours,
        fused=old.fused,
    )
    point = point_shown(old, volume)
    kinds = KINDS[old.kind], KINDS[new.kind]
    if all(kind.slice_index(old, volume) is not None for kind in kinds):
        return replace(kept, slice_index=old.slice_index, centre_lps=old.centre_lps)
    return kept if point is None else through(kept, point, volume)


def refilled(state: ViewState, before: Volume, volumes: Mapping[VolumeReference, Volume]) -> ViewState:
    """Return the state that shows the same image in the fuller volumes of the same series.

    With more images the series may fall into other volumes than before: the state follows its image.
    """
    k = KINDS[state.kind].slice_index(state, before)
    seen = before.sources[k or 0]
    place = place_of(volumes, seen.instance, seen.frame_index)
    if place is None:
        return state
    reference, index = place
    moved = replace(state, volume=reference)
    return moved if k is None else replace(moved, slice_index=index)


def places(
    before: Mapping[VolumeReference, Volume], fresh: Mapping[VolumeReference, Volume]
) -> dict[VolumeReference, VolumeReference]:
    """Return where volumes lie in the fuller series, told by their first images: those alone that are in it.

    What names a volume without showing one image of it follows by this, or it would silently mean another one.
    """
    found: dict[VolumeReference, VolumeReference] = {}
    for reference, volume in before.items():
        place = place_of(fresh, volume.sources[0].instance, volume.sources[0].frame_index)
        if place is not None:
            found[reference] = place[0]
    return found


def with_layer_moved(state: ViewState, moved: Mapping[VolumeReference, VolumeReference]) -> ViewState:
    """Return the state with the same layer over it as before."""
    layer = state.fused
    if layer is None or layer.volume not in moved:
        return state
    return replace(state, fused=replace(layer, volume=moved[layer.volume]))


def place_of(
    volumes: Mapping[VolumeReference, Volume], instance: InstanceUID, frame_index: int
) -> tuple[VolumeReference, int] | None:
    """Return the volume that holds an image and the slice that it is, where one of them does."""
    for reference, volume in volumes.items():
        for k, source in enumerate(volume.sources):
            if (source.instance, source.frame_index) == (instance, frame_index):
                return reference, k
    return None


def why_no_planes(volume: Volume) -> ReaderError | None:
    """Return why a volume cannot be cut in planes, where it cannot."""
    if not volume.is_spatial:
        return NoSpace("planes of a volume without geometry")
    return ColourRefused("planes of a volume of colour") if volume.voxels.ndim != 3 else None
