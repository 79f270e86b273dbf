"""UPS-RS dialects and probing, against stubs of hubs that differ."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.support.stub_hub import Exchange, path_of, running_stub
from tests.workstation.hub.test_ups import REQUEST
from workstation.dicom.header import element
from workstation.dicom.work_item import request_to_work_item
from workstation.dicom.work_item_progress import performer_update
from workstation.domain.identifiers import RequestId, TransactionUID
from workstation.domain.request import Carrier
from workstation.hub.errors import AlreadyClaimed, AnsweredOfAnother, HubAnsweredWrongly, HubRefused, HubUnreachable
from workstation.hub.registry import KINDS


def old_dcm4chee(exchange: Exchange) -> None:
    """Answer as an archive that knows only ``/state/{requester}``."""
    seen, path = exchange.seen, path_of(exchange.seen)
    if seen.method == "PUT":
        exchange.reply(200 if path.endswith("/state/REQUIS") else 404)
    elif seen.method == "GET":
        exchange.reply(200, json.dumps([request_to_work_item(REQUEST)]).encode())
    else:
        exchange.reply(200)


def test_the_older_way_of_changing_states_is_found_once_and_kept() -> None:
    with running_stub(old_dcm4chee) as stub, client_of(stub.url) as client:
        client.claim(REQUEST, ALPHA, TransactionUID("2.25.7"))
        client.claim(REQUEST, ALPHA, TransactionUID("2.25.7"))
        moves = [path_of(seen) for seen in stub.seen if seen.method == "PUT"]
    assert moves == [
        "/workitems/2.25.100/state",
        "/workitems/2.25.100/state/REQUIS",
        "/workitems/2.25.100/state/REQUIS",
    ]


def test_a_claim_carries_its_transaction_and_an_update_both_ways() -> None:
    with running_stub(old_dcm4chee) as stub, client_of(stub.url) as client:
        client.claim(REQUEST, ALPHA, TransactionUID("2.25.7"))
        claim = next(seen for seen in stub.seen if seen.method == "PUT")
        update = next(seen for seen in stub.seen if seen.method == "POST")
    assert json.loads(claim.body) == {
        "00741000": {"vr": "CS", "Value": ["IN PROGRESS"]},
        "00081195": {"vr": "UI", "Value": ["2.25.7"]},
    }
    assert update.path.endswith("?transaction-uid=2.25.7")
    assert json.loads(update.body)["00081195"]["Value"] == ["2.25.7"]


def test_a_hub_that_checks_no_transaction_is_not_made_to_name_another_holder() -> None:
    held = {
        **request_to_work_item(REQUEST),
        **performer_update(ALPHA, REQUEST.arrival, TransactionUID("2.25.7")),
        "00741000": element("CS", "IN PROGRESS"),
    }

    def answer(exchange: Exchange) -> None:
        body = json.dumps([held]).encode() if exchange.seen.method == "GET" else b""
        exchange.reply(409 if exchange.seen.method == "PUT" else 200, body)

    with running_stub(answer) as stub, client_of(stub.url) as client:
        with pytest.raises(AlreadyClaimed) as refusal:
            client.claim(REQUEST, BRAVO, TransactionUID("2.25.8"))
        written = [seen.body.decode() for seen in stub.seen if seen.method == "POST"]
        assert written
        assert not any(BRAVO.identifier in body for body in written)
    assert refusal.value.holder == ALPHA.name


def test_another_work_item_than_the_one_asked_for_is_refused() -> None:
    with running_stub(old_dcm4chee) as stub, client_of(stub.url) as client:
        assert client.look(REQUEST).id == REQUEST.id
        with pytest.raises(AnsweredOfAnother):
            client.look(replace(REQUEST, id=RequestId("2.25.101")))


def test_a_creation_names_the_work_item_in_the_query_only() -> None:
    with running_stub(lambda exchange: exchange.reply(201)) as stub, client_of(stub.url) as client:
        client.place(REQUEST)
        created = next(seen for seen in stub.seen if seen.method == "POST")
    assert created.path.endswith("/workitems?workitem=2.25.100")
    body = json.loads(created.body)
    assert len(body) == 1
    assert "00080018" not in body[0]


@pytest.mark.parametrize(
    ("status", "carrier"),
    [
        (200, Carrier.WORK_ITEM),
        (204, Carrier.WORK_ITEM),
        (404, Carrier.REQUEST_SR),
        (405, Carrier.REQUEST_SR),
        (501, Carrier.REQUEST_SR),
        (400, Carrier.REQUEST_SR),
    ],
)
def test_the_answer_to_one_question_tells_what_carries_requests(status: int, carrier: Carrier) -> None:
    with running_stub(lambda exchange: exchange.reply(status)) as stub, client_of(stub.url) as client:
        assert client.capabilities().carrier is carrier
        assert client.carrier is carrier


@pytest.mark.parametrize(("status", "error"), [(401, HubRefused), (503, HubUnreachable), (500, HubAnsweredWrongly)])
def test_a_hub_that_cannot_be_asked_is_not_taken_for_one_without_work_items(
    status: int, error: type[Exception]
) -> None:
    with (
        running_stub(lambda exchange: exchange.reply(status)) as stub,
        client_of(stub.url) as client,
        pytest.raises(error),
    ):
        client.requests()


def test_every_carrier_has_its_desk() -> None:
    assert set(KINDS) == set(Carrier)


def test_a_hub_that_hangs_is_waited_for_by_all_at_once_and_not_one_after_the_other() -> None:
    together = threading.Barrier(2)

    def answer(exchange: Exchange) -> None:
        together.wait(20)
        exchange.reply(200, b"[]")

    with running_stub(answer) as stub, client_of(stub.url) as client, ThreadPoolExecutor(2) as pool:
        carriers = list(pool.map(lambda _number: client.carrier, range(2)))
    assert carriers == [Carrier.WORK_ITEM] * 2
