"""Everything drawn over the pixels of one viewport, in the order from the back to the front."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewers.annotations.model import Annotation, Measurement
from viewers.geometry.plane import ImagePlane
from viewers.graphics.placing import Shown
from viewers.image.slices import nearest_slice
from viewers.qt.colour_bar import draw_colour_bar, scale_of
from viewers.qt.content import ViewportContent
from viewers.qt.corners import draw_corners, layer_lines, layer_marks, mark_lines, state_lines
from viewers.qt.cuts import draw_cuts, draw_tag
from viewers.qt.furniture import (
    MARGIN,
    draw_crosshair,
    draw_letters,
    draw_missing,
    draw_note,
    draw_reference_lines,
    draw_scale_bar,
    letter_places,
    scale_bar_place,
)
from viewers.qt.graphics import draw_layers
from viewers.qt.labels import ViewportLabels
from viewers.qt.mark_labels import label_of
from viewers.qt.marks import DrawnMark, draw_crossings, draw_marks
from viewers.qt.missing import missing_polygons
from viewers.qt.path_painter import draw_path
from viewers.qt.scroll_bar import beside_bar
from viewers.state.resolved import ResolvedView
from viewers.state.steps import step_mm
from viewers.tools.cuts import cut_lines
from viewers.tools.registry import TOOLS
from viewers.tools.view_plane import ViewPlane, ViewTarget

Measure = Callable[[Annotation], Measurement]

# A single slice without neighbours still has some depth for the marks made on it.
_LEAST_HALF_THICKNESS_MM = 0.1


def view_plane(content: ViewportContent, device_pixel_ratio: float) -> ViewPlane:
    """Return the plane of a viewport in its logical pixels, (0, 0) at its top left corner."""
    volume, resolved = content.volume, content.resolved
    k = resolved.slice_index
    if k is None:
        k = nearest_slice(volume, resolved.plane.centre_lps)
    source = volume.sources[k]
    space = volume.frame_of_reference if volume.is_spatial else None
    target = ViewTarget(volume.series, source.instance, source.frame_index, space)
    return ViewPlane(target, _logical(resolved.plane, device_pixel_ratio), _half_thickness_mm(content))


def draw_overlay(
    painter: QPainter,
    area: QRectF,
    content: ViewportContent,
    view: ViewPlane,
    marks: tuple[DrawnMark, ...],
    labels: ViewportLabels,
    *,
    with_handles: bool = False,
    probe: str = "",
) -> None:
    """Draw hatching, lines, marks, letters, scale and corner texts.

    ``with_handles`` to drag the lines by; ``probe`` is what is under the pointer.
    """
    resolved = content.resolved
    _draw_absences(painter, area, content, view, labels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    draw_reference_lines(painter, view.plane, content.reference_lines)
    if content.cuts:
        draw_cuts(painter, cut_lines(view, content.cuts, content.crosshair_lps), with_handles=with_handles)
    elif content.crosshair_lps is not None and view.is_near(content.crosshair_lps):
        draw_crosshair(painter, area, QPointF(*view.to_view(content.crosshair_lps)))
    if content.path is not None:
        draw_path(painter, view, content.path)
    if content.crosshair_note and content.crosshair_lps is not None and view.is_near(content.crosshair_lps):
        draw_note(painter, QPointF(*view.to_view(content.crosshair_lps)), content.crosshair_note)
    if content.number is not None:
        draw_tag(painter, area, content.number)
    told = beside_bar(area, resolved)
    inner = told.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    texts = draw_corners(
        painter,
        inner,
        content.identity,
        content.series,
        (*((probe,) if probe else ()), *layer_lines(resolved, labels), *state_lines(resolved, labels)),
        (*layer_marks(resolved, labels), *mark_lines(resolved, content.warnings, labels)),
        resolved.against,
    )
    scale = scale_of(resolved)
    if scale is not None:
        draw_colour_bar(painter, told, scale, labels)
    shown = Shown(content.volume, resolved.slice_index, view.plane, view.half_thickness_mm)
    drawn = draw_layers(painter, inner, view, content.layers, shown)
    in_hand = {mark.annotation.id for mark in marks}
    others = (one for one in content.annotations if one.tool in TOOLS and one.id not in in_hand)
    draw_crossings(painter, view, others, content.selected)
    length = _scale_length(resolved, view)
    furniture = (
        [] if resolved.edges is None else [place for _, place in letter_places(told, resolved.edges, resolved.against)]
    )
    if length:
        furniture.append(scale_bar_place(told, length))
    draw_marks(painter, inner, view, marks, (*texts, *drawn, *furniture))
    if resolved.edges is not None:
        draw_letters(painter, told, resolved.edges, resolved.against)
    if resolved.scale_bar is not None:
        text = labels.scale.format(mm=f"{resolved.scale_bar.length_mm:g}".replace(".", labels.decimal_point))
        draw_scale_bar(painter, told, length, text)


def _scale_length(resolved: ResolvedView, view: ViewPlane) -> float:
    """Return how long the scale bar is in logical pixels, 0 where there is none."""
    bar = resolved.scale_bar
    return 0.0 if bar is None else bar.length_pixels * resolved.plane.spacing_mm / view.plane.spacing_mm


def drawn_marks(
    content: ViewportContent, view: ViewPlane, preview: Annotation | None, measure: Measure, labels: ViewportLabels
) -> tuple[DrawnMark, ...]:
    """Return the marks that lie in the picture, the one in hand in place of the kept one, each with its label."""
    kept = tuple(one for one in content.annotations if preview is None or one.id != preview.id)
    shown = tuple(one for one in kept if one.tool in TOOLS and view.shows(one))
    found = [_drawn(one, one.id == content.selected, measure, labels) for one in shown]
    if preview is not None:
        found.append(_drawn(preview, True, measure, labels))
    return tuple(found)


def _drawn(annotation: Annotation, is_selected: bool, measure: Measure, labels: ViewportLabels) -> DrawnMark:
    return DrawnMark(annotation, label_of(measure(annotation), labels), is_selected)


def _logical(plane: ImagePlane, device_pixel_ratio: float) -> ImagePlane:
    return replace(
        plane,
        origin_lps=plane.pixel_to_lps(-0.5, -0.5),
        spacing_mm=plane.spacing_mm * device_pixel_ratio,
        width=max(1, round(plane.width / device_pixel_ratio)),
        height=max(1, round(plane.height / device_pixel_ratio)),
    )


def _half_thickness_mm(content: ViewportContent) -> float:
    resolved = content.resolved
    if not content.volume.is_spatial:
        return _LEAST_HALF_THICKNESS_MM
    thickness = step_mm(content.volume, resolved.plane.normal)
    if resolved.slab is not None:
        thickness = max(thickness, resolved.slab.thickness_mm)
    return max(_LEAST_HALF_THICKNESS_MM, thickness / 2)


def _draw_absences(
    painter: QPainter, area: QRectF, content: ViewportContent, view: ViewPlane, labels: ViewportLabels
) -> None:
    resolved: ResolvedView = content.resolved
    if resolved.slice_index is None:
        polygons = missing_polygons(content.volume, view.plane, content.absent_slices)
        draw_missing(painter, polygons, labels.missing_part)
    elif resolved.slice_index in content.absent_slices:
        corners = (area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft())
        draw_missing(painter, [tuple((corner.x(), corner.y()) for corner in corners)], labels.missing_slice)
    layer = resolved.fused
    if layer is not None and content.fused is not None:
        # The plane of the layer in logical pixels: of the same pixels as that of the picture, wherever it lies.
        plane = _logical(layer.plane, view.plane.spacing_mm / resolved.plane.spacing_mm)
        words = labels.missing_part_of_layer.format(modality=layer.modality)
        draw_missing(painter, missing_polygons(content.fused, plane), words)
