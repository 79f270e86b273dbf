"""Rigid motions: there and back, one after the other, and nothing that would stretch or mirror a patient."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.moved_volumes import turn, turned_degrees
from viewers.geometry.plane import SAGITTAL
from viewers.geometry.rigid import IDENTITY, RigidTransform, translation

MOVED = turn((0.2, -0.7, 0.5), 33.0, (10.0, 20.0, -30.0)).then(translation((5.0, -6.0, 7.0)))
POINT = (12.0, -34.0, 56.0)


def test_a_turn_about_a_point_leaves_it_where_it_is() -> None:
    assert turn((0.0, 0.0, 1.0), 90.0, (1.0, 2.0, 3.0)).point((1.0, 2.0, 9.0)) == pytest.approx((1.0, 2.0, 9.0))
    assert turn((0.0, 0.0, 1.0), 90.0).direction((1.0, 0.0, 0.0)) == pytest.approx((0.0, 1.0, 0.0))


def test_the_way_back_leads_to_where_it_began() -> None:
    assert MOVED.inverse().point(MOVED.point(POINT)) == pytest.approx(POINT)
    assert MOVED.then(MOVED.inverse()).matrix == pytest.approx(IDENTITY.matrix, abs=1e-12)
    assert turned_degrees(MOVED) == pytest.approx(33.0)


def test_one_motion_after_the_other_is_the_product_of_their_matrices() -> None:
    after = turn((1.0, 0.0, 0.0), 20.0).then(translation((0.0, 1.0, 2.0)))
    product = np.reshape(after.matrix, (4, 4)) @ np.reshape(MOVED.matrix, (4, 4))
    assert MOVED.then(after).matrix == pytest.approx(product.ravel())
    assert RigidTransform.from_matrix(product.ravel().tolist()).point(POINT) == pytest.approx(
        after.point(MOVED.point(POINT))
    )


def test_a_picture_turns_with_the_motion_and_stays_right_handed() -> None:
    turned = MOVED.orientation(SAGITTAL)
    assert turned.normal == pytest.approx(MOVED.direction(SAGITTAL.normal))


@pytest.mark.parametrize(
    "matrix",
    [
        np.diag([-1.0, 1.0, 1.0, 1.0]),
        np.diag([1.1, 1.0, 1.0, 1.0]),
        np.diag([1.0, 1.0, 1.0, 2.0]),
        np.full((4, 4), np.nan),
        np.eye(3),
    ],
)
def test_what_mirrors_stretches_or_is_no_number_is_refused(matrix: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError):
        RigidTransform.from_matrix(matrix.ravel().tolist())
