"""Planes by vtkImageResliceMapper in an off-screen window: what others show, and what ours are measured against."""

from vtkmodules.vtkCommonCore import vtkLookupTable
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkRenderingCore import vtkImageProperty, vtkImageSlice, vtkRenderer
from vtkmodules.vtkRenderingImage import vtkImageResliceMapper

from viewers.geometry.frame import Vector3, added, as_vector, scaled, subtracted
from viewers.geometry.plane import ImagePlane
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.scene.offscreen import Picture, close_window, image_of, open_window, picture_of
from viewers.scene.plain_reslice import axes_in_volume

# How far before the plane the eye is, mm; parallel projection makes it no matter of size.
_AWAY_MM = 1000.0


class StockSlices:
    """One regular volume of int16, which is shared, and perhaps a second one over it, half clear, in red to yellow.

    Close it to free the window.

    Raises
    ------
    RenderingUnavailable
        The machine gives no off-screen OpenGL.
    """

    def __init__(self, volume: Volume, over: Volume | None = None) -> None:
        self._volume = volume
        self._renderer = vtkRenderer()
        self._window = open_window(self._renderer)
        self._plane = vtkPlane()
        self._looks = [self._added(one) for one in (volume, over) if one is not None]
        if over is not None:
            self._looks[1].SetOpacity(0.5)
            self._looks[1].SetLookupTable(_warm_colours())
            self._looks[1].UseLookupTableScalarRangeOff()

    def render(self, plane: ImagePlane, window: Window) -> None:
        """Draw ``plane`` in a window of modality values, to the last pixel."""
        self._window.SetSize(plane.width, plane.height)
        axes = axes_in_volume(self._volume, plane)
        across, down, away = (as_vector(axes[:3, axis]) for axis in range(3))
        half = ((plane.width - 1) / 2 * plane.spacing_mm, (plane.height - 1) / 2 * plane.spacing_mm * plane.aspect)
        middle = added(as_vector(axes[:3, 3]), added(scaled(across, half[0]), scaled(down, half[1])))
        self._plane.SetOrigin(*middle)
        self._plane.SetNormal(*away)
        self._aim(middle, down, away, plane.height * plane.spacing_mm * plane.aspect / 2)
        for look in self._looks:
            look.SetColorWindow(window.width / self._volume.slope)
            look.SetColorLevel((window.centre - self._volume.intercept) / self._volume.slope)
        self._window.Render()
        self._window.WaitForCompletion()

    def picture(self, plane: ImagePlane, window: Window) -> Picture:
        """Return what ``render`` draws, shape (height, width, 3), first row at the top."""
        self.render(plane, window)
        return picture_of(self._window)

    def close(self) -> None:
        """Free the window and the hold on the voxels."""
        close_window(self._window, self._renderer)

    def _added(self, volume: Volume) -> vtkImageProperty:
        mapper = vtkImageResliceMapper()
        mapper.SetInputData(image_of(volume))
        mapper.SetSlicePlane(self._plane)
        mapper.BorderOn()
        look = vtkImageProperty()
        look.SetInterpolationTypeToLinear()
        shown = vtkImageSlice()
        shown.SetMapper(mapper)
        shown.SetProperty(look)
        self._renderer.AddViewProp(shown)
        return look

    def _aim(self, middle: Vector3, down: Vector3, away: Vector3, half_height_mm: float) -> None:
        eye = self._renderer.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(*middle)
        eye.SetPosition(*subtracted(middle, scaled(away, _AWAY_MM)))
        eye.SetViewUp(*scaled(down, -1.0))
        eye.SetParallelScale(half_height_mm)
        self._renderer.ResetCameraClippingRange()


def _warm_colours() -> vtkLookupTable:
    table = vtkLookupTable()
    table.SetHueRange(0.0, 0.15)
    table.SetValueRange(0.0, 1.0)
    table.Build()
    return table
