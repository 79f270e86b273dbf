"""Letters of an image that has no place in the patient but states how it lies."""

from viewers.geometry.orientation import EdgeLetters, stated_edge_letters
from viewers.geometry.plane import ImagePlane

RIGHT, DOWN = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
LEFT = (-1.0, 0.0, 0.0)


def letters(row: tuple[float, float, float], column: tuple[float, float, float]) -> EdgeLetters:
    return stated_edge_letters(("P", "FL"), ImagePlane((0.0, 0.0, 0.0), row, column, 1.0, 10, 10))


def test_an_image_as_it_came_has_the_letters_it_states() -> None:
    assert letters(RIGHT, DOWN) == EdgeLetters("A", "P", "HR", "FL")


def test_letters_follow_a_flip_and_a_turn() -> None:
    assert letters(LEFT, DOWN) == EdgeLetters("P", "A", "HR", "FL")
    assert letters(DOWN, LEFT) == EdgeLetters("HR", "FL", "P", "A")
