"""Volume rendering by VTK into an off-screen window; the picture comes out as numbers.

One OpenGL context per rendering, used on the thread that made it. Projections are made by the GPU mapper everywhere.
Shaded looks are too where a projection, measured first, shows that OpenGL is fast; on software OpenGL the fixed-point
mapper, which leaps over air, takes a twentieth of the time (512 × 512 × 99, 300² pixels, bone: 0.3 s for 5.5 s).
Slices must be regular: a picture through a gap would look whole. The voxels are shared with the volume unless padding
must be taken out of them.
"""

import sys
import time
from collections.abc import Mapping
from types import MappingProxyType, TracebackType

import numpy as np
from numpy.typing import NDArray
from vtkmodules import (
    vtkRenderingVolumeOpenGL2,  # noqa: F401  registers the GPU mapper
)
from vtkmodules.vtkCommonCore import (
    vtkDataArray,
    vtkFloatArray,
    vtkIntArray,
    vtkShortArray,
    vtkUnsignedCharArray,
    vtkUnsignedShortArray,
)
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkRenderer,
    vtkRenderWindow,
    vtkVolume,
    vtkVolumeProperty,
    vtkWindowToImageFilter,
)
from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow
from vtkmodules.vtkRenderingVolume import (
    vtkFixedPointVolumeRayCastMapper,
    vtkGPUVolumeRayCastMapper,
    vtkVolumeMapper,
)

from viewers.geometry.frame import added, scaled
from viewers.geometry.plane import ImagePlane
from viewers.image.slices import is_regular
from viewers.image.volume import Volume
from viewers.scene.errors import RenderingRefused, RenderingUnavailable
from viewers.scene.presets import TransferFunction
from viewers.state.camera import VolumeCamera, camera_plane, radius_mm
from viewers.state.volume_look import ClippingBox

Picture = NDArray[np.uint8]

# A shaded picture takes some ten times as long as this probe, which must stay well below a tenth of a second.
_PROBE_PIXELS = 96
_FAST_S = 0.02
# Light that comes from everywhere, so that the shaded side of a bone is not lost, and from the reader.
_AMBIENT = 0.35
_DIFFUSE = 0.8

# The longest side, in voxels, of what is rendered on a machine without a quick GPU.
_SLOW_SIDE = 256

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


class VolumeRendering:
    """One volume in one off-screen window. Close it, or use it in a ``with`` block, to free the graphics memory.

    Raises
    ------
    RenderingRefused
        The slices of the volume do not make one regular grid in patient space.
    RenderingUnavailable
        The machine gives no off-screen OpenGL.
    """

    def __init__(self, volume: Volume) -> None:
        if not volume.is_spatial or volume.voxels.ndim != 3 or not is_regular(volume):
            raise RenderingRefused("volume rendering asked of an irregular, colour or placeless volume")
        self._volume = volume
        self._radius_mm = radius_mm(volume)
        self._box = ClippingBox()
        self._rescale = (float(volume.slope), float(volume.intercept))
        self._window = _open_window()
        self._voxels = _without_padding(volume)
        self._reduced, step = _reduced(self._voxels)
        self._image = _image(self._reduced, step)
        self._is_quick: bool | None = None
        self._by_gpu = vtkGPUVolumeRayCastMapper()
        self._by_gpu.SetInputData(self._image)
        self._shaded: vtkVolumeMapper | None = None
        self._mapper: vtkVolumeMapper = self._by_gpu
        self._actor = _actor(volume, self._by_gpu)
        self._renderer = vtkRenderer()
        self._renderer.AddVolume(self._actor)
        self._window.AddRenderer(self._renderer)

    def __enter__(self) -> "VolumeRendering":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def show(self, function: TransferFunction) -> None:
        """Use a transfer function from the next picture on."""
        slope, intercept = self._rescale
        colour, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
        for value, rgb in function.colours:
            colour.AddRGBPoint((value - intercept) / slope, *rgb)
        for value, alpha in function.opacities:
            opacity.AddPoint((value - intercept) / slope, alpha)
        look = vtkVolumeProperty()
        look.SetInterpolationTypeToLinear()
        look.SetColor(colour)
        look.SetScalarOpacity(opacity)
        look.SetShade(function.is_shaded)
        look.SetAmbient(_AMBIENT)
        look.SetDiffuse(_DIFFUSE)
        self._actor.SetProperty(look)
        self._renderer.SetBackground(*function.background)
        if self._is_quick is None:
            self._choose()
        if function.is_projection:
            self._by_gpu.SetBlendModeToMaximumIntensity()
            self._use(self._by_gpu)
            return
        if self._shaded is None:
            self._shaded = self._by_gpu if self._is_quick else _leaping_mapper(self._image)
        self._shaded.SetBlendModeToComposite()
        self._use(self._shaded)

    def clip(self, box: ClippingBox) -> None:
        """Show only a part of the volume from the next picture on."""
        self._box = box
        _crop(self._mapper, box, self._volume)

    def picture(self, camera: VolumeCamera, width: int, height: int) -> Picture:
        """Return the rendered picture, shape (height, width, 3), RGB, first row at the top."""
        self._window.SetSize(width, height)
        self._aim(camera_plane(self._volume, camera, width, height))
        self._window.Render()
        grabber = vtkWindowToImageFilter()
        grabber.SetInput(self._window)
        grabber.ReadFrontBufferOff()
        grabber.Update()
        pixels = np.frombuffer(grabber.GetOutput().GetPointData().GetScalars(), dtype=np.uint8)
        return np.ascontiguousarray(pixels.reshape(height, width, 3)[::-1])

    def close(self) -> None:
        """Free the window, the context and the hold on the voxels; closing twice is harmless."""
        self._renderer.RemoveAllViewProps()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
        # Actor and mapper hold the image over the voxels until they go.
        self._actor = vtkVolume()
        self._mapper = self._by_gpu = vtkGPUVolumeRayCastMapper()
        self._shaded = None
        self._image = vtkImageData()
        self._voxels = self._reduced = np.empty(0, dtype=np.int16)

    def _choose(self) -> None:
        """Show every voxel where the machine is quick, else what a window can wait for."""
        self._is_quick = self._is_fast()
        if self._is_quick and self._reduced is not self._voxels:
            self._image = _image(self._voxels, (1, 1, 1))
            self._by_gpu.SetInputData(self._image)
            self._reduced = self._voxels

    def _is_fast(self) -> bool:
        """Measure a small projection, the second one: the first loads the voxels and compiles the shaders."""
        self._by_gpu.SetBlendModeToMaximumIntensity()
        self._actor.SetMapper(self._by_gpu)
        took = 0.0
        for _ in range(2):
            started = time.perf_counter()
            self.picture(VolumeCamera(), _PROBE_PIXELS, _PROBE_PIXELS)
            took = time.perf_counter() - started
        return took < _FAST_S

    def _use(self, mapper: vtkVolumeMapper) -> None:
        self._mapper = mapper
        self._actor.SetMapper(mapper)
        _crop(mapper, self._box, self._volume)

    def _aim(self, seen: ImagePlane) -> None:
        eye = self._renderer.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(*seen.centre_lps)
        eye.SetPosition(*added(seen.centre_lps, scaled(seen.normal, -2.0 * self._radius_mm)))
        eye.SetViewUp(*scaled(seen.column_direction, -1.0))
        eye.SetParallelScale(seen.spacing_mm * seen.height / 2)
        self._renderer.ResetCameraClippingRange()


def _crop(mapper: vtkVolumeMapper, box: ClippingBox, volume: Volume) -> None:
    mapper.SetCropping(not box.is_whole)
    k, j, i = volume.voxels.shape[:3]
    mapper.SetCroppingRegionPlanes(*(edge for edges in box.bounds_ijk((k, j, i)) for edge in edges))
    mapper.SetCroppingRegionFlagsToSubVolume()


def _leaping_mapper(image: vtkImageData) -> vtkVolumeMapper:
    mapper = vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(image)
    mapper.SetAutoAdjustSampleDistances(False)
    return mapper


def _open_window() -> vtkRenderWindow:
    # EGL needs no display and shares nothing with Qt's own contexts; elsewhere VTK's default window does.
    window = vtkEGLRenderWindow() if sys.platform == "linux" else vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    if not window.SupportsOpenGL():
        raise RenderingUnavailable("no off-screen OpenGL")
    return window


def _without_padding(volume: Volume) -> NDArray[np.generic]:
    """Return the voxels; where some are padding or unknown, a copy in which they are as low as the lowest other."""
    voxels = volume.voxels
    padding = volume.padding_range
    if padding is None and voxels.dtype.kind != "f":
        return np.ascontiguousarray(voxels)
    unusable = np.zeros(voxels.shape, dtype=np.bool_)
    if voxels.dtype.kind == "f":
        unusable |= ~np.isfinite(voxels)
    if padding is not None:
        unusable |= (voxels >= padding[0]) & (voxels <= padding[1])
    if not unusable.any():
        return np.ascontiguousarray(voxels)
    usable = voxels[~unusable]
    return np.where(unusable, np.min(usable) if usable.size else 0, voxels).astype(voxels.dtype)


def _reduced(voxels: NDArray[np.generic]) -> tuple[NDArray[np.generic], tuple[int, int, int]]:
    """Return every n-th voxel along each axis, so few that a slow machine bears them, and the steps (k, j, i)."""
    k, j, i = (max(1, -(-size // _SLOW_SIDE)) for size in voxels.shape)
    if (k, j, i) == (1, 1, 1):
        return voxels, (1, 1, 1)
    return np.ascontiguousarray(voxels[::k, ::j, ::i]), (k, j, i)


def _image(voxels: NDArray[np.generic], step: tuple[int, int, int]) -> vtkImageData:
    """Return an image over the voxels, which are not copied and must outlive it; ``step`` (k, j, i) in whole voxels."""
    scalars = _ARRAYS[voxels.dtype]()
    scalars.SetVoidArray(voxels.reshape(-1), voxels.size, 1)
    image = vtkImageData()
    image.SetDimensions(voxels.shape[2], voxels.shape[1], voxels.shape[0])
    image.SetSpacing(step[2], step[1], step[0])
    image.GetPointData().SetScalars(scalars)
    return image


def _actor(volume: Volume, mapper: vtkGPUVolumeRayCastMapper) -> vtkVolume:
    placed = vtkMatrix4x4()
    placed.DeepCopy(tuple(float(number) for number in volume.affine.reshape(-1)))
    actor = vtkVolume()
    actor.SetMapper(mapper)
    actor.SetUserMatrix(placed)
    return actor
