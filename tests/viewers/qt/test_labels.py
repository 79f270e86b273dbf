"""Values of an image are told alike wherever they stand: in the corner, at the colour bar, under the pointer."""

import pytest

from viewers.qt.labels import ViewportLabels


@pytest.mark.parametrize(("value", "width", "told"), [(0.75, 1.5, "0,75"), (0.75, 49.0, "0,75"), (40.4, 50.0, "40")])
def test_a_value_has_the_decimals_that_its_window_asks_for(value: float, width: float, told: str) -> None:
    assert ViewportLabels(decimal_point=",").value(value, width) == told
