"""QIDO-RS against hubs that page well, cap, or ignore what they are asked."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.hub_clients import client_of
from tests.support.stub_hub import Answering, Exchange, running_stub
from viewers.identifiers import SeriesUID, StudyUID
from workstation.dicom.header import element, elements
from workstation.hub.errors import AnsweredOfAnother, HubAnsweredWrongly
from workstation.hub.protocol import HubClient, StudyQuery

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")


def instances(first: int, count: int) -> bytes:
    sets = [elements([("SOPInstanceUID", element("UI", f"1.2.3.{n}"))]) for n in range(first, first + count)]
    return json.dumps(sets).encode()


def holding(
    total: int, *, cap: int = 10_000, most: int = 10_000, heeds_offset: bool = True, heeds_limit: bool = True
) -> Answering:
    def answer(exchange: Exchange) -> None:
        asked = parse_qs(urlsplit(exchange.seen.path).query)
        if int(asked["limit"][0]) > most:
            exchange.reply(400, b'{"error": "limit"}', Content_Type="application/json")
            return
        offset = int(asked["offset"][0]) if heeds_offset else 0
        limit = min(int(asked["limit"][0]), cap) if heeds_limit else total
        count = max(0, min(limit, total - offset))
        exchange.reply(200 if count else 204, instances(offset, count) if count else b"", Content_Type="x/json")

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        holding(25),
        holding(2500),
        holding(25, cap=10),
        holding(25, cap=7),
        holding(2500, most=200),
        holding(25, heeds_offset=False),
        holding(25, heeds_offset=False, heeds_limit=False),
    ],
)
def test_every_instance_is_listed_once_however_the_hub_pages(answer: Answering) -> None:
    with running_stub(answer) as stub, client_of(stub.url) as client:
        found = [reference.instance for reference in client.search_instances(STUDY, SERIES)]
    assert len(found) == len(set(found))
    assert len(found) in (25, 2500)


def test_a_hub_that_refuses_a_large_limit_is_asked_for_less_from_then_on() -> None:
    with running_stub(holding(250, most=200)) as stub, client_of(stub.url) as client:
        assert len(client.search_instances(STUDY, SERIES)) == 250
        assert len(client.search_instances(STUDY, SERIES)) == 250
        limits = [parse_qs(urlsplit(seen.path).query)["limit"][0] for seen in stub.seen]
    assert limits == ["1000", *["200"] * 6]


def test_a_hub_that_refuses_every_limit_has_answered_wrongly() -> None:
    with (
        running_stub(holding(5, most=0)) as stub,
        client_of(stub.url) as client,
        pytest.raises(HubAnsweredWrongly) as refused,
    ):
        client.search_instances(STUDY, SERIES)
    assert refused.value.status == 400
    assert len(stub.seen) == 2


@pytest.mark.parametrize(("stated", "total", "pages"), [(25, 25, 1), (24, 25, 2), (26, 25, 2), (0, 25, 2)])
def test_no_further_page_is_asked_for_where_one_has_what_the_hub_counts(stated: int, total: int, pages: int) -> None:
    counted = [("SeriesInstanceUID", element("UI", SERIES)), ("NumberOfSeriesRelatedInstances", element("IS", stated))]

    def answer(exchange: Exchange) -> None:
        if "/instances" in exchange.seen.path:
            holding(total)(exchange)
        else:
            exchange.reply(200, json.dumps([elements(counted)]).encode(), Content_Type="x/json")

    with running_stub(answer) as stub, client_of(stub.url) as client:
        client.search_series(STUDY)
        assert len(client.search_instances(STUDY, SERIES)) == total
        assert sum("/instances" in seen.path for seen in stub.seen) == pages


@pytest.mark.parametrize(("answer", "found"), [(holding(25), "1.2.3.12"), (holding(25, heeds_offset=False), "1.2.3.0")])
def test_one_instance_is_told_by_its_place(answer: Answering, found: str) -> None:
    with running_stub(answer) as stub, client_of(stub.url) as client:
        one = client.search_instance(STUDY, SERIES, 12)
        assert one is not None
        assert one.instance == found
        asked = parse_qs(urlsplit(stub.seen[0].path).query)
    assert (asked["limit"], asked["offset"], len(stub.seen)) == (["1"], ["12"], 1)


def test_there_is_no_instance_behind_the_last() -> None:
    with running_stub(holding(5)) as stub, client_of(stub.url) as client:
        assert client.search_instance(STUDY, SERIES, 5) is None


def test_an_empty_hub_is_an_empty_list() -> None:
    with running_stub(holding(0)) as stub, client_of(stub.url) as client:
        assert client.search_instances(STUDY, SERIES) == ()


def test_a_query_carries_only_what_is_looked_for() -> None:
    with running_stub(lambda exchange: exchange.reply(204)) as stub, client_of(stub.url) as client:
        client.search_studies(StudyQuery(patient_name="ÉSSAI*", date_from="20260101"), limit=5)
        asked = parse_qs(urlsplit(stub.seen[0].path).query)
    assert asked["PatientName"] == ["ÉSSAI*"]
    assert asked["StudyDate"] == ["20260101-"]
    assert asked["limit"] == ["5"]
    assert "PatientID" not in asked


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'"text"', b"{" * 3000])
def test_an_answer_that_is_no_listing_is_refused(body: bytes) -> None:
    with (
        running_stub(lambda exchange: exchange.reply(200, body)) as stub,
        client_of(stub.url) as client,
        pytest.raises(HubAnsweredWrongly),
    ):
        client.search_studies(StudyQuery())


@pytest.mark.parametrize("uid", ["../../system", "", "1.2/../..", "1.2?x=1", "..", "1" * 65])
def test_what_is_no_uid_never_becomes_a_path(uid: str) -> None:
    with running_stub(lambda exchange: exchange.reply(204)) as stub, client_of(stub.url) as client:
        with pytest.raises(HubAnsweredWrongly):
            client.search_series(StudyUID(uid))
        assert stub.seen == []


QUESTIONS: dict[str, Callable[[HubClient], object]] = {
    "study": lambda client: client.search_studies(StudyQuery(study=STUDY), 1),
    "patient": lambda client: client.patient_of(STUDY),
    "series": lambda client: client.search_series(STUDY),
    "instances": lambda client: client.search_instances(STUDY, SERIES),
    "one instance": lambda client: client.search_instance(STUDY, SERIES, 1),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("is_other", [False, True])
def test_an_answer_about_another_study_is_refused(ask: Callable[[HubClient], object], is_other: bool) -> None:
    uids = {"StudyInstanceUID": "1.9" if is_other else STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": "1.2.3.4"}
    row = elements([(keyword, element("UI", uid)) for keyword, uid in uids.items()])

    def answer(exchange: Exchange) -> None:
        exchange.reply(200, json.dumps([row]).encode(), Content_Type="application/dicom+json")

    told = pytest.raises(AnsweredOfAnother) if is_other else nullcontext()
    with running_stub(answer) as stub, client_of(stub.url) as client, told:
        ask(client)
