"""DICOM JSON from strangers: any bytes give data sets or one typed error, any data set a request or one typed error."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.hub.test_ups import REQUEST
from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import tag_of
from workstation.dicom.work_item import request_to_work_item, work_item_to_request
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request, RequestState
from workstation.hub import answers
from workstation.hub.answers import DEEPEST, depth_of, read_data_sets
from workstation.hub.errors import HubAnsweredWrongly, TransferCut
from workstation.hub.news import CancelAsked, Changed
from workstation.hub.report_reading import Standing, read_request, read_status
from workstation.hub.ups_events import EventType, read_event
from workstation.store.request_records import request_from_json, request_to_json

HUB = HubName("hub")
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
KEYWORDS = (
    "SOPInstanceUID", "ReferencedRequestSequence", "InputInformationSequence", "ProcedureStepState",
    "ScheduledProcessingParametersSequence", "ExpectedCompletionDateTime",
    "UnifiedProcedureStepPerformedProcedureSequence",
    "PatientName", "PatientBirthDate", "ContentSequence", "ContentDate", "ContentTime", "TimezoneOffsetFromUTC",
    "ReasonForCancellation", "ConceptNameCodeSequence", "ConceptCodeSequence", "ReferencedSOPSequence",
)  # fmt: skip
tags = st.sampled_from([tag_of(keyword) for keyword in KEYWORDS])
elements = st.fixed_dictionaries({"vr": st.text(max_size=2), "Value": st.lists(any_json, max_size=3) | any_json})
spoilt = st.dictionaries(tags, elements | any_json, max_size=6)
# A sound work item whose attributes are replaced by anything, and things that never were one.
data_set = spoilt | spoilt.map(lambda junk: {**request_to_work_item(REQUEST), **junk})
few = settings(max_examples=60)


def outcome(body: bytes) -> object:
    try:
        return read_data_sets(body, HUB)
    except HubAnsweredWrongly as error:
        return error


@few
@given(st.binary(max_size=200))
def test_any_bytes_give_data_sets_or_the_typed_error(body: bytes) -> None:
    outcome(body)


@few
@given(any_json)
def test_any_json_gives_data_sets_or_the_typed_error(content: Any) -> None:
    read = outcome(json.dumps(content).encode())
    members = content if isinstance(content, list) else [content]
    if all(isinstance(member, dict) for member in members):
        assert isinstance(read, tuple)
        assert len(read) == len(members)
    else:
        assert isinstance(read, HubAnsweredWrongly)


@few
@given(data_set)
def test_any_data_set_gives_a_request_that_can_be_kept_or_the_typed_error(content: dict[str, Any]) -> None:
    found = read_data_sets(json.dumps(content).encode(), HUB)[0]
    try:
        request = work_item_to_request(found.elements, HUB)
    except MalformedHeader:
        return
    assert isinstance(request, Request)
    assert request_from_json(request_to_json(request)) == request


@few
@given(data_set)
def test_any_data_set_can_be_asked_whether_it_is_a_request_report_or_a_status(content: dict[str, Any]) -> None:
    found = read_data_sets(json.dumps(content).encode(), HUB)[0]
    read_status(found)
    request = read_request(found, HUB, Standing(RequestState.SCHEDULED))
    request_to_json(request).encode()


@few
@given(any_json | data_set)
def test_any_message_is_an_event_or_the_typed_error(content: Any) -> None:
    try:
        news = read_event(json.dumps(content), HUB)
    except (HubAnsweredWrongly, TransferCut):
        return
    assert isinstance(news, Changed | CancelAsked)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"00400275":{"vr":"SQ","Value":'])
def test_json_nested_deeper_than_any_honest_one_is_refused(opening: str) -> None:
    deep = (opening * 100_000).encode()
    with pytest.raises(HubAnsweredWrongly) as refusal:
        read_data_sets(deep, HUB)
    assert "deeper" in refusal.value.technical


def test_brackets_in_texts_do_not_count_and_the_limit_is_exact() -> None:
    text = json.dumps([{"00081030": {"vr": "LO", "Value": ["[" * 500 + '\\"' + "{" * 500]}}])
    assert depth_of(text) == 4
    assert isinstance(outcome(text.encode()), tuple)
    for depth, why in ((DEEPEST, "not data sets"), (DEEPEST + 1, "deeper")):
        refusal = outcome(b"[" * depth + b"]" * depth)
        assert isinstance(refusal, HubAnsweredWrongly)
        assert why in refusal.technical


def test_a_text_that_never_ends_is_gone_through_once() -> None:
    """Quadratic work on these bytes would take hours."""
    assert depth_of('"' + '\\"' * 2_000_000) == 0
    assert depth_of('"\\' * 1_000_001) == 0


def test_more_bytes_than_any_honest_answer_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST_BYTES", 10)
    with pytest.raises(HubAnsweredWrongly):
        read_data_sets(b"[" + b" " * 20 + b"]", HUB)


def test_half_a_character_is_replaced_and_a_whole_one_kept() -> None:
    body = b'[{"00080018":{"vr":"UI","Value":["1.2"]},"00081030":{"vr":"LO","Value":["\\ud83d\\ude00 \\ud83d x"]}}]'
    found = read_data_sets(body, HUB)[0].text("StudyDescription")
    assert found == "\U0001f600 ? x"


def test_identifiers_that_a_hub_writes_as_long_numbers_stay_apart() -> None:
    body = b'[{"00100020":{"vr":"LO","Value":[%d]}},{"00100020":{"vr":"LO","Value":[%d]}}]'
    for one, other in ((2**64 + 1, 2**64 + 2), (-(2**63) - 1, -(2**63) - 2), (2**63 + 1, 2**63 + 2)):
        found = [header.text("PatientID") for header in read_data_sets(body % (one, other), HUB)]
        assert found == [str(one), str(other)]


def test_a_work_item_of_ours_is_nowhere_near_the_limit() -> None:
    assert depth_of(json.dumps([request_to_work_item(REQUEST)])) < DEEPEST // 4


def test_a_hub_that_says_that_it_goes_down_ends_its_channel() -> None:
    content = {"00001002": {"vr": "US", "Value": [int(EventType.SCP_STATUS_CHANGE)]}}
    with pytest.raises(TransferCut):
        read_event(json.dumps(content), HUB)
