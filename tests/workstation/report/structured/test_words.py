"""Free text made fit for DICOM."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.report.structured.words import fits_latin, long_text, one_line, person_name, short_text, to_latin


def test_line_ends_become_those_of_the_standard_and_controls_go() -> None:
    assert long_text("a\nb\r\nc\x1b[1m\x00 \n") == "a\r\nb\r\nc[1m"


@given(st.text(), st.integers(8, 64))
def test_one_line_never_exceeds_its_length_and_holds_no_separator(text: str, length: int) -> None:
    line = one_line(text, length)
    assert len(line.encode()) <= length
    assert "\\" not in line
    assert "\n" not in line


def test_a_text_that_fits_is_not_touched() -> None:
    assert one_line("Échographie œsophagienne") == "Échographie œsophagienne"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("Lectèur^Zêta^^Dr", "Lectèur^Zêta^^Dr"), ("Zêta Lectèur", "Zêta Lectèur"), ("A\\B=C", "A B C")],
)
def test_a_name_becomes_one_person_name(written: str, expected: str) -> None:
    assert person_name(written) == expected


def test_french_words_have_a_near_form_in_latin_1() -> None:
    assert to_latin("L’œdème « net » – 3 ≤ 4…") == "L'oedème « net » - 3 <= 4..."


@given(st.text())
def test_the_near_form_always_fits(text: str) -> None:
    assert fits_latin(to_latin(text))


def test_short_text_is_cut() -> None:
    assert len(short_text("é" * 3000)) == 1024
