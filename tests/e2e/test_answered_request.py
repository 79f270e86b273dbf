"""A request answered by the command line alone: what it prints on the way, on the embedded hub and on Orthanc."""

import pytest
import requests

from tests.e2e.answered import Answered
from tests.support.hub_clients import client_of
from workstation.domain.delivery import PUSH_ORDER
from workstation.domain.request import RequestState

pytestmark = pytest.mark.e2e


def test_the_request_waits_in_the_queue(answered: Answered) -> None:
    (waiting,) = [one for one in answered.documents["queue"]["requests"] if one["id"] == answered.request.id]
    assert (waiting["state"], waiting["holder"]) == ("SCHEDULED", None)
    assert waiting["studies"] == [answered.slices.study]


def test_claiming_names_the_holder(answered: Answered) -> None:
    claimed = answered.documents["claim"]["request"]
    assert claimed["state"] == "IN PROGRESS"
    assert "LECTÈUR" in claimed["holder"]


def test_every_slice_is_received(answered: Answered) -> None:
    pulled = answered.documents["pull"]
    assert pulled["study"] == answered.slices.study
    (images,) = [one for one in pulled["series"] if one["uid"] == answered.slices.series]
    assert (images["received"], images["refused"]) == (len(answered.slices.headers), [])


def test_nothing_is_missing_from_the_report(answered: Answered) -> None:
    assert answered.documents["report"]["missing"] == []


def test_the_objects_are_signed_in_the_order_in_which_they_are_sent(answered: Answered) -> None:
    signed = [one["sop_instance_uid"] for one in answered.documents["sign"]["objects"]]
    assert list(answered.sent) == [role.value for role in PUSH_ORDER]
    assert [one["object"] for one in answered.documents["send"]["deliveries"]] == signed


def test_every_object_is_sent_and_read_back(answered: Answered) -> None:
    assert {one["state"] for one in answered.documents["send"]["deliveries"]} == {"sent"}
    for delivery in answered.documents["send"]["deliveries"]:
        assert [step["step"] for step in delivery["steps"]] == ["queued", "stored", "read_back"]


def test_what_the_hub_holds_is_valid(answered: Answered) -> None:
    verdicts = answered.documents["verify"]["objects"]
    assert {one["sop_instance_uid"] for one in verdicts} >= set(answered.sent.values())
    assert all(one["valid"] for one in verdicts)


def test_the_request_ends_completed(answered: Answered) -> None:
    with client_of(answered.url) as client:
        states = {one.id: one.state for one in client.requests(tuple(RequestState))}
    assert states[answered.request.id] is RequestState.COMPLETED


def test_the_work_item_names_every_object_that_answers_it(answered: Answered) -> None:
    listed = requests.get(f"{answered.url}/workitems", timeout=30)
    if listed.status_code != 200:
        # Orthanc has no work items: a status report of our own names the answers there.
        assert answered.documents["queue"]["requests"][0]["carrier"] == "request_sr"
        return
    (item,) = [one for one in listed.json() if one["00080018"]["Value"] == [answered.request.id]]
    item = requests.get(
        f"{answered.url}/workitems/{answered.request.id}", headers={"Accept": "application/dicom+json"}, timeout=30
    ).json()
    (item,) = item if isinstance(item, list) else [item]
    assert item["00741000"]["Value"] == ["COMPLETED"]
    text = str(item["00741216"])
    assert all(instance in text for instance in answered.sent.values())
