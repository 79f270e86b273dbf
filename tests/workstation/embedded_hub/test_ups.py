from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.support.work_items import (
    JSON,
    PERFORMED,
    PERFORMERS,
    STATE,
    TRANSACTION,
    change_state,
    create,
    element,
    performed,
    performer,
    retrieve,
    update,
    work_item,
)
from workstation.embedded_hub.running import RunningHub

CLAIM = "2.25.99"


def search(hub: str, question: str) -> list[str]:
    """Return the UIDs of the work items that match."""
    answer = requests.get(f"{hub}/workitems{question}", timeout=30)
    assert answer.status_code in (200, 204), answer.text
    return [item["00080018"]["Value"][0] for item in answer.json()] if answer.content else []


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a hub with three requests, the last one claimed."""
    with RunningHub(tmp_path_factory.mktemp("queue")) as running:
        create(running.url, "1.1")
        create(running.url, "1.2", work_item(t00741200=element("CS", "LOW")))
        create(running.url, "1.3")
        change_state(running.url, "1.3", "IN PROGRESS", CLAIM, **{f"t{PERFORMERS}": performer("Dr X")})
        yield running.url


def test_a_request_goes_from_creation_to_completion(hub: str) -> None:
    created = create(hub, "1.2.3")
    assert (created.status_code, created.headers["location"]) == (201, f"{hub}/workitems/1.2.3")
    assert change_state(hub, "1.2.3", "IN PROGRESS", CLAIM).status_code == 200
    assert update(hub, "1.2.3", {PERFORMED: performed()}, CLAIM).status_code == 200
    assert change_state(hub, "1.2.3", "COMPLETED", CLAIM).status_code == 200
    again = change_state(hub, "1.2.3", "COMPLETED", CLAIM)
    assert again.status_code == 200
    assert again.headers["warning"] == f"299 {hub}: The UPS is already in the requested state of COMPLETED."
    assert retrieve(hub, "1.2.3")[STATE]["Value"] == ["COMPLETED"]


@pytest.mark.parametrize("parameter", ["workitem=1.2.3", "AffectedSOPInstanceUID=1.2.3", "1.2.3"])
def test_the_uid_is_taken_in_every_form_that_clients_use(hub: str, parameter: str) -> None:
    answer = requests.post(f"{hub}/workitems?{parameter}", json=work_item(), headers=JSON, timeout=30)
    assert answer.headers["location"] == f"{hub}/workitems/1.2.3"
    assert retrieve(hub, "1.2.3")["00080018"]["Value"] == ["1.2.3"]


def test_without_a_uid_the_hub_gives_one(hub: str) -> None:
    answer = requests.post(f"{hub}/workitems", json=[work_item()], headers=JSON, timeout=30)
    assert requests.get(answer.headers["location"], timeout=30).status_code == 200


def test_a_uid_is_created_once(hub: str) -> None:
    create(hub, "1.2.3")
    assert create(hub, "1.2.3", work_item(t00741204=element("LO", "Other"))).status_code == 409
    assert retrieve(hub, "1.2.3")["00741204"]["Value"] == ["Second opinion"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"[{}]", "application/dicom+json", 400),
        (b"", "application/dicom+json", 400),
        (b"{", "application/dicom+json", 400),
        (b"[]", "application/dicom+json", 400),
        (b"[1]", "application/dicom+json", 400),
        (b'"x"', "application/dicom+json", 400),
        (b"[" * 100_000, "application/dicom+json", 400),
        (b'{"00741000": 5}', "application/dicom+json", 400),
        (b'{"x": {"vr": "CS"}}', "application/dicom+json", 400),
        (b'{"00741000": {"vr": "CS", "Value": "SCHEDULED"}}', "application/dicom+json", 400),
        (b'{"00404018": {"vr": "SQ", "Value": [5]}}', "application/dicom+json", 400),
        (b'{"00741204": {"vr": "LO", "Value": ["\\ud800"]}}', "application/dicom+json", 400),
        (b'{"00741204": {"vr": "DS", "Value": [1e999]}}', "application/dicom+json", 400),
        (b'{"00741204": {"vr": "DS", "Value": [NaN]}}', "application/dicom+json", 400),
        (b"\xff\xfe", "application/dicom+json", 400),
        (b"<xml/>", "application/dicom+xml", 415),
        (b"{}", "text/plain", 415),
    ],
)
def test_a_malformed_body_is_refused_with_a_sentence(
    lasting_hub: str, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    answer = requests.post(f"{lasting_hub}/workitems?1.2.3", data=body, headers=headers, timeout=30)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert search(lasting_hub, "") == []


def test_a_malformed_uid_is_refused(hub: str) -> None:
    create(hub, "1.2.3")
    assert requests.get(f"{hub}/workitems/abc", timeout=30).status_code == 400
    assert change_state(hub, "a.b", "IN PROGRESS", CLAIM).status_code == 400
    answer = requests.post(f"{hub}/workitems?workitem=abc", json=work_item(), headers=JSON, timeout=30)
    assert answer.status_code == 400


def test_an_unknown_request_is_not_found(hub: str) -> None:
    assert requests.get(f"{hub}/workitems/1.2", timeout=30).status_code == 404
    assert change_state(hub, "1.2", "IN PROGRESS", CLAIM).status_code == 404
    assert update(hub, "1.2", {}).status_code == 404
    assert requests.post(f"{hub}/workitems/1.2/cancelrequest", timeout=30).status_code == 404
    assert requests.post(f"{hub}/workitems/1.2/subscribers/ME", timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", ["1.1", "1.2", "1.3"]),
        ("?ProcedureStepState=SCHEDULED", ["1.1", "1.2"]),
        ("?00741000=IN%20PROGRESS", ["1.3"]),
        ("?00741000=COMPLETED", []),
        ("?ScheduledProcedureStepPriority=LOW", ["1.2"]),
        ("?WorklistLabel=TELEEXPERTISE-*", ["1.1", "1.2", "1.3"]),
        ("?00404018.00080100=110005&00741200=HIGH", ["1.1", "1.3"]),
        ("?ScheduledWorkitemCodeSequence.CodeValue=1", []),
        ("?ScheduledHumanPerformersSequence.HumanPerformerName=Dr%20X", ["1.3"]),
        ("?ScheduledProcedureStepStartDateTime=20261101-20261130", ["1.1", "1.2", "1.3"]),
        ("?ScheduledProcedureStepStartDateTime=20261201-", []),
        ("?TransactionUID=2.25.99", []),
        ("?limit=1&offset=1", ["1.2"]),
        ("?includefield=all&PatientID=A1", ["1.1", "1.2", "1.3"]),
        ("?PatientName=test*", ["1.1", "1.2", "1.3"]),
    ],
)
def test_requests_are_searched_by_their_attributes(queue: str, question: str, found: list[str]) -> None:
    assert search(queue, question) == found


def test_an_empty_search_has_no_content(hub: str) -> None:
    assert requests.get(f"{hub}/workitems", timeout=30).status_code == 204
    assert requests.get(f"{hub}/workitems?Nonsense=1", timeout=30).status_code == 400


def test_of_ten_claims_at_once_exactly_one_succeeds(hub: str) -> None:
    claims = [f"2.25.{number}" for number in range(1, 11)]
    for round_number in range(5):
        uid = f"1.2.{round_number}"
        create(hub, uid)
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(partial(change_state, hub, uid, "IN PROGRESS"), claims))
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) == [200] + [409] * 9
        assert update(hub, uid, {}, claims[codes.index(200)]).status_code == 200
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert "inconsistent with the current state" in loser.headers["warning"]


def test_the_older_form_of_a_claim_is_taken(hub: str) -> None:
    create(hub, "1.2.3")
    body = [{STATE: element("CS", "IN PROGRESS"), TRANSACTION: element("UI", CLAIM)}]
    answer = requests.put(f"{hub}/workitems/1.2.3/state/REQUIS", json=body, headers=JSON, timeout=30)
    assert answer.status_code == 200
    assert retrieve(hub, "1.2.3")[STATE]["Value"] == ["IN PROGRESS"]


def test_who_claims_is_recorded_where_the_claim_says_so(hub: str) -> None:
    create(hub, "1.2.3")
    more = {f"t{PERFORMERS}": performer("Dr X"), "t00404035": performer("Dr Y")}
    assert change_state(hub, "1.2.3", "IN PROGRESS", CLAIM, **more).status_code == 200
    item = retrieve(hub, "1.2.3")
    assert item[PERFORMERS] == performer("Dr X")
    assert item[PERFORMED]["Value"][0]["00404035"] == performer("Dr Y")


def test_the_transaction_is_never_given_away(hub: str) -> None:
    create(hub, "1.2.3")
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    update(hub, "1.2.3", {TRANSACTION: element("UI", CLAIM), "00741204": element("LO", "x")})
    everything = requests.get(f"{hub}/workitems?includefield=all", timeout=30).text
    assert CLAIM not in everything
    assert CLAIM not in requests.get(f"{hub}/workitems/1.2.3", timeout=30).text


def test_the_transaction_may_come_in_the_query_or_in_the_body(hub: str) -> None:
    create(hub, "1.2.3")
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    label, own = {"00741204": element("LO", "x")}, {TRANSACTION: element("UI", CLAIM)}
    assert update(hub, "1.2.3", {**label, **own}).status_code == 200
    assert update(hub, "1.2.3", label, CLAIM).status_code == 200
    named = requests.post(f"{hub}/workitems/1.2.3?transaction-uid={CLAIM}", json=label, headers=JSON, timeout=30)
    assert named.status_code == 200
    assert update(hub, "1.2.3", {**label, **own}, "2.25.98").status_code == 400


def test_the_warnings_use_the_words_of_the_standard(hub: str) -> None:
    create(hub, "1.2.3")
    assert "did not reference a claimed Workitem" in update(hub, "1.2.3", {}, CLAIM).headers["warning"]
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    missing, wrong = update(hub, "1.2.3", {}), update(hub, "1.2.3", {}, "2.25.1")
    assert [missing.status_code, wrong.status_code] == [400, 400]
    assert missing.headers["warning"] == f"299 {hub}: The Transaction UID is missing."
    assert wrong.headers["warning"] == f"299 {hub}: The Transaction UID is incorrect."
    early = change_state(hub, "1.2.3", "COMPLETED", CLAIM)
    assert early.status_code == 409
    assert early.headers["warning"].endswith("inconsistent with the current state of the UPS Instance.")
    assert "Performed Workitem Code Sequence" in early.json()["error"]
    assert change_state(hub, "1.2.3", "DONE", CLAIM).status_code == 400


def test_a_reader_declines_with_a_coded_reason(hub: str) -> None:
    create(hub, "1.2.3")
    change_state(hub, "1.2.3", "IN PROGRESS", CLAIM)
    code = {"00080100": element("SH", "110531"), "00080102": element("SH", "DCM")}
    update(hub, "1.2.3", {"00741002": element("SQ", {"0074100E": element("SQ", code)})}, CLAIM)
    assert change_state(hub, "1.2.3", "CANCELED", CLAIM).status_code == 200
    (progress,) = retrieve(hub, "1.2.3")["00741002"]["Value"]
    assert progress["0074100E"]["Value"] == [code]
    assert progress["00404052"]["Value"]


def test_a_requester_withdraws_a_request(hub: str) -> None:
    create(hub, "1.2.3")
    answer = requests.post(
        f"{hub}/workitems/1.2.3/cancelrequest", json={"00741238": element("LT", "x")}, headers=JSON, timeout=30
    )
    assert answer.status_code == 202
    assert retrieve(hub, "1.2.3")[STATE]["Value"] == ["CANCELED"]
    again = requests.post(f"{hub}/workitems/1.2.3/cancelrequest", timeout=30)
    assert (again.status_code, "already in the requested state of CANCELED" in again.headers["warning"]) == (202, True)


def test_requests_and_claims_survive_a_restart(tmp_path: Path) -> None:
    with RunningHub(tmp_path) as first:
        create(first.url, "1.2.3")
        change_state(first.url, "1.2.3", "IN PROGRESS", CLAIM)
    with RunningHub(tmp_path) as second:
        assert change_state(second.url, "1.2.3", "IN PROGRESS", "2.25.1").status_code == 409
        assert update(second.url, "1.2.3", {}, CLAIM).status_code == 200


def test_a_body_above_the_limit_is_refused(hub: str) -> None:
    body = b" " * (17 * 1024 * 1024)
    answer = requests.post(f"{hub}/workitems?1.2.3", data=iter([body]), headers=JSON, timeout=30)
    assert answer.status_code == 413
