import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSizeF
from pytestqt.qtbot import QtBot

from tests.support.phantoms import axial_grid, volume_of
from tests.support.phantoms import ramp as field
from tests.support.viewer_volumes import SERIES, SPACE, flat_volume, ramp, spatial_volume, straight_affine
from viewers.annotations.model import Annotation, MeasuredValue, Measurement
from viewers.geometry.plane import AXIAL, CORONAL
from viewers.identifiers import AnnotationId, InstanceUID, ViewportId
from viewers.image.bands import OneBand
from viewers.image.compression import Compression
from viewers.image.description import Window
from viewers.image.reslice import standard_plane
from viewers.image.sampling import Projection, Slab
from viewers.qt.content import ViewportContent
from viewers.qt.corners import mark_lines, state_lines
from viewers.qt.labels import ViewportLabels
from viewers.qt.mark_labels import free_place, label_of, label_place
from viewers.qt.missing import missing_polygons
from viewers.qt.overlay import view_plane
from viewers.qt.palette import WARNING
from viewers.qt.picture import PictureSource
from viewers.state.resolve import resolve
from viewers.state.resolved import Mark, ViewportSize
from viewers.state.view_state import ViewKind, ViewState

FRENCH = ViewportLabels(decimal_point=",", values={"mean": "Moy.", "standard_deviation": "ET"})
VOLUME = spatial_volume(ramp((30, 60, 80), (1, 1, 1)), straight_affine())
STATE = ViewState(ViewportId("v1"), slice_index=10)
AREA = QRectF(0, 0, 500, 400)
MARK = Annotation(AnnotationId("a"), "ellipse", (), SPACE, SERIES, InstanceUID("1"), text="Lesion 1")


def value(name: str, number: float, unit: str, lossy: bool = False, partial: bool = False) -> MeasuredValue:
    return MeasuredValue(name, number, unit, unit, ("1", "SCT", "x"), lossy, partial)


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert FRENCH.number(12.34, 1) == "12,3"
    assert ViewportLabels().number(-0.04, 1) == "0.0"
    assert ViewportLabels().number(-144.9, 0) == "\N{MINUS SIGN}145"


def test_a_label_tells_words_values_and_what_the_pixels_were() -> None:
    values = (value("mean", 41.26, "HU", lossy=True), value("standard_deviation", 3.0, "HU"), value("area", 9.0, "mm²"))
    assert label_of(Measurement(MARK, values, ""), FRENCH).lines == (
        "Lesion 1",
        "Moy. 41,3 HU  ET 3,00 HU",
        "area 9,0 mm²",
        "on lossy pixels",
    )
    assert label_of(Measurement(MARK, (value("length", 12.0, "mm", partial=True),), ""), ViewportLabels()).lines == (
        "Lesion 1",
        "12.0 mm",
        "on incomplete images",
    )


@given(
    st.floats(0, 450), st.floats(0, 350), st.floats(1, 120), st.floats(1, 120), st.floats(20, 150), st.floats(12, 60)
)
def test_a_label_never_covers_its_lesion_and_stays_in_the_picture(
    x: float, y: float, width: float, height: float, text_width: float, text_height: float
) -> None:
    lesion = QRectF(x, y, width, height)
    place = label_place(lesion, QSizeF(text_width, text_height), AREA, [lesion])
    assert AREA.contains(place)
    assert not place.intersects(lesion)


def test_where_everything_is_taken_there_is_no_free_place() -> None:
    lesion = QRectF(200, 200, 20, 20)
    assert free_place(lesion, QSizeF(80, 15), AREA, [AREA]) is None
    assert free_place(lesion, QSizeF(600, 15), AREA, []) is None


def test_labels_do_not_cover_one_another() -> None:
    lesion = QRectF(200, 200, 20, 20)
    first = label_place(lesion, QSizeF(80, 15), AREA, [lesion])
    second = label_place(lesion, QSizeF(80, 15), AREA, [lesion, first])
    assert not first.intersects(second)


def test_the_corner_tells_slice_window_zoom_and_slab() -> None:
    mpr = ViewState(
        ViewportId("v1"), ViewKind.MPR, window=Window(4.25, 8.5), slab=Slab(20.0, Projection.MAXIMUM), inverted=True
    )
    lines = state_lines(resolve(mpr, VOLUME, ViewportSize(300, 300)), FRENCH)
    assert lines[0] == "MIP 20 mm"
    assert lines[2] == "C 4,25  W 8,50 HU"
    assert lines[-1] == "Inverted"
    stack = state_lines(resolve(STATE, VOLUME, ViewportSize(300, 300)), FRENCH)
    assert stack[0].startswith("Im 11/30")
    assert stack[1] == "C 40  W 400 HU"


def test_warnings_stand_in_the_colour_of_warnings() -> None:
    lossy = spatial_volume(ramp((30, 60, 80), (1, 1, 1)), straight_affine(), lossy=True, expected=40)
    lines = mark_lines(resolve(STATE, lossy, ViewportSize(300, 300)), ("NOT DIAGNOSTIC",), ViewportLabels())
    assert {"LOSSY", ViewportLabels().marks[Mark.INCOMPLETE], "NOT DIAGNOSTIC"} <= {line.text for line in lines}
    assert all(line.colour == WARNING for line in lines)


@pytest.mark.parametrize(("ratios", "words"), [((12.04, 3.0), "LOSSY 12:1"), ((), "LOSSY")])
def test_the_mark_of_lossy_images_names_the_strongest_ratio(ratios: tuple[float, ...], words: str) -> None:
    lossy = volume_of(axial_grid([0.0, 1.0]), field, lossy=True, compression=Compression(ratios))
    lines = mark_lines(resolve(STATE, lossy, ViewportSize(300, 300)), (), ViewportLabels())
    assert words in [line.text for line in lines]


def test_the_mark_of_a_gap_says_from_where_it_counts_so_that_nobody_takes_it_for_a_number_of_images() -> None:
    gapped = volume_of(axial_grid([0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 9.0, 10.0]), field)
    lines = mark_lines(resolve(STATE, gapped, ViewportSize(300, 300)), (), FRENCH)
    assert "IMAGES MISSING, 3 · 8 mm from the first" in [line.text for line in lines]


def test_absent_slices_are_outlined_up_to_their_neighbours() -> None:
    plane = standard_plane(VOLUME, CORONAL, spacing_mm=1.0)
    (polygon,) = missing_polygons(VOLUME, plane, {10})
    rows = [row for _, row in polygon]
    along = sorted({round(plane.pixel_to_lps(0, row)[2], 6) for row in rows})
    assert along == pytest.approx([-30.0 + 2 * 9, -30.0 + 2 * 11])
    columns = [column for column, _ in polygon]
    assert max(columns) - min(columns) == pytest.approx(80 * 0.8)


def test_nothing_is_hatched_where_nothing_is_missing() -> None:
    assert missing_polygons(VOLUME, standard_plane(VOLUME, AXIAL)) == ()
    assert missing_polygons(flat_volume(np.zeros((5, 5), np.int16), None), standard_plane(VOLUME, AXIAL), {0}) == ()


@pytest.mark.qt
def test_a_picture_is_made_again_only_when_something_changed(qtbot: QtBot) -> None:
    source = PictureSource(OneBand())
    content = ViewportContent(VOLUME, resolve(STATE, VOLUME, ViewportSize(300, 200)))
    same = ViewportContent(VOLUME, resolve(STATE, VOLUME, ViewportSize(300, 200)), crosshair_lps=(0.0, 0.0, 0.0))
    newer = ViewportContent(VOLUME, content.resolved, revision=1)
    frame = source.frame(content, is_dragging=False)
    assert (frame.width(), frame.height()) == (300, 200)
    assert source.frame(same, is_dragging=False) is frame
    assert source.frame(newer, is_dragging=False) is not frame


def test_positions_are_in_logical_pixels_on_a_dense_screen() -> None:
    content = ViewportContent(VOLUME, resolve(STATE, VOLUME, ViewportSize(600, 400)))
    point = (1.0, 2.0, -10.0)
    column, row = content.resolved.plane.lps_to_pixel(point)
    x, y = view_plane(content, 2.0).to_view(point)
    assert (2 * x, 2 * y) == pytest.approx((column + 0.5, row + 0.5))
