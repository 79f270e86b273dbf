"""Segments lie where their frames say: hand-made masks against planes whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from viewers.geometry.plane import CORONAL, ImagePlane, plane_about
from viewers.graphics.errors import SegmentsUnplaced
from viewers.graphics.segments import Segment, SegmentFrame, build_segment, cut

RED = (255, 0, 0)


def frame(values: NDArray[np.uint8], z: float) -> SegmentFrame:
    return SegmentFrame(values, (0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0, 1.0)


def one_pixel(column: int, row: int) -> NDArray[np.uint8]:
    values = np.zeros((5, 13), np.uint8)
    values[row, column] = 255
    return values


def axial(z: float) -> ImagePlane:
    return ImagePlane((0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0, 13, 10)


def lit(segment: Segment, plane: ImagePlane) -> set[tuple[int, int]]:
    found = cut(segment, plane)
    if found is None:
        return set()
    rows, columns = np.nonzero(found.values)
    return {(int(x) + found.corner[0], int(y) + found.corner[1]) for x, y in zip(columns, rows, strict=True)}


def test_frames_are_placed_by_position_whatever_their_order() -> None:
    shuffled = [frame(one_pixel(3, 1), 6.0), frame(one_pixel(1, 1), 0.0), frame(one_pixel(2, 1), 3.0)]
    segment = build_segment("s", "s", RED, shuffled, None)
    assert [lit(segment, axial(z)) for z in (0.0, 3.0, 6.0)] == [
        {(column, row) for row in (1, 2)} for column in (1, 2, 3)
    ]
    assert lit(segment, axial(9.0)) == set()
    assert segment.ml == pytest.approx(3 * 2.0 * 1.0 * 3.0 / 1000.0)


def test_a_position_without_a_frame_is_empty() -> None:
    frames = [frame(one_pixel(1, 1), z) for z in (0.0, 3.0, 9.0)]
    segment = build_segment("s", "s", RED, frames, None)
    assert lit(segment, axial(6.0)) == set()
    assert lit(segment, axial(9.0)) == {(1, 1), (1, 2)}


def test_a_plane_across_the_frames_shows_them_one_above_the_other() -> None:
    frames = [frame(one_pixel(4, 2), 0.0), frame(one_pixel(6, 2), 1.0)]
    plane = plane_about((6.0, 4.0, 0.0), CORONAL, 1.0, 13, 5)
    assert lit(build_segment("s", "s", RED, frames, None), plane) == {(4, 2), (6, 1)}


def test_uneven_frames_have_no_volume_and_crooked_ones_are_refused() -> None:
    uneven = [frame(one_pixel(1, 1), z) for z in (0.0, 1.0, 2.4)]
    assert build_segment("s", "s", RED, uneven, None).ml is None
    aside = SegmentFrame(one_pixel(1, 1), (40.0, 0.0, 3.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0, 1.0)
    nowhere = SegmentFrame(one_pixel(1, 1), (0.0, 0.0, 3.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0, 1.0)
    for wrong in (aside, nowhere):
        with pytest.raises(SegmentsUnplaced):
            build_segment("s", "s", RED, [frame(one_pixel(1, 1), 0.0), wrong], None)


def test_a_share_counts_as_a_share() -> None:
    half = np.full((5, 13), 128, np.uint8)
    segment = build_segment("s", "s", RED, [frame(half, 0.0)], 5.0, is_fractional=True)
    assert segment.ml == pytest.approx(65 * 128 / 255 * 2.0 * 5.0 / 1000.0)


def test_a_frame_is_not_shown_on_slices_between_it_and_a_distant_one() -> None:
    frames = [frame(one_pixel(1, 1), 0.0), frame(one_pixel(1, 1), 20.0)]
    segment = build_segment("s", "s", RED, frames, 5.0)
    assert [bool(lit(segment, axial(z))) for z in (0.0, 2.0, 5.0, 10.0, 15.0, 20.0)] == [1, 1, 0, 0, 0, 1]
    assert segment.ml == pytest.approx(2 * 2.0 * 1.0 * 5.0 / 1000.0)
    assert build_segment("s", "s", RED, frames, 5.0, has_gaps=True).ml is None
