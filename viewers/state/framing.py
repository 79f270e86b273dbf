"""How a picture lies in a viewport: flipped, turned, fitted, zoomed and shifted."""

from dataclasses import replace

from viewers.geometry.frame import Vector3, added, scaled
from viewers.geometry.plane import ImagePlane, Orientation, plane_about
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume
from viewers.state.resolved import Transform, ViewportSize
from viewers.state.view_state import Against, ViewState


def displayed(orientation: Orientation, state: ViewState) -> Orientation:
    """Return the orientation as displayed: flipped, then turned clockwise."""
    across, down = orientation.row_direction, orientation.column_direction
    if state.flipped_horizontally:
        across = scaled(across, -1.0)
    if state.flipped_vertically:
        down = scaled(down, -1.0)
    for _ in range(state.rotation_degrees % 360 // 90):
        across, down = scaled(down, -1.0), across
    return Orientation(across, down)


def fit(extent: tuple[float, float], size: ViewportSize, zoom: float) -> float:
    """Return the length of one viewport pixel so that the extent fits, then zoomed."""
    return max(extent[0] / size.width, extent[1] / size.height) / zoom


def panned(centre: Vector3, shown: Orientation, state: ViewState) -> Vector3:
    """Return what lies in the middle of the viewport: a picture shifted to the right shows more of its left."""
    across, down = scaled(shown.row_direction, -state.pan[0]), scaled(shown.column_direction, -state.pan[1])
    return added(centre, added(across, down))


def own_plane(volume: Volume, k: int) -> ImagePlane:
    """Return slice ``k`` as a picture of its own pixels, in the space of the volume."""
    return slice_plane(volume, k) if volume.is_spatial else _pixel_space(volume)


def _pixel_space(volume: Volume) -> ImagePlane:
    height, width = volume.voxels.shape[1], volume.voxels.shape[2]
    return ImagePlane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0, width, height)


def pixel_aspect(volume: Volume) -> float:
    """Return the height of a pixel divided by its width."""
    spacing = volume.passport.spacing_kji_mm
    return volume.passport.pixel_aspect if spacing is None else spacing[1] / spacing[2]


def placed(own: ImagePlane, state: ViewState, size: ViewportSize, pixel_aspect: float) -> ImagePlane:
    """Return the viewport's plane over one slice; ``pixel_aspect`` is that of a space whose unit is the pixel."""
    shown = displayed(own.orientation, state)
    turned = state.rotation_degrees % 180 == 90
    width, height = own.width * own.spacing_mm, own.height * own.spacing_mm * own.aspect * pixel_aspect
    step = fit((height, width) if turned else (width, height), size, state.zoom)
    across, aspect = (step / pixel_aspect, pixel_aspect) if turned else (step, 1.0 / pixel_aspect)
    room = (size.width * across - (own.height * own.spacing_mm * own.aspect if turned else width)) / 2
    aside = {Against.LEFT: -room, Against.RIGHT: room, None: 0.0}[state.against]
    moved = replace(state, pan=(state.pan[0] + aside, state.pan[1]))
    return plane_about(panned(own.centre_lps, shown, moved), shown, across, size.width, size.height, aspect)


def transform_to(own: ImagePlane, plane: ImagePlane) -> Transform:
    zero = plane.lps_to_pixel(own.pixel_to_lps(0.0, 0.0))
    column = plane.lps_to_pixel(own.pixel_to_lps(1.0, 0.0))
    row = plane.lps_to_pixel(own.pixel_to_lps(0.0, 1.0))
    return (
        column[0] - zero[0],
        row[0] - zero[0],
        zero[0],
        column[1] - zero[1],
        row[1] - zero[1],
        zero[1],
    )
