"""The table of presets of volume rendering."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.viewer_volumes import spatial_volume, straight_affine
from viewers.image.description import Window
from viewers.image.quantity_kinds import Quantity
from viewers.image.volume import Volume
from viewers.scene.presets import VolumePreset, preset_for, suitable_presets
from workstation.reading.volume_presets import load_volume_presets

PRESETS = load_volume_presets()
CT = spatial_volume(np.zeros((4, 5, 6), np.int16), straight_affine())


def of(modality: str, unit: str) -> Volume:
    return replace(CT, modality=modality, quantity=Quantity(unit, unit))


@pytest.mark.parametrize(
    ("modality", "unit", "chosen"),
    [("MR", "", "mr_default"), ("PT", "g/ml", "pet_mip"), ("NM", "", "pet_mip"), ("XA", "", "mip"), ("CT", "", "mip")],
)
def test_each_modality_begins_with_its_own(modality: str, unit: str, chosen: str) -> None:
    assert preset_for(of(modality, unit), "", PRESETS).id == chosen


def test_a_ct_begins_with_bone_and_offers_no_preset_of_others() -> None:
    assert preset_for(CT, "", PRESETS).id == "ct_bone"
    assert preset_for(CT, "skin", PRESETS).id == "skin"
    assert preset_for(CT, "mr_angio", PRESETS).id == "ct_bone"
    assert preset_for(CT, "gone", PRESETS).id == "ct_bone"
    assert {one.id for one in suitable_presets(CT, PRESETS)} == {
        "ct_bone", "ct_vessels", "ct_soft_tissue", "ct_lung", "skin", "ct_mip", "mip",
    }  # fmt: skip


def test_presets_in_hounsfield_units_are_never_laid_on_other_values() -> None:
    assert {one.id for one in suitable_presets(of("CT", ""), PRESETS)} == {"mip"}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_values_rise_and_colours_and_opacities_lie_between_0_and_1(preset: VolumePreset) -> None:
    points = preset.points
    values = [point.value for point in points]
    assert values == sorted(set(values))
    assert all(0.0 <= part <= 1.0 for point in points for part in (*point.colour, point.opacity))


def test_a_preset_in_parts_of_the_window_follows_it() -> None:
    function = PRESETS["pet_mip"].function(Window(5.0, 10.0))
    assert [value for value, _ in function.colours] == [0.0, 10.0]
    assert function.colours[0][1] == (1.0, 1.0, 1.0)
    assert function.is_projection
    assert not function.is_shaded
    bone = PRESETS["ct_bone"]
    assert bone.function(Window(0.0, 1.0)) == bone.function(Window(40.0, 400.0))
    assert not bone.function(Window(0.0, 1.0), is_shaded=False).is_shaded
