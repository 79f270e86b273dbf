"""From draft to report: what is frozen, what is refused."""

from dataclasses import replace

import pytest

from tests.support.reports import (
    SECTIONS,
    WRITTEN,
    answers_of,
    context_of,
    draft_of,
    mark,
    report_on,
    small_ct,
    stored_header,
)
from viewers.identifiers import InstanceUID
from workstation.domain.reader import Reader
from workstation.domain.report import AcceptedGap, KeyImage
from workstation.report.composer import compose, printed_number
from workstation.report.errors import ImageNotInEvidence, ObserverIncomplete, ReportIncomplete
from workstation.report.model import ReportStatus
from workstation.report.template import template

HEADER = stored_header(small_ct())
CONTEXT = context_of([HEADER])
GENERAL = template("gen-so")
DRAFT = draft_of([HEADER], ())


def test_sections_carry_their_title_in_the_language_of_the_report() -> None:
    french, english = report_on([HEADER], "fr"), report_on([HEADER], "en")
    assert [section.title for section in french.sections][:2] == [
        "Demande et question posée",
        "Informations cliniques et antécédents",
    ]
    assert english.sections[0].title == "Request and question"
    assert [section.text for section in french.sections if section.id == "findings"] == [SECTIONS["findings"]]


def test_an_accepted_gap_is_written_into_the_limits_below_the_readers_words() -> None:
    gap = AcceptedGap("missing-images", "Trois images manquent.")
    report = compose(DRAFT, CONTEXT, GENERAL, (gap,), written=WRITTEN)
    limits = report.section("limits")
    assert limits is not None
    assert limits.text == f"{SECTIONS['limits']}\nTrois images manquent."


def test_a_final_report_names_what_is_missing() -> None:
    answers = replace(DRAFT.answers, agreement=None, sections={**SECTIONS, "limits": ""})
    with pytest.raises(ReportIncomplete) as caught:
        compose(replace(DRAFT, answers=answers), CONTEXT, GENERAL, written=WRITTEN)
    assert caught.value.details["sections"] == "agreement, limits"


def test_a_preliminary_report_may_be_incomplete() -> None:
    draft = replace(DRAFT, answers=replace(DRAFT.answers, sections={}))
    report = compose(draft, CONTEXT, GENERAL, written=WRITTEN, status=ReportStatus.PRELIMINARY)
    assert not report.is_final


def test_a_key_image_or_mark_on_an_image_that_was_not_read_is_refused() -> None:
    unknown = replace(DRAFT, answers=replace(DRAFT.answers, key_images=(KeyImage(InstanceUID("2.25.1")),)))
    frame = replace(
        DRAFT, answers=replace(DRAFT.answers, key_images=(KeyImage(HEADER.reference.instance, frame_index=1),))
    )
    elsewhere = replace(mark(HEADER, "length", [(1, 1), (2, 2)]), instance=InstanceUID("2.25.1"))
    for draft in (unknown, frame, replace(DRAFT, annotations=(elsewhere,))):
        with pytest.raises(ImageNotInEvidence):
            compose(draft, CONTEXT, GENERAL, written=WRITTEN)


def test_a_study_without_images_cannot_be_reported() -> None:
    with pytest.raises(ImageNotInEvidence):
        compose(DRAFT, replace(CONTEXT, evidence=()), GENERAL, written=WRITTEN)


def test_a_reader_without_identity_is_refused() -> None:
    with pytest.raises(ObserverIncomplete):
        compose(DRAFT, replace(CONTEXT, reader=Reader("X", "", "")), GENERAL, written=WRITTEN)


def test_fields_are_printed_in_their_section() -> None:
    report = compose(replace(DRAFT, answers=answers_of([HEADER])), CONTEXT, GENERAL, written=WRITTEN)
    conclusion = report.section("conclusion")
    assert conclusion is not None
    assert [(field.label, field.text) for field in conclusion.fields] == [
        ("Diagnostics envisagés et probabilités", "Gliome 80 %, métastase 15 %, abcès 5 %")
    ]


def test_french_numbers_have_a_comma() -> None:
    assert printed_number(12.5, "fr") == "12,5"
    assert printed_number(12.5, "en") == "12.5"
