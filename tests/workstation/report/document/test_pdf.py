"""The PDF: every word of the report in readable form, the identity and the statements on every page."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.reports import CONCLUSION, SECTIONS, WRITTEN, report_on, small_ct, stored_header
from workstation.domain.patient import INS_TEST_OID
from workstation.report.document.dates import printed_date, printed_moment
from workstation.report.document.pdf import build_pdf
from workstation.report.model import Report, ReportStatus
from workstation.translations import languages, translator

HEADER = stored_header(small_ct())
PICTURE = np.tile(np.linspace(0, 255, 128).astype(np.uint8), (96, 1))

Poppler = Callable[..., str]


@pytest.fixture
def poppler(tmp_path: Path) -> Poppler:
    def run(tool: str, pdf: bytes, *options: str) -> str:
        path = tmp_path / "report.pdf"
        path.write_bytes(pdf)
        command = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    return run


def pdf_of(report: Report) -> bytes:
    pictures = {image.key: PICTURE for image in report.key_images}
    return build_pdf(report, translator(report.language), pictures)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert pdf_of(report_on([HEADER])) == pdf_of(report_on([HEADER]))


@pytest.mark.validators
@pytest.mark.parametrize("language", languages())
def test_every_section_is_readable_with_its_accents(poppler: Poppler, language: str) -> None:
    report = report_on([HEADER], language)
    text = plain(poppler("pdftotext", pdf_of(report), "-layout"))
    for section in report.sections:
        assert plain(section.title) in text
    for words in SECTIONS.values():
        assert plain(words) in text
    assert plain(CONCLUSION) in text
    for sign in "Œœ’é«»":
        assert sign in text


@pytest.mark.validators
def test_all_fonts_are_embedded(poppler: Poppler) -> None:
    fonts = poppler("pdffonts", pdf_of(report_on([HEADER]))).splitlines()[2:]
    assert len(fonts) == 3
    for line in fonts:
        embedded, _, unicode_map = line.split()[-5:-2]
        assert (embedded, unicode_map) == ("yes", "yes")


@pytest.mark.validators
def test_the_document_says_its_language_and_that_it_is_pdf_a(poppler: Poppler) -> None:
    pdf = pdf_of(report_on([HEADER]))
    assert b"/Lang (fr)" in pdf
    assert "Tagged:          yes" in poppler("pdfinfo", pdf)
    metadata = poppler("pdfinfo", pdf, "-meta")
    assert re.search(r"pdfaid:part\W+2\b", metadata)
    assert re.search(r"pdfaid:conformance\W+U\b", metadata)


@pytest.mark.validators
def test_every_page_carries_identity_number_and_statements(poppler: Poppler) -> None:
    report = report_on([HEADER], demonstration=True)
    sections = tuple(
        replace(one, text="\n".join([one.text] * 60)) if one.id == "findings" else one for one in report.sections
    )
    pages = poppler("pdftotext", pdf_of(replace(report, sections=sections)), "-layout").split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Patîent Éprouvé" in page
        assert f"{number}/{len(pages)}" in page
        assert translator("fr").text("report.intended_use") in plain(page)
        assert page.count("identité de démonstration") == 2


@pytest.mark.validators
def test_a_report_signed_for_good_does_not_mention_the_demonstration(poppler: Poppler) -> None:
    assert "démonstration" not in poppler("pdftotext", pdf_of(report_on([HEADER])))


@pytest.mark.validators
def test_a_draft_and_a_test_identity_are_marked(poppler: Poppler) -> None:
    report = report_on([HEADER])
    test_patient = replace(report.patient, issuer_oid=INS_TEST_OID)
    report = replace(report, status=ReportStatus.PRELIMINARY, patient=test_patient)
    text = poppler("pdftotext", pdf_of(report))
    assert "BROUILLON, non signé" in text
    assert "IDENTITÉ DE TEST" in text
    assert "Signature électronique" not in text


@pytest.mark.validators
def test_the_first_report_is_quoted_with_its_author(poppler: Poppler) -> None:
    text = plain(poppler("pdftotext", pdf_of(report_on([HEADER])), "-layout"))
    assert "Extrait du compte rendu initial (Lecteür Prümier, 21/11/2026)" in text
    assert "AVC ischémique constitué." in text


@pytest.mark.validators
def test_measurements_are_in_the_table_with_what_must_be_known_of_their_pixels(poppler: Poppler) -> None:
    text = plain(poppler("pdftotext", pdf_of(report_on([HEADER])), "-layout"))
    assert "30,1 mm" in text
    assert "-12,5 HU" in text
    assert "mesuré sur des pixels" in text


@pytest.mark.validators
def test_key_images_are_pictures_and_an_absent_one_is_said_to_be_absent(poppler: Poppler) -> None:
    report = report_on([HEADER])
    assert len(poppler("pdfimages", pdf_of(report), "-list").splitlines()) == 3
    without = build_pdf(report, translator("fr"))
    assert "image non disponible" in poppler("pdftotext", without)


@pytest.mark.validators
@pytest.mark.parametrize("lines", range(20, 60, 8))
def test_the_signer_stands_on_the_last_page_in_one_piece(poppler: Poppler, lines: int) -> None:
    report = report_on([HEADER])
    sections = tuple(
        replace(one, text="\n".join(["ligne"] * lines)) if one.id == "limits" else one for one in report.sections
    )
    last = plain(poppler("pdftotext", pdf_of(replace(report, sections=sections)), "-layout").split("\f")[-2])
    assert "Signature électronique Dr Lectèur Zêta, RPPS 10003456789, CHU de Saint-Étienne, neuroradiologie" in last
    assert "Signé le 22/11/2026 09:41 UTC+01:00." in last


def test_dates_follow_the_language() -> None:
    assert printed_date("20261122", "fr") == "22/11/2026"
    assert printed_date("20261122", "en") == "2026-11-22"
    assert printed_date("2026", "fr") == "2026"
    assert printed_moment(WRITTEN, "fr") == "22/11/2026 09:41 UTC+01:00"


@pytest.mark.validators
def test_a_character_that_the_font_lacks_is_shown_as_lacking(poppler: Poppler) -> None:
    report = report_on([HEADER])
    sections = tuple(replace(one, text="山 ok\x1b\tfin") if one.id == "limits" else one for one in report.sections)
    text = poppler("pdftotext", pdf_of(replace(report, sections=sections)))
    assert "\N{REPLACEMENT CHARACTER} ok fin" in plain(text)
