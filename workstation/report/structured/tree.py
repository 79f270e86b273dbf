"""The content tree of the SR: language, observer, then one container for each section. Source: PS3.16 TID 2000."""

from collections.abc import Callable, Mapping

from pydicom.dataset import Dataset

from viewers.identifiers import InstanceUID
from workstation.dicom.code import PRIVATE_SCHEME, Code
from workstation.domain.study import InstanceReference
from workstation.report.lines import agreement_lines, critical_lines, labelled, requester_line, statement_lines
from workstation.report.model import Report, ReportSection
from workstation.report.structured import codes
from workstation.report.structured.content import (
    CONTAINS,
    HAS_CONCEPT_MODIFIER,
    HAS_OBSERVATION_CONTEXT,
    HAS_PROPERTIES,
    code,
    composite,
    container,
    image,
    person,
    referenced,
    text,
)
from workstation.report.structured.measured import measured_items
from workstation.report.structured.portions import portions

States = Mapping[InstanceUID, InstanceReference]
Split = Callable[[list[Dataset]], list[list[Dataset]]]

_QUESTION = "question"
_FIRST_REPORT = "first_report"
_FINDINGS = "findings"
_LIMITS = "limits"
_AGREEMENT = "agreement"


def root_children(report: Report, states: States, *, in_portions: bool = False) -> list[Dataset]:
    """Return what stands below the root, in the order of the template; ``in_portions`` splits long sections."""
    children = [*_modifiers(report), *_observer(report)]
    split = portions if in_portions else _whole
    if report.addendum:
        children += _section(codes.ADDENDUM, "", [text(CONTAINS, codes.ADDENDUM_ITEM, report.addendum)], split)
    for section in report.sections:
        children += _section(section.code, section.title, _items(section, report), split)
        if section.id == _FINDINGS:
            children += _section(codes.KEY_IMAGES, "", _key_images(report, states), split)
        if section.id == "recommendations":
            children += _section(codes.CRITICAL_RESULTS, "", _critical(report), split)
    return children


def _modifiers(report: Report) -> list[Dataset]:
    language, country = codes.LANGUAGES.get(report.language, codes.LANGUAGES["en"])
    return [
        code(HAS_CONCEPT_MODIFIER, codes.LANGUAGE, language, [code(HAS_CONCEPT_MODIFIER, codes.COUNTRY, country)]),
        code(HAS_CONCEPT_MODIFIER, codes.PROCEDURE_REPORTED, codes.SECOND_OPINION),
    ]


def _observer(report: Report) -> list[Dataset]:
    author = report.author
    identifier = text(HAS_PROPERTIES, codes.OBSERVER_IDENTIFIER, author.identifier)
    return [
        code(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_TYPE, codes.PERSON),
        person(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_NAME, author.name),
        text(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_ORGANISATION, author.organisation),
        code(HAS_OBSERVATION_CONTEXT, codes.OBSERVER_ROLE, codes.PHYSICIAN, [identifier]),
    ]


def _section(heading: Code, title: str, items: list[Dataset], split: Split) -> list[Dataset]:
    """Return a section as one container, or as several of one heading; none where it is empty."""
    named = [text(HAS_CONCEPT_MODIFIER, codes.EQUIVALENT_NAME, title)] if title else []
    return [
        container(CONTAINS, heading, portion if number else [*named, *portion])
        for number, portion in enumerate(split(items))
    ]


def _whole(items: list[Dataset]) -> list[list[Dataset]]:
    return [items] if items else []


def _items(section: ReportSection, report: Report) -> list[Dataset]:
    items: list[Dataset] = []
    if section.id == _AGREEMENT:
        items += _agreement(report)
    elif section.text:
        items.append(text(CONTAINS, section.item, section.text))
    if section.id == _QUESTION and items and report.request is not None:
        items.append(text(CONTAINS, section.item, requester_line(report)))
    for field in section.fields:
        items.append(text(CONTAINS, section.item, labelled(report.language, field.label, field.text)))
    if section.id == _FIRST_REPORT:
        items += _first_reports(report)
    if section.id == _FINDINGS:
        items += measured_items(report)
    if section.id == _LIMITS:
        items += [text(CONTAINS, section.item, line) for line in statement_lines(report)]
    return items


def _agreement(report: Report) -> list[Dataset]:
    if report.agreement is None:
        return []
    lines = agreement_lines(report)
    grade = Code(report.agreement.grade.value, PRIVATE_SCHEME, lines[0])
    return [
        code(CONTAINS, codes.CONCLUSION, grade),
        *(text(CONTAINS, codes.FINDING, line) for line in lines[1:]),
    ]


def _first_reports(report: Report) -> list[Dataset]:
    items = []
    for one in report.first_reports:
        if one.excerpt:
            items.append(text(CONTAINS, codes.PREVIOUS_FINDING, one.excerpt))
        items.append(composite(CONTAINS, one.reference))
    return items


def _key_images(report: Report, states: States) -> list[Dataset]:
    items = []
    for one in report.key_images:
        frame = one.frame_index + 1 if one.stored.header.has("NumberOfFrames") else None
        state = states.get(one.stored.reference.instance)
        shown_by = None if state is None else referenced(state)
        if one.text:
            items.append(text(CONTAINS, codes.FINDING, one.text))
        items.append(image(CONTAINS, codes.BEST_ILLUSTRATION, one.stored.reference, frame, shown_by))
    return items


def _critical(report: Report) -> list[Dataset]:
    if report.critical is None:
        return []
    return [
        code(CONTAINS, codes.FINDING, codes.critical_category(report.critical.category)),
        text(CONTAINS, codes.FINDING, "\n".join(critical_lines(report))),
    ]
