"""How a volume is looked at comes back with the case, and an archive from before it is still read."""

import json

import pytest

from viewers.identifiers import SeriesUID, ViewportId
from viewers.state.camera import VolumeCamera
from viewers.state.layout import grid
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.state.volume_look import ClippingBox, VolumeLook
from workstation.reading.arrangement import Arrangement
from workstation.reading.view_archive import read_views, write_views

LOOKS = (
    VolumeLook(),
    VolumeLook(
        "ct_vessels",
        VolumeCamera(40.0, -20.0, 2.5, (3.0, -4.0)),
        ClippingBox((0.1, 0.2, 0.3), (0.7, 0.8, 0.9)),
        True,
        False,
    ),
)


def archived(look: VolumeLook) -> str:
    state = ViewState(ViewportId("v1"), ViewKind.VOLUME, VolumeReference(SeriesUID("2.25.1")), look=look)
    return write_views(Arrangement.STACK, grid(1, 1), (state,), None)


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_comes_back_as_it_was(look: VolumeLook) -> None:
    found = read_views(archived(look))
    assert found is not None
    assert found.states[0].look == look


def test_an_archive_from_before_has_the_default_look() -> None:
    content = json.loads(archived(LOOKS[1]))
    del content["states"][0]["look"]
    found = read_views(json.dumps(content))
    assert found is not None
    assert found.states[0].look == VolumeLook()


def test_a_damaged_look_is_no_archive() -> None:
    content = json.loads(archived(LOOKS[1]))
    content["states"][0]["look"]["camera"] = [1.0]
    assert read_views(json.dumps(content)) is None
