"""Off-screen windows of VTK, the voxels that they show, and the pixels that come out."""

import sys
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import (
    vtkDataArray,
    vtkFloatArray,
    vtkIntArray,
    vtkShortArray,
    vtkUnsignedCharArray,
    vtkUnsignedShortArray,
)
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter
from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

from viewers.geometry.frame import FloatArray
from viewers.image.volume import Volume
from viewers.scene.errors import RenderingUnavailable
from viewers.scene.gridded import Voxels

Picture = NDArray[np.uint8]

# The VTK array of each type that voxels may have.
_ARRAYS: Mapping[np.dtype[np.generic], type[vtkDataArray]] = MappingProxyType(
    {
        np.dtype(np.uint8): vtkUnsignedCharArray,
        np.dtype(np.int16): vtkShortArray,
        np.dtype(np.uint16): vtkUnsignedShortArray,
        np.dtype(np.int32): vtkIntArray,
        np.dtype(np.float32): vtkFloatArray,
    }
)


def open_window(renderer: vtkRenderer) -> vtkRenderWindow:
    """Return a window that nobody sees, with what it shows.

    Raises
    ------
    RenderingUnavailable
        The machine gives no off-screen OpenGL.
    """
    # EGL needs no display and shares nothing with Qt's own contexts; elsewhere VTK's default window does.
    window = vtkEGLRenderWindow() if sys.platform == "linux" else vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    if not window.SupportsOpenGL():
        raise RenderingUnavailable("no off-screen OpenGL")
    window.AddRenderer(renderer)
    return window


def close_window(window: vtkRenderWindow, renderer: vtkRenderer) -> None:
    """Free the window, its context and what it shows; closing twice is harmless."""
    renderer.RemoveAllViewProps()
    window.RemoveRenderer(renderer)
    window.Finalize()


def picture_of(window: vtkRenderWindow) -> Picture:
    """Return what was rendered last, shape (height, width, 3), RGB, first row at the top."""
    width, height = window.GetSize()
    grabber = vtkWindowToImageFilter()
    grabber.SetInput(window)
    grabber.ReadFrontBufferOff()
    grabber.Update()
    pixels = np.frombuffer(grabber.GetOutput().GetPointData().GetScalars(), dtype=np.uint8)
    return np.ascontiguousarray(pixels.reshape(height, width, 3)[::-1])


def image_over(voxels: Voxels, spacing_ijk_mm: FloatArray) -> vtkImageData:
    """Return an image over the voxels, which are not copied and must outlive it."""
    scalars = _ARRAYS[voxels.dtype]()
    scalars.SetVoidArray(voxels.reshape(-1), voxels.size, 1)
    image = vtkImageData()
    image.SetDimensions(voxels.shape[2], voxels.shape[1], voxels.shape[0])
    image.SetSpacing(*spacing_ijk_mm.tolist())
    image.GetPointData().SetScalars(scalars)
    return image


def image_of(volume: Volume) -> vtkImageData:
    """Return the voxels of a regular volume, which are shared, in the volume's own frame."""
    return image_over(volume.voxels, np.asarray(np.linalg.norm(volume.affine[:3, :3], axis=0)))
