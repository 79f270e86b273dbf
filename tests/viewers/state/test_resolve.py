"""What a viewport shows: computed, compared, never guessed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.phantoms import axial_grid, frame_of, left_marker, oblique_grid, ramp, stored, volume_of
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL
from viewers.identifiers import ViewportId
from viewers.image.assemble import assemble
from viewers.image.description import PixelFormat, SpacingSource, Window
from viewers.image.display import display_slice
from viewers.image.errors import NoSpace
from viewers.image.overlay import Overlay
from viewers.image.pixels import default_window
from viewers.image.regions import UltrasoundRegion, unit_of
from viewers.image.reslice import sample_plane
from viewers.image.sampling import Projection, Slab
from viewers.image.shutter import Shutter
from viewers.image.slices import slice_plane
from viewers.image.volume import FindingKind
from viewers.state.layout import Layout, grid
from viewers.state.resolve import resolve
from viewers.state.resolved import Mark, ViewportSize
from viewers.state.scroll import scrolled
from viewers.state.view_state import ViewKind, ViewState

SIZE = ViewportSize(200, 100)
STATE = ViewState(ViewportId("v1"))
VOLUME = volume_of(axial_grid([2.0 * k for k in range(20)], size=50), left_marker)
MPR = replace(STATE, kind=ViewKind.MPR, orientation=CORONAL)


def test_the_same_state_gives_the_same_picture() -> None:
    assert resolve(STATE, VOLUME, SIZE) == resolve(STATE, VOLUME, SIZE)
    assert hash(resolve(MPR, VOLUME, SIZE)) == hash(resolve(MPR, VOLUME, SIZE))
    assert resolve(replace(STATE, slice_index=3), VOLUME, SIZE) != resolve(STATE, VOLUME, SIZE)


def test_a_stack_fits_and_says_which_slice_it_is() -> None:
    view = resolve(replace(STATE, slice_index=4), VOLUME, SIZE)
    assert view.plane.spacing_mm == pytest.approx(0.5)
    assert (view.corners.slice_number, view.corners.slice_count) == (5, 20)
    assert view.corners.position_mm == pytest.approx(8.0)
    assert view.corners.position_side == "H"
    assert view.corners.zoom_percent == pytest.approx(200.0)
    assert view.window == Window(40.0, 400.0)
    assert view.scale_bar is not None
    assert (view.scale_bar.length_mm, view.scale_bar.length_pixels) == (20.0, 40.0)


@settings(max_examples=40, deadline=None)
@given(
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.3, 8.0),
    st.floats(-20, 20),
    st.booleans(),
)
def test_a_stack_drawn_by_its_transform_lies_where_the_plane_says(
    horizontal: bool, vertical: bool, rotation: int, zoom: float, pan: float, spatial: bool
) -> None:
    changes: dict[str, object] = {} if spatial else {"geometry": None, "row_spacing_mm": 0.8}
    volume = volume_of(oblique_grid(slices=3), ramp, **changes)
    state = replace(
        STATE,
        flipped_horizontally=horizontal,
        flipped_vertically=vertical,
        rotation_degrees=rotation,
        zoom=zoom,
        pan=(pan, -pan),
        slice_index=1,
    )
    view = resolve(state, volume, SIZE)
    assert view.image_to_viewport is not None
    a, b, c, d, e, f = view.image_to_viewport
    for column, row in ((0.0, 0.0), (59.0, 10.0), (7.5, 69.0)):
        x, y = a * column + b * row + c, d * column + e * row + f
        place = slice_plane(volume, 1).pixel_to_lps(column, row) if spatial else (column, row, 0.0)
        assert view.plane.pixel_to_lps(x, y) == pytest.approx(place, abs=1e-6)
    # On screen, a pixel keeps the proportions it has in the patient.
    wide, high = np.hypot(a, d), np.hypot(b, e)
    assert high / wide == pytest.approx(0.8 / 1.3)


def test_mpr_and_stack_show_the_same_side_on_the_same_side() -> None:
    shown = display_slice(VOLUME, 3, Window(500.0, 1000.0))
    assert shown[:, -1].min() > 200
    view = resolve(replace(MPR, orientation=AXIAL), VOLUME, SIZE)
    found = sample_plane(VOLUME, view.plane)
    middle = found[50]
    known = middle[~np.isnan(middle)]
    assert (known[0], known[-1]) == (0.0, 1000.0)
    assert view.edges is not None
    assert (view.edges.left, view.edges.right) == ("R", "L")


def test_panning_moves_the_picture_to_the_right_and_down() -> None:
    still, panned = resolve(MPR, VOLUME, SIZE), resolve(replace(MPR, pan=(10.0, 5.0)), VOLUME, SIZE)
    before, after = still.plane.lps_to_pixel((0.0, 0.0, 0.0)), panned.plane.lps_to_pixel((0.0, 0.0, 0.0))
    moved = np.array(after) - np.array(before)
    assert moved * still.plane.spacing_mm == pytest.approx([10.0, 5.0])


def test_images_without_a_place_open_each_with_its_own_window() -> None:
    grid_of_two = axial_grid([0.0, 1.0])
    frames = [
        replace(frame_of(grid_of_two, k, "DX"), geometry=None, windows=(Window(10.0 + k, 20.0),)) for k in range(2)
    ]
    (volume,) = assemble(frames, {(one.instance, 0): stored(grid_of_two, k, ramp) for k, one in enumerate(frames)})
    order = [source.instance for source in volume.sources]
    for frame in frames:
        state = replace(STATE, slice_index=order.index(frame.instance))
        assert resolve(state, volume, SIZE, default_window(volume)).window == frame.windows[0]


def test_the_plane_of_mpr_passes_through_the_point_asked_for() -> None:
    point = (3.0, -11.0, 21.0)
    for orientation in (AXIAL, CORONAL, SAGITTAL):
        view = resolve(replace(MPR, orientation=orientation, centre_lps=point), VOLUME, SIZE)
        assert view.plane.distance_mm(point) == pytest.approx(0.0, abs=1e-9)


def test_scrolling_stays_inside_and_counts_slices() -> None:
    state = replace(MPR, orientation=AXIAL)
    lowest = scrolled(state, VOLUME, -100)
    assert resolve(lowest, VOLUME, SIZE).corners.slice_number == 1
    assert lowest.centre_lps is not None
    assert lowest.centre_lps[2] == pytest.approx(0.0)
    assert resolve(scrolled(lowest, VOLUME, 3), VOLUME, SIZE).corners.slice_number == 4
    assert resolve(scrolled(lowest, VOLUME, 100), VOLUME, SIZE).corners.slice_number == 20
    assert scrolled(STATE, VOLUME, 100).slice_index == 19


def test_inversion_by_the_reader_and_by_the_image_cancel() -> None:
    volume = volume_of(axial_grid([0.0]), ramp, format=PixelFormat(64, 64, 1, 16, 12, False, "MONOCHROME1"))
    assert resolve(STATE, volume, SIZE).inverted
    assert not resolve(replace(STATE, inverted=True), volume, SIZE).inverted


def test_marks_tell_what_is_wrong_with_the_picture() -> None:
    gapped = volume_of(axial_grid([float(k) for k in range(20) if k != 9], size=16), ramp, lossy=True)
    gapped = replace(gapped, expected_slices=20)
    coronal = resolve(MPR, gapped, SIZE).marks
    assert coronal == (Mark.INCOMPLETE, Mark.PARTIAL, Mark.LOSSY, Mark.GAP)
    axial = replace(MPR, orientation=AXIAL, centre_lps=(0.0, 0.0, 5.0))
    assert Mark.PARTIAL not in resolve(axial, gapped, SIZE).marks
    thick = replace(axial, slab=Slab(8.0, Projection.MEAN))
    assert Mark.PARTIAL in resolve(thick, gapped, SIZE).marks
    assert resolve(STATE, VOLUME, SIZE).marks == ()


@pytest.mark.parametrize(
    ("positions", "thickness_mm", "is_told"),
    [
        ((0.0, 80.0), 5.0, True),
        ((0.0, 80.0), None, True),
        ((0.0, 10.0), 5.0, False),
        ((0.0, 10.0, 20.0, 30.0), 1.0, True),
        ((0.0, 2.0, 4.0), None, False),
    ],
)
def test_slices_far_apart_are_told_on_planes_through_them(
    positions: tuple[float, ...], thickness_mm: float | None, is_told: bool
) -> None:
    volume = volume_of(axial_grid(positions, size=16), ramp, thickness_mm=thickness_mm)
    assert (Mark.APART in resolve(MPR, volume, SIZE).marks) is is_told
    assert Mark.APART not in resolve(STATE, volume, SIZE).marks
    told = [finding.value for finding in volume.passport.of(FindingKind.APART)]
    assert told == ([pytest.approx(positions[1])] if is_told else [])


def test_a_plane_says_that_shutters_and_overlays_are_on_the_images_only() -> None:
    shuttered = volume_of(axial_grid([0.0, 1.0], size=16), ramp, shutter=Shutter(box=(2, 9, 2, 9)))
    plain = volume_of(axial_grid([0.0, 1.0], size=16), ramp)
    drawn_over = replace(plain, overlays=((Overlay.of(0x6000, np.eye(16)),), ()))
    for volume in (shuttered, drawn_over):
        assert Mark.IMAGES_ONLY in resolve(MPR, volume, SIZE).marks
        assert Mark.IMAGES_ONLY not in resolve(STATE, volume, SIZE).marks
    assert Mark.IMAGES_ONLY not in resolve(MPR, plain, SIZE).marks


def test_an_image_without_space_says_so_and_is_not_cut() -> None:
    flat = volume_of(axial_grid([0.0, 1.0]), ramp, geometry=None, spacing_source=SpacingSource.IMAGER)
    view = resolve(STATE, flat, SIZE)
    assert view.edges is None
    assert view.corners.position_mm is None
    assert set(view.marks) == {Mark.NO_GEOMETRY, Mark.AT_DETECTOR}
    with pytest.raises(NoSpace):
        resolve(MPR, flat, SIZE)
    unknown = volume_of(axial_grid([0.0]), ramp, row_spacing_mm=None, column_spacing_mm=None)
    assert resolve(STATE, unknown, SIZE).scale_bar is None
    assert Mark.NOT_CALIBRATED in resolve(STATE, unknown, SIZE).marks


def test_a_double_click_enlarges_and_brings_back() -> None:
    layout = grid(2, 2)
    second = layout.viewports[1]
    enlarged = layout.toggled(second)
    assert enlarged.visible == (second,)
    assert enlarged.activated(layout.viewports[0]).visible == (layout.viewports[0],)
    assert enlarged.toggled(second).visible == layout.viewports
    assert grid(1, 2, enlarged).active == second


def test_a_grid_that_is_not_filled_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="grid"):
        Layout(1, 2, (ViewportId("v1"),), ViewportId("v1"))
    with pytest.raises(ValueError, match="unknown"):
        Layout(1, 1, (ViewportId("v1"),), ViewportId("v2"))


@pytest.mark.parametrize("turned", [0, 90])
def test_a_circle_of_pixels_that_are_not_square_stays_a_circle_without_a_size(turned: int) -> None:
    changes = {"geometry": None, "row_spacing_mm": None, "column_spacing_mm": None, "pixel_aspect": 2.0}
    volume = volume_of(axial_grid([0.0]), ramp, **changes)
    view = resolve(replace(STATE, rotation_degrees=turned), volume, SIZE)
    assert view.image_to_viewport is not None
    a, b, _, d, e, _ = view.image_to_viewport
    assert np.hypot(b, e) / np.hypot(a, d) == pytest.approx(2.0)
    assert view.scale_bar is None


def test_ultrasound_regions_never_stretch_the_picture() -> None:
    region = UltrasoundRegion(0, 0, 63, 63, unit_of(3), unit_of(3), 0.2, 0.4)
    changes = {"geometry": None, "row_spacing_mm": None, "column_spacing_mm": None, "regions": (region,)}
    view = resolve(STATE, volume_of(axial_grid([0.0]), ramp, **changes), SIZE)
    assert view.image_to_viewport is not None
    a, b, _, d, e, _ = view.image_to_viewport
    assert np.hypot(b, e) == pytest.approx(np.hypot(a, d))


def test_slices_that_the_source_lacks_too_are_told_from_those_that_were_lost() -> None:
    gapped = volume_of(axial_grid([float(k) for k in range(20) if k != 9], size=16), ramp)
    assert Mark.GAP in resolve(STATE, gapped, SIZE).marks
    whole = replace(gapped, expected_slices=19)
    assert Mark.GAP_AT_SOURCE in resolve(STATE, whole, SIZE).marks
    assert Mark.GAP not in resolve(STATE, whole, SIZE).marks
