"""The letters that are painted, read off the screen, against the side that the phantom's pixels show to be there."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from tests.support.phantoms import oblique_grid, volume_of
from tests.viewers.qt.letter_reader import EDGES, LetterReader
from tests.viewers.qt.stage import STACK, Stage, grabbed, planes
from tests.viewers.qt.test_viewport import WIDE, phantom
from viewers.geometry.plane import Orientation
from viewers.geometry.turning import turned
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.view_state import ViewState

pytestmark = pytest.mark.qt

WIDTH, HEIGHT = 380, 330
AXES = ("LR", "PA", "HF")
OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
# Cosine below which a direction has no letter, and how near it the pixels decide nothing.
LEAST, UNSURE = 0.087, 0.03
GRID = oblique_grid(slices=40, spacing_mm=(1.5, 1.0, 1.0))
TOWARDS = tuple(volume_of(GRID, lambda places, axis=axis: 20.0 * places[..., axis]) for axis in range(3))
FLIPS = tuple(product((False, True), (False, True), (0, 90, 180, 270)))
# The sixteen are eight pictures, each reached in two ways: a flip up and down and 270 degrees stand for 90.
TURNS = ((False, 0), (False, 180), (False, 270), (True, 270))
EIGHT = tuple((across, down, degrees) for across in (False, True) for down, degrees in TURNS)


def turns() -> list[Orientation]:
    """Single and double oblique planes, reproducibly random."""
    draw = np.random.default_rng(11)
    found = []
    for state in planes()[1:] * 4:
        first = turned(state.orientation, state.orientation.column_direction, float(draw.uniform(-1.2, 1.2)))
        found.append(turned(first, first.row_direction, float(draw.uniform(-1.2, 1.2))))
    return found


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, TOWARDS[0], STACK, size=(WIDTH, HEIGHT))


@pytest.fixture(scope="module")
def reader() -> LetterReader:
    return LetterReader(WIDTH, HEIGHT, bar=6.0)


def painted(stage: Stage, volume: Volume, state: ViewState) -> NDArray[np.uint8]:
    stage.volume = volume
    stage.states = {STACK.viewport: state}
    stage.show()
    return grabbed(stage.widget)


def grows(stage: Stage, state: ViewState) -> dict[str, tuple[float, float, float]]:
    """Where the screen's right and its bottom lead in the patient, measured on pixels of three phantoms."""
    pictures = [painted(stage, volume, state)[:, :, 1].astype(float) for volume in TOWARDS]
    row, column = HEIGHT // 2, WIDTH // 2
    around = [picture[row - 25 : row + 26, column - 25 : column + 26] for picture in pictures]
    right = np.array([(one[:, -1] - one[:, 0]).mean() for one in around])
    down = np.array([(one[-1] - one[0]).mean() for one in around])
    return {"right": _unit(right), "bottom": _unit(down)}


def _unit(way: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = way / np.linalg.norm(way)
    return float(x), float(y), float(z)


def agrees(text: str, way: tuple[float, float, float]) -> bool:
    """Whether a text names the sides that a direction leads to, the strongest first."""
    for pair, component in zip(AXES, way, strict=True):
        if abs(abs(component) - LEAST) < UNSURE:
            continue
        named = {letter for letter in text if letter in pair}
        if named != (set() if abs(component) < LEAST else {pair[0] if component > 0 else pair[1]}):
            return False
    sizes = sorted((abs(component) for component in way), reverse=True)
    strongest = max(range(3), key=lambda axis: abs(way[axis]))
    return sizes[0] - sizes[1] < UNSURE or text[0] in AXES[strongest]


def check(stage: Stage, reader: LetterReader, state: ViewState) -> None:
    shown = replace(state, window=Window(0.0, 2400.0))
    measured = grows(stage, shown)
    read = reader.read(painted(stage, TOWARDS[0], shown))
    for edge in EDGES:
        way = measured.get(edge) or tuple(-component for component in measured[OPPOSITE[edge]])
        assert agrees(read[edge], (way[0], way[1], way[2])), (edge, read, measured)


@pytest.mark.parametrize("kind", planes(), ids=lambda state: str(state.viewport))
def test_letters_point_to_the_sides_that_the_pixels_show(stage: Stage, reader: LetterReader, kind: ViewState) -> None:
    for across, down, degrees in FLIPS if kind is STACK else EIGHT:
        state = replace(
            kind, slice_index=20, flipped_horizontally=across, flipped_vertically=down, rotation_degrees=degrees
        )
        check(stage, reader, replace(state, viewport=STACK.viewport))


def test_letters_of_oblique_planes_name_two_sides_or_three(stage: Stage, reader: LetterReader) -> None:
    for number, orientation in enumerate(turns()):
        across, down, degrees = FLIPS[(7 * number) % len(FLIPS)]
        state = replace(
            planes()[1],
            viewport=STACK.viewport,
            orientation=orientation,
            flipped_horizontally=across,
            flipped_vertically=down,
            rotation_degrees=degrees,
        )
        check(stage, reader, state)


def test_a_burned_in_marker_on_the_left_lies_at_the_letter_l(stage: Stage, reader: LetterReader) -> None:
    marker = tuple((i, j, 20) for i in (86, 87, 88, 89) for j in (49, 50, 51))
    for across, down, degrees in FLIPS:
        state = replace(
            STACK,
            slice_index=20,
            window=WIDE,
            flipped_horizontally=across,
            flipped_vertically=down,
            rotation_degrees=degrees,
        )
        pixels = painted(stage, phantom(*marker), state)
        grey = np.where(np.ptp(pixels.astype(int), axis=2) < 1, pixels[:, :, 0], 0)[30:-30, 60:-60]
        rows, columns = np.nonzero(grey > 150)
        right, downwards = columns.mean() + 60 - WIDTH / 2, rows.mean() + 30 - HEIGHT / 2
        assert math.hypot(right, downwards) > 40
        edge = (
            ("right" if right > 0 else "left")
            if abs(right) > abs(downwards)
            else ("bottom" if downwards > 0 else "top")
        )
        assert reader.read(pixels)[edge] == "L"


def test_a_wrong_letter_is_noticed(stage: Stage, reader: LetterReader, monkeypatch: pytest.MonkeyPatch) -> None:
    right = "viewers.geometry.orientation._LETTERS"
    monkeypatch.setattr(right, (("R", "L"), ("P", "A"), ("H", "F")))
    with pytest.raises(AssertionError):
        check(stage, reader, replace(planes()[2], viewport=STACK.viewport))
