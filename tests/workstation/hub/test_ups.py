"""The loop of a request on the embedded hub: placed, claimed, given back, declined, answered."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.fault_proxy import FaultProxy
from tests.support.faults import Reply
from tests.support.hub_clients import ALPHA, BRAVO, client_of
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.identifiers import HubName, RequestId, TransactionUID, new_uid
from workstation.domain.patient import Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import AlreadyClaimed, HubError, NotOnHub, RequestClosed, StaleClaim, StillInProgress
from workstation.hub.protocol import DeclineReason, HubClient, decline_reason
from workstation.hub.work_items import WorkItems

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REQUEST = Request(
    id=RequestId("2.25.100"),
    hub=HubName("hub"),
    carrier=Carrier.WORK_ITEM,
    severity=Severity.GRAVE,
    urgency=Urgency.HIGH,
    deadline=NOW,
    arrival=NOW,
    state=RequestState.SCHEDULED,
    question="Métastase hépatique ?",
    clinical="Cancer du côlon",
    requester=Requester("Demandeur Essai", "CH de Thiers", "+33 4 73 00 00 00"),
    patient=Patient("DEMO", PersonName("DÉMO", "Une")),
    studies=(StudyReference(StudyUID("1.2.3"), HubName("hub")),),
)
OUTPUT = InstanceReference(
    StudyUID("1.2.3"), SeriesUID("1.2.3.9"), InstanceUID("1.2.3.9.1"), "1.2.840.10008.5.1.4.1.1.88.33"
)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with RunningHub(tmp_path / "hub") as hub:
        yield hub.url


@pytest.fixture
def client(url: str) -> Iterator[HubClient]:
    with client_of(url) as opened:
        yield opened


def transaction() -> TransactionUID:
    return TransactionUID(new_uid())


def only(client: HubClient, *states: RequestState) -> Request:
    found = client.requests(states) if states else client.requests()
    assert len(found) == 1
    return found[0]


def test_a_placed_request_is_found_as_it_was(client: HubClient) -> None:
    client.place(REQUEST)
    assert only(client) == REQUEST
    assert client.capabilities().has_atomic_claims


def test_the_whole_loop_ends_completed_with_its_output(client: HubClient) -> None:
    client.place(REQUEST)
    mine = transaction()
    client.claim(REQUEST, ALPHA, mine)
    held = only(client)
    assert held.state is RequestState.IN_PROGRESS
    assert held.holder is not None
    assert held.holder.name == ALPHA.name
    assert held.holder.since is not None
    client.report_output(REQUEST, mine, [OUTPUT], ALPHA, NOW, NOW)
    client.complete(REQUEST, mine)
    client.complete(REQUEST, mine)
    assert client.requests() == ()
    assert only(client, RequestState.COMPLETED).id == REQUEST.id


def test_a_request_that_is_completed_in_words_only_is_not_taken_for_completed(url: str) -> None:
    mine = transaction()
    with FaultProxy(url) as proxy, client_of(proxy.url) as client:
        client.place(REQUEST)
        client.claim(REQUEST, ALPHA, mine)
        client.report_output(REQUEST, mine, [OUTPUT], ALPHA, NOW, NOW)
        proxy.gate = lambda path, _headers: Reply(200) if path.endswith("/state") else None
        with pytest.raises(StillInProgress):
            client.complete(REQUEST, mine)
        proxy.gate = None
        client.complete(REQUEST, mine)
        assert only(client, *RequestState).state is RequestState.COMPLETED


def test_a_request_claimed_between_the_questions_for_two_states_is_listed_once(
    client: HubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.place(REQUEST)
    find = WorkItems.find

    def claimed_behind(items: WorkItems, state: str) -> tuple[Header, ...]:
        found = find(items, state)
        if state == RequestState.SCHEDULED.value:
            client.claim(REQUEST, ALPHA, transaction())
        return found

    monkeypatch.setattr(WorkItems, "find", claimed_behind)
    assert only(client).state is RequestState.IN_PROGRESS


def test_a_claimed_request_is_refused_to_another_with_the_name_of_its_holder(client: HubClient) -> None:
    client.place(REQUEST)
    client.claim(REQUEST, ALPHA, transaction())
    with pytest.raises(AlreadyClaimed) as refusal:
        client.claim(REQUEST, BRAVO, transaction())
    assert refusal.value.holder == ALPHA.name
    assert refusal.value.since is not None


def test_the_same_reader_elsewhere_is_another_holder(client: HubClient) -> None:
    client.place(REQUEST)
    client.claim(REQUEST, ALPHA, transaction())
    with pytest.raises(AlreadyClaimed):
        client.claim(REQUEST, ALPHA, transaction())


def test_a_claim_whose_answer_was_lost_is_taken_up_with_its_transaction(client: HubClient) -> None:
    client.place(REQUEST)
    mine = transaction()
    client.claim(REQUEST, ALPHA, mine)
    client.claim(REQUEST, ALPHA, mine)
    assert only(client).state is RequestState.IN_PROGRESS


@pytest.mark.parametrize(
    "now", [replace(ALPHA, name="Lecteur Alpha Bis"), replace(ALPHA, identifier="810001234567")], ids=["name", "code"]
)
def test_a_claim_is_taken_up_by_its_transaction_whatever_the_hub_calls_its_holder(
    client: HubClient, now: Reader
) -> None:
    client.place(REQUEST)
    mine = transaction()
    client.claim(REQUEST, ALPHA, mine)
    first = only(client).holder
    client.claim(REQUEST, now, mine)
    holder = only(client).holder
    assert holder is not None
    assert first is not None
    assert (holder.name, holder.identifier, holder.since) == (now.name, now.identifier, first.since)
    with pytest.raises(AlreadyClaimed):
        client.claim(REQUEST, now, transaction())


def test_of_many_simultaneous_claims_exactly_one_holds(url: str, client: HubClient) -> None:
    client.place(REQUEST)
    won: list[str] = []
    lost: list[str] = []
    start = threading.Barrier(6)

    def run(number: int) -> None:
        reader = Reader(f"Reader {number}", str(number), "CHU")
        with client_of(url) as mine:
            start.wait()
            try:
                mine.claim(REQUEST, reader, transaction())
                won.append(reader.name)
            except AlreadyClaimed:
                lost.append(reader.name)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(lost) == 5
    holder = only(client).holder
    assert holder is not None
    assert holder.name == won[0]


def test_a_request_given_back_is_free_again_under_the_same_identity(client: HubClient) -> None:
    client.place(REQUEST)
    for _ in range(2):
        mine = transaction()
        client.claim(only(client), ALPHA, mine)
        client.release(only(client), mine, ALPHA)
    free = only(client)
    assert free == replace(REQUEST, work_item=free.work_item)
    assert free.work_item not in ("", REQUEST.id)
    client.claim(free, BRAVO, transaction())
    assert only(client).id == REQUEST.id
    assert client.requests([RequestState.CANCELED]) == ()


def test_giving_back_twice_makes_one_new_work_item(client: HubClient) -> None:
    client.place(REQUEST)
    mine = transaction()
    client.claim(REQUEST, ALPHA, mine)
    client.release(REQUEST, mine, ALPHA)
    client.release(REQUEST, mine, ALPHA)
    assert only(client).state is RequestState.SCHEDULED


def test_only_the_holder_can_give_back(client: HubClient) -> None:
    client.place(REQUEST)
    client.claim(REQUEST, ALPHA, transaction())
    with pytest.raises(StaleClaim):
        client.release(REQUEST, transaction(), BRAVO)
    assert only(client).state is RequestState.IN_PROGRESS


def test_a_free_request_is_declined_with_its_reason(client: HubClient) -> None:
    client.place(REQUEST)
    reason = decline_reason("110531")
    assert reason is DeclineReason.INSUFFICIENT_QUALITY
    client.decline(REQUEST, reason, "artéfacts", ALPHA, transaction())
    assert client.requests() == ()
    declined = only(client, RequestState.CANCELED)
    assert declined.id == REQUEST.id
    with pytest.raises(RequestClosed):
        client.claim(REQUEST, BRAVO, transaction())


def test_a_request_without_output_is_not_completed_in_silence(client: HubClient) -> None:
    client.place(REQUEST)
    mine = transaction()
    client.claim(REQUEST, ALPHA, mine)
    with pytest.raises(HubError):
        client.complete(REQUEST, mine)
    assert only(client).state is RequestState.IN_PROGRESS


def test_a_request_that_is_not_there_cannot_be_claimed(client: HubClient) -> None:
    with pytest.raises(NotOnHub):
        client.claim(REQUEST, ALPHA, transaction())
