"""Claims: a transaction is kept as long as the hub may know it, and not longer."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.workstation.store.samples import HUB, KEY, READER, STUDY, fixed_clock, make_request, open_database
from viewers.identifiers import StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, TransactionUID
from workstation.domain.request import READING, Holder, Request, RequestState
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import (
    AlreadyClaimed,
    HubRefused,
    HubUnknown,
    HubUnreachable,
    RequestClosed,
    RequestsIncomplete,
    StandingUnknown,
    UnusableCertificate,
)
from workstation.hub.protocol import HubClient
from workstation.retrieval.unshared import Unshared
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore
from workstation.translations import translator
from workstation.worklist.errors import NoSuchRequest, NotAllHubsAsked, NotHeld, RequestElsewhere, RequestOnSeveralHubs
from workstation.worklist.queue import Queue
from workstation.worklist.worklist import Worklist

MIRROR = HubName("mirror")


class FailingHub:
    """A hub on which every claim ends in one error."""

    def __init__(self, error: WorkstationError, name: HubName = HUB) -> None:
        self._error = error
        self.settings = HubSettings(name, "http://hub")

    def search_studies(self, *_query: object) -> tuple[StudySummary, ...]:
        raise self._error

    def close(self) -> None:
        """Have nothing to close."""

    def requests(self) -> tuple[Request, ...]:
        raise self._error

    def claim(self, *_claim: object) -> None:
        raise self._error


def directory_of(hub: FailingHub) -> HubDirectory:
    return HubDirectory(lambda: (HubSettings(HUB, "http://hub"),), lambda _settings: cast("HubClient", hub))


@contextmanager
def worklist(folder: Path, error: WorkstationError) -> Iterator[Worklist]:
    database = open_database(folder)
    hubs = directory_of(FailingHub(error))
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    yield Worklist(hubs, claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    database.close()


@pytest.mark.parametrize("error", [HubRefused("403", hub="h"), RequestClosed("completed", hub="h")])
def test_a_claim_that_the_hub_refuses_is_not_ours(tmp_path: Path, error: WorkstationError) -> None:
    with worklist(tmp_path, error) as one:
        with pytest.raises(type(error)):
            one.claim(make_request())
        assert not one.is_mine(make_request())


def test_a_claim_without_an_answer_may_be_ours(tmp_path: Path) -> None:
    with worklist(tmp_path, HubUnreachable("cut", hub="h")) as one:
        with pytest.raises(HubUnreachable):
            one.claim(make_request())
        assert one.is_mine(make_request())


@pytest.mark.parametrize(("holder", "is_kept"), [("", True), ("Lecteur Bravo", False)])
def test_a_claim_made_before_is_forgotten_only_where_the_hub_names_its_holder(
    tmp_path: Path, holder: str, is_kept: bool
) -> None:
    database, request = open_database(tmp_path), make_request()
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    hubs = directory_of(FailingHub(AlreadyClaimed("held", holder, hub="h")))
    one = Worklist(hubs, claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    for was_there in (False, True):
        if was_there:
            claims.remember(request.key, TransactionUID("1.2"))
        with pytest.raises(AlreadyClaimed):
            one.claim(request)
        assert one.is_mine(request) == (was_there and is_kept)
    database.close()


class ListingHub(FailingHub):
    """One hub that lists two requests, of studies of their own."""

    def __init__(self, name: HubName = HUB) -> None:
        super().__init__(HubUnreachable("not asked", hub="h"), name)
        self.is_away = False
        self.listed = [make_request(RequestId("kept")), make_request(RequestId("gone"))]
        gone = StudyReference(StudyUID("9.9"), self.listed[1].hub)
        self.listed[1] = replace(self.listed[1], studies=(gone,))

    def requests(self) -> tuple[Request, ...]:
        return super().requests() if self.is_away else tuple(self.listed)


def test_a_request_whose_images_the_hub_does_not_give_stays_in_the_list_which_says_so(tmp_path: Path) -> None:
    database, hub, unshared = open_database(tmp_path), ListingHub(), Unshared()
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    audit = AuditLog(database, KEY, fixed_clock)
    one = Worklist(directory_of(hub), claims, requests, lambda: READER, audit, unshared.holds)
    assert {request.id for request in one.refresh().requests} == {"kept", "gone"}
    unshared.note(hub.listed[1].studies[0], is_given=False)
    queue = one.refresh()
    assert {request.id for request in queue.requests} == {"kept", "gone"}
    assert queue.not_given == Queue(()).renewed_by(queue).not_given == {hub.listed[1].key}
    unshared.note(hub.listed[1].studies[0], is_given=True)
    assert queue.renewed_by(one.refresh()).not_given == frozenset()
    database.close()


def test_a_hub_that_was_read_in_part_is_listed_so_far_and_named_until_it_is_read_whole(tmp_path: Path) -> None:
    class InPart(ListingHub):
        is_whole = False

        def requests(self) -> tuple[Request, ...]:
            if self.is_whole:
                return super().requests()
            raise RequestsIncomplete("one report", tuple(self.listed[:1]), hub="h")

    database, hub = open_database(tmp_path), InPart()
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    one = Worklist(directory_of(hub), claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    first = one.refresh()
    hub.is_whole = True
    queue = first.renewed_by(one.refresh())
    assert ([request.id for request in first.requests], [name for name, _ in first.incomplete]) == (["kept"], [HUB])
    assert ({request.id for request in queue.requests}, queue.incomplete) == ({"kept", "gone"}, ())
    assert (first.unreachable, first.among(()).incomplete) == ((), ())
    database.close()


def test_a_claim_that_could_not_be_weighed_is_not_ours(tmp_path: Path) -> None:
    with worklist(tmp_path, StandingUnknown("unread", hub="h")) as one:
        with pytest.raises(StandingUnknown):
            one.claim(make_request())
        assert not one.is_mine(make_request())


def test_who_waits_for_the_queue_no_more_is_not_kept_by_a_silent_hub(tmp_path: Path) -> None:
    is_asked, over = threading.Event(), threading.Event()

    class Silent(ListingHub):
        def requests(self) -> tuple[Request, ...]:
            is_asked.set()
            over.wait(30)
            return super().requests()

    database = open_database(tmp_path)
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    one = Worklist(directory_of(Silent()), claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    queue = one.refresh(cancelled=is_asked.is_set)
    assert not over.is_set()
    assert [name for name, _error in queue.unreachable] == [HUB]
    over.set()
    database.close()


def test_a_hub_that_is_slow_to_answer_does_not_keep_the_others_from_being_asked(tmp_path: Path) -> None:
    others_asked = threading.Event()

    class Waiting(ListingHub):
        def requests(self) -> tuple[Request, ...]:
            assert others_asked.wait(30)
            return super().requests()

    class Prompt(FailingHub):
        def requests(self) -> tuple[Request, ...]:
            others_asked.set()
            raise self._error

    clients = {HUB: Waiting(), HubName("other"): Prompt(HubUnreachable("away", hub="other"), HubName("other"))}
    settings = tuple(HubSettings(name, "http://hub") for name in clients)
    hubs = HubDirectory(lambda: settings, lambda one: cast("HubClient", clients[one.name]))
    database = open_database(tmp_path)
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    queue = Worklist(hubs, claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock)).refresh()
    assert {request.id for request in queue.requests} == {"kept", "gone"}
    assert [name for name, _error in queue.unreachable] == ["other"]
    database.close()


class OneRequest:
    """A hub with the same request as another, under its own name."""

    def __init__(self, name: str) -> None:
        self.settings = HubSettings(HubName(name), "http://hub")
        self.request = replace(make_request(), hub=HubName(name))
        self.transactions: list[str] = []
        self.error: WorkstationError | None = None

    def requests(self) -> tuple[Request, ...]:
        if self.error is not None:
            raise self.error
        return (self.request,)

    def claim(self, _request: Request, _reader: object, transaction: str) -> None:
        self.transactions.append(transaction)

    release = claim

    def look(self, _request: Request) -> Request:
        return self.request


@contextmanager
def worklist_of(folder: Path, clients: Mapping[str, object]) -> Iterator[Worklist]:
    """Give the worklist of a profile whose hubs are these."""
    settings = tuple(HubSettings(HubName(name), "http://hub") for name in clients)
    hubs = HubDirectory(lambda: settings, lambda one: cast("HubClient", clients[one.name]))
    with closing(open_database(folder)) as database:
        claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
        yield Worklist(hubs, claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))


def test_requests_of_one_name_on_two_hubs_are_told_apart_and_no_hub_hears_the_transaction_of_the_other(
    tmp_path: Path,
) -> None:
    both = {name: OneRequest(name) for name in ("local", "regional")}
    with worklist_of(tmp_path, both) as one:
        with pytest.raises(RequestOnSeveralHubs) as refused:
            one.find("r1")
        assert "local, regional" in translator("en").error(refused.value)
        regional = one.claim(one.find("r1", HubName("regional")))
        queue = one.refresh()
        assert {request.hub for request in queue.requests} == {"local", "regional"}
        assert queue.mine == {regional.key}
        local = one.find("r1", HubName("local"))
        assert not one.is_mine(local)
        with pytest.raises(NotHeld):
            one.release(local)
        one.report_progress(local, READING)
        one.claim(local)
        assert set(both["local"].transactions).isdisjoint(both["regional"].transactions)
        both["regional"].error = HubUnreachable("away", hub="regional")
        with pytest.raises(RequestOnSeveralHubs):
            one.find("r1")


@pytest.mark.parametrize(("others", "expected"), [((), HubUnreachable), (("regional",), NotAllHubsAsked)])
def test_a_request_of_a_hub_that_cannot_be_asked_is_not_said_to_be_on_no_hub(
    tmp_path: Path, others: tuple[str, ...], expected: type[WorkstationError]
) -> None:
    away = HubUnreachable("away", hub=HUB)
    clients: dict[str, object] = {HUB: FailingHub(away), **{name: OneRequest(name) for name in others}}
    with worklist_of(tmp_path, clients) as one:
        with pytest.raises(expected) as refused:
            one.find("another")
        assert HUB in translator("en").error(refused.value)
        with pytest.raises(NoSuchRequest if others else HubUnreachable):
            one.find("another", HubName((*others, HUB)[0]))


def test_a_request_of_a_hub_that_is_named_is_looked_for_on_no_other(tmp_path: Path) -> None:
    both = {name: OneRequest(name) for name in ("local", "regional")}
    both["regional"].error = cast("WorkstationError", AssertionError("asked"))
    with worklist_of(tmp_path, both) as one:
        assert one.find("r1", HubName("local")).hub == "local"
        with pytest.raises(HubUnknown):
            one.find("r1", HubName("nowhere"))


def test_where_a_hub_is_silent_its_mirror_lists_its_requests_and_the_hub_has_the_last_word_on_ours(
    tmp_path: Path,
) -> None:
    hub, mirror = ListingHub(), ListingHub(MIRROR)
    settings = (HubSettings(HUB, "http://hub"), HubSettings(MIRROR, "http://mirror", mirror_of=HUB))
    broken: set[HubName] = set()

    def connect(settings: HubSettings) -> HubClient:
        if settings.name in broken:
            raise UnusableCertificate("no file", hub=settings.name)
        return cast("HubClient", {HUB: hub, MIRROR: mirror}[settings.name])

    hubs = HubDirectory(lambda: settings, connect)
    database = open_database(tmp_path)
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    audit = AuditLog(database, KEY, fixed_clock)
    one = Worklist(hubs, claims, requests, lambda: READER, audit)
    seen = one.refresh()
    ours = next(request for request in seen.requests if request.id == "kept")
    claims.remember(ours.key, TransactionUID("1.2"))
    # The mirror is behind: it does not know of our claim, and has a request more; all of it under its own name.
    there = [StudyReference(STUDY, MIRROR)]
    mirror.listed = [
        replace(request, hub=MIRROR, studies=(*there, StudyReference(STUDY, HubName("elsewhere"))), holder=None)
        for request in (*mirror.listed[:1], make_request("new"))
    ]
    hub.is_away = True
    found = one.refresh()
    by_id = {request.id: request for request in found.requests}
    assert by_id.keys() == {"kept", "new"}
    assert by_id["kept"] == ours
    assert [study.hub for study in by_id["new"].studies] == [HUB, "elsewhere"]
    assert (found.lost, found.mine) == ((), {ours.key})
    ((name, error),) = found.unreachable
    assert name == HUB
    assert all(HUB in told and MIRROR in told for told in (translator(code).error(error) for code in ("en", "fr")))
    assert one.refresh().requests == found.requests
    broken.add(MIRROR)
    hubs.close()
    left = one.refresh()
    assert [named for named, _why in left.unusable] == [MIRROR]
    assert [named for named, _why in found.renewed_by(left).unusable] == [MIRROR]
    # What the hub itself has said stays as it was seen, on the disk and on the screen.
    assert {request.id for request in requests.all()} == {"kept", "gone"}
    assert {request.id for request in seen.renewed_by(found).requests} == {"kept", "gone", "new"}
    assert sum("mirror" in line.detail for line in audit.lines()) == 1
    database.close()


def test_a_hub_that_lists_no_studies_is_named_and_keeps_no_request_from_the_list(tmp_path: Path) -> None:
    database, hub = open_database(tmp_path), ListingHub()
    claims, requests = ClaimStore(database, fixed_clock), RequestStore(database, fixed_clock)
    one = Worklist(directory_of(hub), claims, requests, lambda: READER, AuditLog(database, KEY, fixed_clock))
    queue = one.refresh()
    assert len(queue.requests) == 2
    studies, failed = one.shared_studies(queue)
    assert (studies, [name for name, _error in failed]) == ((), [HUB])
    database.close()


def test_a_request_that_the_named_hub_does_not_list_is_not_taken_from_another() -> None:
    request, other = make_request(), HubName("other")
    silent = Queue((request,), unreachable=((other, HubUnreachable("away", hub=other)),))
    assert silent.named(request.id) == silent.named(request.id, HUB) == request
    assert silent.named("1.2.3", other) is None
    with pytest.raises(HubUnreachable):
        silent.named(request.id, other)
    with pytest.raises(RequestElsewhere) as refused:
        Queue((request,)).named(request.id, other)
    assert all(name in translator("fr").error(refused.value) for name in (HUB, other))
    with pytest.raises(RequestOnSeveralHubs):
        Queue((request, replace(request, hub=other))).named(request.id)


def test_a_mirror_that_is_behind_does_not_set_free_what_the_hub_said_is_held_or_listed_no_more(tmp_path: Path) -> None:
    hub, mirror = ListingHub(), ListingHub(MIRROR)
    settings = (HubSettings(HUB, "http://hub"), HubSettings(MIRROR, "http://mirror", mirror_of=HUB))
    hubs = HubDirectory(lambda: settings, lambda one: cast("HubClient", {HUB: hub, MIRROR: mirror}[one.name]))
    database = open_database(tmp_path)
    requests, audit = RequestStore(database, fixed_clock), AuditLog(database, KEY, fixed_clock)

    def opened() -> Worklist:
        return Worklist(hubs, ClaimStore(database, fixed_clock), requests, lambda: READER, audit)

    one = opened()
    free = [replace(request, state=RequestState.SCHEDULED, holder=None) for request in hub.listed]
    hub.listed = free
    one.refresh()
    held = replace(free[0], state=RequestState.IN_PROGRESS, holder=Holder("Lecteur Bravo", "2"))
    hub.listed = [held]
    seen = one.refresh()
    mirror.listed = [replace(request, hub=MIRROR) for request in (*free, make_request("new"))]
    hub.is_away = True
    # The next start of the program knows it as well.
    found = seen.renewed_by(opened().refresh())
    assert {request.id: request.state for request in found.requests} == {
        "kept": RequestState.IN_PROGRESS,
        "new": make_request("new").state,
    }
    assert held in found.requests
    assert {key.id for key in found.of_mirror} == {"new"}
    assert Queue(()).renewed_by(found).of_mirror == found.of_mirror
    database.close()
