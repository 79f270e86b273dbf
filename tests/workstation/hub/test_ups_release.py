"""A release interrupted at each of its steps: the request is always seen, and never offered beside its answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import work_items
from tests.support.fault_proxy import FaultProxy
from tests.support.faults import Ending, Reply
from tests.support.hub_clients import ALPHA, BRAVO, client_of
from tests.workstation.hub.test_ups import NOW, OUTPUT, REQUEST, only, transaction
from workstation.dicom.work_item_progress import RESCHEDULED, discontinuation_update
from workstation.domain.identifiers import TransactionUID
from workstation.domain.request import Request, RequestState
from workstation.embedded_hub.running import RunningHub
from workstation.hub.errors import AlreadyClaimed, HubAnsweredWrongly, HubError, NotShared, StaleClaim, TransferCut
from workstation.hub.protocol import HubClient

CREATION, CHANGE_OF_STATE, UPDATE = r"POST .*/workitems\?", r"PUT .*/state", r"POST .*/workitems/[^?/]+\?"
FREE, HELD, ENDED = RequestState.SCHEDULED, RequestState.IN_PROGRESS, RequestState.CANCELED


class BarredProxy(FaultProxy):
    """A proxy that answers by itself what is barred: the hub never hears of it."""

    barred, reply = "nothing", Reply(403)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if re.match(self.barred, f"{method} {path}"):
            return self.reply
        return FaultProxy._ask(self, method, path, headers, body)

    @contextmanager
    def bars(self, wanted: str, reply: Reply) -> Iterator[None]:
        self.barred, self.reply = wanted, reply
        yield
        self.barred = "nothing"


LINE_DROPS = Reply(200, promised=1, ending=Ending.RESET)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with RunningHub(tmp_path / "hub") as hub:
        yield hub.url


@pytest.fixture
def line(url: str) -> Iterator[BarredProxy]:
    """The line of Alpha to the hub."""
    with BarredProxy(url) as proxy:
        yield proxy


@pytest.fixture
def alpha(line: BarredProxy) -> Iterator[HubClient]:
    with client_of(line.url) as opened:
        yield opened


@pytest.fixture
def bravo(url: str) -> Iterator[HubClient]:
    with client_of(url) as opened:
        yield opened


@pytest.fixture
def mine(alpha: HubClient) -> TransactionUID:
    """The transaction under which Alpha holds the request."""
    alpha.place(REQUEST)
    held = transaction()
    alpha.claim(REQUEST, ALPHA, held)
    return held


@pytest.fixture
def free(alpha: HubClient, bravo: HubClient, line: BarredProxy, mine: TransactionUID) -> Request:
    """The successor, after a release whose cancellation did not come through: both work items live."""
    with line.bars(CHANGE_OF_STATE, Reply(500)), pytest.raises(HubError):
        alpha.release(REQUEST, mine, ALPHA)
    shown = only(bravo)
    assert (shown.id, shown.state, shown.holder) == (REQUEST.id, FREE, None)
    return shown


def state(url: str, uid: str) -> str:
    return str(work_items.retrieve(url, uid)[work_items.STATE]["Value"][0])


@pytest.mark.parametrize(("reply", "error"), [(Reply(403), NotShared), (LINE_DROPS, TransferCut)])
def test_a_release_that_creates_nothing_leaves_the_request_with_its_holder(
    alpha: HubClient, bravo: HubClient, line: BarredProxy, mine: TransactionUID, reply: Reply, error: type[HubError]
) -> None:
    with line.bars(CREATION, reply), pytest.raises(error):
        alpha.release(REQUEST, mine, ALPHA)
    shown = only(bravo)
    assert shown.holder is not None
    assert (shown.state, shown.holder.name, shown.work_item) == (HELD, ALPHA.name, "")
    alpha.release(shown, mine, ALPHA)
    assert only(bravo).state is FREE


def test_an_item_with_the_reason_alone_is_shown(url: str, alpha: HubClient, mine: TransactionUID) -> None:
    reason = discontinuation_update(RESCHEDULED, "", NOW, mine)
    assert work_items.update(url, REQUEST.id, reason, mine).ok
    assert only(alpha).state is HELD


@pytest.mark.parametrize("is_old", [True, False], ids=["by the old item", "by the successor"])
@pytest.mark.parametrize("is_taken", [True, False], ids=["taken", "free"])
def test_a_release_that_is_repeated_ends_the_old_item_and_touches_no_successor(
    url: str, alpha: HubClient, bravo: HubClient, mine: TransactionUID, free: Request, is_old: bool, is_taken: bool
) -> None:
    if is_taken:
        bravo.claim(free, BRAVO, transaction())
    alpha.release(REQUEST if is_old else free, mine, ALPHA)
    alpha.release(REQUEST if is_old else free, mine, ALPHA)
    shown = only(bravo)
    assert (shown.work_item, shown.state) == (free.work_item, HELD if is_taken else FREE)
    assert state(url, REQUEST.id) == ENDED.value


def test_the_holder_takes_the_successor_and_gives_it_back_again(
    url: str, alpha: HubClient, bravo: HubClient, mine: TransactionUID, free: Request
) -> None:
    alpha.claim(free, ALPHA, mine)
    assert state(url, REQUEST.id) == ENDED.value
    alpha.claim(free, ALPHA, mine)
    alpha.release(free, mine, ALPHA)
    again = only(bravo)
    assert (again.id, again.state) == (REQUEST.id, FREE)
    assert again.work_item not in (free.work_item, REQUEST.id)


def test_a_case_that_was_given_back_does_not_open_again_by_its_old_item(
    url: str, alpha: HubClient, bravo: HubClient, mine: TransactionUID, free: Request
) -> None:
    for _ in range(2):
        with pytest.raises(StaleClaim):
            alpha.claim(REQUEST, ALPHA, mine)
        assert state(url, REQUEST.id) == ENDED.value
    assert only(bravo) == free


@pytest.mark.parametrize("is_closed", [True, False], ids=["answered", "taken"])
def test_whoever_finds_the_successor_gone_ends_the_old_item_before_the_claim_is_forgotten(
    url: str, alpha: HubClient, bravo: HubClient, mine: TransactionUID, free: Request, is_closed: bool
) -> None:
    theirs = transaction()
    bravo.claim(free, BRAVO, theirs)
    if is_closed:
        bravo.report_output(free, theirs, [OUTPUT], BRAVO, NOW, NOW)
        bravo.complete(free, theirs)
    with pytest.raises(HubError) as refusal:
        alpha.claim(free, ALPHA, mine)
    assert isinstance(refusal.value, AlreadyClaimed) is not is_closed
    assert state(url, REQUEST.id) == ENDED.value


def test_a_request_that_was_answered_all_the_same_is_offered_to_nobody(
    url: str, alpha: HubClient, bravo: HubClient, mine: TransactionUID, free: Request
) -> None:
    alpha.report_output(REQUEST, mine, [OUTPUT], ALPHA, NOW, NOW)
    alpha.complete(REQUEST, mine)
    assert bravo.requests() == ()
    assert (state(url, REQUEST.id), state(url, free.work_item)) == (RequestState.COMPLETED.value, ENDED.value)


@pytest.mark.parametrize("status", [404, 403])
def test_an_answer_is_complete_where_the_hub_gives_no_ended_work_item(
    url: str, alpha: HubClient, line: BarredProxy, mine: TransactionUID, status: int
) -> None:
    alpha.release(REQUEST, mine, ALPHA)
    again = only(alpha)
    alpha.claim(again, ALPHA, mine)
    alpha.report_output(again, mine, [OUTPUT], ALPHA, NOW, NOW)
    with line.bars(rf"GET .*/workitems/{again.work_item}", Reply(status)):
        alpha.complete(again, mine)
    assert state(url, again.work_item) == RequestState.COMPLETED.value


def test_the_claim_is_kept_while_what_a_release_left_behind_cannot_be_ended(
    url: str, alpha: HubClient, bravo: HubClient, line: BarredProxy, mine: TransactionUID, free: Request
) -> None:
    bravo.claim(free, BRAVO, transaction())
    with line.bars(rf"PUT .*/workitems/{REQUEST.id}/state", Reply(500)), pytest.raises(HubAnsweredWrongly):
        alpha.claim(free, ALPHA, mine)
    with pytest.raises(AlreadyClaimed):
        alpha.claim(free, ALPHA, mine)
    assert state(url, REQUEST.id) == ENDED.value


def test_a_release_whose_last_answer_is_lost_is_done(
    url: str, alpha: HubClient, bravo: HubClient, line: BarredProxy, mine: TransactionUID
) -> None:
    alpha.release(REQUEST, mine, ALPHA)
    with line.bars(f"{UPDATE}|{CHANGE_OF_STATE}|{CREATION}", LINE_DROPS):
        alpha.release(REQUEST, mine, ALPHA)
        alpha.release(only(bravo), mine, ALPHA)
    assert only(bravo).state is FREE
