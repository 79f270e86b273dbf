"""What viewports are asked to show, and how they follow each other."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.open_case import CURRENT, PRIOR, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.support.viewer_volumes import flat_volume
from viewers.annotations.model import Annotation
from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, ViewportId
from viewers.image.description import Window
from viewers.image.quantity import SUV_BODY_WEIGHT, SUV_LEAN_MASS
from viewers.image.quantity_kinds import Conversion
from viewers.image.volume import Volume
from viewers.state.quantities import in_next_quantity
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.sync.bridges.base import BridgeKind
from viewers.tools.intents import MoveCrosshair, PanBy, ScrollBy, SetWindow, ZoomBy
from workstation.reading.arrangement import Arrangement, Crosshair
from workstation.reading.view_archive import read_views
from workstation.reading.views import Views

V1, V2, V3 = ViewportId("v1"), ViewportId("v2"), ViewportId("v3")
REFERENCE, PRIOR_REFERENCE = VolumeReference(CURRENT), VolumeReference(PRIOR)
VOLUME = volume_of(axial_grid([float(z) for z in range(40)]), smooth)


def views_of(*volumes: Volume) -> Views:
    views = Views()
    for viewport in (V1, V2, V3):
        views.resize(viewport, ViewportSize(300, 200))
    views.priors = frozenset({PRIOR})
    views.put(volumes)
    views.open(REFERENCE)
    return views


def prior_volume(space: str | None = None, positions: range = range(40)) -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in positions]), smooth), PRIOR, space)


def state_of(views: Views, viewport: ViewportId) -> ViewState:
    state = views.state(viewport)
    assert state is not None
    return state


def slice_of(views: Views, viewport: ViewportId) -> int:
    return state_of(views, viewport).slice_index


def test_a_stack_begins_in_its_middle() -> None:
    assert slice_of(views_of(VOLUME), V1) == 20


def read_on(views: Views, viewport: ViewportId) -> ViewState:
    volume = views.volume(viewport)
    assert volume is not None
    views.change(viewport, lambda state: in_next_quantity(state, volume))
    return state_of(views, viewport)


def pet() -> Volume:
    conversions = (Conversion(0.5, 0.0, SUV_BODY_WEIGHT), Conversion(0.25, 0.0, SUV_LEAN_MASS))
    field = volume_of(axial_grid([0.0, 1.0, 2.0]), smooth, modality="PT", units="BQML", conversions=conversions)
    return as_series(field, CURRENT, None)


def test_uptake_is_read_in_each_of_its_quantities_with_the_window_of_each() -> None:
    views = views_of(pet())
    views.navigate(V1, SetWindow(Window(1.0, 2.0)))
    read = []
    for _ in range(3):
        read_on(views, V1)
        shown = views.resolved(V1)
        assert shown is not None
        read.append((shown.quantity.name, shown.window))
    assert [name for name, _ in read] == ["SUVlbm", "Bq/ml", "SUVbw"]
    assert [window for _, window in read][::2] == [Window(2.5, 5.0), Window(3.5, 7.0)]
    assert read[1][1].width == pytest.approx(399.0)


def test_all_planes_of_one_volume_change_their_quantity_together() -> None:
    views = views_of(pet())
    refused: list[ReaderError] = []
    views.refused.connect(refused.append)
    views.arrange(Arrangement.MPR)
    read_on(views, V1)
    assert {shown.quantity.name for v in (V1, V2, V3) if (shown := views.resolved(v)) is not None} == {"SUVlbm"}
    assert refused == []


def test_a_quantity_is_kept_with_the_draft_and_read_in_fuller_volumes_too() -> None:
    views = views_of(pet())
    read_on(views, V1)
    views.navigate(V1, SetWindow(Window(1.0, 2.0)))
    again = views_of(pet())
    assert again.restore(views.archive())
    again.put((pet(),))
    shown = again.resolved(V1)
    assert shown is not None
    assert (shown.quantity.name, shown.window) == ("SUVlbm", Window(1.0, 2.0))


def test_a_window_of_another_quantity_is_never_laid_over_values() -> None:
    views = views_of(pet())
    read_on(views, V1)
    views.navigate(V1, SetWindow(Window(1.0, 2.0)))
    plain = as_series(volume_of(axial_grid([0.0, 1.0, 2.0]), smooth, modality="PT", units="BQML"), CURRENT, None)
    views.put((plain,))
    shown = views.resolved(V1)
    assert shown is not None
    assert (shown.quantity.name, shown.window) == ("Bq/ml", Window(40.0, 400.0))


@pytest.mark.parametrize(("flipped", "degrees"), [(False, 0), (True, 0), (False, 90), (True, 270)])
@pytest.mark.parametrize("anchor", [(10.0, 20.0), (250.0, 150.0)])
def test_the_point_under_the_pointer_stays_when_zooming(
    flipped: bool, degrees: int, anchor: tuple[float, float]
) -> None:
    views = views_of(VOLUME)
    views.change(V1, lambda state: replace(state, flipped_horizontally=flipped, rotation_degrees=degrees))
    before = views.resolved(V1)
    views.navigate(V1, ZoomBy(1.7, anchor))
    after = views.resolved(V1)
    assert before is not None
    assert after is not None
    pixel = (anchor[0] - 0.5, anchor[1] - 0.5)
    np.testing.assert_allclose(after.plane.pixel_to_lps(*pixel), before.plane.pixel_to_lps(*pixel), atol=1e-9)
    assert after.plane.spacing_mm == pytest.approx(before.plane.spacing_mm / 1.7)


def test_panning_moves_the_picture_with_the_hand_even_when_it_is_turned() -> None:
    views = views_of(VOLUME)
    views.change(V1, lambda state: state.turned(90))
    before = views.resolved(V1)
    assert before is not None
    point = before.plane.pixel_to_lps(100.0, 80.0)
    views.navigate(V1, PanBy(12.0, -7.0))
    after = views.resolved(V1)
    assert after is not None
    assert after.plane.lps_to_pixel(point) == pytest.approx((112.0, 73.0))


def test_planes_keep_the_place_and_the_window_of_the_stack_and_give_them_back() -> None:
    views = views_of(VOLUME)
    views.navigate(V1, ScrollBy(5))
    views.navigate(V1, SetWindow(Window(300.0, 1500.0)))
    views.arrange(Arrangement.MPR)
    axial = views.resolved(V1)
    assert axial is not None
    assert axial.plane.origin_lps[2] == pytest.approx(25.0)
    assert {state_of(views, pane).window for pane in (V1, V2, V3)} == {Window(300.0, 1500.0)}
    views.navigate(V1, ScrollBy(-3))
    views.arrange(Arrangement.STACK)
    assert slice_of(views, V1) == 22
    assert state_of(views, V1).window == Window(300.0, 1500.0)


def test_the_crosshair_takes_the_other_planes_along() -> None:
    views = views_of(VOLUME)
    views.arrange(Arrangement.MPR)
    views.navigate(V1, MoveCrosshair((7.0, -4.0, 20.0)))
    coronal, sagittal = views.resolved(V2), views.resolved(V3)
    assert coronal is not None
    assert sagittal is not None
    assert coronal.plane.origin_lps[1] == pytest.approx(-4.0)
    assert sagittal.plane.origin_lps[0] == pytest.approx(7.0)


def test_scrolling_a_plane_moves_the_crosshair_along_and_no_other_plane() -> None:
    views = views_of(VOLUME)
    views.arrange(Arrangement.MPR)
    views.navigate(V1, MoveCrosshair((7.0, -4.0, 20.0)))
    before = views.resolved(V2), views.resolved(V3)
    views.navigate(V1, ScrollBy(6))
    assert views.crosshair == Crosshair((7.0, -4.0, 26.0), VOLUME.frame_of_reference, REFERENCE)
    assert [shown and shown.plane for shown in (views.resolved(V2), views.resolved(V3))] == [
        shown and shown.plane for shown in before
    ]


def test_a_radiograph_has_no_planes_and_no_crosshair() -> None:
    flat = replace(flat_volume(np.zeros((20, 30), np.int16), None), series=CURRENT)
    views = views_of(flat)
    refused: list[ReaderError] = []
    views.refused.connect(refused.append)
    views.arrange(Arrangement.MPR)
    views.navigate(V1, MoveCrosshair((3.0, 3.0, 0.0)))
    assert [error.key for error in refused] == ["image.no_space"]
    assert (views.arrangement, views.crosshair) == (Arrangement.STACK, None)


def test_examinations_in_one_space_scroll_together() -> None:
    views = views_of(VOLUME, prior_volume(positions=range(-10, 30)))
    views.compare_with(PRIOR_REFERENCE)
    views.navigate(V1, ScrollBy(4))
    shown = views.resolved(V2)
    assert shown is not None
    assert shown.plane.origin_lps[2] == pytest.approx(24.0)


def test_examinations_in_two_spaces_scroll_together_only_after_a_link_by_hand() -> None:
    views = views_of(VOLUME, prior_volume("2.25.777"))
    views.compare_with(PRIOR_REFERENCE)
    views.navigate(V2, ScrollBy(-8))
    views.navigate(V1, ScrollBy(1))
    assert (slice_of(views, V1), slice_of(views, V2)) == (21, 12)
    views.comparing.join(BridgeKind.POSITION)
    views.navigate(V1, ScrollBy(3))
    assert (slice_of(views, V1), slice_of(views, V2)) == (24, 15)
    views.navigate(V2, ScrollBy(-5))
    assert (slice_of(views, V1), slice_of(views, V2)) == (19, 10)
    views.comparing.separate()
    views.navigate(V1, ScrollBy(3))
    assert slice_of(views, V2) == 10


def test_a_fuller_volume_keeps_the_image_that_is_shown() -> None:
    part = volume_of(axial_grid([float(z) for z in range(10, 40)]), smooth)
    part = replace(part, sources=VOLUME.sources[10:])
    views = views_of(part)
    seen = part.sources[slice_of(views, V1)].instance
    views.put((VOLUME,))
    assert VOLUME.sources[slice_of(views, V1)].instance == seen
    assert slice_of(views, V1) == 25


def test_a_volume_that_comes_late_changes_no_occupied_viewport() -> None:
    views = views_of(VOLUME)
    before = views.state(V1)
    changed: list[ViewportId] = []
    views.view_changed.connect(changed.append)
    views.put((prior_volume(), as_series(VOLUME, SeriesUID("2.25.999"))))
    assert views.state(V1) == before
    assert changed == []


def test_a_viewport_that_waits_shows_the_middle_of_what_comes() -> None:
    views = views_of(VOLUME)
    views.compare_with(PRIOR_REFERENCE)
    assert views.awaited() == {PRIOR}
    views.put((prior_volume(),))
    assert (views.awaited(), slice_of(views, V2)) == (frozenset(), 20)


def test_a_preset_that_means_nothing_is_refused_in_words() -> None:
    views = views_of(replace(VOLUME, modality="MR"))
    refused: list[ReaderError] = []
    views.refused.connect(refused.append)
    views.preset(V1, "lung")
    assert [error.key for error in refused] == ["image.preset_refused"]
    assert state_of(views, V1).window is None


def mark_at(instance: InstanceUID, z: float) -> Annotation:
    points = ((-5.0, 2.0, z), (9.0, 2.0, z))
    return Annotation(AnnotationId("m"), "length", points, VOLUME.frame_of_reference, CURRENT, instance)


def test_going_to_a_mark_shows_its_slice_and_in_planes_its_point() -> None:
    views = views_of(VOLUME)
    mark = mark_at(VOLUME.sources[33].instance, 33.0)
    assert views.go_to(mark)
    assert slice_of(views, V1) == 33
    views.arrange(Arrangement.MPR)
    views.navigate(V1, ScrollBy(-20))
    assert views.go_to(mark)
    assert views.crosshair == Crosshair((2.0, 2.0, 33.0), VOLUME.frame_of_reference, REFERENCE)
    assert not views.go_to(mark_at(InstanceUID("9.9"), 1.0))


def test_going_to_a_mark_of_another_series_opens_it_in_the_active_viewport() -> None:
    views = views_of(VOLUME, prior_volume())
    assert views.go_to(replace(mark_at(InstanceUID(f"{PRIOR}.7"), 7.0), series=PRIOR))
    state = state_of(views, V1)
    assert (state.volume, state.slice_index) == (PRIOR_REFERENCE, 7)


def test_a_case_opens_again_exactly_as_it_was_left() -> None:
    views = views_of(VOLUME)
    views.arrange(Arrangement.MPR)
    views.navigate(V1, MoveCrosshair((7.0, -4.0, 22.5)))
    views.navigate(V2, ZoomBy(2.0, (40.0, 30.0)))
    views.change(V3, lambda state: replace(state.turned(270), inverted=True, flipped_vertically=True))
    views.navigate(V3, SetWindow(Window(12.5, 333.25)))
    views.toggle_enlarged(V2)
    again = Views()
    assert again.restore(views.archive())
    again.put((VOLUME,))
    assert again.archive() == views.archive()
    assert (again.layout, again.arrangement, again.crosshair) == (views.layout, views.arrangement, views.crosshair)
    assert [again.state(pane) for pane in (V1, V2, V3)] == [views.state(pane) for pane in (V1, V2, V3)]


def test_a_link_by_hand_is_there_again_when_the_case_opens() -> None:
    prior = prior_volume("2.25.777")
    views = views_of(VOLUME, prior)
    views.compare_with(PRIOR_REFERENCE)
    views.navigate(V2, ScrollBy(-8))
    told: list[ViewportId] = []
    views.view_changed.connect(told.append)
    views.comparing.join(BridgeKind.POSITION)
    assert told
    again = Views()
    assert again.restore(views.archive())
    for pane in (V1, V2):
        again.resize(pane, ViewportSize(400, 300))
    again.put((VOLUME, prior))
    assert again.archive() == views.archive()
    again.navigate(V1, ScrollBy(3))
    assert (slice_of(again, V1), slice_of(again, V2)) == (23, 15)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 2}', '{"version": 1}', '{"version": 1, "arrangement": "spiral"}'],
)
def test_an_archive_that_cannot_be_read_changes_nothing(text: str) -> None:
    views = views_of(VOLUME)
    before = views.archive()
    assert read_views(text) is None
    assert not views.restore(text)
    assert views.archive() == before


def test_the_crosshair_of_one_space_says_in_which() -> None:
    views = views_of(VOLUME, prior_volume("2.25.777"))
    views.compare_with(PRIOR_REFERENCE)
    views.navigate(V2, MoveCrosshair((1.0, 1.0, 20.0)))
    assert views.crosshair == Crosshair((1.0, 1.0, 20.0), FrameOfReferenceUID("2.25.777"), PRIOR_REFERENCE)
    assert state_of(views, V1).centre_lps is None


def test_opening_another_series_out_of_the_planes_shows_it_as_a_stack() -> None:
    views = views_of(VOLUME, prior_volume())
    views.arrange(Arrangement.MPR)
    views.show_in(V2, PRIOR_REFERENCE)
    assert views.arrangement is Arrangement.STACK
    state = state_of(views, V1)
    assert (state.kind, state.volume) == (ViewKind.STACK, PRIOR_REFERENCE)


def test_planes_that_come_late_share_the_middle_as_their_point() -> None:
    views = views_of()
    views.arrange(Arrangement.MPR)
    views.put((VOLUME,))
    assert views.crosshair is not None
    assert {state_of(views, pane).centre_lps for pane in (V1, V2, V3)} == {views.crosshair.point_lps}


def test_planes_waited_for_of_an_image_without_geometry_become_a_stack() -> None:
    views = views_of()
    views.arrange(Arrangement.MPR)
    refused: list[ReaderError] = []
    views.refused.connect(refused.append)
    views.put((replace(flat_volume(np.zeros((20, 30), np.int16), None), series=CURRENT),))
    assert views.arrangement is Arrangement.STACK
    assert state_of(views, V1).kind is ViewKind.STACK
    assert [error.key for error in refused] == ["image.no_space"]


def test_an_image_that_falls_into_another_volume_when_more_come_stays_on_screen() -> None:
    axial = volume_of(axial_grid([float(z) for z in range(40)]), smooth)
    views = views_of(axial)
    views.navigate(V1, ScrollBy(7))
    seen = axial.sources[slice_of(views, V1)]
    scout = replace(flat_volume(np.zeros((4, 4), np.int16), None), series=CURRENT, index=0)
    views.put((scout, replace(axial, index=1)))
    shown = views.volume(V1)
    assert shown is not None
    assert shown.sources[slice_of(views, V1)].instance == seen.instance
    assert state_of(views, V1).volume == VolumeReference(CURRENT, 1)
    assert views.current == VolumeReference(CURRENT, 1)


def test_what_is_withdrawn_leaves_every_viewport_at_once() -> None:
    views = views_of(VOLUME, prior_volume())
    views.compare_with(PRIOR_REFERENCE)
    changed: list[ViewportId] = []
    views.view_changed.connect(changed.append)
    views.withdraw({CURRENT})
    assert set(views.shown.by_series()) == {PRIOR_REFERENCE.series}
    assert (views.volume(V1), views.resolved(V1), views.known(REFERENCE)) == (None, None, None)
    assert views.volume(V2) is not None
    assert changed == [V1]
