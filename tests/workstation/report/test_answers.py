"""The answers file of the command line: what is read, what is refused and how."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reports import SECTIONS
from viewers.identifiers import InstanceUID
from workstation.domain.report import Agreement, Answers, CriticalResult, Grade, KeyImage
from workstation.report.answers import parse_answers, write_answers
from workstation.report.errors import AnswersInvalid, BadGrade, UnknownSection
from workstation.report.template import template

GENERAL = template("gen-so")


def parse(**content: object) -> Answers:
    return parse_answers(json.dumps(content), GENERAL)


def test_sections_and_a_bare_grade_are_read() -> None:
    answers = parse(**SECTIONS, agreement="A1")
    assert answers.sections == SECTIONS
    assert answers.agreement == Agreement(Grade.A1)


def test_an_agreement_may_be_an_object() -> None:
    answers = parse(agreement={"grade": "A3", "type": "t", "impact": "i", "reason": "r"})
    assert answers.agreement == Agreement(Grade.A3, "t", "i", "r")


def test_frames_count_from_one_in_the_file() -> None:
    answers = parse(key_images=[{"instance": "1.2", "frame": 3, "text": "x"}, {"instance": "1.3"}])
    assert answers.key_images == (KeyImage(InstanceUID("1.2"), 2, "x"), KeyImage(InstanceUID("1.3"), 0, ""))


def test_missing_entries_are_no_mistake() -> None:
    assert parse() == Answers()
    assert parse(critical={"finding": "f"}).critical == CriticalResult("f", "", "", "", "", "")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"findings": 3}, "findings"),
        ({"agreement": 3}, "agreement"),
        ({"agreement": {"grade": "A1", "wrong": ""}}, "agreement.wrong"),
        ({"agreement": {"grade": "A1", "impact": None}}, "agreement.impact"),
        ({"critical": "yes"}, "critical"),
        ({"critical": {"category": 4}}, "critical.category"),
        ({"critical": {"category": True}}, "critical.category"),
        ({"critical": {"read_back": "yes"}}, "critical.read_back"),
        ({"key_images": {}}, "key_images"),
        ({"key_images": [{"instance": "1.2", "frame": 0}]}, "key_images[0].frame"),
        ({"key_images": [{"frame": 1}]}, "key_images[0].instance"),
        ({"key_images": [{"instance": ""}]}, "key_images[0].instance"),
        ({"fields": {"differential": 3}}, "fields.differential"),
    ],
)
def test_a_wrong_type_is_named(content: dict[str, object], where: str) -> None:
    with pytest.raises(AnswersInvalid) as caught:
        parse(**content)
    assert caught.value.details["where"] == where


@pytest.mark.parametrize("content", [{"findigns": "x"}, {"fields": {"birads": "4"}}])
def test_an_unknown_section_or_field_is_named(content: dict[str, object]) -> None:
    with pytest.raises(UnknownSection):
        parse(**content)


@pytest.mark.parametrize("grade", ["A4", "a1", "RADPEER 2"])
def test_a_grade_that_does_not_exist_is_refused(grade: str) -> None:
    with pytest.raises(BadGrade) as caught:
        parse(agreement=grade)
    assert caught.value.details["grade"] == grade


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '"x"'])
def test_what_is_not_one_object_is_refused(text: str) -> None:
    with pytest.raises(AnswersInvalid):
        parse_answers(text, GENERAL)


texts = st.text(max_size=40)
answers_of_any_kind = st.builds(
    Answers,
    sections=st.dictionaries(st.sampled_from(sorted(set(SECTIONS))), texts),
    agreement=st.none() | st.builds(Agreement, st.sampled_from(Grade), texts, texts, texts),
    critical=st.none() | st.builds(CriticalResult, *[texts] * 6, st.integers(1, 3), st.booleans()),
    addendum=texts,
    key_images=st.lists(st.builds(KeyImage, st.just(InstanceUID("1.2.3")), st.integers(0, 500), texts), max_size=3).map(
        tuple
    ),
    fields=st.dictionaries(st.just("differential"), texts),
)


@given(answers_of_any_kind)
def test_answers_survive_the_way_to_the_file_and_back(answers: Answers) -> None:
    assert parse_answers(write_answers(answers), GENERAL) == answers
