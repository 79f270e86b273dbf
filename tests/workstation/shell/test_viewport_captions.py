"""What the corners of a viewport say in words of the program."""

import pytest

from tests.support.phantoms import axial_grid, ramp, volume_of
from viewers.identifiers import ViewportId
from viewers.image.quantity import SUV_BODY_SURFACE, SUV_BODY_WEIGHT, SUV_LEAN_MASS, UPTAKE
from viewers.image.quantity_kinds import Conversion, Withheld
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewState
from workstation.shell.viewport_captions import CaseDirectory, captions
from workstation.translations import languages, translator

GRID = axial_grid([0.0, 1.0])
NO_WEIGHT = tuple(Withheld(one, "suv.no_weight") for one in UPTAKE)
NO_HEIGHT = tuple(Withheld(one, "suv.no_height") for one in (SUV_LEAN_MASS, SUV_BODY_SURFACE))


@pytest.mark.parametrize("language", languages())
def test_a_pet_that_is_not_in_suv_says_why(language: str) -> None:
    words = translator(language)
    in_suv = (Conversion(0.1, 0.0, SUV_BODY_WEIGHT),)
    withheld = volume_of(GRID, ramp, modality="PT", units="BQML", withheld=NO_WEIGHT)
    shown = volume_of(GRID, ramp, modality="PT", units="BQML", withheld=NO_HEIGHT, conversions=in_suv)
    told = []
    for volume in (withheld, shown):
        resolved = resolve(ViewState(ViewportId("v1")), volume, ViewportSize(90, 90))
        told.append(captions(volume, resolved, CaseDirectory(), (), words).warnings)
    assert told[0].count(words.text("suv.no_weight")) == 1
    assert not any("SUV" in line for line in told[1])
