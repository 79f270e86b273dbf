"""STOW-RS: what a hub says is read for each instance, and nothing is called stored that it does not list."""

import json

import pytest

from tests.support.hub_clients import client_of
from tests.support.stub_hub import running_stub
from workstation.dicom.header import element, elements
from workstation.dicom.multipart import MultipartReader, boundary_of
from workstation.hub.errors import HubBusy, HubRefused, StoreRefused
from workstation.hub.protocol import StoreFailure, StoreOutcome


def listing(stored: list[str], failed: list[tuple[str, int]]) -> bytes:
    kept = [elements([("ReferencedSOPInstanceUID", element("UI", uid))]) for uid in stored]
    lost = [
        elements([("ReferencedSOPInstanceUID", element("UI", uid)), ("FailureReason", element("US", reason))])
        for uid, reason in failed
    ]
    sequences = [("ReferencedSOPSequence", element("SQ", *kept)), ("FailedSOPSequence", element("SQ", *lost))]
    return json.dumps(elements(sequences)).encode()


def outcome_of(status: int, body: bytes) -> StoreOutcome:
    with running_stub(lambda exchange: exchange.reply(status, body)) as stub, client_of(stub.url) as client:
        return client.store([b"one", b"two"])


def test_the_objects_go_as_they_are_in_one_request() -> None:
    with (
        running_stub(lambda exchange: exchange.reply(200, listing(["1.2"], []))) as stub,
        client_of(stub.url) as client,
    ):
        client.store([b"one", b"two\r\n--not the end"])
    sent = stub.seen[0]
    reader = MultipartReader(boundary_of(sent.headers["content-type"]), 1000)
    parts = reader.feed(sent.body)
    reader.finish()
    assert [part.body for part in parts] == [b"one", b"two\r\n--not the end"]
    assert {part.content_type for part in parts} == {"application/dicom"}
    assert len(stub.seen) == 1


@pytest.mark.parametrize("status", [200, 202, 400, 409])
def test_each_instance_has_its_own_outcome_whatever_the_status(status: int) -> None:
    outcome = outcome_of(status, listing(["1.2"], [("1.3", 0xA900)]))
    assert outcome.stored == ("1.2",)
    assert [(failure.instance, failure.reason) for failure in outcome.failed] == [("1.3", 0xA900)]
    assert isinstance(outcome.failed[0], StoreFailure)


def test_a_success_that_lists_nothing_stored_nothing() -> None:
    assert outcome_of(200, listing([], [])) == StoreOutcome((), ())
    assert outcome_of(200, b"") == StoreOutcome((), ())


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"no", StoreRefused),
        (409, b"", StoreRefused),
        (413, b"", StoreRefused),
        (500, b"", StoreRefused),
        (401, b"", HubRefused),
        (503, b"", HubBusy),
    ],
)
def test_a_refusal_of_everything_is_an_error(status: int, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        outcome_of(status, body)
