"""Thicker and thinner by key: through the thicknesses that readers use, and back to the plane alone."""

from viewers.image.sampling import Projection, Slab
from workstation.shell.acts.planes import thicker, thinner


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
