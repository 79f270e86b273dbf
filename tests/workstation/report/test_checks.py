"""What keeps a report from being signed, and what a reader may accept."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support.reports import READER, SECTIONS, answers_of, context_of, marks_on, small_ct, stored_header
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.contradiction import Contradiction
from workstation.domain.display import Display, DisplayFloor, DisplayShortfall
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.report import Agreement, Answers, Grade, KeyImage
from workstation.domain.study import SeriesSummary
from workstation.report.checks import Check, accept_gaps, check_report, missing_sections, unsettled
from workstation.report.context import ReportContext
from workstation.report.template import template
from workstation.report.wording import says_none
from workstation.translations import languages, translator

GENERAL = template("gen-so")
HEADER = stored_header(small_ct())
LAPTOP = DisplayShortfall("MG", Display(1920, 1080), DisplayFloor(("MG",), 5.0))
CONTEXT = context_of([HEADER])
ANSWERS = answers_of([HEADER])


def ids(context: ReportContext, answers: Answers) -> list[str]:
    return [check.id for check in check_report(context, answers, GENERAL, "fr")]


def with_section(section: str, text: str) -> Answers:
    return replace(ANSWERS, sections={**SECTIONS, section: text})


def test_a_complete_report_has_nothing_to_settle() -> None:
    assert ids(CONTEXT, ANSWERS) == []


def test_missing_sections_are_named_in_the_order_of_the_template() -> None:
    answers = replace(ANSWERS, agreement=None, sections={"question": " ", "findings": "x"})
    expected = "question clinical indication protocol dose comparison first_report agreement conclusion recommendations"
    assert missing_sections(GENERAL, answers, ("CT",)) == (*expected.split(), "limits")
    assert "dose" not in missing_sections(GENERAL, answers, ("MR",))


def test_a_missing_section_cannot_be_accepted() -> None:
    checks = check_report(CONTEXT, with_section("conclusion", ""), GENERAL, "fr")
    assert [check.jump for check in checks] == ["conclusion"]
    assert unsettled(checks, {"section-missing:conclusion"}) == checks
    assert "Conclusion" in checks[0].sentence(translator("fr"))


@pytest.mark.parametrize("grade", [Grade.A2, Grade.A3])
def test_a_grave_difference_needs_reason_and_consequence(grade: Grade) -> None:
    for bare in (Agreement(grade), Agreement(grade, reason="r"), Agreement(grade, impact="i")):
        assert ids(CONTEXT, replace(ANSWERS, agreement=bare)) == ["agreement-unexplained"]
    assert ids(CONTEXT, replace(ANSWERS, agreement=Agreement(grade, reason="r", impact="i"))) == []
    assert ids(CONTEXT, replace(ANSWERS, agreement=Agreement(Grade.A1))) == []


def test_a_critical_result_needs_its_six_fields() -> None:
    assert ANSWERS.critical is not None
    incomplete = replace(ANSWERS, critical=replace(ANSWERS.critical, received_by=" ", method=""))
    (check,) = check_report(CONTEXT, incomplete, GENERAL, "fr")
    assert (check.id, check.acceptable, check.params["count"]) == ("critical-incomplete", True, 2)
    nameless = replace(ANSWERS, critical=replace(ANSWERS.critical, finding=""))
    assert not check_report(CONTEXT, nameless, GENERAL, "fr")[0].acceptable


def test_a_conclusion_that_only_repeats_the_question_is_no_answer() -> None:
    repeated = with_section("conclusion", SECTIONS["question"].upper())
    assert ids(CONTEXT, repeated) == ["question-unanswered"]


def test_saying_that_there_is_no_prior_while_there_is_one_is_caught() -> None:
    context = replace(CONTEXT, priors=(CONTEXT.study,))
    assert ids(context, with_section("comparison", "Aucun antérieur reçu.")) == ["priors-not-compared"]
    assert ids(context, ANSWERS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aucune.", True),
        ("No prior available", True),
        ("NÉANT", True),
        ("Scanner du 04/01/2026 : stable", False),
        ("CT of January 2025: no change.", False),
        ("Pas d’évolution depuis l’IRM antérieure", False),
        ("Pas de modification du nodule depuis le scanner de janvier ni de nouvelle lésion osseuse", False),
    ],
)
def test_a_denial_is_told_from_a_comparison(text: str, expected: bool) -> None:
    assert says_none(text) is expected


GAPS: list[tuple[str, Callable[[ReportContext], ReportContext]]] = [
    ("missing-images", lambda c: replace(c, expected={HEADER.reference.series: 4})),
    ("missing-images", lambda c: replace(c, expected={HEADER.reference.series: 1, SeriesUID("2.25.5"): 7})),
    (
        "missing-images",
        lambda c: replace(c, expected={HEADER.reference.series: 1}, unlisted=frozenset({HEADER.reference.instance})),
    ),
    ("slices-missing", lambda c: replace(c, slices_missing=3)),
    ("images-uncompared", lambda c: replace(c, uncompared=2)),
    ("images-conflicting", lambda c: replace(c, conflicting=2)),
    ("images-refused", lambda c: replace(c, refused=2)),
    ("lossy-images", lambda c: replace(c, evidence=(replace(HEADER, transfer_syntax="1.2.840.10008.1.2.4.50"),))),
    ("priors-unreachable", lambda c: replace(c, unreachable_hubs=("nord", "sud"))),
    ("first-report-unread", lambda c: replace(c, first_report_read=False)),
    ("display-not-diagnostic", lambda c: replace(c, below_floor=(LAPTOP,))),
]


@pytest.mark.parametrize(("check_id", "spoil"), GAPS)
def test_a_gap_blocks_until_it_is_accepted_and_then_enters_the_limits(
    check_id: str, spoil: Callable[[ReportContext], ReportContext]
) -> None:
    checks = check_report(spoil(CONTEXT), ANSWERS, GENERAL, "fr")
    assert [check.id for check in unsettled(checks, ())] == [check_id]
    assert unsettled(checks, {check_id}) == ()
    (gap,) = accept_gaps(checks, {check_id}, translator("fr"))
    assert gap.check == check_id
    assert gap.sentence


def test_the_limits_say_how_many_images_are_missing() -> None:
    context = replace(CONTEXT, expected={HEADER.reference.series: 99})
    (gap,) = accept_gaps(check_report(context, ANSWERS, GENERAL, "en"), {"missing-images"}, translator("en"))
    assert gap.sentence == "Incomplete images: 98 of 99 were not received."


def test_values_measured_on_incomplete_images_are_told() -> None:
    (length, *others) = context_of([HEADER], marks_on(HEADER)).measurements
    partial = replace(length, values=(replace(length.values[0], on_partial=True),))
    assert ids(replace(CONTEXT, measurements=(partial, *others)), ANSWERS) == ["measured-on-partial"]


def test_a_key_image_that_was_not_received_cannot_be_accepted() -> None:
    answers = replace(ANSWERS, key_images=(KeyImage(InstanceUID("2.25.404")),))
    checks = check_report(CONTEXT, answers, GENERAL, "fr")
    assert [(check.id, check.acceptable) for check in checks] == [("key-image-unknown", False)]


def test_a_request_for_another_patient_is_a_hard_stop() -> None:
    assert CONTEXT.request is not None
    other = replace(CONTEXT.patient, patient_id="2XX2")
    (check,) = check_report(replace(CONTEXT, request=replace(CONTEXT.request, patient=other)), ANSWERS, GENERAL, "fr")
    assert (check.id, check.acceptable) == ("identity-mismatch", False)


@pytest.mark.parametrize(
    ("stated", "is_stopped"),
    [
        (Patient("", PersonName("OTHER")), True),
        (Patient("", PersonName(), birth_date="19000101"), True),
        (Patient("", CONTEXT.patient.name), False),
        (Patient("", PersonName(CONTEXT.patient.name.family.upper())), False),
        (Patient(CONTEXT.patient.patient_id, PersonName()), False),
        (Patient("2XX2", PersonName()), True),
        (Patient("", PersonName()), False),
    ],
)
def test_a_request_is_held_against_the_images_by_whatever_it_states(stated: Patient, is_stopped: bool) -> None:
    assert CONTEXT.request is not None
    found = ids(replace(CONTEXT, request=replace(CONTEXT.request, patient=stated)), ANSWERS)
    assert ("identity-mismatch" in found) is is_stopped


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "identity-corrected"),
        ({"birth_date": ""}, "identity-corrected"),
        ({"patient_id": "2XX3"}, "identity-mismatch"),
        ({"sex": "F"}, "identity-mismatch"),
    ],
    ids=["as admitted", "less is stated", "another identifier", "and another sex"],
)
def test_images_of_before_a_correction_that_was_admitted_must_come_anew(changes: dict[str, str], expected: str) -> None:
    assert CONTEXT.request is not None
    images = replace(CONTEXT.patient, patient_id="P1", birth_date="19000101", sex="M")
    corrected = replace(images, patient_id="2XX2", birth_date="19660412")
    context = replace(
        CONTEXT,
        patient=images,
        admitted=frozenset({Contradiction.between(corrected, images)}),
        request=replace(CONTEXT.request, patient=replace(corrected, **changes)),
    )
    (check,) = check_report(context, ANSWERS, GENERAL, "fr")
    assert (check.id, check.acceptable) == (expected, False)


@pytest.mark.parametrize("name", ["", "OTHER"])
def test_images_without_the_identifier_of_the_request_are_a_hard_stop(name: str) -> None:
    images = replace(CONTEXT.patient, patient_id="", name=PersonName(name or CONTEXT.patient.name.family))
    assert "identity-mismatch" in ids(replace(CONTEXT, patient=images), ANSWERS)


def test_an_addendum_must_say_something() -> None:
    context = replace(CONTEXT, predecessors=(HEADER.reference,))
    assert ids(context, ANSWERS) == ["addendum-missing"]
    assert ids(context, replace(ANSWERS, addendum="Nouvel antérieur reçu.")) == []


def test_the_demonstration_identity_is_noticed_and_does_not_block() -> None:
    checks = check_report(replace(CONTEXT, demonstration=True), ANSWERS, GENERAL, "fr")
    assert [check.id for check in checks] == ["demonstration-identity"]
    assert unsettled(checks, ()) == ()


def test_a_reader_without_identity_cannot_sign() -> None:
    assert ids(replace(CONTEXT, reader=Reader(READER.name, "", "")), ANSWERS) == ["observer-incomplete"]


@pytest.mark.parametrize("language", languages())
def test_every_check_has_its_sentences(language: str) -> None:
    strings = translator(language).strings
    checks = {key.removeprefix("report.checks.") for key in strings if key.startswith("report.checks.")}
    limits = {key.removeprefix("report.limits.") for key in strings if key.startswith("report.limits.")}
    acceptable = {Check(check_id, "").limits_key.removeprefix("report.limits.") for check_id, _ in GAPS}
    assert limits <= checks
    assert acceptable | {"question_unanswered", "critical_incomplete", "priors_not_compared"} <= limits


@pytest.mark.parametrize(
    ("traits", "is_stopped"),
    [
        ({"birth_date": "19000101"}, True),
        ({"sex": "O"}, True),
        ({"patient_id": "9ZZ9", "birth_date": "", "sex": ""}, False),
        ({}, False),
    ],
)
def test_a_prior_of_another_birth_date_or_sex_blocks_until_accepted(traits: dict[str, str], is_stopped: bool) -> None:
    patient = replace(CONTEXT.patient, birth_date="19720314", sex="F")
    prior = replace(CONTEXT.study, uid=StudyUID("2.25.5"), patient=replace(patient, **traits))
    context = replace(CONTEXT, patient=patient, request=None, priors=(prior,))
    checks = check_report(context, ANSWERS, GENERAL, "fr")
    assert ([one.id for one in unsettled(checks, ())] == ["priors-contradict"]) is is_stopped
    assert unsettled(checks, ("priors-contradict",)) == ()
    assert len(accept_gaps(checks, ("priors-contradict",), translator("fr"))) == is_stopped


def test_an_identity_that_the_reader_confirmed_stands_in_the_report() -> None:
    context = replace(CONTEXT, request=None, identities_confirmed=(StudyUID("2.25.5"),))
    checks = check_report(context, ANSWERS, GENERAL, "en")
    assert [one.id for one in unsettled(checks, ())] == ["identity-confirmed"]
    (said,) = accept_gaps(checks, ("identity-confirmed",), translator("en"))
    assert "confirmed" in str(said)


def test_series_that_were_not_scrolled_to_the_end_are_listed_and_do_not_block() -> None:
    series = HEADER.reference.series
    summary = SeriesSummary(series, "CT", 2, "Thorax", 80)
    study = replace(CONTEXT.study, series=(summary,))
    seen = replace(CONTEXT, study=study, shown={series: (12, 80)})
    (check,) = check_report(seen, ANSWERS, GENERAL, "en")
    assert check.id == "series-not-scrolled"
    assert unsettled([check], ()) == ()
    assert "CT Thorax 12/80" in check.sentence(translator("en"))
    assert ids(replace(seen, shown={series: (80, 80)}), ANSWERS) == []
    # A draft that no window has shown says nothing of what was looked at.
    assert ids(replace(seen, shown={}), ANSWERS) == []


def test_a_series_that_was_never_opened_is_listed() -> None:
    series = HEADER.reference.series
    study = replace(CONTEXT.study, series=(SeriesSummary(series, "CT", 2, "Thorax", 1),))
    context = replace(CONTEXT, study=study, shown={SeriesUID("2.25.77"): (5, 5)})
    (check,) = check_report(context, ANSWERS, GENERAL, "en")
    assert "CT Thorax 0/1" in check.sentence(translator("en"))
