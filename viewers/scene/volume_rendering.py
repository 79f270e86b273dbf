"""Volume rendering by VTK into an off-screen window; the picture comes out as numbers.

One OpenGL context per rendering, used on the thread that made it. Projections are made by the GPU mapper everywhere.
Shaded looks are too where a projection, measured first, shows that OpenGL is fast; on software OpenGL the fixed-point
mapper, which leaps over air, takes a twentieth of the time (512 × 512 × 99, 300² pixels, bone: 0.3 s for 5.5 s).
The voxels are shared with the volume where its slices are regular and hold no padding.
"""

import time
from types import TracebackType

import numpy as np
from vtkmodules import (
    vtkRenderingVolumeOpenGL2,  # noqa: F401  registers the GPU mapper
)
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkRenderer,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingVolume import (
    vtkFixedPointVolumeRayCastMapper,
    vtkGPUVolumeRayCastMapper,
    vtkVolumeMapper,
)

from viewers.geometry.frame import FloatArray, added, scaled
from viewers.geometry.plane import ImagePlane
from viewers.image.volume import Volume
from viewers.scene.errors import RenderingRefused
from viewers.scene.gridded import gridded, reducing
from viewers.scene.offscreen import Picture, close_window, image_over, open_window, picture_of
from viewers.scene.presets import TransferFunction
from viewers.state.camera import VolumeCamera, camera_plane, radius_mm
from viewers.state.scene_grid import SceneGrid, scene_grid
from viewers.state.volume_look import ClippingBox

# A shaded picture takes some ten times as long as this probe, which must stay well below a tenth of a second.
_PROBE_PIXELS = 96
_FAST_S = 0.02
# Light that comes from everywhere, so that the shaded side of a bone is not lost, and from the reader.
_AMBIENT = 0.35
_DIFFUSE = 0.8

# How often a fine picture looks at each voxel that a ray crosses.
_FINE_LOOKS = 2.0

# The longest side, in voxels, of what is rendered on a machine without a quick GPU.
_SLOW_SIDE = 256


class VolumeRendering:
    """One volume in one off-screen window. Close it, or use it in a ``with`` block, to free the graphics memory.

    ``is_quick`` says whether the machine renders every voxel in time; it is measured where nobody knows.

    Raises
    ------
    RenderingRefused
        The volume is in colour or has no place in the patient.
    RenderingUnavailable
        The machine gives no off-screen OpenGL.
    """

    def __init__(self, volume: Volume, is_quick: bool | None = None) -> None:
        if not volume.is_spatial or volume.voxels.ndim != 3:
            raise RenderingRefused("volume rendering asked of a colour or placeless volume")
        self._volume = volume
        self._radius_mm = radius_mm(volume)
        self._box = ClippingBox()
        self._rescale = (float(volume.slope), float(volume.intercept))
        self._renderer = vtkRenderer()
        self._window = open_window(self._renderer)
        self._grid = scene_grid(volume)
        self._steps = reducing(self._grid.shape_kji, _SLOW_SIDE)
        self._voxels = gridded(volume, self._grid, self._steps)
        self._image = image_over(self._voxels, self._spacing())
        self._known_to_be_quick = is_quick
        self._is_quick: bool | None = None
        self._by_gpu = vtkGPUVolumeRayCastMapper()
        self._by_gpu.SetInputData(self._image)
        self._shaded: vtkVolumeMapper | None = None
        self._mapper: vtkVolumeMapper = self._by_gpu
        self._actor = _actor(self._grid, self._by_gpu)
        self._renderer.AddVolume(self._actor)

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
        _crop(self._mapper, box, self._grid)

    def picture(self, camera: VolumeCamera, width: int, height: int, *, is_fine: bool = False) -> Picture:
        """Return the rendered picture, shape (height, width, 3), RGB, first row at the top.

        A fine one looks more often along each ray, which takes the rings off smooth surfaces.
        """
        self._look_each(float(self._spacing().min()) / (_FINE_LOOKS if is_fine else 1.0))
        self._window.SetSize(width, height)
        self._aim(camera_plane(self._volume, camera, width, height))
        self._window.Render()
        return picture_of(self._window)

    def close(self) -> None:
        """Free the window, the context and the hold on the voxels; closing twice is harmless."""
        close_window(self._window, self._renderer)
        # Actor and mapper hold the image over the voxels until they go.
        self._actor = vtkVolume()
        self._mapper = self._by_gpu = vtkGPUVolumeRayCastMapper()
        self._shaded = None
        self._image = vtkImageData()
        self._voxels = np.empty(0, dtype=np.int16)

    def _choose(self) -> None:
        """Show every voxel where the machine is quick, else what a window can wait for."""
        self._is_quick = self._is_fast() if self._known_to_be_quick is None else self._known_to_be_quick
        if self._is_quick and self._steps != (1, 1, 1):
            self._steps = (1, 1, 1)
            self._voxels = gridded(self._volume, self._grid, self._steps)
            self._image = image_over(self._voxels, self._spacing())
            self._by_gpu.SetInputData(self._image)

    def _spacing(self) -> FloatArray:
        return np.asarray(self._grid.spacing_ijk_mm * np.array(self._steps[::-1]), dtype=np.float64)

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

    def _look_each(self, distance_mm: float) -> None:
        if isinstance(self._mapper, vtkFixedPointVolumeRayCastMapper):
            self._mapper.SetSampleDistance(distance_mm)

    def _use(self, mapper: vtkVolumeMapper) -> None:
        self._mapper = mapper
        self._actor.SetMapper(mapper)
        _crop(mapper, self._box, self._grid)

    def _aim(self, seen: ImagePlane) -> None:
        eye = self._renderer.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(*seen.centre_lps)
        eye.SetPosition(*added(seen.centre_lps, scaled(seen.normal, -2.0 * self._radius_mm)))
        eye.SetViewUp(*scaled(seen.column_direction, -1.0))
        eye.SetParallelScale(seen.spacing_mm * seen.height / 2)
        self._renderer.ResetCameraClippingRange()


def _crop(mapper: vtkVolumeMapper, box: ClippingBox, grid: SceneGrid) -> None:
    mapper.SetCropping(not box.is_whole)
    bounds = np.array(box.bounds_ijk(grid.shape_kji)) * grid.spacing_ijk_mm[:, None]
    mapper.SetCroppingRegionPlanes(*bounds.reshape(-1).tolist())
    mapper.SetCroppingRegionFlagsToSubVolume()


def _leaping_mapper(image: vtkImageData) -> vtkVolumeMapper:
    mapper = vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(image)
    mapper.SetAutoAdjustSampleDistances(False)
    return mapper


def _actor(grid: SceneGrid, mapper: vtkGPUVolumeRayCastMapper) -> vtkVolume:
    # Lengths are in the image, so that surfaces are lit by their true slopes; the matrix only turns and moves it.
    turned = np.array(grid.affine)
    turned[:3, :3] /= grid.spacing_ijk_mm
    placed = vtkMatrix4x4()
    placed.DeepCopy(tuple(float(number) for number in turned.reshape(-1)))
    actor = vtkVolume()
    actor.SetMapper(mapper)
    actor.SetUserMatrix(placed)
    return actor
