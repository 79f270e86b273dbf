"""Marks of every tool of the table, written and read again by the program's own reader of standard objects."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tests.support.reports import mark, point_on, report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from tests.support.validators import judge, unexplained
from tests.support.viewer_volumes import ramp, spatial_volume
from viewers.annotations.model import Annotation, Measurement
from viewers.geometry.frame import make_affine, subtracted
from viewers.graphics.model import Drawing, Figure, ImagePlace
from viewers.graphics.outlines import ellipse
from viewers.identifiers import FrameOfReferenceUID
from viewers.image.volume import SliceSource, Volume
from viewers.tools.base import ToolSpec
from viewers.tools.registry import TOOLS, measure
from viewers.tools.shapes import GraphicType
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Block
from workstation.dicom.objects.registry import read_object
from workstation.report.model import Report
from workstation.report.structured.image_plane import PixelGraphic, graphics
from workstation.report.structured.presentation import build_presentation_states
from workstation.report.structured.presentation_plan import plan_uids
from workstation.report.structured.report_sr import build_sr

HEADER = stored_header(small_ct())
# The ends of a long axis and of a short one, then more corners; as (column, row).
PIXELS = ((20.25, 60.0), (90.75, 60.0), (55.5, 40.0), (55.5, 80.0), (30.0, 90.0), (10.0, 70.0))
every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())


class Nothing:
    """An object without anything behind its header."""

    def pixels(self) -> NDArray[np.generic]:
        return np.zeros((1, 4, 4), np.uint8)

    def document(self) -> bytes:
        return b""

    def clinical_document(self) -> Sequence[Block]:
        return ()


def volume() -> Volume:
    """A volume on whose first slice the image lies."""
    origin = point_on(HEADER, 0, 0)
    steps = (subtracted(point_on(HEADER, 1, 0), origin), subtracted(point_on(HEADER, 0, 1), origin))
    made = spatial_volume(ramp((3, 128, 128), (1, 2, 3)), make_affine(origin, *steps, (0.0, 0.0, 5.0)))
    space = FrameOfReferenceUID(HEADER.header.uid("FrameOfReferenceUID"))
    first = SliceSource(HEADER.reference.instance, 0)
    return replace(
        made,
        series=HEADER.reference.series,
        sources=(first, *made.sources[1:]),
        passport=replace(made.passport, frame_of_reference=space),
    )


def marked(tool: ToolSpec) -> Measurement:
    count = 5 if len(tool.counts) > 1 else tool.counts.start
    corners = (PIXELS[0], PIXELS[2], PIXELS[1], PIXELS[3], PIXELS[4]) if count == 5 else PIXELS[:count]
    return measure(mark(HEADER, tool.id, corners, "Lésion"), volume())


def report_with(measured: Measurement) -> Report:
    measurements = (measured,) if measured.values else ()
    return replace(report_on([HEADER]), annotations=(measured.annotation,), measurements=measurements)


def written_sr(report: Report) -> Dataset:
    return pydicom.dcmread(BytesIO(build_sr(report, plan_uids(report, sequential_uids()))))


def drawings(dataset: Dataset) -> tuple[Drawing, ...]:
    found = read_object(Header.parse(dataset.to_json()), Nothing())
    layers = found.layers if found.presentation is None else found.presentation.layers
    return tuple(drawing for layer in layers for drawing in layer.drawings)


def expected(shape: PixelGraphic) -> tuple[Figure, NDArray[np.float64]]:
    """The figure that a reader makes of a shape; pixel centres are whole numbers there."""
    points = tuple((x - 0.5, y - 0.5, 0.0) for x, y in shape.points)
    if shape.type is GraphicType.POINT:
        return Figure.POINTS, np.array(points)
    if shape.type is GraphicType.ELLIPSE:
        return Figure.OUTLINE, np.array(ellipse(points))
    if points[0] == points[-1]:
        return Figure.OUTLINE, np.array(points[:-1])
    return Figure.LINE, np.array(points)


def is_drawn(shape: PixelGraphic, drawing: Drawing) -> bool:
    figure, points = expected(shape)
    drawn = np.array(drawing.points)
    return drawing.figure is figure and drawn.shape == points.shape and bool(np.allclose(drawn, points, atol=1e-4))


def numbers(item: Dataset) -> Iterator[Dataset]:
    for child in item.get("ContentSequence", []):
        if child.ValueType == "NUM":
            yield child
        yield from numbers(child)


@every_tool
def test_what_the_report_writes_is_read_as_the_same_shapes(tool: ToolSpec) -> None:
    measured = marked(tool)
    shapes = graphics(measured.annotation, HEADER)
    assert shapes
    found = drawings(written_sr(report_with(measured)))
    assert bool(found) == bool(tool.values)
    for drawing in found:
        assert drawing.places == (ImagePlace(HEADER.reference.instance),)
        assert any(is_drawn(shape, drawing) for shape in shapes)
    if tool.values:
        assert all(any(is_drawn(shape, drawing) for drawing in found) for shape in shapes)


@every_tool
def test_each_value_is_a_number_with_its_concept_unit_and_shape(tool: ToolSpec) -> None:
    measured = marked(tool)
    found = list(numbers(written_sr(report_with(measured))))
    assert len(found) == len(measured.values)
    for item, value in zip(found, measured.values, strict=True):
        code, unit = item.ConceptNameCodeSequence[0], item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0]
        assert (code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning) == value.concept
        assert unit.CodeValue == value.unit_ucum
        assert float(item.MeasuredValueSequence[0].NumericValue) == pytest.approx(value.value, rel=1e-8)
        (shape,) = (one for one in item.ContentSequence if one.ValueType == "SCOORD")
        image = shape.ContentSequence[0].ReferencedSOPSequence[0]
        assert image.ReferencedSOPInstanceUID == HEADER.reference.instance
        assert "Lésion" in next(one.TextValue for one in item.ContentSequence if one.ValueType == "TEXT")


@every_tool
def test_the_presentation_state_shows_each_shape_with_all_values(tool: ToolSpec) -> None:
    measured = marked(tool)
    report = report_with(measured)
    (part10,) = build_presentation_states(report, plan_uids(report, sequential_uids()))
    state = pydicom.dcmread(BytesIO(part10))
    found = [one for one in drawings(state) if one.points]
    shapes = graphics(measured.annotation, HEADER)
    assert len(found) == len(shapes)
    assert all(is_drawn(shape, drawing) for shape, drawing in zip(shapes, found, strict=True))
    (text,) = state.GraphicAnnotationSequence[0].TextObjectSequence
    lines = text.UnformattedTextValue.splitlines()
    assert lines[0] == "Lésion"
    assert len(lines) == 1 + len(measured.values)
    if len(measured.values) > 1:
        assert all(" : " in line for line in lines[1:])


def test_each_axis_of_two_is_the_source_of_its_own_value() -> None:
    measured = marked(TOOLS["bidirectional"])
    long, short = numbers(written_sr(report_with(measured)))
    data = [next(one.GraphicData for one in item.ContentSequence if "GraphicData" in one) for item in (long, short)]
    assert list(data[0]) == pytest.approx([20.75, 60.5, 91.25, 60.5])
    assert list(data[1]) == pytest.approx([56.0, 40.5, 56.0, 80.5])


def test_a_mark_off_every_image_keeps_its_values_and_names_the_nearest_image() -> None:
    measured = marked(TOOLS["angle"])
    x, y, z = measured.annotation.points_lps[0]
    tilted: Annotation = replace(
        measured.annotation, points_lps=((x, y, z + 40.0), *measured.annotation.points_lps[1:])
    )
    (item,) = numbers(written_sr(report_with(measure(tilted, volume()))))
    assert [one.ValueType for one in item.ContentSequence] == ["TEXT", "IMAGE"]


@pytest.mark.validators
def test_independent_validators_accept_marks_of_every_tool(tmp_path: Path) -> None:
    measured = tuple(marked(tool) for tool in TOOLS.values())
    report = replace(
        report_on([HEADER]),
        annotations=tuple(one.annotation for one in measured),
        measurements=tuple(one for one in measured if one.values),
    )
    uids = plan_uids(report, sequential_uids())
    (state,) = build_presentation_states(report, uids)
    for name, part10 in (("sr", build_sr(report, uids)), ("state", state)):
        path = tmp_path / f"{name}.dcm"
        path.write_bytes(part10)
        assert unexplained(path) == []
    assert judge("dsrdump", "+Pl", tmp_path / "sr.dcm").returncode == 0
    checked = judge("dcmpschk", tmp_path / "state.dcm")
    assert "Test passed" in checked.stdout + checked.stderr
