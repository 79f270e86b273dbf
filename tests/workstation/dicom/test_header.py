"""The DICOM JSON model read by keyword, from friends and strangers."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import Header, element, elements, tag_of
from workstation.domain.patient import PersonName


def ct() -> Header:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")), stop_before_pixels=True)
    return Header(dataset.to_json_dict())


def test_a_real_header_is_read_by_keyword() -> None:
    header = ct()
    assert header.text("Modality") == "CT"
    assert header.integer("Rows") == 128
    assert header.numbers("PixelSpacing") == (0.661468, 0.661468)
    assert header.person("PatientName") == PersonName("CompressedSamples", "CT1")
    assert header.uid("StudyInstanceUID").startswith("1.3.6.1")
    assert header.items("OtherPatientIDsSequence")
    assert not header.has("PatientBirthName")


def test_text_round_trips() -> None:
    header = ct()
    assert Header.parse(header.to_json()).elements == header.elements


def test_built_elements_are_read_by_pydicom() -> None:
    content = elements([("PatientName", element("PN", "ESSAI-ŒUVRÉ^Ï")), ("StudyID", element("SH", ""))])
    dataset = Dataset.from_json(content)
    assert str(dataset.PatientName) == "ESSAI-ŒUVRÉ^Ï"
    assert list(content) == ["00100010", "00200010"]
    assert Header(content).text("StudyID", "none") == "none"


@pytest.mark.parametrize("text", ["", "[]", "[1]", "3", '{"a":', "[{}, {}]", "[" * 100_000])
def test_what_is_not_one_data_set_is_refused(text: str) -> None:
    with pytest.raises(MalformedHeader):
        Header.parse(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([tag_of("Rows"), tag_of("PatientName"), "Value"]), anything))
def test_any_json_reads_as_values_or_as_nothing(content: dict[str, object]) -> None:
    header = Header(content)
    header.integer("Rows")
    header.texts("PatientName")
    header.person("PatientName")
    header.items("Rows")
    assert header.has("Rows") in (True, False)


def test_an_unknown_keyword_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="no such keyword"):
        Header({}).text("NoSuchThing")


def test_reading_needs_no_file() -> None:
    assert Header.parse(io.BytesIO(b"{}").read()).text("Modality") == ""
