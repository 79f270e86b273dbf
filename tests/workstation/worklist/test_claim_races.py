"""Two readers, or one reader at two computers, and one request: who holds it, who is told, and who may sign (N19)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import bad_gateway
from tests.support.hub_clients import ALPHA, BRAVO, client_of, inspect, sleep_not
from tests.support.instances import make_instance
from tests.support.stub_hub import running_stub
from tests.support.ups_servers import Rules, running_ups_server
from tests.workstation.hub.test_orthanc_hub import request_for
from tests.workstation.hub.test_ups import REQUEST
from tests.workstation.store.samples import KEY, open_database
from viewers.identifiers import StudyUID
from workstation.domain.clock import system_clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, TransactionUID, new_uid
from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestState
from workstation.domain.study import InstanceReference
from workstation.embedded_hub.running import RunningHub
from workstation.hub.dicomweb import DicomWebClient
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import AlreadyClaimed, HubUnreachable, StoreRefused
from workstation.hub.protocol import DeclineReason, HubClient
from workstation.hub.registry import open_hub
from workstation.hub.report_outline import Status, StatusKind
from workstation.hub.report_writing import build_status_sr
from workstation.hub.request_sr import claim_uid
from workstation.report.checks import check_request
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore
from workstation.translations import translator
from workstation.worklist.wording import disputes
from workstation.worklist.worklist import Worklist

HUB = HubName("hub")


@dataclass
class Desk:
    """One computer with its own profile."""

    worklist: Worklist
    claims: ClaimStore

    def the(self, request: Request) -> Request:
        return next(one for one in self.worklist.refresh().requests if one.id == request.id)


@contextmanager
def desk(
    folder: Path, url: str, reader: Reader, *others: HubSettings, sleep: Callable[[float], None] = sleep_not
) -> Iterator[Desk]:
    folder.mkdir()
    database = open_database(folder)
    hubs = HubDirectory(
        lambda: (HubSettings(HUB, url), *others), lambda settings: open_hub(settings, inspect, sleep=sleep)
    )
    claims, requests = ClaimStore(database), RequestStore(database)
    yield Desk(Worklist(hubs, claims, requests, lambda: reader, AuditLog(database, KEY, system_clock)), claims)
    hubs.close()
    database.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    with RunningHub(tmp_path / "hub") as running:
        yield running.url


def test_the_same_reader_at_two_computers_holds_a_request_at_one_of_them(tmp_path: Path, hub: str) -> None:
    with client_of(hub) as client, desk(tmp_path / "a", hub, ALPHA) as one, desk(tmp_path / "b", hub, ALPHA) as two:
        client.place(REQUEST)
        held = one.worklist.claim(one.the(REQUEST))
        with pytest.raises(AlreadyClaimed) as refusal:
            two.worklist.claim(two.the(REQUEST))
        sentence = translator("en").error(refusal.value)
        assert ALPHA.name in sentence
        assert held.holder is not None
        assert held.holder.since is not None
        assert held.holder.since.astimezone().strftime("%H:%M") in sentence
        assert not two.worklist.is_mine(REQUEST)
        assert not two.worklist.is_held(two.the(REQUEST))
        checks = check_request(two.the(REQUEST), is_held=False)
        assert [one.id for one in checks] == ["request-held-elsewhere"]
        assert ALPHA.name in checks[0].sentence(translator("en"))
        assert one.worklist.is_held(one.the(REQUEST))
        assert check_request(one.the(REQUEST), is_held=True) == ()


def test_whoever_signs_second_is_told_that_the_request_is_closed(tmp_path: Path, hub: str) -> None:
    """The claim was taken away by the hub's people and answered elsewhere, while this computer still held its draft."""
    with client_of(hub) as client, desk(tmp_path / "a", hub, ALPHA) as one:
        client.place(REQUEST)
        held = one.worklist.claim(one.the(REQUEST))
        mine = one.claims.transaction(REQUEST.key)
        assert mine is not None
        client.decline(held, DeclineReason.DUPLICATE, "", ALPHA, mine)
        now = one.worklist.confirm(held)
        assert now.state is RequestState.CANCELED
        assert [one.id for one in check_request(now, is_held=one.worklist.is_held(now))] == ["request-closed"]


def test_the_transaction_is_kept_before_the_claim_and_resumed_after_a_lost_answer(
    tmp_path: Path, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[TransactionUID] = []
    with client_of(hub) as client, desk(tmp_path / "a", hub, ALPHA) as one:
        client.place(REQUEST)
        found = one.the(REQUEST)
        real = DicomWebClient.claim

        def losing_the_answer(
            self: DicomWebClient, request: Request, reader: Reader, transaction: TransactionUID
        ) -> None:
            assert one.claims.transaction(request.key) == transaction
            sent.append(transaction)
            real(self, request, reader, transaction)
            if len(sent) == 1:
                raise HubUnreachable("the answer is lost", hub=HUB)

        monkeypatch.setattr(DicomWebClient, "claim", losing_the_answer)
        with pytest.raises(HubUnreachable):
            one.worklist.claim(found)
        held = one.worklist.claim(one.the(REQUEST))
        assert held.state is RequestState.IN_PROGRESS
        assert one.worklist.is_held(held)
        assert sent[0] == sent[1]


@pytest.mark.parametrize("status", [403, 409])
def test_a_claim_is_kept_where_the_hub_refuses_the_name_of_its_holder(tmp_path: Path, status: int) -> None:
    with (
        running_ups_server(Rules(performer_status=status)) as server,
        client_of(server.url) as client,
        desk(tmp_path / "a", server.url, ALPHA) as one,
        desk(tmp_path / "b", server.url, BRAVO) as two,
    ):
        client.place(REQUEST)
        held = one.worklist.claim(one.the(REQUEST))
        mine = one.claims.transaction(REQUEST.key)
        assert (mine, held.state) == (server.transactions[REQUEST.id], RequestState.IN_PROGRESS)
        with pytest.raises(AlreadyClaimed):
            two.worklist.claim(two.the(REQUEST))
        assert not two.worklist.is_mine(REQUEST)
        assert one.worklist.is_held(one.worklist.claim(one.the(REQUEST)))
        one.worklist.release(held)
        assert two.the(REQUEST).state is RequestState.SCHEDULED


def test_a_hub_that_checks_no_transaction_and_names_no_holder_gives_a_request_to_one_reader(tmp_path: Path) -> None:
    with (
        running_ups_server(Rules(performer_status=403, checks_transactions=False)) as server,
        client_of(server.url) as client,
        desk(tmp_path / "a", server.url, ALPHA) as one,
        desk(tmp_path / "b", server.url, BRAVO) as two,
    ):
        client.place(REQUEST)
        held, seen = one.worklist.claim(one.the(REQUEST)), two.the(REQUEST)
        with pytest.raises(AlreadyClaimed):
            two.worklist.claim(seen)
        assert not two.worklist.is_mine(REQUEST)
        # Nothing tells the two apart there: it is asked for in vain, and can be given back.
        with pytest.raises(AlreadyClaimed):
            one.worklist.claim(held)
        one.worklist.release(held)
        assert two.the(REQUEST).state is RequestState.SCHEDULED


@pytest.mark.orthanc
@pytest.mark.parametrize("other", [BRAVO, ALPHA], ids=["another reader", "the same reader elsewhere"])
def test_a_second_soft_claim_that_is_seen_late_is_told_to_both(tmp_path: Path, orthanc: str, other: Reader) -> None:
    with (
        client_of(orthanc) as client,
        desk(tmp_path / "a", orthanc, ALPHA) as one,
        desk(tmp_path / "b", orthanc, other) as two,
    ):
        study = StudyUID(new_uid())
        client.store([make_instance(StudyInstanceUID=study)])
        request = request_for(study)
        client.place(request)
        late = one.worklist.claim(one.the(request))
        assert one.worklist.is_held(late)
        # The other claim was written first and came over a slow line.
        earlier = TransactionUID(new_uid())
        two.claims.remember(request.key, earlier)
        claim = claim_uid(request.id, earlier)
        at = datetime.now(UTC) - timedelta(minutes=1)
        status = Status(claim, request.id, StatusKind.CLAIMED, other.name, other.identifier, at, claim)
        template = inspect(client.retrieve_instance(report_of(client, study, request)))
        client.store([build_status_sr(status, template)])

        loser, winner = one.worklist.refresh(), two.worklist.refresh()
        assert [found.id for found in loser.lost] == [request.id]
        assert [found.id for found in winner.contested] == [request.id]
        assert not one.worklist.is_held(one.the(request))
        assert two.worklist.is_held(two.the(request))
        (to_loser,), (to_winner,) = (disputes(queue, translator("en")) for queue in (loser, winner))
        assert other.name in to_loser
        assert at.astimezone().strftime("%H:%M") in to_loser
        assert ALPHA.name in to_winner
        assert [one.id for one in check_request(loser.lost[0], is_held=False)] == ["request-held-elsewhere"]

        # Once the other gives it back, Alpha's claim is the first and holds again.
        two.worklist.release(two.the(request))
        assert one.worklist.refresh().lost == ()
        assert one.worklist.is_held(one.the(request))


def test_a_claim_waits_for_no_hub_but_the_one_that_has_the_request(tmp_path: Path, hub: str) -> None:
    with running_stub(lambda exchange: exchange.reply(500)) as other, client_of(hub) as client:
        with desk(tmp_path / "a", hub, ALPHA, HubSettings(HubName("other"), other.url)) as one:
            client.place(REQUEST)
            free = one.the(REQUEST)
            other.seen.clear()
            held = one.worklist.claim(free)
        assert (held.state, other.seen) == (RequestState.IN_PROGRESS, [])


@pytest.mark.orthanc
def test_a_soft_release_whose_answer_was_lost_is_repeated_or_the_request_claimed_anew(
    tmp_path: Path, orthanc: str
) -> None:
    with (
        FaultProxy(orthanc) as line,
        client_of(orthanc) as client,
        desk(tmp_path / "a", line.url, ALPHA) as one,
    ):
        study = StudyUID(new_uid())
        client.store([make_instance(StudyInstanceUID=study)])
        request = request_for(study)
        client.place(request)
        one.worklist.claim(one.the(request))
        spent = one.claims.transaction(request.key)
        lost = Spoil([bad_gateway], method="POST", path="/studies")
        for is_claimed_again in (True, False):
            line.spoils = [lost]
            with pytest.raises(StoreRefused):
                one.worklist.release(one.the(request))
            line.spoils = ()
            assert one.worklist.is_mine(request)
            assert client.look(request).state is RequestState.SCHEDULED
            if is_claimed_again:
                assert one.worklist.is_held(one.worklist.claim(one.the(request)))
                assert one.claims.transaction(request.key) != spent
        one.worklist.release(one.the(request))
        assert not one.worklist.is_mine(request)
        assert client.look(request) == request


def report_of(client: HubClient, study: StudyUID, request: Request) -> InstanceReference:
    series = [one.uid for one in client.search_series(study) if one.modality == "SR"]
    instances = [one for uid in series for one in client.search_instances(study, uid)]
    return next(one for one in instances if one.instance == request.id)


@pytest.mark.orthanc
def test_a_wish_to_cancel_stays_in_the_study_until_it_is_answered(tmp_path: Path, orthanc: str) -> None:
    with (
        client_of(orthanc) as client,
        desk(tmp_path / "a", orthanc, ALPHA) as one,
        desk(tmp_path / "b", orthanc, BRAVO) as two,
    ):
        study = StudyUID(new_uid())
        client.store([make_instance(StudyInstanceUID=study)])
        request = request_for(study)
        client.place(request)
        one.worklist.claim(one.the(request))
        for note in ("Patient transféré", "Vraiment"):
            two.worklist.ask_cancel(two.the(request), "110500", note)
            wish = one.the(request).cancel_asked
            assert wish is not None
            assert (wish.name, wish.reason) == (BRAVO.name, note)
            one.worklist.refuse_cancel(one.the(request))
            assert one.the(request).cancel_asked is None
        one.worklist.release(one.the(request))
        two.worklist.ask_cancel(two.the(request), "110500", "personne ne lit")
        assert all(found.id != request.id for found in one.worklist.refresh().requests)
