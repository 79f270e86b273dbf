"""The queue and what a reader does with a request, from two profiles on one hub."""

from collections.abc import Iterator

import pytest

from tests.e2e.answered import prepared_reader
from tests.support.command_line import CommandLine
from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from workstation.domain.request import RequestState, Urgency
from workstation.hub.protocol import HubClient

pytestmark = pytest.mark.e2e
KEYS = {"id", "studies", "hub", "severity", "urgency", "deadline", "arrival", "state", "holder", "question"}
OTHER = ("--name", "LECTEUR-DEUX^Bravo", "--identifier", "10007654321", "--organisation", "CHU de Rennes")


@pytest.fixture(scope="module")
def client(hub_url: str) -> Iterator[HubClient]:
    with client_of(hub_url) as client:
        yield client


@pytest.fixture(scope="module")
def alpha(hub_url: str, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return prepared_reader(tmp_path_factory.mktemp("alpha"), hub_url)


@pytest.fixture(scope="module")
def bravo(hub_url: str, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return prepared_reader(tmp_path_factory.mktemp("bravo"), hub_url, OTHER)


def state_of(client: HubClient, request: str) -> RequestState:
    return next(one.state for one in client.requests(tuple(RequestState)) if one.id == request)


def test_the_hub_is_checked_and_listed(alpha: CommandLine, hub_url: str) -> None:
    checked = alpha.json("hub", "check", "hub")
    assert (checked["requests"], checked["atomic_claims"]) == ("ups", True)
    assert 0 < checked["latency_ms"] < 10_000
    assert all(checked["services"].values())
    assert (checked["strategy"]["way"], checked["strategy"]["transfer_syntax"]) == ("series", "*")
    assert checked["bytes_per_s"] > 0
    assert "400" in checked["verdict"]
    assert "one stream" in checked["strategy"]["why"]
    assert [one["url"] for one in alpha.json("hub", "list")["hubs"]] == [hub_url]


def test_a_hub_that_does_not_answer_is_named(alpha: CommandLine, hub_url: str) -> None:
    alpha.json("hub", "add", "night", "http://127.0.0.1:9/dicom-web")
    try:
        queue = alpha.json("queue")
        assert [one["hub"] for one in queue["unreachable"]] == ["night"]
        assert queue["requests"]
        assert "night" in alpha.refused("queue", "--hub", "night")
        assert alpha.refused("hub", "check", "night")
    finally:
        alpha.json("hub", "remove", "night")


def test_the_queue_is_in_reading_order(alpha: CommandLine) -> None:
    listed = alpha.json("queue", "--hub", "hub")["requests"]
    assert len(listed) >= 4
    assert all(set(one) >= KEYS for one in listed)
    order = [(one["severity"], Urgency[one["urgency"]], one["deadline"] or "9", one["arrival"]) for one in listed]
    assert order == sorted(order)


def test_a_claimed_request_is_refused_to_another_reader_who_is_told_by_whom(
    client: HubClient, alpha: CommandLine, bravo: CommandLine
) -> None:
    request = place_like(client, "prostate-second-opinion").id
    assert "LECTÈUR" in alpha.json("claim", request)["request"]["holder"]
    assert "LECTÈUR" in bravo.refused("claim", request)
    assert "LECTÈUR" in bravo.json("decline", request, "--reason", "110532", status=1)["error"]["sentence"]
    assert bravo.refused("release", request)
    assert alpha.json("claim", request)["request"]["state"] == "IN PROGRESS"


def test_a_released_request_goes_to_the_next(client: HubClient, alpha: CommandLine, bravo: CommandLine) -> None:
    request = place_like(client, "prostate-second-opinion").id
    alpha.json("claim", request)
    assert alpha.json("release", request)["request"]["state"] == "SCHEDULED"
    assert "LECTEUR-DEUX" in bravo.json("claim", request)["request"]["holder"]
    assert "LECTEUR-DEUX" in alpha.refused("claim", request)


def test_a_declined_request_ends_with_its_reason(client: HubClient, alpha: CommandLine) -> None:
    request = place_like(client, "incomplete-chest").id
    assert "110523" in alpha.refused("decline", request, "--reason", "nonsense")
    alpha.json("decline", request, "--reason", "110523", "--note", "Trois coupes seulement.")
    assert state_of(client, request) is RequestState.CANCELED
    assert request not in {one["id"] for one in alpha.json("queue")["requests"]}


def test_a_requester_asks_to_cancel_what_another_reads_and_cancels_what_nobody_reads(
    client: HubClient, alpha: CommandLine, bravo: CommandLine
) -> None:
    read, free = (place_like(client, "incomplete-chest").id for _ in range(2))
    alpha.json("claim", read)
    asked = bravo.json("cancel", read, "--reason", "110500", "--note", "Patient transféré")
    assert asked == {"asked": read, "reason": "110500", "state": "IN PROGRESS"}
    assert bravo.json("cancel", free, "--reason", "110510")["state"] == "CANCELED"
    listed = {one["id"]: one for one in alpha.json("queue")["requests"]}
    assert free not in listed
    assert (listed[read]["claim"], listed[read]["rivals"], listed[read]["cancel_asked"]) == ("atomic", [], None)
    assert "110510" in bravo.refused("cancel", read, "--reason", "nonsense")


def test_an_unknown_request_is_refused(alpha: CommandLine) -> None:
    assert alpha.refused("claim", "1.2.3")


def test_nobody_claims_without_a_name(hub_url: str, client: HubClient, alpha: CommandLine) -> None:
    request = place_like(client, "prostate-second-opinion").id
    nameless = CommandLine(alpha.home.parent / "nameless", alpha.passphrase_file, alpha.folder)
    nameless.json("hub", "add", "hub", hub_url)
    assert "requis reader set" in nameless.refused("claim", request)
    assert state_of(client, request) is RequestState.SCHEDULED
