"""Severity travels as a coded item of a declared private scheme; codes of other schemes are left aside."""

from dataclasses import replace

import pytest

from tests.workstation.hub.test_ups import REQUEST
from workstation.dicom.code import PRIVATE_SCHEME, Code
from workstation.dicom.header import Header, element
from workstation.dicom.request_parameters import (
    SEVERITIES,
    SEVERITY,
    code_item,
    parameter_items,
    read_parameters,
    text_item,
)
from workstation.dicom.work_item import request_to_work_item, work_item_to_request
from workstation.domain.request import Severity, Urgency

FOREIGN = Code("REQ-SEVERITY", "99OTHER", "Severity")


def read(*items: dict[str, object]) -> Severity | None:
    return read_parameters(tuple(Header(item) for item in items)).severity


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("urgency", Urgency)
def test_each_severity_comes_back_whatever_the_priority(severity: Severity, urgency: Urgency) -> None:
    asked = replace(REQUEST, severity=severity, urgency=urgency)
    item = request_to_work_item(asked)
    back = work_item_to_request(item, REQUEST.hub)
    assert (back.severity, back.urgency) == (severity, urgency)


def test_the_scheme_is_declared_where_its_codes_are_written() -> None:
    item = Header(request_to_work_item(REQUEST))
    declared = {one.text("CodingSchemeDesignator") for one in item.items("CodingSchemeIdentificationSequence")}
    assert PRIVATE_SCHEME in declared
    coded = item.items("ScheduledProcessingParametersSequence")[0]
    assert coded.text("ValueType") == "CODE"
    assert coded.item("ConceptNameCodeSequence").text("CodeValue") == "REQ-SEVERITY"
    assert coded.item("ConceptCodeSequence").text("CodeValue") == f"SEVERITY-{int(REQUEST.severity)}"


@pytest.mark.parametrize(
    "items",
    [
        (code_item(FOREIGN, SEVERITIES[Severity.IMMEDIATE]),),
        (code_item(SEVERITY, Code("SEVERITY-0", "99OTHER", "Immediate")),),
        (code_item(SEVERITY, Code("SEVERITY-9", PRIVATE_SCHEME, "Beyond")),),
        (text_item(SEVERITY, "immediate"),),
        ({"0040A043": element("SQ")}, {}),
    ],
)
def test_another_systems_codes_are_no_severity(items: tuple[dict[str, object], ...]) -> None:
    assert read(*items) is None
    item = {**request_to_work_item(REQUEST), "00741210": element("SQ", *items)}
    assert work_item_to_request(item, REQUEST.hub).severity is Severity.ORDINARY


def test_a_foreign_item_before_ours_does_not_hide_it() -> None:
    ours = parameter_items(replace(REQUEST, severity=Severity.IMMEDIATE))
    assert read(code_item(FOREIGN, SEVERITIES[Severity.ORDINARY]), *ours) is Severity.IMMEDIATE
