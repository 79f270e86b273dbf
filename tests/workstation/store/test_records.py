"""Records keep every word through JSON, whatever the reader typed, and refuse what they did not write."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.store.samples import HUB, make_draft, make_request
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.report import (
    Agreement,
    Answers,
    CriticalResult,
    Draft,
    DraftState,
    Grade,
    History,
    KeyImage,
    MarkChange,
    PartChange,
    Step,
    TextChange,
)
from workstation.domain.request import Carrier, Holder, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference
from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields
from workstation.store.hub_records import hub_from_json, hub_to_json
from workstation.store.records import draft_from_json, draft_to_json
from workstation.store.request_records import request_from_json, request_to_json
from workstation.store.step_records import history_from_fields, step_from_json, step_to_json

words = st.text(st.characters(), max_size=20)
numbers = st.floats(allow_nan=False)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
annotations = st.builds(
    Annotation,
    id=words.map(AnnotationId),
    tool=words,
    points_lps=st.lists(st.tuples(numbers, numbers, numbers), max_size=3).map(tuple),
    frame_of_reference=st.none() | words.map(FrameOfReferenceUID),
    series=words.map(SeriesUID),
    instance=words.map(InstanceUID),
    frame_index=st.integers(0, 9999),
    text=words,
)
answers = st.builds(
    Answers,
    sections=st.dictionaries(words, words, max_size=3),
    agreement=st.none() | st.builds(Agreement, st.sampled_from(Grade), words, words, words),
    critical=st.none()
    | st.builds(CriticalResult, words, words, words, words, words, words, st.integers(1, 3), st.booleans()),
    addendum=words,
    key_images=st.lists(st.builds(KeyImage, words.map(InstanceUID), st.integers(0, 99), words), max_size=3).map(tuple),
    fields=st.dictionaries(words, words | st.integers() | numbers | st.booleans(), max_size=3),
)
absent = st.none()
scalars = absent | words | st.integers() | numbers | st.booleans()
changes = st.one_of(
    st.builds(MarkChange, st.integers(0, 99), absent | annotations, absent | annotations),
    st.builds(TextChange, words, st.integers(0, 9999), absent | words, absent | words),
    st.builds(PartChange, words.map("fields.{}".format), scalars, scalars),
    st.builds(PartChange, st.just("addendum"), words, words),
    st.builds(PartChange, st.just("agreement"), absent, answers.map(lambda one: one.agreement)),
    st.builds(PartChange, st.just("critical"), answers.map(lambda one: one.critical), absent),
    st.builds(PartChange, st.just("key_images"), st.just(()), answers.map(lambda one: one.key_images)),
)
histories = st.lists(changes, max_size=4).flatmap(
    lambda found: st.builds(
        History,
        st.just(tuple(Step(number, change) for number, change in enumerate(found, start=3))),
        st.integers(0, len(found)),
        st.just(len(found) + 2),
    )
)
drafts = st.builds(
    Draft,
    id=words.map(DraftId),
    study=words.map(StudyUID),
    request=st.none() | words.map(RequestId),
    template=words,
    language=words,
    answers=answers,
    annotations=st.lists(annotations, max_size=2).map(tuple),
    author=st.builds(Reader, words, words, words),
    created=moments,
    saved=moments,
    state=st.sampled_from(DraftState),
    view_state=words,
    history=histories,
)
studies = st.lists(st.builds(StudyReference, words.map(StudyUID), words.map(HubName)), max_size=2).map(tuple)
references = st.builds(InstanceReference, words.map(StudyUID), words.map(SeriesUID), words.map(InstanceUID), words)
requests = st.builds(
    Request,
    id=words.map(RequestId),
    hub=words.map(HubName),
    carrier=st.sampled_from(Carrier),
    severity=st.sampled_from(Severity),
    urgency=st.sampled_from(Urgency),
    deadline=st.none() | moments,
    arrival=moments,
    state=st.sampled_from(RequestState),
    question=words,
    clinical=words,
    requester=st.builds(Requester, words, words, words, words, words),
    patient=st.builds(Patient, words, st.builds(PersonName, words, words, words, words, words), words, words),
    studies=studies,
    priors=studies,
    first_reports=st.lists(references, max_size=2).map(tuple),
    holder=st.none() | st.builds(Holder, words, words, st.none() | moments),
    key_series=st.lists(words, max_size=2).map(tuple),
    work_item=words,
)


@settings(deadline=None)
@given(drafts)
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    steps = {step.number: step.change for step in map(step_from_json, map(step_to_json, draft.history.steps))}
    assert draft_from_json(draft_to_json(draft), lambda _draft: steps) == draft


@settings(deadline=None)
@given(requests)
def test_a_request_comes_back_as_it_was(request: Request) -> None:
    assert request_from_json(request_to_json(request)) == request


@settings(deadline=None)
@given(
    st.builds(
        HubSettings,
        words.map(HubName),
        words,
        st.sampled_from(SignInKind),
        words,
        words,
        words,
        st.none(),
        st.lists(words, max_size=2).map(tuple),
        st.none() | st.builds(IdentityProvider, words, words, words, st.lists(words, max_size=2).map(tuple)),
        st.booleans(),
        st.lists(words, max_size=2).map(tuple),
    )
)
def test_a_hub_comes_back_as_it_was(hub: HubSettings) -> None:
    assert hub_from_json(hub_to_json(hub)) == hub


def test_a_hub_of_the_version_before_is_read() -> None:
    hub = HubSettings(HUB, "https://hub/rs", SignInKind.BEARER, secret="token")
    values = json.loads(hub_to_json(hub))
    old = {name: value for name, value in values.items() if name not in ("pins", "provider")}
    assert hub_from_json(json.dumps({**old, "version": 1})) == hub


def test_a_provider_kept_before_it_had_further_origins_is_read() -> None:
    known = IdentityProvider("https://login.example", "requis", "email")
    hub = HubSettings(HUB, "https://hub/rs", SignInKind.OIDC, provider=known, accepts_writes=True)
    old = {**json.loads(hub_to_json(hub)), "version": 3}
    del old["provider"]["origins"]
    assert hub_from_json(json.dumps(old)) == hub


def test_a_hub_kept_before_places_beside_its_root_could_be_named_is_read() -> None:
    hub = HubSettings(HUB, "https://hub/rs", SignInKind.BEARER, secret="token", accepts_writes=True)
    old = {**json.loads(hub_to_json(hub)), "version": 4}
    del old["beside"]
    assert hub_from_json(json.dumps(old)) == hub


def test_every_field_of_a_record_is_kept() -> None:
    for text, record in (
        (draft_to_json(make_draft()), make_draft()),
        (request_to_json(make_request()), make_request()),
        (hub_to_json(HubSettings(HUB, "http://hub")), HubSettings(HUB, "http://hub")),
    ):
        assert set(json.loads(text)) - {"version"} == set(record.__dataclass_fields__)


def test_a_draft_kept_before_it_said_whose_request_it_answers_is_read() -> None:
    draft = replace(make_draft(), hub=HUB)
    earlier = {**json.loads(draft_to_json(draft)), "version": 2}
    del earlier["hub"]
    assert draft_from_json(draft_to_json(draft)) == draft
    assert draft_from_json(json.dumps(earlier)) == replace(draft, hub=None)


def test_a_request_kept_by_an_earlier_version_is_read() -> None:
    earlier = {**json.loads(request_to_json(make_request())), "version": 1}
    del earlier["rivals"], earlier["cancel_asked"], earlier["holder"]["claim"]
    assert request_from_json(json.dumps(earlier)) == make_request()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("version", 4),
        ("history", []),
        ("history", {"steps": [1], "undone": 2, "last_number": 1}),
        ("study", 5),
        ("saved", "yesterday"),
        ("state", "lost"),
        ("annotations", {}),
        ("answers", []),
        ("author", None),
    ],
)
def test_a_record_of_another_shape_is_damage(place: str, value: object) -> None:
    document = json.loads(draft_to_json(make_draft()))
    document[place] = value
    with pytest.raises(RecordDamaged):
        draft_from_json(json.dumps(document))
    del document[place]
    with pytest.raises(RecordDamaged):
        draft_from_json(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"version":true}', "[" * 100_000])
def test_what_is_no_record_is_damage(text: str) -> None:
    with pytest.raises(RecordDamaged):
        draft_from_json(text)


@pytest.mark.parametrize("point", [[1, 2], [1, 2, "3"], "123", [1, 2, 3, 4]])
def test_a_point_that_is_none_is_damage(point: object) -> None:
    document = json.loads(draft_to_json(make_draft()))
    document["annotations"][0]["points_lps"] = [point]
    with pytest.raises(RecordDamaged):
        draft_from_json(json.dumps(document))


def test_the_first_stored_form_of_a_draft_stays_readable() -> None:
    stored = (
        '{"version":1,"id":"d","study":"1.2","request":null,"template":"gen-so","language":"fr","answers":{"sections":'
        '{"findings":"x"},"agreement":{"grade":"A1","type":"","impact":"","reason":""},"critical":null,"addendum":"",'
        '"key_images":[],"fields":{}},"annotations":[],"author":{"name":"A","identifier":"1","organisation":"O"},'
        '"created":"2026-11-22T08:00:00+00:00","saved":"2026-11-22T08:00:00+00:00","state":"open","view_state":""}'
    )
    draft = draft_from_json(stored)
    assert draft.saved == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert draft.answers.agreement == Agreement(Grade.A1)
    assert draft.history == History()


@pytest.mark.parametrize(
    ("present", "done", "taken_back"),
    [({1, 2, 3, 5}, [1, 2, 3], [5]), ({1, 3, 5}, [3], [5]), ({1, 2, 5}, [], [5]), ({1, 2, 3}, [1, 2, 3], [])],
)
def test_a_history_ends_where_a_step_is_lost(present: set[int], done: list[int], taken_back: list[int]) -> None:
    known = {number: TextChange("findings", 0, "", str(number)) for number in present}
    history = history_from_fields(Fields({"steps": [1, 2, 3, 5], "undone": 1, "last_number": 9}), known)
    assert [step.number for step in history.done] == done
    assert [step.number for step in history.taken_back] == taken_back
    assert history.last_number == 9
