"""Marks in patient space to pixels of their frame, counted from the corner of the first pixel."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.reports import mark, point_on, real_headers, small_ct, stored_header
from tests.support.shared_data import shared_data_root
from viewers.identifiers import FrameOfReferenceUID
from workstation.report.structured.image_plane import graphics, pixel_points

HEADER = stored_header(small_ct())


def test_the_centre_of_the_first_pixel_is_a_half_from_the_corner() -> None:
    first, second = pixel_points(mark(HEADER, "length", [(0, 0), (127, 3)]), HEADER)
    assert first == pytest.approx((0.5, 0.5))
    assert second == pytest.approx((127.5, 3.5))


@pytest.mark.shared_data
def test_oblique_frames_give_back_the_pixels_that_were_marked() -> None:
    for stored in real_headers(shared_data_root() / "mr_prostate_prostatex" / "MR_S0005", limit=3):
        pixels = [(10.25, 200.75), (300.0, 17.0), (0.0, 0.0)]
        found = pixel_points(mark(stored, "polyline", pixels), stored)
        assert np.allclose(found, np.array(pixels) + 0.5, atol=1e-3)


def test_a_mark_off_the_plane_has_no_pixels() -> None:
    annotation = mark(HEADER, "length", [(10, 10), (20, 20)])
    x, y, z = point_on(HEADER, 20, 20)
    assert graphics(replace(annotation, points_lps=(annotation.points_lps[0], (x, y, z + 30.0))), HEADER) == ()


def test_a_mark_in_another_frame_of_reference_has_no_pixels() -> None:
    annotation = mark(HEADER, "length", [(10, 10), (20, 20)])
    other = replace(annotation, frame_of_reference=FrameOfReferenceUID("2.25.3"))
    assert graphics(other, HEADER) == ()


def test_marks_without_patient_space_are_pixels_already() -> None:
    annotation = replace(
        mark(HEADER, "length", [(0, 0), (1, 1)]), frame_of_reference=None, points_lps=((3.0, 4.0, 0.0), (5.0, 6.0, 0.0))
    )
    assert pixel_points(annotation, HEADER) == ((3.5, 4.5), (5.5, 6.5))


@pytest.mark.parametrize(
    ("tool", "count", "shapes"),
    [
        ("probe", 1, [("POINT", 1)]),
        ("length", 2, [("POLYLINE", 2)]),
        ("ellipse", 4, [("ELLIPSE", 4)]),
        ("bidirectional", 4, [("POLYLINE", 2), ("POLYLINE", 2)]),
        ("freehand", 5, [("POLYLINE", 6)]),
        ("angle", 3, [("POLYLINE", 3)]),
    ],
)
def test_each_tool_becomes_its_shape(tool: str, count: int, shapes: list[tuple[str, int]]) -> None:
    drawn = graphics(mark(HEADER, tool, [(n, n * 2) for n in range(count)]), HEADER)
    assert [(one.type, len(one.points)) for one in drawn] == shapes
