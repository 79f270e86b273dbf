"""Angles and both axes against hand-worked answers, on square, wide and oblique pixels."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.support.viewer_volumes import SERIES, SPACE, flat_volume, oblique_affine, spatial_volume
from viewers.annotations.errors import UnlikeAxes
from viewers.annotations.measure import angle, two_axes
from viewers.annotations.model import Annotation, PointLps
from viewers.geometry.frame import added, as_vector, scaled, unit
from viewers.identifiers import AnnotationId, InstanceUID
from viewers.image.description import SpacingSource
from viewers.image.regions import UltrasoundRegion, unit_of
from viewers.image.volume import Volume
from viewers.tools.registry import measure

FIRST_FRAME = InstanceUID(f"{SERIES}.1")


def flat(tool: str, *points: tuple[float, float]) -> Annotation:
    placed = tuple((x, y, 0.0) for x, y in points)
    return Annotation(AnnotationId("a"), tool, placed, None, SERIES, FIRST_FRAME)


def in_space(tool: str, *points: PointLps) -> Annotation:
    return Annotation(AnnotationId("a"), tool, points, SPACE, SERIES, FIRST_FRAME)


def turned(degrees: float, far: float) -> PointLps:
    """A point of a plane that lies askew in the patient."""
    volume = oblique()
    across, down = (unit(as_vector(volume.affine[:3, axis])) for axis in (0, 2))
    radians = math.radians(degrees)
    return added(
        (5.0, -6.0, 7.0), added(scaled(across, far * math.cos(radians)), scaled(down, far * math.sin(radians)))
    )


def oblique() -> Volume:
    return spatial_volume(np.zeros((4, 8, 8), np.int16), oblique_affine())


@pytest.mark.parametrize("degrees", [0.0, 1e-4, 30.0, 90.0, 135.5, 179.99, 180.0])
def test_an_angle_is_what_was_laid_out_however_the_plane_lies(degrees: float) -> None:
    mark = in_space("angle", turned(20.0, 31.0), (5.0, -6.0, 7.0), turned(20.0 + degrees, 12.0))
    (value,) = angle(mark, oblique()).values
    assert value.value == pytest.approx(degrees, abs=1e-5)
    assert (value.unit_ucum, value.unit_label) == ("deg", "°")
    assert value.concept == ("1483009", "SCT", "Angle")


def test_an_angle_on_wide_pixels_is_as_it_is_on_the_body() -> None:
    # Rows twice as far apart as columns: the diagonal of the pixels is no diagonal.
    diagonal = flat("angle", (30, 10), (10, 10), (30, 30))
    (known,) = angle(diagonal, flat_volume(np.zeros((50, 60), np.int16), (0.4, 0.2))).values
    assert known.value == pytest.approx(math.degrees(math.atan2(8.0, 4.0)))
    unknown = flat_volume(np.zeros((50, 60), np.int16), None)
    wide = replace(unknown, passport=replace(unknown.passport, pixel_aspect=2.0))
    assert angle(diagonal, wide).values[0].value == pytest.approx(known.value)
    assert angle(diagonal, unknown).values[0].value == pytest.approx(45.0)


def test_an_angle_with_a_leg_of_no_length_has_no_value() -> None:
    assert (
        angle(flat("angle", (10, 10), (10, 10), (30, 30)), flat_volume(np.zeros((50, 60), np.int16), None)).values == ()
    )


def test_both_axes_are_measured_and_the_longer_one_is_the_long_one_whichever_was_drawn_first() -> None:
    volume = flat_volume(np.zeros((90, 90), np.int16), (0.5, 0.5))
    long, short = ((10.0, 40.0), (70.0, 40.0)), ((40.0, 30.0), (40.0, 54.0))
    for ends in ((*long, *short), (*short, *long)):
        first, second = two_axes(flat("bidirectional", *ends), volume).values
        assert (first.name, first.value, first.unit_label) == ("long_axis", pytest.approx(30.0), "mm")
        assert (second.name, second.value) == ("short_axis", pytest.approx(12.0))
        assert (first.concept[0], second.concept[0]) == ("103339001", "103340004")
        assert {first.spacing, second.spacing} == {SpacingSource.IMAGER}


def test_which_axis_is_longer_is_told_in_millimetres_not_in_pixels() -> None:
    volume = flat_volume(np.zeros((90, 90), np.int16), (1.0, 0.25))
    across, down = ((10.0, 40.0), (50.0, 40.0)), ((30.0, 30.0), (30.0, 50.0))
    first, second = two_axes(flat("bidirectional", *across, *down), volume).values
    assert (first.value, second.value) == (pytest.approx(20.0), pytest.approx(10.0))


@pytest.mark.parametrize("tool", ["angle", "bidirectional"])
def test_on_axes_of_different_units_nothing_is_measured_and_it_is_said(tool: str) -> None:
    doppler = UltrasoundRegion(0, 0, 59, 49, unit_of(4), unit_of(7), 0.01, -2.0)
    volume = replace(flat_volume(np.zeros((50, 60), np.int16), None), slice_regions=((doppler,),))
    points = ((10, 10), (30, 12), (20, 30), (24, 8))[: 3 if tool == "angle" else 4]
    measured = measure(flat(tool, *points), volume)
    assert (measured.values, measured.refusal) == ((), UnlikeAxes.key)
