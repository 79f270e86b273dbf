"""Tables, windows, shutters, losses and real world values as headers state them, well or badly."""

import base64
import struct
from typing import Any

import numpy as np
import pytest

from tests.workstation.dicom.test_describe import LITTLE, classic, sequence
from viewers.image.compression import Compression
from viewers.image.description import FrameDescription, VoiFunction, Window
from viewers.image.quantity import quantity_of
from viewers.image.shutter import Shutter
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header, element, elements

LOSSY_JPEG2000 = "1.2.840.10008.1.2.4.91"


def frame(*more: tuple[str, dict[str, Any]], syntax: str = LITTLE) -> FrameDescription:
    (described,) = describe_frames(classic(*more), syntax)
    return described


def table(descriptor: tuple[int, int, int], data: dict[str, Any], *more: tuple[str, dict[str, Any]]) -> Header:
    return Header(elements([("LUTDescriptor", element("US", *descriptor)), ("LUTData", data), *more]))


def words(*values: int) -> dict[str, Any]:
    return {"vr": "OW", "InlineBinary": base64.b64encode(struct.pack(f"<{len(values)}H", *values)).decode()}


def test_a_modality_table_names_its_values() -> None:
    item = table((3, 10, 16), words(5, 6, 7), ("ModalityLUTType", element("LO", "OD")))
    described = frame(("ModalityLUTSequence", sequence(item)))
    assert described.modality_table is not None
    assert described.modality_table.outputs(np.array([9.0, 11.0, 99.0])).tolist() == [5, 6, 7]
    assert (described.rescale_type, quantity_of(described).name) == ("OD", "")


def test_entries_of_eight_bits_may_lie_in_pairs_or_alone() -> None:
    packed = {"vr": "OW", "InlineBinary": base64.b64encode(bytes((1, 2, 3, 0))).decode()}
    for data in (packed, element("US", 1, 2, 3), words(1, 2, 3)):
        described = frame(("VOILUTSequence", sequence(table((3, 0, 8), data))))
        found = described.windows[0].table
        assert found is not None
        assert found.entries.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("first", "signed", "intercept", "expected"),
    [(65_436, 1, 0, -100), (-100, 1, 0, -100), (65_436, 0, -1024, -100), (4_000, 0, 0, 4_000), (100, 1, 0, 100)],
)
def test_the_first_input_has_the_sign_of_the_values(first: int, signed: int, intercept: int, expected: int) -> None:
    described = frame(
        ("PixelRepresentation", element("US", signed)),
        ("RescaleIntercept", element("DS", float(intercept))),
        ("VOILUTSequence", sequence(table((2, first, 12), words(0, 4095)))),
    )
    assert described.windows[0].table is not None
    assert described.windows[0].table.first == expected


def test_no_entries_stand_for_all_of_them() -> None:
    described = frame(("VOILUTSequence", sequence(table((0, 0, 16), words(*range(65536))))))
    assert described.windows[0].table is not None
    assert len(described.windows[0].table.entries) == 65536


@pytest.mark.parametrize("descriptor", [(4, 0, 8), (3, 0, 0), (3, 0, 17)])
def test_a_table_that_is_none_is_not_used(descriptor: tuple[int, int, int]) -> None:
    described = frame(
        ("VOILUTSequence", sequence(table(descriptor, words(1, 2, 3)))),
        ("WindowCenter", element("DS", 40.0)),
        ("WindowWidth", element("DS", 400.0)),
    )
    assert described.windows == (Window(40.0, 400.0),)


def test_tables_come_before_windows_and_each_has_its_words() -> None:
    item = table((2, 0, 8), words(0, 255), ("LUTExplanation", element("LO", "HARD")))
    described = frame(
        ("VOILUTSequence", sequence(item)),
        ("WindowCenter", element("DS", 40.0, -600.0, 0.0)),
        ("WindowWidth", element("DS", 400.0, 1500.0, 0.5)),
        ("WindowCenterWidthExplanation", element("LO", "ABDOMEN", "LUNG")),
    )
    assert [window.explanation for window in described.windows] == ["HARD", "ABDOMEN", "LUNG"]
    assert [(window.centre, window.width) for window in described.windows] == [(1, 2), (40, 400), (-600, 1500)]


def test_a_narrow_window_is_one_for_the_exact_function_only() -> None:
    narrow = (("WindowCenter", element("DS", 0.5)), ("WindowWidth", element("DS", 0.25)))
    assert frame(*narrow).windows == ()
    exact = frame(*narrow, ("VOILUTFunction", element("CS", "LINEAR_EXACT")))
    assert (exact.windows, exact.voi_function) == ((Window(0.5, 0.25),), VoiFunction.LINEAR_EXACT)


def test_shutters_count_from_one_and_their_level_is_of_sixteen_bits() -> None:
    described = frame(
        ("ShutterShape", element("CS", "RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP")),
        ("ShutterLeftVerticalEdge", element("IS", 3)),
        ("ShutterRightVerticalEdge", element("IS", 9)),
        ("ShutterUpperHorizontalEdge", element("IS", 1)),
        ("ShutterLowerHorizontalEdge", element("IS", 5)),
        ("CenterOfCircularShutter", element("IS", 4, 5)),
        ("RadiusOfCircularShutter", element("IS", 2)),
        ("VerticesOfThePolygonalShutter", element("IS", 1, 1, 1, 6, 4, 6)),
        ("ShutterPresentationValue", element("US", 65535)),
        ("ShutterOverlayGroup", element("US", 0x6000)),
    )
    assert described.shutter == Shutter((0, 4, 2, 8), (3, 4, 2), ((0, 0), (0, 5), (3, 5)), 0x6000, 255)


@pytest.mark.parametrize("edges", [("ShutterLeftVerticalEdge",), ()])
def test_half_a_shutter_is_none(edges: tuple[str, ...]) -> None:
    stated = [(edge, element("IS", 3)) for edge in edges]
    assert frame(("ShutterShape", element("CS", "RECTANGULAR")), *stated).shutter is None


@pytest.mark.parametrize(
    ("stated", "syntax", "lossy"),
    [
        ((), LITTLE, False),
        ((("LossyImageCompression", element("CS", "00")),), LITTLE, False),
        ((("LossyImageCompression", element("CS", "01")),), LITTLE, True),
        ((("LossyImageCompressionMethod", element("CS", "ISO_10918_1")),), LITTLE, True),
        ((("LossyImageCompression", element("CS", "00")),), LOSSY_JPEG2000, True),
    ],
)
def test_what_was_once_lossy_stays_so(stated: tuple[tuple[str, dict[str, Any]], ...], syntax: str, lossy: bool) -> None:
    assert frame(*stated, syntax=syntax).lossy is lossy


def test_each_step_of_the_losses_is_told() -> None:
    described = frame(
        ("LossyImageCompression", element("CS", "01")),
        ("LossyImageCompressionRatio", element("DS", 10.0, 4.5)),
        ("LossyImageCompressionMethod", element("CS", "ISO_10918_1", "ISO_15444_1")),
    )
    assert described.compression == Compression((10.0, 4.5), ("ISO_10918_1", "ISO_15444_1"))


def test_a_real_world_map_undoes_the_rescale_and_names_its_unit() -> None:
    units = Header(elements([("CodeValue", element("SH", "mm2/s")), ("CodeMeaning", element("LO", "mm2/s"))]))
    mapped = Header(
        elements(
            [
                ("RealWorldValueSlope", element("FD", 1e-6)),
                ("RealWorldValueIntercept", element("FD", 0.001)),
                ("MeasurementUnitsCodeSequence", sequence(units)),
            ]
        )
    )
    described = frame(
        ("RescaleSlope", element("DS", 2.0)),
        ("RescaleIntercept", element("DS", 10.0)),
        ("RealWorldValueMappingSequence", sequence(mapped)),
    )
    (conversion,) = described.conversions
    assert conversion.quantity.ucum == "mm2/s"
    # Stored 100 is 210 by the rescale, and 0.0001 + 0.001 by the map.
    assert 210 * conversion.scale + conversion.offset == pytest.approx(0.0011, rel=1e-12)
