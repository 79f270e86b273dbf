"""A series is compared by the names that Orthanc has for it: they prove what a list would and are never needed (N7)."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, INDEX, PAIR, RealHub, without_index
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Ending, Fault, Reply
from tests.support.hub_clients import client_of, inspect, sleep_not
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from tests.workstation.store.samples import HUB
from viewers.identifiers import InstanceUID
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.domain.listing import Doubt
from workstation.hub.directory import HubDirectory
from workstation.hub.orthanc_index import orthanc_name
from workstation.hub.registry import open_hub
from workstation.retrieval.errors import RetrievalCancelled
from workstation.retrieval.result import CountSource

WHOLE, LIST = rf"/series/{SERIES}$", r"/instances\?"
PROMISED_S = 2.0
pytestmark = pytest.mark.parametrize(
    "real_hub", [pytest.param("orthanc", marks=pytest.mark.orthanc)], indirect=True, scope="session"
)


def names(change: Callable[[list[str]], object]) -> Fault:
    """Return the change of the names that the index gives."""

    def changed(reply: Reply, chance: Chance) -> Reply:
        answer = json.loads(reply.body)
        answer["Instances"] = change(answer["Instances"])
        return replace(reply, body=json.dumps(answer).encode())

    return changed


ANSWERS: dict[str, Fault] = {
    "another series": names(lambda own: [orthanc_name("SOMEONE", STUDY, SERIES, one) for one in own]),
    "one fewer": names(lambda own: own[1:]),
    "one twice": names(lambda own: [*own[1:], own[1]]),
    "one besides": names(lambda own: [*own, orthanc_name("1", "2", "3", "4")]),
    "no names": names(lambda _own: {"a": 1}),
    "numbers": names(lambda own: list(range(len(own)))),
    "one word": names(lambda own: own[0]),
    "a page": faults.portal,
    "a list": faults.instead(Reply(200, {"content-type": "application/json"}, b"[]")),
    "too deep": faults.instead(Reply(200, {"content-type": "application/json"}, b"[" * 100_000)),
    "nothing": faults.instead(Reply(204)),
    "an error": faults.instead(Reply(500)),
    "a redirect": faults.redirect,
}


def test_a_whole_series_is_compared_and_no_list_is_asked_for(desk: Desk, real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url) as proxy, client_of(proxy.url) as client:
        result = desk.retrieval.pull(client, STUDY)
        again = desk.retrieval.pull(client, STUDY)
        assert proxy.asked("GET", LIST) == []
        assert len(proxy.asked("GET", INDEX)) == 2
    assert result.is_complete
    assert again.is_complete
    assert result.series[0].stated == {CountSource.COUNT: COUNT, CountSource.LIST: COUNT}
    assert not desk.catalogue.doubts(STUDY)
    assert desk.catalogue.expected(STUDY) == {SERIES: COUNT}


def test_an_image_that_stands_for_another_is_found_and_the_missing_one_comes(desk: Desk, real_hub: RealHub) -> None:
    spoil = Spoil([faults.altered(faults.stranger)], path=WHOLE, most=1)
    with FaultProxy(real_hub.url, [spoil]) as proxy, client_of(proxy.url) as client:
        result = desk.retrieval.pull(client, STUDY)
        assert proxy.asked("GET", LIST)
    assert result.is_complete
    held = desk.catalogue.instances(STUDY)
    assert {desk.objects.get(one.reference.instance) for one in held} == set(real_hub.part10s)
    assert len(result.series[0].unlisted) == 1


def test_an_image_that_came_from_a_file_and_that_the_hub_does_not_have_takes_no_place(
    desk: Desk, real_hub: RealHub, tmp_path: Path
) -> None:
    (tmp_path / "besides.dcm").write_bytes(faults.stranger(real_hub.part10s[0]))
    desk.importer.import_paths([tmp_path])
    (imported,) = desk.catalogue.instances(STUDY)
    with FaultProxy(real_hub.url) as proxy, client_of(proxy.url) as client:
        (series,) = desk.retrieval.pull(client, STUDY).series
        assert proxy.asked("GET", LIST)
    assert (series.received, series.expected, series.missing) == (COUNT, COUNT, 0)
    assert desk.catalogue.doubts(STUDY) == {imported.reference.instance: Doubt.UNLISTED}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_else_the_index_answers_the_list_is_asked_for(desk: Desk, real_hub: RealHub, answer: Fault) -> None:
    with FaultProxy(real_hub.url, [Spoil([answer], path=INDEX)]) as proxy, client_of(proxy.url) as client:
        assert desk.retrieval.pull(client, STUDY).is_complete
        assert proxy.asked("GET", LIST)
    held = desk.catalogue.instances(STUDY)
    assert {desk.objects.get(one.reference.instance) for one in held} == set(real_hub.part10s)


def test_a_hub_without_it_is_asked_for_it_once(desk: Desk, real_hub: RealHub) -> None:
    with FaultProxy(real_hub.url, [without_index()]) as proxy, client_of(proxy.url) as client:
        assert desk.retrieval.pull(client, STUDY).is_complete
        assert desk.retrieval.pull(client, STUDY).is_complete
        assert len(proxy.asked("GET", INDEX)) == 1
        assert len(proxy.asked("GET", LIST)) == 2


FAILURES = {
    "503": Reply(503),
    "503 for a minute": Reply(503, {"retry-after": "60"}),
    "429 for a minute": Reply(429, {"retry-after": "60"}),
    "a reset": Reply(0, ending=Ending.RESET),
    "silence": Reply(0, ending=Ending.HANG),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_goes_wrong_with_it_is_no_failure_of_the_hub(
    desk: Desk, real_hub: RealHub, monkeypatch: pytest.MonkeyPatch, failure: Reply
) -> None:
    """A gateway refuses, drops or swallows what it does not know."""
    monkeypatch.setattr("workstation.hub.door._GLANCE_S", 0.3)

    def gate(path: str, _headers: Mapping[str, str]) -> Reply | None:
        return failure if re.search(INDEX, path) else None

    beside = HubName("beside")
    with FaultProxy(real_hub.url, gate=gate) as proxy, FaultProxy(real_hub.url) as mirror:
        settings = (HubSettings(HUB, proxy.url), HubSettings(beside, mirror.url, mirror_of=HUB))
        reading = HubDirectory(lambda: settings, lambda one: open_hub(one, inspect, sleep=sleep_not)).reading(HUB)
        for _ in range(2):
            for study in (STUDY, PAIR):
                result = desk.retrieval.pull(reading, study)
                assert result.is_complete
                assert not desk.catalogue.doubts(study)
        assert reading.served_by == (HUB,)
        assert mirror.seen == []
        # What broke off is asked for once more.
        assert 1 <= len(proxy.asked("GET", INDEX)) <= 2


def test_a_hub_is_not_taken_for_well_because_it_was_not_asked(real_hub: RealHub) -> None:
    settings = (
        HubSettings(HUB, "http://127.0.0.1:9/dicom"),
        HubSettings(HubName("b"), "http://127.0.0.1:9/", mirror_of=HUB),
    )
    reading = HubDirectory(lambda: settings, lambda one: open_hub(one, inspect, sleep=sleep_not)).reading(HUB)
    assert reading.names_of(STUDY, SERIES, "P1") is None
    assert reading.served_by == ()


def test_nothing_beside_the_root_is_asked_for_where_the_sign_in_does_not_go(desk: Desk, real_hub: RealHub) -> None:
    signed = HubSettings(HUB, "", SignInKind.BEARER, secret="a token")
    with FaultProxy(real_hub.url) as proxy:
        for beside in ((), ("series",)):
            client = open_hub(replace(signed, url=proxy.url, beside=beside), inspect)
            assert desk.retrieval.pull(client, STUDY).is_complete
            client.close()
            asked = [one for one in proxy.seen if one.path.startswith("/series/")]
            assert len(asked) == len(beside)
            assert all(one.headers["authorization"] == "Bearer a token" for one in asked)


def test_a_reader_who_gives_up_does_not_wait_for_it(desk: Desk, real_hub: RealHub) -> None:
    gave_up: list[float] = []

    def gives_up() -> bool:
        if not gave_up and proxy.faults["silence"]:
            gave_up.append(time.monotonic())
        return bool(gave_up)

    with FaultProxy(real_hub.url, [Spoil([faults.silence], path=INDEX)]) as proxy, client_of(proxy.url) as client:
        with pytest.raises(RetrievalCancelled):
            desk.retrieval.pull(client, STUDY, cancelled=gives_up)
        assert time.monotonic() - gave_up[0] < PROMISED_S
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete


def test_names_are_those_of_the_objects_that_identifiers_lead_to(real_hub: RealHub) -> None:
    with client_of(real_hub.url) as client:
        patient = client.patient_of(STUDY)
        assert patient is not None
        assert client.names_of(STUDY, SERIES, patient.patient_id) is None, "before the series was listed"
        client.search_series(STUDY)
        found = client.names_of(STUDY, SERIES, patient.patient_id)
        own = [one.instance for one in client.search_instances(STUDY, SERIES)]
    assert found is not None
    assert found.are_of(own)
    assert not found.are_of(own[1:])
    assert not found.are_of([*own[1:], InstanceUID("1.2.3")])
    assert not found.are_of([*own, own[0]])
