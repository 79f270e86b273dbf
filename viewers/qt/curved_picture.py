"""The pixels of a curved picture and of the section across its path, each computed once per change."""

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewers.geometry.centreline import Centreline
from viewers.geometry.plane import ImagePlane, Orientation, plane_about
from viewers.image.bands import Bands
from viewers.image.curved import StraightGrid, cross_section_axes, sample_straightened
from viewers.image.pixels import apply_window
from viewers.image.reslice import sample_window
from viewers.qt.content import ViewportContent
from viewers.state.curved_look import CurvedLook
from viewers.state.resolved import CurvedView, ResolvedView

# A picture that takes longer than this at full resolution is drawn at half while something is being dragged.
_SLOW_S = 0.025
# The side of the section, as a part of the shorter side of the viewport.
_SECTION_PART = 0.36


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """The section across the path, with the plane that it lies in."""

    image: QImage
    plane: ImagePlane


class CurvedPictures:
    """The last pictures of one viewport."""

    def __init__(self, bands: Bands) -> None:
        self._bands = bands
        self._key: object = None
        self._image: QImage | None = None
        self._section_key: object = None
        self._section: Section | None = None
        self._full_s = 0.0

    def straightened(self, content: ViewportContent, line: Centreline, grid: StraightGrid) -> QImage:
        """Return the picture of ``grid``, or of every other pixel of it while something is dragged and it is slow.

        Raises
        ------
        ImageError
            The view asked for cannot be made of this volume.
        """
        coarse = content.is_coarse and self._full_s > _SLOW_S
        key = (_without_pointer(content.resolved), id(content.volume), content.revision, coarse)
        if self._image is None or key != self._key:
            started = time.perf_counter()
            self._image = _painted(content, line, _halved(grid) if coarse else grid, self._bands)
            self._key = key
            if not coarse:
                self._full_s = time.perf_counter() - started
        return self._image

    def section(self, content: ViewportContent, line: Centreline, grid: StraightGrid, along_mm: float) -> Section:
        """Return the section across the path, of the scale of the picture."""
        key = (content.resolved, id(content.volume), content.revision)
        if self._section is None or key != self._section_key:
            self._section = _section(content, line, grid, along_mm, self._bands)
            self._section_key = key
        return self._section

    def forget(self) -> None:
        """Let go of the pixels."""
        self._key = self._image = self._section_key = self._section = None


def _without_pointer(resolved: ResolvedView) -> ResolvedView:
    """Return the view without what changes no pixel: where the pointer is, which stretch is measured."""
    view = resolved.curved
    if view is None:
        return resolved
    curve = CurvedLook(view.curve.points_lps, view.curve.turned_degrees)
    return replace(resolved, curved=CurvedView(curve, view.grid))


def _painted(content: ViewportContent, line: Centreline, grid: StraightGrid, bands: Bands) -> QImage:
    resolved, volume = content.resolved, content.volume
    values = sample_straightened(volume, line, grid, resolved.slab, bands)
    shown = apply_window(values, resolved.window, resolved.voi_function, resolved.inverted, volume.presentation)
    return _grey(shown)


def _section(content: ViewportContent, line: Centreline, grid: StraightGrid, along_mm: float, bands: Bands) -> Section:
    resolved, volume = content.resolved, content.volume
    side = max(1, round(min(grid.width, grid.height) * _SECTION_PART))
    right, down = cross_section_axes(line, along_mm, grid.turned_degrees)
    plane = plane_about(line.point_at(along_mm), Orientation(right, down), grid.spacing_mm, side, side)
    shown = sample_window(volume, plane, resolved.window, resolved.voi_function, resolved.inverted, bands=bands)
    return Section(_grey(shown), plane)


def _grey(shown: NDArray[np.uint8]) -> QImage:
    height, width = shown.shape
    return QImage(np.ascontiguousarray(shown).data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def _halved(grid: StraightGrid) -> StraightGrid:
    return replace(
        grid,
        first_along_mm=grid.along_of(0.5),
        first_down_mm=grid.first_down_mm + grid.spacing_mm / 2,
        spacing_mm=grid.spacing_mm * 2.0,
        width=max(1, grid.width // 2),
        height=max(1, grid.height // 2),
    )
