"""Which volume is laid over the one shown, and how the two change places: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from viewers.geometry.rigid import RigidTransform
from viewers.image.colour_maps import COLOUR_MAPS, GREY, HOT_IRON
from viewers.image.quantity import UPTAKE
from viewers.image.volume import Volume
from viewers.state.errors import NothingToFuse
from viewers.state.fusion import why_not_fused
from viewers.state.kinds.registry import KINDS
from viewers.state.view_state import FusedLayer, ViewState, VolumeReference

# What shows function rather than form: it is laid over the other.
_EMISSION = frozenset({"PT", "NM"})
_LEAST_OPACITY, _MOST_OPACITY = 0.0, 1.0

# The way to each volume of the same person, ``None`` within one frame of reference.
Joined = Mapping[VolumeReference, RigidTransform | None]
IsSameStudy = Callable[[VolumeReference, VolumeReference], bool]


def partners(
    shown: VolumeReference, volumes: Mapping[VolumeReference, Volume], joined: Joined, is_same_study: IsSameStudy
) -> tuple[FusedLayer, ...]:
    """Return the volumes that may be laid over the one shown, or under it, as layers, the likeliest first.

    ``joined`` is where each volume of the same person lies, seen from the one shown. Emission goes with form and form
    with emission; the same study before others, uptake before counts, more slices before fewer.
    """
    base = volumes.get(shown)
    if base is None:
        return ()
    layers = [FusedLayer(one, way=way) for one, way in joined.items() if one != shown and one in volumes]
    fitting = [layer for layer in layers if why_not_fused(base, volumes[layer.volume], layer) is None]
    wanted = base.modality not in _EMISSION

    def rank(layer: FusedLayer) -> tuple[object, ...]:
        one = layer.volume
        volume = volumes[one]
        return (
            (volume.modality in _EMISSION) is not wanted,
            not is_same_study(shown, one),
            volume.modality != "PT" if wanted else volume.modality != "CT",
            volume.quantity not in UPTAKE,
            -volume.voxels.shape[0],
            one.series,
            one.index,
        )

    return tuple(sorted(fitting, key=rank))


def fused_with(
    state: ViewState, volumes: Mapping[VolumeReference, Volume], joined: Joined, is_same_study: IsSameStudy
) -> ViewState:
    """Return the state with the likeliest partner laid over its volume, or with its volume laid over the partner.

    Raises
    ------
    ReaderError
        There is none; the error says why where there is another volume at all.
    """
    shown = state.volume
    base = volumes.get(shown) if shown is not None else None
    if shown is None or base is None:
        raise NothingToFuse("nothing is shown")
    found = partners(shown, volumes, joined, is_same_study)
    if not found:
        emission = next((one for one in volumes if one != shown and volumes[one].modality in _EMISSION), None)
        refusal = None if emission is None else why_not_fused(base, volumes[emission])
        raise refusal or NothingToFuse("no volume of the same space and person")
    if base.modality in _EMISSION and volumes[found[0].volume].modality not in _EMISSION:
        below = replace(found[0], colours=GREY)
        return swapped(replace(state, fused=below, colours=state.colours or HOT_IRON), volumes)
    return replace(state, fused=found[0])


def with_next_partner(
    state: ViewState, volumes: Mapping[VolumeReference, Volume], joined: Joined, is_same_study: IsSameStudy
) -> ViewState:
    """Return the state with the next volume that fits as its layer; the same one where there is no other."""
    if state.volume is None or state.fused is None:
        return state
    found = partners(state.volume, volumes, joined, is_same_study)
    names = [layer.volume for layer in found]
    place = names.index(state.fused.volume) + 1 if state.fused.volume in names else 0
    if not found or names[place % len(found)] == state.fused.volume:
        return state
    wanted = found[place % len(found)]
    layer = replace(state.fused, volume=wanted.volume, way=wanted.way, window=None, quantity="")
    return replace(state, fused=layer)


def swapped(state: ViewState, volumes: Mapping[VolumeReference, Volume]) -> ViewState:
    """Return the state with volume and layer in each other's place, each in its own window, at the same point."""
    layer = state.fused
    base = volumes.get(state.volume) if state.volume is not None else None
    over = volumes.get(layer.volume) if layer is not None else None
    if layer is None or base is None or over is None or state.volume is None:
        return state
    back = None if layer.way is None else layer.way.inverse()
    turned = replace(
        state,
        volume=layer.volume,
        window=layer.window,
        voi_function=None,
        inverted=False,
        quantity=layer.quantity,
        colours="" if layer.colours == GREY else layer.colours,
        fused=FusedLayer(state.volume, state.colours or GREY, layer.opacity, state.window, state.quantity, back),
    )
    point = KINDS[state.kind].point(state, base)
    if point is None:
        return turned
    return KINDS[state.kind].through(turned, over, point if layer.way is None else layer.way.point(point))


def with_opacity(state: ViewState, change: float) -> ViewState:
    """Return the state with a layer that is more or less opaque."""
    if state.fused is None:
        return state
    opacity = min(max(round(state.fused.opacity + change, 2), _LEAST_OPACITY), _MOST_OPACITY)
    return replace(state, fused=replace(state.fused, opacity=opacity))


def in_next_colours(state: ViewState) -> ViewState:
    """Return the state with the next colour map: of the layer where there is one, else of the picture."""
    names = tuple(COLOUR_MAPS)
    if state.fused is not None:
        return replace(state, fused=replace(state.fused, colours=_after(names, state.fused.colours)))
    following = _after(("", *names), state.colours)
    return replace(state, colours=following)


def _after(names: tuple[str, ...], name: str) -> str:
    place = names.index(name) + 1 if name in names else 0
    return names[place % len(names)]
