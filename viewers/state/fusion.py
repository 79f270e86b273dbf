"""A second volume laid over a picture: decided from the state, the picture and both volumes; pure."""

from dataclasses import replace

from viewers.errors import ReaderError
from viewers.geometry.plane import ImagePlane
from viewers.image.errors import ColourRefused, NoSpace
from viewers.image.pixels import default_window
from viewers.image.volume import Volume
from viewers.state.errors import NotOneSpace
from viewers.state.kinds.registry import KINDS
from viewers.state.marks import marks_of
from viewers.state.resolved import Mark, ResolvedLayer, ResolvedView
from viewers.state.view_state import FusedLayer, VolumeReference


def why_not_fused(base: Volume, over: Volume, layer: FusedLayer | None = None) -> ReaderError | None:
    """Return why ``over`` cannot be laid over ``base``, where it cannot; a layer with a way has one."""
    if not (base.is_spatial and over.is_spatial):
        return NoSpace("fusion of a volume without geometry")
    if over.voxels.ndim != 3:
        return ColourRefused("fusion of a volume of colour")
    is_declared = layer is not None and layer.way is not None
    space = base.frame_of_reference
    if not is_declared and (space is None or space != over.frame_of_reference):
        return NotOneSpace("fusion across frames of reference")
    return None


def fused(view: ResolvedView, layer: FusedLayer, base: Volume, over: Volume) -> ResolvedView:
    """Return the picture with the layer over it; the same one where it cannot be had, or where it is no plane."""
    if not KINDS[view.kind].cuts_others or why_not_fused(base, over, layer) is not None:
        return view
    plane = _moved(view.plane, layer)
    marks = marks_of(over, plane, view.slab, None)
    if layer.way is not None and base.frame_of_reference != over.frame_of_reference:
        marks = (Mark.LAID_APPROXIMATELY, *marks)
    resolved = ResolvedLayer(
        volume=VolumeReference(over.series, over.index),
        modality=over.modality,
        plane=plane,
        window=layer.window or default_window(over),
        voi_function=over.voi_function,
        colours=layer.colours,
        opacity=min(max(layer.opacity, 0.0), 1.0),
        quantity=over.quantity,
        marks=marks,
        passport=over.passport,
    )
    return replace(view, fused=resolved)


def _moved(plane: ImagePlane, layer: FusedLayer) -> ImagePlane:
    way = layer.way
    if way is None:
        return plane
    return replace(
        plane,
        origin_lps=way.point(plane.origin_lps),
        row_direction=way.direction(plane.row_direction),
        column_direction=way.direction(plane.column_direction),
    )
