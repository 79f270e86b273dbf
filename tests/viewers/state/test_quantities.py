"""A volume read in several quantities at once: each is made once, and made anew of another volume."""

import weakref
from dataclasses import replace

from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.image.quantity import SUV_BODY_WEIGHT, SUV_LEAN_MASS
from viewers.image.quantity_kinds import Conversion
from viewers.state.quantities import ReadVolumes
from viewers.state.view_state import VolumeReference

CONVERSIONS = (Conversion(0.5, 0.0, SUV_BODY_WEIGHT), Conversion(0.25, 0.0, SUV_LEAN_MASS))
PET = volume_of(axial_grid([0.0, 1.0], size=8), ramp, modality="PT", units="BQML", conversions=CONVERSIONS)
REFERENCE = VolumeReference(PET.series, PET.index)


def test_two_viewports_read_one_volume_in_two_quantities_without_making_it_again() -> None:
    read, volumes = ReadVolumes(), {REFERENCE: PET}
    first = [read.named(REFERENCE, name, volumes) for name in ("SUVlbm", "Bq/ml")]
    again = [read.named(REFERENCE, name, volumes) for name in ("SUVlbm", "Bq/ml")]
    assert [one.quantity.name for one in first if one is not None] == ["SUVlbm", "Bq/ml"]
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_nothing_is_kept_of_a_volume_in_whose_place_another_came() -> None:
    read, before, after = ReadVolumes(), replace(PET, voxels=PET.voxels + 1), PET
    for name in ("SUVlbm", "Bq/ml"):
        read.named(REFERENCE, name, {REFERENCE: before})
    found = read.named(REFERENCE, "Bq/ml", {REFERENCE: after})
    assert found is not None
    assert found.voxels is after.voxels
    held = weakref.ref(before.voxels)
    del before
    assert held() is None
