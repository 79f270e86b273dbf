"""Which series is chosen to be laid over which, and what changes places with it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.open_case import as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.support.viewer_volumes import flat_volume
from viewers.geometry.plane import CORONAL
from viewers.geometry.rigid import RigidTransform, translation
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.description import Window
from viewers.image.quantity import SUV_BODY_WEIGHT
from viewers.image.volume import Volume
from viewers.state.errors import NothingToFuse, NotOneSpace
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference
from viewers.sync.bridges.base import Bridge, BridgeKind, space_of
from viewers.tools.intents import MoveCrosshair
from workstation.reading.fusing import (
    Joined,
    fused_with,
    in_next_colours,
    partners,
    swapped,
    with_next_partner,
    with_opacity,
)
from workstation.reading.view_archive import read_views
from workstation.reading.views import Views

BASE = volume_of(axial_grid([float(z) for z in range(20)]), smooth)
COARSE = volume_of(axial_grid([4.0 * z for z in range(5)], 16, 4.0), smooth)
CT, PET, OLD_PET, COUNTS, MR = (VolumeReference(SeriesUID(f"2.25.{number}")) for number in range(400, 405))


def of(reference: VolumeReference, modality: str, volume: Volume = COARSE, *, uptake: bool = False) -> Volume:
    named = replace(as_series(volume, reference.series), modality=modality)
    return replace(named, quantity=SUV_BODY_WEIGHT) if uptake else named


VOLUMES = {
    MR: of(MR, "MR", BASE),
    CT: of(CT, "CT", BASE),
    OLD_PET: of(OLD_PET, "PT", uptake=True),
    COUNTS: of(COUNTS, "PT"),
    PET: of(PET, "PT", uptake=True),
}
STATE = ViewState(ViewportId("v1"), volume=CT, slice_index=8, window=Window(40.0, 400.0))


HERE: Joined = dict.fromkeys(VOLUMES)


def references(shown: VolumeReference) -> tuple[VolumeReference, ...]:
    return tuple(layer.volume for layer in partners(shown, VOLUMES, HERE, same_study))


def same_study(one: VolumeReference, other: VolumeReference) -> bool:
    return (one == OLD_PET) is (other == OLD_PET)


def test_uptake_of_the_same_study_is_laid_over_form_first() -> None:
    assert references(CT) == (PET, COUNTS, OLD_PET, MR)
    assert references(PET) == (CT, MR, COUNTS, OLD_PET)
    state = fused_with(STATE, VOLUMES, HERE, same_study)
    assert state == replace(STATE, fused=FusedLayer(PET))
    assert with_next_partner(state, VOLUMES, HERE, same_study) == replace(STATE, fused=FusedLayer(COUNTS))


def test_a_pet_that_is_shown_goes_over_the_ct_and_comes_back_as_it_was() -> None:
    shown = ViewState(ViewportId("v1"), volume=PET, slice_index=3, window=Window(5.0, 10.0))
    state = fused_with(shown, VOLUMES, HERE, same_study)
    assert (state.volume, state.window, state.colours) == (CT, None, "")
    assert state.fused is not None
    assert (state.fused.volume, state.fused.window, state.fused.colours) == (PET, Window(5.0, 10.0), "hot_iron")
    # Slice 3 of 4 mm lies at 12 mm: slice 12 of 1 mm.
    assert state.slice_index == 12
    back = swapped(state, VOLUMES)
    assert (back.volume, back.window, back.slice_index, back.colours) == (PET, Window(5.0, 10.0), 3, "hot_iron")


def test_a_swap_keeps_the_point_of_a_plane() -> None:
    state = replace(STATE, kind=ViewKind.MPR, orientation=CORONAL, centre_lps=(3.0, -4.0, 9.0), fused=FusedLayer(PET))
    turned = swapped(state, VOLUMES)
    assert (turned.volume, turned.centre_lps, turned.orientation) == (PET, (3.0, -4.0, 9.0), CORONAL)
    assert swapped(turned, VOLUMES) == state


def test_fusion_across_spaces_is_refused_with_the_reason() -> None:
    away = {CT: VOLUMES[CT], PET: as_series(VOLUMES[PET], PET.series, space="2.25.9")}
    with pytest.raises(NotOneSpace):
        fused_with(STATE, away, {}, same_study)
    with pytest.raises(NothingToFuse):
        fused_with(STATE, {CT: VOLUMES[CT]}, {}, same_study)


def test_opacity_and_colours_step_and_stop() -> None:
    state = replace(STATE, fused=FusedLayer(PET, opacity=0.95))
    denser = with_opacity(state, 0.1)
    assert denser.fused is not None
    assert denser.fused.opacity == 1.0
    assert with_opacity(STATE, 0.1) == STATE
    seen = set()
    for _ in range(20):
        state = in_next_colours(state)
        assert state.fused is not None
        seen.add(state.fused.colours)
    assert {"grey", "hot_iron", "pet", "even"} <= seen
    plain = STATE
    for _ in range(9):
        plain = in_next_colours(plain)
    assert plain.colours == ""


def test_layer_and_colours_are_archived_and_hung_again() -> None:
    layer = FusedLayer(PET, "pet", 0.7, Window(5.0, 10.0), "SUVbw", translation((1.0, 2.0, 3.0)))
    views = Views()
    views.put(tuple(VOLUMES.values()))
    views.open(CT)
    views.lay_over(ViewportId("v1"), lambda state: replace(state, colours="rainbow", fused=layer))
    found = read_views(views.archive())
    assert found is not None
    assert [(state.colours, state.fused) for state in found.states] == [("rainbow", layer)]


def test_an_archive_without_layers_is_still_read_and_an_unknown_map_is_none() -> None:
    views = Views()
    views.put(tuple(VOLUMES.values()))
    views.open(CT)
    views.lay_over(ViewportId("v1"), lambda state: replace(state, colours="pet"))
    older = views.archive().replace('"colours": "pet", "fused": null, ', "")
    assert "colours" not in older
    newer = views.archive().replace('"colours": "pet"', '"colours": "made_up"')
    for text in (older, newer):
        found = read_views(text)
        assert found is not None
        assert [(state.colours, state.fused) for state in found.states] == [("", None)]


def test_planes_of_one_volume_share_a_layer_and_a_series_waited_for_is_named() -> None:
    views = Views()
    views.put((VOLUMES[CT],))
    views.open(CT)
    views.arrange(views.arrangement.MPR)
    views.lay_over(ViewportId("v2"), lambda state: replace(state, fused=FusedLayer(PET)))
    states = [views.state(ViewportId(f"v{number}")) for number in range(1, 5)]
    assert [state.fused is not None for state in states if state is not None] == [True, True, True, False]
    assert views.awaited() == {PET.series}
    views.put((VOLUMES[PET],))
    assert views.awaited() == frozenset()
    assert views.layer(ViewportId("v1")) is VOLUMES[PET]


def test_a_registered_prior_is_laid_over_by_the_motion_that_was_found_and_no_stranger_is() -> None:
    quarter = RigidTransform(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)), (5.0, 6.0, 7.0))
    away = as_series(VOLUMES[PET], PET.series, space="2.25.9")
    volumes = {CT: VOLUMES[CT], PET: away}
    state = fused_with(STATE, volumes, {PET: quarter}, same_study)
    assert state.fused == FusedLayer(PET, way=quarter)
    turned = swapped(state, volumes)
    assert turned.fused is not None
    assert turned.fused.way == quarter.inverse()
    # The middle of slice 8 of the CT, carried over.
    assert turned.centre_lps == pytest.approx((5.0, 6.0, 15.0))
    with pytest.raises(NotOneSpace):
        fused_with(STATE, volumes, {}, same_study)


def test_one_frame_of_reference_joins_and_another_person_does_not() -> None:
    views = Views()
    views.put((VOLUMES[CT], VOLUMES[PET], as_series(VOLUMES[MR], MR.series, space="2.25.9")))
    assert views.joined(CT) == {PET: None}
    views.comparing.know_subjects({CT.series: (StudyUID("1"), "one"), PET.series: (StudyUID("2"), "other")})
    assert views.joined(CT) == {}


def test_a_layer_that_comes_or_grows_is_told_to_every_viewport_that_has_it() -> None:
    views, told = Views(), list[str]()
    views.put((VOLUMES[CT],))
    views.open(CT)
    views.lay_over(ViewportId("v1"), lambda state: replace(state, fused=FusedLayer(PET)))
    connection = views.view_changed.connect(told.append)
    views.put((VOLUMES[PET],))
    views.put((VOLUMES[MR],))
    connection.disconnect()
    assert told == ["v1"]


def scout(reference: VolumeReference, index: int) -> Volume:
    found = replace(flat_volume(np.zeros((4, 4), np.int16), None), series=reference.series, index=index)
    return replace(found, sources=(replace(found.sources[0], instance=InstanceUID(f"{reference.series}.scout")),))


@pytest.mark.parametrize("comes", [(PET,), (CT,), (CT, PET)])
def test_a_layer_follows_its_images_when_the_fuller_series_falls_into_other_volumes(
    comes: tuple[VolumeReference, ...],
) -> None:
    views = Views()
    views.put((VOLUMES[CT], VOLUMES[PET]))
    views.open(CT)
    views.lay_over(ViewportId("v1"), lambda state: replace(state, fused=FusedLayer(PET)))
    for one in comes:
        views.put((scout(one, 0), replace(VOLUMES[one], index=1)))
    moved = {one: replace(one, index=1) for one in comes}
    state, layer = views.state(ViewportId("v1")), views.layer(ViewportId("v1"))
    assert state is not None
    assert layer is not None
    assert state.volumes == (moved.get(CT, CT), moved.get(PET, PET))
    assert layer.sources == VOLUMES[PET].sources


def test_a_layer_of_the_same_series_follows_its_own_images() -> None:
    views = Views()
    views.put((VOLUMES[PET], replace(as_series(COARSE, COUNTS.series), series=PET.series, index=1)))
    views.open(PET)
    second = replace(PET, index=1)
    views.lay_over(ViewportId("v1"), lambda state: replace(state, fused=FusedLayer(second)))
    swapped_volumes = tuple(replace(views.volumes[one], index=1 - one.index) for one in (PET, second))
    views.put(swapped_volumes)
    state = views.state(ViewportId("v1"))
    assert state is not None
    assert state.volumes == (second, PET)


def test_a_way_and_the_shared_point_follow_the_volumes_that_they_were_found_in() -> None:
    apart = {one: as_series(VOLUMES[one], one.series, space=f"{one.series}.9") for one in (CT, MR)}
    views = Views()
    views.put(tuple(apart.values()))
    views.open(CT)
    views.resize(ViewportId("v1"), ViewportSize(300, 200))
    motion = translation((1.0, 2.0, 3.0))
    views.comparing.take(Bridge(BridgeKind.REGISTRATION, space_of(apart[CT]), space_of(apart[MR]), motion))
    views.navigate(ViewportId("v1"), MoveCrosshair((0.0, 0.0, 5.0)))
    for one, volume in apart.items():
        views.put((scout(one, 0), replace(volume, index=1)))
    there = {one: replace(one, index=1) for one in apart}
    assert views.crosshair is not None
    assert views.crosshair.volume == there[CT]
    assert [(way.source.volume, way.target.volume) for way in views.links.bridges.known] == [(there[CT], there[MR])]
    assert views.joined(there[CT]) == {there[MR]: motion}
    assert views.joined(CT) == {}
