"""The letters at the edges are those of the pixels shown, read off phantoms that grow towards one side."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.phantoms import Grid, oblique_grid, volume_of
from viewers.geometry.frame import Vector3, cross, unit
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.identifiers import ViewportId
from viewers.image.reslice import sample_plane
from viewers.image.volume import Volume
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

SIZE = ViewportSize(60, 50)
LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))
# Components that the letters leave out, and a hair on each side of the limit where rounding may decide.
LEAST, UNSURE = 0.087, 0.01


def towards(axis: int, grid: Grid) -> Volume:
    return volume_of(grid, lambda places: 20.0 * places[..., axis])


GRID = oblique_grid(slices=40, spacing_mm=(1.5, 1.0, 1.0))
PHANTOMS = tuple(towards(axis, GRID) for axis in range(3))

flips = st.tuples(st.booleans(), st.booleans(), st.sampled_from([0, 90, 180, 270]))
directions = st.tuples(*[st.floats(-1.0, 1.0)] * 3).filter(lambda found: np.linalg.norm(found) > 0.3)


def grows(pictures: list[NDArray[np.float32]], view: ResolvedView) -> tuple[Vector3, Vector3]:
    """Measure, on the pictures of the three phantoms, where the screen's right and its bottom lead in the patient."""
    row, column = view.plane.height // 2, view.plane.width // 2
    right = [float(picture[row, column + 6] - picture[row, column - 6]) for picture in pictures]
    down = [float(picture[row + 6, column] - picture[row - 6, column]) for picture in pictures]
    return unit((right[0], right[1], right[2])), unit((down[0], down[1], down[2]))


def assert_letters(text: str, opposite: str, direction: Vector3) -> None:
    for axis, (positive, negative) in enumerate(LETTERS):
        component = direction[axis]
        if abs(abs(component) - LEAST) < UNSURE:
            continue
        expected = "" if abs(component) < LEAST else positive if component > 0 else negative
        assert {letter for letter in text if letter in positive + negative} == set(expected)
        assert {letter for letter in opposite if letter in positive + negative} == (
            {positive, negative} - set(expected) if expected else set()
        )
    strongest = max(range(3), key=lambda axis: abs(direction[axis]))
    ordered = sorted((abs(component) for component in direction), reverse=True)
    if ordered[0] - ordered[1] > UNSURE:
        assert text[0] in LETTERS[strongest]


def assert_shown(state: ViewState) -> None:
    view = resolve(state, PHANTOMS[0], SIZE)
    assert view.edges is not None
    # A stack is drawn by its own transform; its plane is where the transform puts it.
    right, down = grows([sample_plane(phantom, view.plane) for phantom in PHANTOMS], view)
    assert_letters(view.edges.right, view.edges.left, right)
    assert_letters(view.edges.bottom, view.edges.top, down)


def state_of(kind: ViewKind, turned: tuple[bool, bool, int]) -> ViewState:
    return replace(
        ViewState(ViewportId("a"), kind=kind),
        flipped_horizontally=turned[0],
        flipped_vertically=turned[1],
        rotation_degrees=turned[2],
        slice_index=20,
        zoom=2.0,
    )


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flipped", [(False, False), (True, False), (False, True), (True, True)])
def test_every_flip_and_turn_of_a_standard_plane(
    orientation: Orientation, rotation: int, flipped: tuple[bool, bool]
) -> None:
    assert_shown(replace(state_of(ViewKind.MPR, (*flipped, rotation)), orientation=orientation))


@settings(max_examples=120, deadline=None)
@given(flips, directions, directions)
def test_any_oblique_plane_flipped_and_turned(turned: tuple[bool, bool, int], one: Vector3, other: Vector3) -> None:
    if np.linalg.norm(np.cross(unit(one), unit(other))) < 0.2:
        return
    normal = unit(cross(one, other))
    orientation = Orientation(unit(one), cross(normal, unit(one)))
    assert_shown(replace(state_of(ViewKind.MPR, turned), orientation=orientation))


@given(flips)
def test_a_stack_flipped_and_turned(turned: tuple[bool, bool, int]) -> None:
    state = state_of(ViewKind.STACK, turned)
    assert_shown(state)
    view = resolve(state, PHANTOMS[0], SIZE)
    assert view.image_to_viewport is not None
    a, b, _, d, e, _ = view.image_to_viewport
    # Where the transform draws the next column and the next row of the slice, the plane has them too.
    column, row = view.plane.row_direction, view.plane.column_direction
    for step, (x, y) in ((GRID.row, (a, d)), (GRID.column, (b, e))):
        shown = np.array((np.dot(step, column), np.dot(step, row)))
        assert shown / np.linalg.norm(shown) == pytest.approx(np.array((x, y)) / np.hypot(x, y), abs=1e-9)


def test_a_turn_of_ninety_degrees_is_clockwise() -> None:
    view = resolve(replace(state_of(ViewKind.MPR, (False, False, 90)), orientation=AXIAL), PHANTOMS[0], SIZE)
    assert view.edges is not None
    # What was on the left, the patient's right, is on top.
    assert (view.edges.top, view.edges.right) == ("R", "A")
