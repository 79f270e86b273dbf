"""Two examinations together: joined, refused where the identity is not proved, one in the place of the other."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.support.moved_volumes import turn
from tests.support.phantoms import SERIES as CURRENT
from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.errors import ReaderError
from viewers.geometry.plane import CORONAL
from viewers.geometry.rigid import RigidTransform, translation
from viewers.identifiers import FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind, space_of
from viewers.tools.intents import MoveCrosshair, ScrollBy, SetWindow, ZoomBy
from workstation.reading.arrangement import Arrangement
from workstation.reading.view_archive import confirmed_of, read_views
from workstation.reading.views import Views

V1, V2 = ViewportId("v1"), ViewportId("v2")
PRIOR = SeriesUID("2.25.101")
STUDIES = StudyUID("2.25.1"), StudyUID("2.25.2")
REFERENCE, PRIOR_REFERENCE = VolumeReference(CURRENT), VolumeReference(PRIOR)
VOLUME = volume_of(axial_grid([float(z) for z in range(40)]), smooth)
OTHER_SPACE = FrameOfReferenceUID("2.25.777")
OTHER = volume_of(
    axial_grid([2.0 * z + 100.0 for z in range(20)]), smooth, frame_of_reference=OTHER_SPACE, series=PRIOR
)


def compared(prior: Volume = OTHER, *, of_another: bool = False) -> tuple[Views, list[str]]:
    """Two examinations side by side, and the keys of what is refused."""
    views, refused = Views(), list[str]()
    views.refused.connect(lambda error: refused.append(error.key))
    views.priors = frozenset({PRIOR})
    views.comparing.know_subjects({CURRENT: (STUDIES[0], ""), PRIOR: (STUDIES[1], STUDIES[1] if of_another else "")})
    views.put((VOLUME, prior))
    views.open(REFERENCE)
    for viewport in (V1, V2):
        views.resize(viewport, ViewportSize(400, 300))
    views.compare_with(PRIOR_REFERENCE)
    return views, refused


def state_of(views: Views, viewport: ViewportId) -> ViewState:
    state = views.state(viewport)
    assert state is not None
    return state


def registered(transform: RigidTransform) -> Bridge:
    return Bridge(BridgeKind.REGISTRATION, space_of(VOLUME), space_of(OTHER), transform, 0.9, "by hand, for a test")


def test_after_a_registration_the_prior_goes_to_the_place_that_is_pointed_at_and_shows_where() -> None:
    views, _ = compared()
    moved = turn((0.0, 0.0, 1.0), 10.0).then(translation((0.0, 0.0, 104.0)))
    views.comparing.take(registered(moved))
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    assert state_of(views, V2).slice_index == 8
    there = views.links.crosshair_in(V2)
    assert there is not None
    assert there[0] == pytest.approx(moved.point((5.0, 3.0, 12.0)))
    assert there[1].kind is BridgeKind.REGISTRATION


def test_scrolled_together_by_hand_shares_no_point() -> None:
    views, _ = compared()
    views.comparing.join(BridgeKind.POSITION)
    views.navigate(V1, ScrollBy(4))
    assert (state_of(views, V1).slice_index, state_of(views, V2).slice_index) == (24, 12)
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    assert views.links.crosshair_in(V2) is None


def test_planes_across_each_other_are_not_scrolled_together_and_that_is_said() -> None:
    views, refused = compared()
    views.comparing.join(BridgeKind.POSITION)
    views.comparing.separate()
    views.change(V2, lambda state: replace(state, kind=ViewKind.MPR, orientation=CORONAL))
    views.comparing.join(BridgeKind.POSITION)
    assert (refused, views.comparing.joined) == (["reading.planes_across"], None)


def test_there_is_nothing_to_join_within_one_frame_of_reference() -> None:
    same_space = replace(OTHER, passport=replace(OTHER.passport, frame_of_reference=VOLUME.frame_of_reference))
    views, refused = compared(same_space)
    for kind in (BridgeKind.POSITION, BridgeKind.POINTS):
        views.comparing.join(kind)
    assert refused == ["reading.nothing_to_join"] * 2


def test_points_are_asked_for_before_examinations_are_joined_at_them() -> None:
    views, refused = compared()
    views.comparing.join(BridgeKind.POINTS)
    assert refused == ["reading.points_missing"]
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    views.navigate(V2, MoveCrosshair((1.0, 2.0, 120.0)))
    views.comparing.join(BridgeKind.POINTS)
    views.navigate(V1, MoveCrosshair((6.0, 3.0, 16.0)))
    there = views.links.crosshair_in(V2)
    assert there is not None
    assert there[0] == pytest.approx((2.0, 2.0, 124.0))


@pytest.mark.parametrize("space", [OTHER.frame_of_reference, VOLUME.frame_of_reference])
def test_nothing_is_linked_with_a_prior_of_unconfirmed_identity_until_the_reader_confirms_it(
    space: FrameOfReferenceUID | None,
) -> None:
    views, refused = compared(
        replace(OTHER, passport=replace(OTHER.passport, frame_of_reference=space)), of_another=True
    )
    before = state_of(views, V2)
    views.navigate(V1, SetWindow(Window(11.0, 22.0)))
    views.navigate(V1, ScrollBy(3))
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    views.links.ask(LinkKind.ZOOM_PAN, True, V1)
    views.navigate(V1, ZoomBy(2.0, (10.0, 10.0)))
    views.links.share(LinkKind.WINDOW, V1)
    for kind in (BridgeKind.POSITION, BridgeKind.POINTS):
        views.comparing.join(kind)
    views.comparing.take(registered(translation((0.0, 0.0, 100.0))))
    views.comparing.in_same_plane()
    with pytest.raises(ReaderError):
        views.comparing.pair()
    with pytest.raises(ReaderError):
        views.comparing.put_in_place(V1, PRIOR_REFERENCE)
    assert state_of(views, V2) == before
    assert state_of(views, V1).volume == REFERENCE
    assert views.links.crosshair_in(V2) is None
    assert dict(views.links.ways()) == {}
    assert set(refused) == {"sync.identity_unconfirmed"}
    views.comparing.confirm(STUDIES[1])
    views.navigate(V1, SetWindow(Window(11.0, 22.0)))
    assert state_of(views, V2).window == Window(11.0, 22.0)


def test_what_was_confirmed_and_joined_is_so_again_when_the_case_opens() -> None:
    views, _ = compared(of_another=True)
    views.comparing.confirm(STUDIES[1])
    views.comparing.take(registered(turn((0.0, 1.0, 0.0), 5.0).then(translation((0.0, 0.0, 100.0)))))
    archived = views.archive()
    assert confirmed_of(archived) == (STUDIES[1],)
    again = Views()
    assert again.restore(archived)
    again.put((VOLUME, OTHER))
    assert again.links.bridges == views.links.bridges
    assert again.comparing.confirmed == (STUDIES[1],)
    assert again.archive() == archived


def test_an_archive_of_an_earlier_version_keeps_its_link() -> None:
    views, _ = compared()
    archived = views.archive().replace('"bridges": []', '"hand_link": [["v1", "v2", [0.0, 0.0, 98.0]]]')
    found = read_views(archived)
    assert found is not None
    (way,) = found.bridges.known
    assert (way.kind, way.transform.shift_mm) == (BridgeKind.POSITION, (0.0, 0.0, 98.0))
    assert way.source.holds(VOLUME)
    assert way.target.holds(OTHER)


def test_the_point_of_an_archive_of_an_earlier_version_is_shown_where_it_lies() -> None:
    views, _ = compared()
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    archived = json.loads(views.archive())
    del archived["crosshair_volume"]
    again = Views()
    assert again.restore(json.dumps(archived))
    again.put((VOLUME, OTHER))
    there = again.links.crosshair_in(V1)
    assert there is not None
    assert (there[0], there[1].kind) == ((5.0, 3.0, 12.0), BridgeKind.FRAME)
    assert again.links.crosshair_in(V2) is None


def test_of_several_priors_the_one_that_was_not_registered_is_next() -> None:
    views, _ = compared()
    third = replace(
        OTHER,
        series=SeriesUID("2.25.102"),
        passport=replace(OTHER.passport, frame_of_reference=FrameOfReferenceUID("2.25.778")),
    )
    assert views.comparing.pair() == (VOLUME, OTHER)
    views.comparing.take(registered(translation((0.0, 0.0, 100.0))))
    assert views.comparing.pair() == (VOLUME, OTHER)
    views.comparing.know_subjects(
        {CURRENT: (STUDIES[0], ""), PRIOR: (STUDIES[1], ""), third.series: (StudyUID("2.25.3"), "")}
    )
    views.put((third,))
    views.comparing.put_in_place(V2, VolumeReference(third.series))
    assert views.comparing.pair() == (VOLUME, third)


def test_nothing_of_another_person_is_laid_over_a_picture() -> None:
    same_space = replace(OTHER, passport=replace(OTHER.passport, frame_of_reference=VOLUME.frame_of_reference))
    views, _ = compared(same_space, of_another=True)
    views.change(V1, lambda state: replace(state, fused=FusedLayer(PRIOR_REFERENCE)))
    assert views.layer(V1) is None
    assert PRIOR_REFERENCE not in views.joined(REFERENCE)
    views.comparing.confirm(STUDIES[1])
    assert views.layer(V1) is same_space
    assert PRIOR_REFERENCE in views.joined(REFERENCE)


def test_the_prior_takes_the_place_of_the_current_at_the_same_place_plane_scale_and_window() -> None:
    views, _ = compared()
    moved = translation((0.0, 0.0, 100.0))
    views.comparing.take(registered(moved))
    views.navigate(V1, MoveCrosshair((5.0, 3.0, 12.0)))
    views.navigate(V1, SetWindow(Window(11.0, 22.0)))
    views.navigate(V1, ZoomBy(2.0, (200.0, 150.0)))
    before, resolved = state_of(views, V1), views.resolved(V1)
    assert views.comparing.put_in_place(V1, PRIOR_REFERENCE)
    after = views.resolved(V1)
    assert resolved is not None
    assert after is not None
    assert after.volume == PRIOR_REFERENCE
    assert after.window == Window(11.0, 22.0)
    assert after.plane.spacing_mm == pytest.approx(resolved.plane.spacing_mm)
    assert after.plane.centre_lps == pytest.approx(moved.point(resolved.plane.centre_lps))
    assert views.comparing.put_in_place(V1, REFERENCE)
    assert state_of(views, V1).slice_index == before.slice_index
    back = views.resolved(V1)
    assert back is not None
    assert back.plane.centre_lps == pytest.approx(resolved.plane.centre_lps)


def test_what_was_left_comes_back_with_the_layer_that_it_had_wherever_that_lies_now() -> None:
    views, _refused = compared()
    views.lay_over(V1, lambda state: replace(state, fused=FusedLayer(PRIOR_REFERENCE)))
    views.comparing.put_in_place(V1, PRIOR_REFERENCE)
    scout = volume_of(axial_grid([0.0, 1.0]), smooth, frame_of_reference=OTHER_SPACE, series=PRIOR)
    sources = tuple(replace(one, instance=InstanceUID(f"{one.instance}.9")) for one in scout.sources)
    views.put((replace(scout, sources=sources), replace(OTHER, index=1)))
    views.comparing.put_in_place(V1, REFERENCE)
    assert state_of(views, V1).volumes == (REFERENCE, VolumeReference(PRIOR, 1))


def test_a_prior_that_nothing_joins_is_shown_in_its_middle_and_said_to_be() -> None:
    views, _ = compared()
    assert not views.comparing.put_in_place(V1, PRIOR_REFERENCE)
    assert state_of(views, V1).slice_index == 10
    views.navigate(V1, ScrollBy(-4))
    assert not views.comparing.put_in_place(V1, REFERENCE)
    assert not views.comparing.put_in_place(V1, PRIOR_REFERENCE)
    assert state_of(views, V1).slice_index == 6


def test_the_prior_is_cut_in_the_oblique_plane_of_the_current_and_follows_it() -> None:
    views, _ = compared()
    moved = turn((1.0, 0.0, 0.0), 8.0).then(translation((0.0, 0.0, 100.0)))
    views.comparing.take(registered(moved))
    views.comparing.in_same_plane()
    shown, current = state_of(views, V2), views.resolved(V1)
    assert current is not None
    assert shown.kind is ViewKind.MPR
    assert np.allclose(shown.orientation.normal, moved.direction(current.plane.normal))
    views.navigate(V1, ScrollBy(5))
    followed, here = views.resolved(V2), views.resolved(V1)
    assert followed is not None
    assert here is not None
    assert followed.plane.distance_mm(moved.point(here.plane.centre_lps)) == pytest.approx(0.0, abs=1e-6)


def test_a_window_that_is_no_longer_shared_stays_where_it_is_set() -> None:
    views, _ = compared()
    views.links.ask(LinkKind.WINDOW, False, V1)
    views.navigate(V1, SetWindow(Window(11.0, 22.0)))
    assert state_of(views, V2).window is None
    views.links.share(LinkKind.WINDOW, V1)
    assert state_of(views, V2).window == Window(11.0, 22.0)
    views.navigate(V1, SetWindow(Window(33.0, 44.0)))
    assert state_of(views, V2).window == Window(11.0, 22.0)
    assert views.arrangement is Arrangement.COMPARE
