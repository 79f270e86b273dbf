"""What ``bench viewers`` does in a process of its own: every frame is made, by Requis and by the reference."""

import os

import pytest
from pytestqt.qtbot import QtBot

from workstation.app.frame_times import frame_times
from workstation.bench.made_up_volume import made_up_volume
from workstation.bench.measure import TINY
from workstation.bench.viewers import MEASURES

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt


def test_every_measure_that_is_declared_has_its_frames(qtbot: QtBot) -> None:
    found = frame_times(made_up_volume(TINY), 2, 1 / 16)
    assert set(found) == set(MEASURES)
    assert all(len(times) == 2 and min(times) > 0.0 for both in found.values() for times in both)
