"""Claims of a hub that was removed, and added again under another name."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.workstation.store.samples import KEY, READER, fixed_clock, make_request, open_database
from tests.workstation.worklist.test_worklist import ListingHub
from viewers.identifiers import StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, TransactionUID
from workstation.domain.request import Holder, RequestState
from workstation.domain.study import StudyReference
from workstation.hub.directory import HubDirectory
from workstation.hub.protocol import HubClient
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore
from workstation.worklist.renamed_hubs import RenamedHubs
from workstation.worklist.worklist import Worklist

RENAMED = HubName("renamed")
STATES = {
    "ours": (RequestState.IN_PROGRESS, Holder(READER.name, READER.identifier), "http://hub", True),
    "ours, of before addresses were kept": (RequestState.IN_PROGRESS, Holder("", ""), None, True),
    "another's": (RequestState.IN_PROGRESS, Holder("Lecteur Bravo", "2"), None, False),
    "free": (RequestState.SCHEDULED, None, "http://hub", False),
    "elsewhere": (RequestState.IN_PROGRESS, Holder(READER.name, READER.identifier), "http://another", False),
}


@pytest.mark.parametrize(("state", "holder", "former", "is_ours"), STATES.values(), ids=STATES)
def test_a_claim_follows_its_hub_that_was_removed_and_added_under_another_name(
    tmp_path: Path, state: RequestState, holder: Holder | None, former: str | None, is_ours: bool
) -> None:
    hub, settings = ListingHub(RENAMED), (HubSettings(RENAMED, "http://hub/dicom-web"),)
    hub.listed = [replace(make_request(), hub=RENAMED, state=state, holder=holder)]
    database = open_database(tmp_path)
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    claims.remember(make_request().key, TransactionUID("2.25.7"))
    hubs = HubDirectory(lambda: settings, lambda _settings: cast("HubClient", hub))
    renamed = RenamedHubs(lambda: settings, lambda _name: former, requests)
    audit = AuditLog(database, KEY, fixed_clock)
    one = Worklist(hubs, claims, requests, lambda: READER, audit, now=renamed.now)
    assert one.refresh().mine == ({hub.listed[0].key} if is_ours else frozenset())
    assert claims.claimed() == ((hub.listed[0] if is_ours else make_request()).key,)
    database.close()


def test_of_two_hubs_that_list_a_request_the_one_where_the_former_hub_was_has_its_claim(tmp_path: Path) -> None:
    settings = tuple(HubSettings(HubName(name), f"http://{name}/rs") for name in ("a", "b"))
    database = open_database(tmp_path)
    requests, former = RequestStore(database, fixed_clock), make_request().key
    for one in settings:
        requests.keep(replace(make_request(), hub=one.name))
    assert RenamedHubs(lambda: settings, lambda _name: "http://b", requests).now(former).hub == "b"
    assert RenamedHubs(lambda: settings, lambda _name: None, requests).now(former) == former
    present = replace(former, hub=HubName("a"))
    assert RenamedHubs(lambda: settings, lambda _name: "http://b", requests).now(present) == present
    database.close()


HOMES = {
    "the same address, written differently": ({"b": "HTTP://Hub:80/rs/"}, "b"),
    "another archive of the same server": ({"b": "http://hub/other"}, "a"),
    "another server": ({"b": "http://another/rs"}, "a"),
    "two of that address": ({"b": "http://hub/rs", "c": "http://hub/rs"}, "a"),
    "a mirror there": ({"m": "http://hub/rs", "c": "http://another/rs"}, "a"),
    "a hub of the old name": ({"a": "http://another/rs", "b": "http://hub/rs"}, "a"),
}


@pytest.mark.parametrize(("there", "found"), HOMES.values(), ids=HOMES)
def test_a_hub_is_told_by_its_address_alone(tmp_path: Path, there: dict[str, str], found: str) -> None:
    settings = tuple(
        HubSettings(HubName(name), url, mirror_of=HubName("c") if name == "m" else None) for name, url in there.items()
    )
    database = open_database(tmp_path)
    renamed = RenamedHubs(lambda: settings, lambda _name: "http://hub/rs", RequestStore(database, fixed_clock))
    assert renamed.hub_now(HubName("a"), None) == found
    database.close()


@pytest.mark.parametrize("url", ["http://hub/rs", None], ids=["another archive of the server", "nobody knows where"])
def test_another_request_that_happens_to_have_the_identifier_is_not_taken_for_it(
    tmp_path: Path, url: str | None
) -> None:
    settings = (HubSettings(HubName("b"), "http://hub/other"),)
    database = open_database(tmp_path)
    requests, former = RequestStore(database, fixed_clock), make_request()
    requests.keep(former)
    elsewhere = StudyReference(StudyUID("1.2.99"), HubName("b"))
    requests.keep(replace(former, hub=HubName("b"), studies=(elsewhere,)))
    renamed = RenamedHubs(lambda: settings, lambda _name: url, requests)
    assert (renamed.now(former.key), renamed.hub_now(former.hub, former.id)) == (former.key, former.hub)
    requests.keep(replace(former, hub=HubName("b"), studies=(elsewhere, replace(former.studies[0], hub=HubName("b")))))
    assert renamed.hub_now(former.hub, former.id) == "b"
    stranger = replace(former, hub=HubName("b"), studies=(), patient=replace(former.patient, patient_id="OTHER"))
    requests.keep(stranger)
    assert renamed.hub_now(former.hub, former.id) == former.hub
    database.close()


def test_a_request_goes_to_the_very_address_of_its_hub_before_any_other_of_that_server(tmp_path: Path) -> None:
    settings = (HubSettings(HubName("b"), "http://hub/other"), HubSettings(HubName("c"), "http://hub/rs"))
    database = open_database(tmp_path)
    requests, former = RequestStore(database, fixed_clock), make_request().key
    requests.keep(replace(make_request(), hub=HubName("b")))
    renamed = RenamedHubs(lambda: settings, lambda _name: "http://hub/rs", requests)
    assert (renamed.now(former), renamed.hub_now(former.hub, former.id)) == (former, "c")
    alone = RenamedHubs(lambda: settings[:1], lambda _name: "http://hub/rs", requests)
    assert alone.hub_now(former.hub, former.id) == alone.now(former).hub == "b"
    database.close()
