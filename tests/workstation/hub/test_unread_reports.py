"""A hub without UPS-RS that does not give all its reports: nothing is claimed by what is not known (N19)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply, altered, stranger
from tests.support.hub_clients import ALPHA, BRAVO, client_of, inspect
from tests.support.instances import make_instance
from tests.workstation.hub.test_orthanc_hub import of_study, request_for, transaction
from tests.workstation.worklist.test_claim_races import desk, report_of
from viewers.identifiers import StudyUID
from workstation.dicom.header import Header
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, new_uid
from workstation.domain.request import Request, RequestState
from workstation.hub.errors import AlreadyClaimed, ClaimUnsettled, RequestsIncomplete, StandingUnknown
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.hub.report_outline import Status, StatusKind
from workstation.hub.report_writing import build_status_sr
from workstation.hub.request_sr import claim_uid

DOSE_REPORT = "1.2.840.10008.5.1.4.1.1.88.67"
pytestmark = pytest.mark.orthanc


class CappingProxy(FaultProxy):
    """A proxy that makes its hub one that lists only so much and gives the same page again when asked for the next."""

    cap = 1000

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        path = re.sub(r"limit=(\d+)", lambda asked: f"limit={min(int(asked[1]), self.cap)}", path)
        return FaultProxy._ask(self, method, re.sub(r"offset=\d+", "offset=0", path), headers, body)


def answering(status: int) -> Fault:
    def answer(reply: Reply, chance: Chance) -> Reply:
        return Reply(status)

    return answer


def written(client: HubClient, status: Status, template: Header) -> None:
    client.store([build_status_sr(status, template)])


@pytest.fixture
def alpha(orthanc: str) -> Iterator[HubClient]:
    with client_of(orthanc) as opened:
        yield opened


@pytest.fixture
def placed(alpha: HubClient) -> Request:
    """A request on the hub, in a study of its own."""
    study = StudyUID(new_uid())
    alpha.store([make_instance(StudyInstanceUID=study)])
    request = request_for(study)
    alpha.place(request)
    return request


@pytest.mark.parametrize("fault", [answering(500), answering(403), altered(stranger)], ids=["500", "403", "another"])
def test_nothing_is_claimed_while_a_report_of_the_study_cannot_be_read(
    orthanc: str, alpha: HubClient, placed: Request, fault: Fault
) -> None:
    mine = transaction()
    alpha.claim(placed, ALPHA, mine)
    with FaultProxy(orthanc, [Spoil([fault], path=claim_uid(placed.id, mine))]) as proxy, client_of(proxy.url) as bravo:
        with pytest.raises(RequestsIncomplete) as incomplete:
            bravo.requests()
        assert placed.id in [one.id for one in incomplete.value.listed]
        with pytest.raises(StandingUnknown):
            bravo.claim(placed, BRAVO, transaction())
        with pytest.raises(StandingUnknown):
            bravo.release(placed, mine, ALPHA)
        proxy.spoils = ()
        with pytest.raises(AlreadyClaimed):
            bravo.claim(placed, BRAVO, transaction())
    (held,) = of_study(alpha, placed.studies[0].study)
    assert held.holder is not None
    assert (held.holder.name, held.rivals) == (ALPHA.name, ())


def test_a_request_that_cannot_be_read_is_missed_aloud(orthanc: str, placed: Request) -> None:
    with FaultProxy(orthanc, [Spoil([answering(500)], path=placed.id)]) as proxy, client_of(proxy.url) as bravo:
        with pytest.raises(RequestsIncomplete) as incomplete:
            bravo.requests()
        assert placed.id not in [one.id for one in incomplete.value.listed]
        with pytest.raises(StandingUnknown):
            bravo.look(placed)


def test_a_report_of_another_study_keeps_nobody_from_claiming(orthanc: str, alpha: HubClient, placed: Request) -> None:
    other = StudyUID(new_uid())
    alpha.store([make_instance(StudyInstanceUID=other)])
    elsewhere = request_for(other)
    alpha.place(elsewhere)
    mine = transaction()
    with FaultProxy(orthanc, [Spoil([answering(403)], path=elsewhere.id)]) as proxy, client_of(proxy.url) as bravo:
        bravo.claim(placed, BRAVO, mine)
        bravo.claim(placed, BRAVO, mine)
        bravo.release(placed, mine, BRAVO)


def test_an_unread_report_of_a_class_that_no_claim_has_keeps_nobody_from_claiming(
    orthanc: str, alpha: HubClient, placed: Request
) -> None:
    dose, mine = new_uid(), transaction()
    report = {"SOPClassUID": DOSE_REPORT, "SOPInstanceUID": dose, "SeriesInstanceUID": new_uid(), "Modality": "SR"}
    alpha.store([make_instance(StudyInstanceUID=placed.studies[0].study, **report)])
    with FaultProxy(orthanc, [Spoil([answering(403)], path=dose)]) as proxy, client_of(proxy.url) as bravo:
        bravo.claim(placed, BRAVO, mine)
        bravo.release(placed, mine, BRAVO)
        assert proxy.faults.total()


def test_a_claim_beside_which_another_appears_unreadable_is_given_back(
    orthanc: str, alpha: HubClient, placed: Request
) -> None:
    claim = claim_uid(placed.id, transaction())
    early = datetime.now(UTC) - timedelta(minutes=1)
    status = Status(claim, placed.id, StatusKind.CLAIMED, ALPHA.name, ALPHA.identifier, early, claim)
    template = inspect(alpha.retrieve_instance(report_of(alpha, placed.studies[0].study, placed)))
    with FaultProxy(orthanc, [Spoil([answering(500)], path=claim)]) as proxy:
        settings = HubSettings(HubName("hub"), proxy.url)
        bravo = open_hub(settings, inspect, sleep=lambda _seconds: written(alpha, status, template))
        with pytest.raises(StandingUnknown):
            bravo.claim(placed, BRAVO, transaction())
        bravo.close()
    (held,) = of_study(alpha, placed.studies[0].study)
    assert held.holder is not None
    assert (held.holder.name, held.rivals) == (ALPHA.name, ())


@pytest.mark.parametrize("method", ["GET", "POST"], ids=["not read again", "not given back"])
def test_a_claim_after_which_the_hub_refuses_everything_is_kept(
    tmp_path: Path, orthanc: str, alpha: HubClient, placed: Request, method: str
) -> None:
    early = datetime.now(UTC) - timedelta(minutes=1)
    first = claim_uid(placed.id, transaction())
    status = Status(first, placed.id, StatusKind.CLAIMED, ALPHA.name, ALPHA.identifier, early, first)
    template = inspect(alpha.retrieve_instance(report_of(alpha, placed.studies[0].study, placed)))

    def settle(_seconds: float) -> None:
        if method == "POST":
            written(alpha, status, template)
        proxy.spoils = [Spoil([answering(401)], method=method)]

    with FaultProxy(orthanc) as proxy, desk(tmp_path / "b", proxy.url, BRAVO, sleep=settle) as bravo:
        with pytest.raises(ClaimUnsettled):
            bravo.worklist.claim(bravo.the(placed))
        proxy.spoils = ()
        assert bravo.worklist.is_mine(placed)
        if method == "GET":
            assert bravo.worklist.is_held(bravo.worklist.claim(bravo.the(placed)))
        bravo.worklist.release(bravo.the(placed))
        assert not bravo.worklist.is_mine(placed)
    (now,) = of_study(alpha, placed.studies[0].study)
    assert (now.holder and now.holder.name, now.rivals) == (None if method == "GET" else ALPHA.name, ())


@pytest.fixture
def capped(orthanc: str, alpha: HubClient) -> Iterator[CappingProxy]:
    """A hub with reports about other studies as well."""
    for _ in range(3):
        other = StudyUID(new_uid())
        alpha.store([make_instance(StudyInstanceUID=other)])
        alpha.place(request_for(other))
    with CappingProxy(orthanc) as proxy:
        yield proxy


def test_a_list_is_whole_where_the_hub_could_have_given_more(capped: CappingProxy, placed: Request) -> None:
    with client_of(capped.url) as bravo:
        assert placed.id in [one.id for one in bravo.requests()]


def test_where_the_list_may_be_cut_the_reports_of_the_study_are_asked_for(
    capped: CappingProxy, placed: Request
) -> None:
    capped.cap, mine = 3, transaction()
    with client_of(capped.url) as bravo:
        with pytest.raises(RequestsIncomplete) as incomplete:
            bravo.requests()
        assert len(incomplete.value.listed) <= capped.cap
        bravo.claim(placed, BRAVO, mine)
        assert bravo.look(placed).state is RequestState.IN_PROGRESS
        bravo.release(placed, mine, BRAVO)


def test_nothing_is_claimed_where_the_list_of_the_study_may_be_cut_too(
    alpha: HubClient, capped: CappingProxy, placed: Request
) -> None:
    capped.cap = 1
    with client_of(capped.url) as bravo, pytest.raises(StandingUnknown):
        bravo.claim(placed, BRAVO, transaction())
    assert of_study(alpha, placed.studies[0].study)[0].state is RequestState.SCHEDULED
