"""Planes and slabs by vtkImageReslice: what a picture of ours is measured against, never what a reader sees."""

import math

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkImagingColor import vtkImageMapToWindowLevelColors
from vtkmodules.vtkImagingCore import vtkImageReslice

from viewers.geometry.plane import ImagePlane
from viewers.image.description import Window
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from viewers.scene.offscreen import image_of


class PlainReslice:
    """The pipeline of VTK on one regular volume of int16, which is shared; linear interpolation, all its threads."""

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._spacing = np.linalg.norm(volume.affine[:3, :3], axis=0)
        self._reslice = vtkImageReslice()
        self._reslice.SetInputData(image_of(volume))
        self._reslice.SetOutputDimensionality(2)
        self._reslice.SetInterpolationModeToLinear()
        self._reslice.SetBackgroundLevel(float(np.iinfo(np.int16).min))
        self._window = vtkImageMapToWindowLevelColors()
        self._window.SetInputConnection(self._reslice.GetOutputPort())
        self._window.SetOutputFormatToLuminance()

    def picture(self, plane: ImagePlane, window: Window, slab: Slab | None = None) -> NDArray[np.uint8]:
        """Return the display values of ``plane``, shape (height, width); black outside. Slabs are maxima."""
        reslice = self._reslice
        reslice.SetResliceAxes(_matrix(axes_in_volume(self._volume, plane)))
        steps = math.ceil(slab.thickness_mm / float(self._spacing.min())) if slab else 0
        reslice.SetSlabNumberOfSlices(steps + 1)
        if slab is not None and slab.projection is Projection.MAXIMUM:
            reslice.SetSlabModeToMax()
        across = slab.thickness_mm / steps if slab and steps else 1.0
        reslice.SetOutputSpacing(plane.spacing_mm, plane.spacing_mm * plane.aspect, across)
        reslice.SetOutputOrigin(0.0, 0.0, 0.0)
        reslice.SetOutputExtent(0, plane.width - 1, 0, plane.height - 1, 0, 0)
        self._window.SetWindow(window.width / self._volume.slope)
        self._window.SetLevel((window.centre - self._volume.intercept) / self._volume.slope)
        self._window.Update()
        scalars = self._window.GetOutput().GetPointData().GetScalars()
        return np.frombuffer(scalars, dtype=np.uint8).reshape(plane.height, plane.width)


def axes_in_volume(volume: Volume, plane: ImagePlane) -> NDArray[np.float64]:
    """Return a plane in the volume's own frame, mm along its rows, columns and slices from the first voxel.

    The columns of the (4, 4) matrix are the directions of the rows, of the columns, the normal, and the first pixel.
    """
    axes = np.eye(4)
    axes[:3, 0], axes[:3, 1], axes[:3, 2] = plane.row_direction, plane.column_direction, plane.normal
    axes[:3, 3] = plane.origin_lps
    rigid = volume.affine.copy()
    rigid[:3, :3] /= np.linalg.norm(volume.affine[:3, :3], axis=0)
    found: NDArray[np.float64] = np.linalg.inv(rigid) @ axes
    return found


def _matrix(axes: NDArray[np.float64]) -> vtkMatrix4x4:
    matrix = vtkMatrix4x4()
    matrix.DeepCopy(tuple(float(number) for number in axes.reshape(-1)))
    return matrix
