"""Volume rendering by VTK's mapper as it comes, every voxel and no choice: what ours is measured against."""

from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkRenderingCore import vtkColorTransferFunction, vtkRenderer, vtkVolume, vtkVolumeProperty
from vtkmodules.vtkRenderingVolume import vtkGPUVolumeRayCastMapper

from viewers.image.volume import Volume
from viewers.scene.offscreen import Picture, close_window, image_of, open_window, picture_of
from viewers.scene.presets import TransferFunction


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
        self._start = self._renderer.GetActiveCamera().GetPosition()
        self._window = open_window(self._renderer)

    def render(self, width: int, height: int, degrees: float) -> None:
        """Draw what is seen when turned by some degrees from the start, to the last pixel."""
        self._window.SetSize(width, height)
        eye = self._renderer.GetActiveCamera()
        eye.SetPosition(*self._start)
        eye.Azimuth(degrees)
        self._renderer.ResetCameraClippingRange()
        self._window.Render()
        self._window.WaitForCompletion()

    def picture(self, width: int, height: int, degrees: float) -> Picture:
        """Return what ``render`` draws, shape (height, width, 3), first row at the top."""
        self.render(width, height, degrees)
        return picture_of(self._window)

    def close(self) -> None:
        """Free the window and the hold on the voxels."""
        close_window(self._window, self._renderer)
