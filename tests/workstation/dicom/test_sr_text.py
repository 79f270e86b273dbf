"""Structured reports as lines: real ones, and hostile trees."""

from pydicom import dcmread
from pydicom.data import get_testdata_file

from workstation.dicom.header import Header, element, elements
from workstation.dicom.sr_text import MAX_DEPTH, MAX_LINES, report_lines, report_text


def sr(name: str) -> Header:
    return Header(dcmread(str(get_testdata_file(name))).to_json_dict())


def text_item(text: str, *children: Header) -> Header:
    pairs = [("ValueType", element("CS", "TEXT")), ("TextValue", element("UT", text))]
    if children:
        pairs.append(("ContentSequence", element("SQ", *(child.elements for child in children))))
    return Header(elements(pairs))


def test_a_real_report_reads_in_order() -> None:
    lines = report_text(sr("test-SR.dcm")).splitlines()
    assert lines[0] == "Diagnosis"
    assert "    Text Code: A mass of" in lines


def test_depth_is_shown_by_indentation() -> None:
    lines = report_lines(text_item("root", text_item("child", text_item("grandchild"))))
    assert [line.text for line in lines] == ["root", "  child", "    grandchild"]


def test_a_very_deep_tree_is_cut_and_says_so() -> None:
    item = text_item("leaf")
    for _ in range(200):
        item = text_item("node", item)
    lines = report_lines(item)
    assert len(lines) == MAX_DEPTH + 2
    assert lines[-1].value == "[…]"


def test_a_very_long_report_is_cut_and_says_so() -> None:
    lines = report_lines(text_item("root", *(text_item("line") for _ in range(MAX_LINES + 5))))
    assert len(lines) == MAX_LINES
    assert lines[-1].value == "[…]"


def test_numbers_carry_their_unit() -> None:
    unit = elements([("CodeValue", element("SH", "mm")), ("CodeMeaning", element("LO", "millimetre"))])
    measured = elements(
        [("NumericValue", element("DS", "12.5")), ("MeasurementUnitsCodeSequence", element("SQ", unit))]
    )
    item = elements([("ValueType", element("CS", "NUM")), ("MeasuredValueSequence", element("SQ", measured))])
    assert report_text(Header(item)) == "12.5 millimetre"
