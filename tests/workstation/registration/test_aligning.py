"""A known motion is found back; what does not belong together is refused; the process never outlives its use."""

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.moved_volumes import body, body_volume, furthest_mm, relocated, turn, turned_degrees
from tests.support.phantoms import axial_grid, ramp, volume_of
from tests.support.real_series import read_series
from tests.support.shared_data import shared_data
from viewers.geometry.rigid import IDENTITY, RigidTransform, translation
from viewers.image.assemble import assemble
from viewers.image.volume import Volume
from workstation.decoding.process import WorkerCommand
from workstation.registration.aligning import Aligning
from workstation.registration.errors import (
    NotConvincing,
    NotRegistrable,
    RegistrationCancelled,
    RegistrationError,
    TookTooLong,
    TooLittleShared,
)
from workstation.registration.grids import grid_of

SLEEPER = WorkerCommand("tests.workstation.registration.sleeper", Path(__file__).parents[3])
LAIN_OTHERWISE = turn((0.5, -0.3, 0.8), 7.0).then(translation((18.0, -11.0, 240.0)))

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at shared memory of Linux")


__all__ = ["shared_data"]


def off(found: RigidTransform, true: RigidTransform) -> float:
    """By how many degrees two motions differ."""
    return turned_degrees(found.then(true.inverse()))


def test_a_known_motion_is_found_back_with_its_quality_and_its_origin() -> None:
    here, there = body_volume(), body_volume(LAIN_OTHERWISE, spacing_mm=3.4)
    found = Aligning().run(here, there)
    assert furthest_mm(found.transform, LAIN_OTHERWISE, here) < 1.0
    assert off(found.transform, LAIN_OTHERWISE) < 1.0
    assert found.quality.shared > 0.8
    assert found.quality.after > found.quality.before
    assert (found.source.series, found.target.series) == (here.series, there.series)
    assert "SimpleITK" in found.method


def test_a_short_series_of_thin_slices_is_found_in_a_long_one_of_thick_slices() -> None:
    thick = body_volume(step_mm=10.0)
    thin = volume_of(axial_grid(np.arange(-20.0, 21.0, 2.0).tolist(), size=50, spacing_mm=4.0), body)
    found = Aligning().run(thick, thin)
    assert furthest_mm(found.transform, IDENTITY, thin) < 2.0
    assert found.quality.shared > 0.8


def test_a_body_without_anything_in_common_is_refused() -> None:
    noise = np.random.default_rng(3)
    elsewhere = volume_of(
        axial_grid([4.0 * k for k in range(40)], size=60, spacing_mm=3.0),
        lambda p: noise.normal(0.0, 300.0, p.shape[:-1]),
    )
    with pytest.raises((NotConvincing, TooLittleShared)):
        Aligning().run(body_volume(), elsewhere)


@pytest.mark.parametrize(
    "volume",
    [
        volume_of(axial_grid([0.0, 5.0]), ramp),
        replace(volume_of(axial_grid([2.0 * k for k in range(10)]), ramp), is_spatial=False),
    ],
)
def test_what_cannot_be_found_back_in_three_directions_is_refused_before_a_process_starts(volume: Volume) -> None:
    with pytest.raises(NotRegistrable):
        Aligning(command=SLEEPER).run(volume, body_volume())


def test_a_registration_is_cancelled_at_once_and_its_process_is_gone() -> None:
    aligning = Aligning(command=SLEEPER)
    small = volume_of(axial_grid([2.0 * k for k in range(10)], size=8), ramp)
    ended: list[BaseException] = []

    def work() -> None:
        try:
            aligning.run(small, small)
        except RegistrationError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while aligning.pid is None and thread.is_alive():
        time.sleep(0.01)
    aligning.cancel()
    thread.join(10.0)
    assert not thread.is_alive()
    assert [type(one) for one in ended] == [RegistrationCancelled]
    assert aligning.pid is None
    with pytest.raises(RegistrationCancelled):
        aligning.run(small, small)


@linux
def test_one_that_hangs_is_ended_at_its_limit_and_leaves_no_shared_memory() -> None:
    before = set(Path("/dev/shm").iterdir())
    small = volume_of(axial_grid([2.0 * k for k in range(10)], size=8), ramp)
    with pytest.raises(TookTooLong):
        Aligning(within_s=1.0, command=SLEEPER).run(small, small)
    assert {one for one in Path("/dev/shm").iterdir() if one.name.startswith("rq")} <= before


def test_a_grid_lies_where_the_volume_lies_and_leaves_gaps_empty() -> None:
    positions = [4.0 * k for k in range(20) if k not in (8, 9, 10)]
    grid = grid_of(volume_of(axial_grid(positions, size=40, spacing_mm=2.0, tilt_degrees=12.0), ramp))
    empty = np.isnan(grid.values).all(axis=(1, 2))
    assert empty.sum() >= 2
    assert not np.isnan(grid.values[0]).all()
    normal = np.array(grid.directions[2])
    assert np.allclose(normal, (0.0, np.sin(np.radians(12.0)), np.cos(np.radians(12.0))), atol=1e-6)


@pytest.mark.shared_data
def test_a_real_examination_moved_by_a_known_motion_is_found_back(shared_data: Path) -> None:
    abdomen = _volume(shared_data / "prior_pair_ct_acrin_flt/19600104")
    moved = turn((0.2, 0.3, 0.9), 6.0, (0.0, 0.0, -640.0)).then(translation((14.0, -22.0, 171.0)))
    found = Aligning().run(abdomen, relocated(abdomen, moved))
    assert furthest_mm(found.transform, moved, abdomen) < 1.0
    assert off(found.transform, moved) < 1.0


@pytest.mark.shared_data
def test_two_regions_of_one_patient_are_refused(shared_data: Path) -> None:
    """The abdomen of one date, head and neck of the other: bodies that overlap nowhere."""
    pair = [_volume(shared_data / "prior_pair_ct_acrin_flt" / date) for date in ("19600104", "19600305")]
    with pytest.raises((NotConvincing, TooLittleShared)):
        Aligning().run(pair[0], pair[1])


@pytest.mark.shared_data
def test_two_acquisitions_of_one_sequence_are_aligned_across_a_known_motion(shared_data: Path) -> None:
    """T2 of the prostate, acquired twice; the patient may have moved a little between."""
    first, second = (_volume(shared_data / "mr_prostate_prostatex" / name) for name in ("MR_S0004", "MR_S0006"))
    moved = turn((0.1, 0.9, 0.2), 5.0, (0.0, 30.0, 20.0)).then(translation((9.0, -6.0, 40.0)))
    found = Aligning().run(first, relocated(second, moved))
    assert furthest_mm(found.transform, moved, first) < 1.5
    assert off(found.transform, moved) < 1.0


def _volume(folder: Path) -> Volume:
    volumes = assemble(*read_series(folder))
    return max(volumes, key=lambda one: len(one.sources))
