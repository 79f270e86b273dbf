"""Thicker and thinner by key: through the thicknesses that readers use, and back to the plane alone."""

from viewers.image.sampling import Projection, Slab
from workstation.shell.acts.planes import next_step_mm, thicker, thinner


def test_a_slab_grows_to_its_greatest_thickness_and_back_to_none() -> None:
    slab, seen = None, []
    for _ in range(12):
        slab = thicker(slab)
        seen.append(slab.thickness_mm)
    assert seen == sorted(seen)
    assert seen[0] == 2.0
    assert seen[-1] == seen[-2] == 80.0
    back: Slab | None = slab
    for _ in range(10):
        back = thinner(back)
    assert back is None
    assert thinner(None) is None


def test_a_slab_between_the_steps_goes_to_the_next_and_keeps_what_it_shows() -> None:
    slab = Slab(6.5, Projection.MEAN)
    assert thicker(slab) == Slab(8.0, Projection.MEAN)
    assert thinner(slab) == Slab(5.0, Projection.MEAN)


def test_the_step_of_planes_comes_round_to_that_of_the_voxels() -> None:
    steps = [next_step_mm(None)]
    while steps[-1] is not None:
        steps.append(next_step_mm(steps[-1]))
    assert steps == [1.0, 2.0, 5.0, 10.0, None]
    assert next_step_mm(3.3) is None
