"""Two computers and one request on a line that fails (N19): one holds it, the other is told who, nothing is undone."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.test_store_through_faults import lost
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.support.instances import make_instance
from tests.support.running_hubs import running_hub
from tests.workstation.hub.test_orthanc_hub import request_for
from tests.workstation.worklist.test_claim_races import Desk, desk
from viewers.identifiers import StudyUID
from workstation.domain.identifiers import new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import Carrier, Request, RequestState
from workstation.hub.errors import AlreadyClaimed, HubError
from workstation.report.checks import check_request
from workstation.translations import languages, translator
from workstation.worklist.errors import NotHeld

CARRIERS = {"embedded": Carrier.WORK_ITEM, "orthanc": Carrier.REQUEST_SR}
# What a claim is sent as: a change of state, or a report in the study.
CLAIMS = {"embedded": ("PUT", "/state"), "orthanc": ("POST", "/studies")}


def briefly(seconds: float) -> None:
    """Wait, and not as long as for a hub far away."""
    time.sleep(min(seconds, 0.05))


@dataclass
class Place:
    """A hub with requests, and computers that work on it, each behind its own line."""

    kind: str
    url: str
    folder: Path

    def request(self) -> Request:
        """Place a new request in a study of its own."""
        study = StudyUID(new_uid())
        request = replace(request_for(study), carrier=CARRIERS[self.kind])
        with client_of(self.url) as client:
            client.store([make_instance(StudyInstanceUID=study)])
            client.place(request)
        return request

    @contextmanager
    def computer(self, reader: Reader) -> Iterator[tuple[Desk, FaultProxy]]:
        with FaultProxy(self.url) as line, desk(self.folder / new_uid(), line.url, reader, sleep=briefly) as one:
            yield one, line


@pytest.fixture(scope="module", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with running_hub(request.param, tmp_path_factory.mktemp("claims")) as url:
        yield request.param, url


@pytest.fixture
def place(hub: tuple[str, str], tmp_path: Path) -> Place:
    return Place(*hub, tmp_path)


def assert_warned(one: Desk, request: Request, holder: Reader) -> None:
    """The computer that does not hold a request says so before anything is signed, and who does."""
    seen = one.the(request)
    assert not one.worklist.is_held(seen)
    (check,) = check_request(seen, is_held=False)
    assert check.id == "request-held-elsewhere"
    assert all(holder.name in check.sentence(translator(language)) for language in languages())


def test_n19_of_two_claims_at_the_same_time_one_holds_and_the_other_is_warned(place: Place) -> None:
    request, together = place.request(), threading.Barrier(2, timeout=30)

    def claim(one: Desk, seen: Request) -> HubError | None:
        together.wait()
        try:
            one.worklist.claim(seen)
        except AlreadyClaimed as error:
            return error
        return None

    with ExitStack() as stack:
        computers = {reader: stack.enter_context(place.computer(reader))[0] for reader in (ALPHA, BRAVO)}
        seen = {reader: one.the(request) for reader, one in computers.items()}
        with ThreadPoolExecutor(2) as pool:
            claims = {reader: pool.submit(claim, one, seen[reader]) for reader, one in computers.items()}
        refused = {reader: error for reader, one in claims.items() if (error := one.result()) is not None}
        holding = [reader for reader, one in computers.items() if one.worklist.is_held(one.the(request))]
        (winner,) = holding
        (loser,) = {ALPHA, BRAVO} - {winner}
        if place.kind == "embedded":
            # What is not atomic may be found out later; what is, is known at once.
            assert winner.name in translator("en").error(refused[loser])
        assert_warned(computers[loser], request, winner)


def test_n19_a_claim_whose_answer_is_lost_is_ours_and_no_one_elses(place: Place) -> None:
    request = place.request()
    method, path = CLAIMS[place.kind]
    with place.computer(ALPHA) as (one, line), place.computer(BRAVO) as (two, _):
        line.spoils = [Spoil([lost], method=method, path=path, most=1)]
        with pytest.raises(HubError):
            one.worklist.claim(one.the(request))
        assert line.faults["lost"] == 1
        with pytest.raises(AlreadyClaimed):
            two.worklist.claim(two.the(request))
        held = one.worklist.claim(one.the(request))
        assert held.state is RequestState.IN_PROGRESS
        assert one.worklist.is_held(held)
        assert_warned(two, request, ALPHA)


def test_n19_the_same_reader_at_another_computer_neither_ends_nor_takes_the_claim_of_the_first(place: Place) -> None:
    request = place.request()
    with place.computer(ALPHA) as (one, _), place.computer(ALPHA) as (two, _):
        held = one.worklist.claim(one.the(request))
        with pytest.raises(NotHeld):
            two.worklist.release(two.the(request))
        for act in (two.worklist.claim, lambda seen: two.worklist.decline(seen, "110510")):
            with pytest.raises(AlreadyClaimed) as raised:
                act(two.the(request))
            assert all(ALPHA.name in translator(language).error(raised.value) for language in languages())
        assert_warned(two, request, ALPHA)
        now = one.the(request)
        assert (now.state, now.holder) == (held.state, held.holder)
        assert one.worklist.is_held(now)
        one.worklist.release(now)
        assert two.worklist.is_held(two.worklist.claim(two.the(request)))
