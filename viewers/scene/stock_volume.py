"""Volume rendering by VTK's mapper as it comes, every voxel and no choice: what ours is measured against."""

from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkRenderingCore import vtkColorTransferFunction, vtkRenderer, vtkVolume, vtkVolumeProperty
from vtkmodules.vtkRenderingVolume import vtkGPUVolumeRayCastMapper

from viewers.image.volume import Volume
from viewers.scene.plain_reslice import image_of
from viewers.scene.presets import TransferFunction
from viewers.scene.volume_rendering import open_window


class StockVolume:
    """One regular volume of int16, which is shared, in one look. Close it to free the window."""

    def __init__(self, volume: Volume, function: TransferFunction) -> None:
        colour, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
        for value, rgb in function.colours:
            colour.AddRGBPoint((value - volume.intercept) / volume.slope, *rgb)
        for value, alpha in function.opacities:
            opacity.AddPoint((value - volume.intercept) / volume.slope, alpha)
        look = vtkVolumeProperty()
        look.SetInterpolationTypeToLinear()
        look.SetColor(colour)
        look.SetScalarOpacity(opacity)
        look.ShadeOn()
        mapper = vtkGPUVolumeRayCastMapper()
        mapper.SetInputData(image_of(volume))
        shown = vtkVolume()
        shown.SetMapper(mapper)
        shown.SetProperty(look)
        self._renderer = vtkRenderer()
        self._renderer.AddVolume(shown)
        self._renderer.GetActiveCamera().ParallelProjectionOn()
        self._renderer.ResetCamera()
        self._window = open_window()
        self._window.AddRenderer(self._renderer)

    def render(self, width: int, height: int, degrees: float) -> None:
        """Turn by some degrees and draw, to the last pixel."""
        self._window.SetSize(width, height)
        self._renderer.GetActiveCamera().Azimuth(degrees)
        self._renderer.ResetCameraClippingRange()
        self._window.Render()
        self._window.WaitForCompletion()

    def close(self) -> None:
        """Free the window and the hold on the voxels."""
        self._renderer.RemoveAllViewProps()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
