"""The whole loop of a request on servers that imitate published forms of UPS-RS, each strict in its own way."""

import threading
import time
from dataclasses import replace

import pytest

from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.support.ups_servers import BARE, FILTERED, GLOBAL, STATE, Rules, running_ups_server
from tests.workstation.hub.test_ups import NOW, OUTPUT, REQUEST, only, transaction
from workstation.domain.identifiers import HubName
from workstation.domain.request import READING, RequestState
from workstation.hub.errors import (
    AlreadyClaimed,
    CancelRefused,
    HubError,
    NotOffered,
    NotOnHub,
    PerformerSilent,
    RequestClosed,
)
from workstation.hub.news import Changed, HubNews, Listening
from workstation.hub.protocol import DeclineReason
from workstation.hub.ups_dialect import DIALECTS, Act, forms

DCM4CHEE = Rules(
    update_by="", names_requester=True, wants_body_transaction=True, filter_by="00741000", channel_first=False,
)  # fmt: skip
SERVERS = {
    "standard": Rules(),
    "literal": Rules(create_by=BARE, update_by=BARE, wrong_transaction=400),
    "dcm4chee": DCM4CHEE,
    "supplement-171": Rules(create_by="AffectedSOPInstanceUID", update_by="transaction", wraps_changes=True),
    "abbreviating": Rules(abbreviates=True, answers_objects=True),
    "listing everything": Rules(ignores_state=True, refuses_fields=True),
}
HUB = HubName("hub")


@pytest.fixture(params=SERVERS)
def rules(request: pytest.FixtureRequest) -> Rules:
    return SERVERS[request.param]


def test_the_loop_of_a_request_ends_completed_in_each_dialect(rules: Rules) -> None:
    mine = transaction()
    with running_ups_server(rules) as server, client_of(server.url) as client:
        client.place(REQUEST)
        assert only(client).question == REQUEST.question
        client.claim(REQUEST, ALPHA, mine)
        held = only(client)
        assert held.state is RequestState.IN_PROGRESS
        assert held.holder is not None
        assert held.holder.name == ALPHA.name
        client.report_progress(REQUEST, mine, READING)
        client.report_output(REQUEST, mine, [OUTPUT], ALPHA, NOW, NOW)
        client.complete(REQUEST, mine)
        assert client.requests() == ()
        assert server.items[REQUEST.id][STATE]["Value"] == ["COMPLETED"]
        assert "00404033" in server.items[REQUEST.id]["00741216"]["Value"][0]


def test_a_lost_race_is_told_with_the_winner_in_each_dialect(rules: Rules) -> None:
    with running_ups_server(rules) as server, client_of(server.url) as client, client_of(server.url) as other:
        client.place(REQUEST)
        client.claim(REQUEST, ALPHA, transaction())
        with pytest.raises(AlreadyClaimed) as refusal:
            other.claim(REQUEST, BRAVO, transaction())
        assert refusal.value.holder == ALPHA.name
        assert refusal.value.since is not None
        assert server.items[REQUEST.id][STATE]["Value"] == ["IN PROGRESS"]


def test_a_claim_whose_answer_was_lost_is_resumed_in_each_dialect(rules: Rules) -> None:
    mine = transaction()
    with running_ups_server(rules) as server:
        with client_of(server.url) as client:
            client.place(REQUEST)
            client.claim(REQUEST, ALPHA, mine)
        with client_of(server.url) as restarted:
            restarted.claim(REQUEST, ALPHA, mine)
            with pytest.raises(AlreadyClaimed):
                restarted.claim(REQUEST, ALPHA, transaction())


def test_a_request_is_declined_and_given_back_in_each_dialect(rules: Rules) -> None:
    mine = transaction()
    with running_ups_server(rules) as server, client_of(server.url) as client:
        client.place(REQUEST)
        client.claim(REQUEST, ALPHA, mine)
        client.release(REQUEST, mine, ALPHA)
        free = only(client)
        assert (free.id, free.state) == (REQUEST.id, RequestState.SCHEDULED)
        client.decline(free, DeclineReason.INSUFFICIENT_QUALITY, "flou", ALPHA, transaction())
        assert client.requests() == ()
        told = server.items[free.carrier_uid]["00741002"]["Value"][0]["0074100E"]["Value"][0]
        assert told["00080100"]["Value"] == ["110531"]


@pytest.mark.parametrize(
    ("status", "sentence", "error"),
    [
        (409, "The submitted request is inconsistent: UPS is already COMPLETED", RequestClosed),
        (409, "Performer chooses not to cancel", CancelRefused),
        (409, "The performer cannot be contacted", PerformerSilent),
    ],
)
def test_the_warning_of_a_refused_wish_is_told_apart(status: int, sentence: str, error: type[HubError]) -> None:
    with running_ups_server(DCM4CHEE) as server, client_of(server.url) as client:
        client.place(REQUEST)
        client.claim(REQUEST, ALPHA, transaction())
        server.cancel_answer = (status, sentence)
        with pytest.raises(error):
            client.ask_cancel(REQUEST, DeclineReason.DUPLICATE, "", BRAVO)


def test_a_wish_for_what_is_not_there_is_refused(rules: Rules) -> None:
    with running_ups_server(rules) as server, client_of(server.url) as client:
        client.place(REQUEST)
        missing = replace(REQUEST, work_item="2.25.404")
        with pytest.raises(NotOnHub):
            client.ask_cancel(missing, DeclineReason.DUPLICATE, "", BRAVO)
        client.ask_cancel(REQUEST, DeclineReason.DUPLICATE, "", BRAVO)


@pytest.mark.parametrize(
    ("rules", "subscription"),
    [
        (Rules(), GLOBAL),
        (Rules(global_status=403), FILTERED),
        (DCM4CHEE, GLOBAL),
        (replace(DCM4CHEE, global_status=404), FILTERED),
    ],
)
def test_events_come_by_whichever_subscription_and_channel_a_server_has(rules: Rules, subscription: str) -> None:
    heard: list[HubNews] = []
    stop = threading.Event()
    with running_ups_server(rules) as server, client_of(server.url) as client:
        client.place(REQUEST)
        thread = threading.Thread(target=client.listen, args=("REQUIS-1", heard.append, stop.is_set))
        thread.start()
        await_news(heard, Listening(HUB))
        assert set(server.subscribed) == {(subscription, "REQUIS-1")}
        assert server.subscribed[subscription, "REQUIS-1"]["deletionlock"] == "false"
        server.tell(REQUEST.id)
        await_news(heard, Changed(HUB, REQUEST.id))
        stop.set()
        thread.join(20)
        assert not server.subscribed


def await_news(heard: list[HubNews], wanted: HubNews) -> None:
    until = time.monotonic() + 20
    while wanted not in heard:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_server_that_refuses_every_subscription_offers_no_events() -> None:
    with (
        running_ups_server(Rules(global_status=403, filter_by="nothing")) as server,
        client_of(server.url) as client,
        pytest.raises(NotOffered),
    ):
        client.listen("REQUIS-1", lambda _news: None, lambda: False)


def test_each_act_tries_each_form_once() -> None:
    for act in Act:
        tried = forms(act, None)
        assert len({(one.form(act), one.wraps_changes) for one in tried}) == len(tried)
        assert forms(act, DIALECTS[1]) == (DIALECTS[1],)
