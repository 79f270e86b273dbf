"""What is kept of a volume while the fuller series comes, and falls into other volumes."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.support.open_case import CURRENT, PRIOR, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.reading.test_views import REFERENCE, V1, state_of, views_of
from viewers.image.description import Window
from viewers.state.view_state import VolumeReference
from workstation.reading.views import Views


def shown_window(views: Views) -> Window:
    shown = views.resolved(V1)
    assert shown is not None
    return shown.window


def test_a_window_follows_its_images_and_is_never_that_of_others_that_lay_in_their_place() -> None:
    def faint(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return smooth(places) / 100.0

    low, high = (
        replace(as_series(volume_of(axial_grid([0.0, 1.0, 2.0]), field, windows=()), uid), series=CURRENT)
        for field, uid in ((faint, PRIOR), (smooth, CURRENT))
    )
    views = views_of(replace(high, expected_slices=6))
    fitted = shown_window(views)
    views.put((replace(low, expected_slices=6), replace(high, index=1, expected_slices=6)))
    assert state_of(views, V1).volume == VolumeReference(CURRENT, 1)
    assert shown_window(views) == fitted
    views.show_in(V1, REFERENCE)
    assert shown_window(views).width < fitted.width / 50
