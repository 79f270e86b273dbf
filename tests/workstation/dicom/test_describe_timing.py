"""How fast a series is played: as its sender recommends, else as it was acquired, else not said."""

import json

import pytest
from pydicom import Dataset

from viewers.image.timing import FrameTiming
from workstation.dicom.describe_timing import timings
from workstation.dicom.header import Header


def header(**said: object) -> Header:
    dataset = Dataset()
    for keyword, value in said.items():
        setattr(dataset, keyword, value)
    return Header.parse(json.dumps(dataset.to_json_dict()))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"FrameTime": 40.0}, 40.0),
        ({"CineRate": 25}, 40.0),
        ({"RecommendedDisplayFrameRate": 10, "CineRate": 25, "FrameTime": 20.0}, 100.0),
        ({"RecommendedDisplayFrameRate": 0, "CineRate": 25}, 40.0),
        ({"CineRate": 0, "FrameTime": 50.0}, 50.0),
        ({"FrameTime": 0.0}, None),
        ({"FrameTime": -5.0}, None),
        ({"FrameTime": 1e9}, None),
        ({}, None),
    ],
)
def test_one_time_for_all_frames(said: dict[str, object], expected: float | None) -> None:
    found = timings(header(**said), 3)
    assert found == (None if expected is None else FrameTiming(expected),) * 3


def test_a_vector_gives_each_frame_its_own_time_until_the_next() -> None:
    found = timings(header(FrameTimeVector=[0.0, 33.0, 66.0, 40.0], FrameTime=33.0), 4)
    assert [one.milliseconds for one in found if one is not None] == [33.0, 66.0, 40.0, 40.0]


def test_what_is_recommended_for_display_comes_before_a_vector() -> None:
    found = timings(header(FrameTimeVector=[0.0, 33.0, 66.0], RecommendedDisplayFrameRate=20), 3)
    assert found == (FrameTiming(50.0),) * 3


def test_a_vector_comes_before_a_rate_for_all_frames() -> None:
    found = timings(header(FrameTimeVector=[0.0, 33.0, 66.0], CineRate=20), 3)
    assert [one.milliseconds for one in found if one is not None] == [33.0, 66.0, 66.0]


@pytest.mark.parametrize("vector", [[0.0, 33.0], [0.0, 33.0, -1.0], [0.0, 33.0, 0.0]])
def test_a_vector_that_does_not_fit_its_frames_is_not_believed(vector: list[float]) -> None:
    assert timings(header(FrameTimeVector=vector, FrameTime=25.0), 3) == (FrameTiming(25.0),) * 3


def test_forth_and_back_is_the_senders_choice() -> None:
    assert timings(header(FrameTime=40.0, PreferredPlaybackSequencing=1), 1) == (FrameTiming(40.0, True),)
    assert timings(header(FrameTime=40.0, PreferredPlaybackSequencing=0), 1) == (FrameTiming(40.0, False),)
