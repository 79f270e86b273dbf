"""Sign-ins that end while images come (N10, N11): one renewal for all, or the person is asked and no work is lost."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.faults.conftest import COUNT, RealHub
from tests.support.fault_proxy import FaultProxy
from tests.support.faults import Reply
from tests.support.hub_clients import inspect, sleep_not
from tests.support.identity_provider import PERSON, Guard, running_provider, sign_in_as
from tests.workstation.outbox.outbox_bench import HandClock, OutboxBench, real_object
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from tests.workstation.store.samples import HUB
from workstation.domain.delivery import DeliveryState
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.strategy import Strategy, Way
from workstation.embedded_hub.running import RunningHub
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import OtherPerson, SignInNeeded
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.hub.sign_in.kind import Browser
from workstation.hub.sign_in.shelf import MemoryShelf
from workstation.retrieval.volumes import load_volumes
from workstation.translations import languages, translator

LANES = 4
ONE_BY_ONE = Strategy(Way.INSTANCES, LANES)
SINGLE = r"/instances/[\d.]+$"
# Beyond it not all lanes were at the gate at the same time, and the test has proved nothing.
GATHERED_S = 20.0


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider("--require-nonce") as found:
        yield found


@dataclass
class Door:
    """A guard before a hub; ``after_three`` happens when so many objects were asked for.

    With ``gathers`` refused requests are kept until as many are there as are asked at the same time.
    """

    guard: Guard
    after_three: Callable[[], None] | None = None
    gathers: bool = False
    gathered: threading.Barrier = field(default_factory=lambda: threading.Barrier(LANES, timeout=GATHERED_S))
    lock: threading.Lock = field(default_factory=threading.Lock)
    objects: int = 0

    def __call__(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        with self.lock:
            is_let_in = self.guard.lets_in(headers)
            self.objects += is_let_in and re.search(SINGLE, path) is not None
            if self.objects == 3 and self.after_three is not None:
                self.after_three()
                self.after_three = None
        if is_let_in:
            return None
        if self.gathers:
            self.gathered.wait()
        return Reply(401)


@dataclass
class Signed:
    """A client that a person has signed in, the proxy before its hub, and the guard there."""

    client: HubClient
    proxy: FaultProxy
    door: Door
    clock: HandClock

    @property
    def guard(self) -> Guard:
        return self.door.guard

    def sign_in(self, person: str = PERSON) -> None:
        """Sign in with a browser in a thread, as the system's browser is a process."""
        threads: list[threading.Thread] = []

        def visit(address: str) -> None:
            threads.append(threading.Thread(target=sign_in_as, args=(address, person), daemon=True))
            threads[-1].start()

        try:
            self.client.sign_in(Browser(visit, "done"))
        finally:
            for thread in threads:
                thread.join()

    def asked_for(self) -> list[str]:
        """Return the objects that the hub itself was asked for, by their last number."""
        return [one.path.rpartition(".")[2] for one in self.proxy.seen if "/instances/" in one.path and not one.fault]


@contextmanager
def signed_in(url: str, issuer: str) -> Iterator[Signed]:
    door, clock = Door(Guard(issuer)), HandClock(datetime.now(UTC))
    with FaultProxy(url, gate=door) as proxy:
        provider = IdentityProvider(issuer, "requis-of-tests")
        settings = HubSettings(HUB, proxy.url, SignInKind.OIDC, secret="a word", provider=provider)
        client = open_hub(settings, inspect, sleep=sleep_not, shelf=MemoryShelf(), clock=clock)
        signed = Signed(client, proxy, door, clock)
        signed.sign_in()
        yield signed
        client.close()


def held(desk: Desk) -> set[bytes]:
    return {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY, SERIES)}


def test_n10_many_refusals_in_the_middle_of_a_study_cost_one_renewal_and_no_work(
    desk: Desk, real_hub: RealHub, issuer: str
) -> None:
    with signed_in(real_hub.url, issuer) as hub:
        hub.door.after_three = hub.guard.withdraw
        hub.door.gathers = True
        result = desk.retrieval.pull(hub.client, STUDY, strategy=ONE_BY_ONE)
        refused = Counter(one.path for one in hub.proxy.seen if one.fault)
        asked = Counter(one.path for one in hub.proxy.seen)
        tokens = {one.headers["authorization"] for one in hub.proxy.seen}
    assert result.is_complete
    assert held(desk) == set(real_hub.part10s)
    assert (len(refused), set(refused.values())) == (LANES, {1})
    assert {asked[path] for path in refused} == {2}
    assert len(tokens) == 2


def test_n10_a_second_refusal_asks_the_person_and_what_came_is_kept(desk: Desk, real_hub: RealHub, issuer: str) -> None:
    with signed_in(real_hub.url, issuer) as hub:
        hub.door.after_three = hub.guard.close
        hub.door.gathers = True
        with pytest.raises(SignInNeeded) as raised:
            desk.retrieval.pull(hub.client, STUDY, strategy=ONE_BY_ONE)
        kept = held(desk)
        assert len(kept) == 3
        assert kept < set(real_hub.part10s)
        assert all(HUB in translator(language).error(raised.value) for language in languages())
        assert len({one.headers["authorization"] for one in hub.proxy.seen}) == 2
        # Each lane was refused, and once more with the new token; then nobody asked again.
        assert hub.proxy.faults["gate"] == 2 * LANES
        hub.guard.is_open = True
        hub.door.gathers = False
        hub.sign_in()
        hub.proxy.seen.clear()
        assert desk.retrieval.pull(hub.client, STUDY, strategy=ONE_BY_ONE).is_complete
        assert len(hub.asked_for()) == COUNT - len(kept)


def test_n11_a_session_that_cannot_be_renewed_is_told_and_what_is_held_is_read(
    desk: Desk, real_hub: RealHub, issuer: str
) -> None:
    with signed_in(real_hub.url, issuer) as hub:
        assert desk.retrieval.pull(hub.client, STUDY).is_complete
        requests.post(f"{issuer}/users/{PERSON}/revoke-tokens", timeout=10)
        hub.guard.withdraw()
        for _ in range(2):
            with pytest.raises(SignInNeeded):
                desk.retrieval.pull(hub.client, STUDY)
        with pytest.raises(OtherPerson):
            hub.sign_in("reader-bravo")
        with pytest.raises(SignInNeeded):
            hub.client.search_series(STUDY)
        (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
        assert volume.is_complete
        hub.sign_in()
        assert desk.retrieval.pull(hub.client, STUDY).is_complete


def test_n11_a_clock_that_jumps_ends_no_session(desk: Desk, real_hub: RealHub, issuer: str) -> None:
    with signed_in(real_hub.url, issuer) as hub:
        assert hub.client.search_series(STUDY)
        for hours in (26, -52):
            hub.clock.pass_by(hours=hours)
            assert hub.client.search_series(STUDY)
        assert desk.retrieval.pull(hub.client, STUDY).is_complete
        assert len({one.headers["authorization"] for one in hub.proxy.seen}) == 1


def test_n11_a_report_waits_for_the_sign_in_and_is_not_given_up(tmp_path: Path, issuer: str) -> None:
    with RunningHub(tmp_path / "hub") as running, signed_in(running.url, issuer) as hub:
        bench = OutboxBench(tmp_path, {})
        bench.hubs = HubDirectory(lambda: (HubSettings(HUB, hub.proxy.url),), lambda _settings: hub.client)
        courier = bench.new_courier()
        bench.sign((real_object(1),))
        hub.guard.close()
        for _ in range(3):
            assert courier.deliver(force=True) == 0
            assert bench.only.state is DeliveryState.BLOCKED
            assert HUB in bench.only.reason
            bench.clock.pass_by(hours=1)
        hub.guard.is_open = True
        hub.sign_in()
        assert courier.deliver(force=True) == 1
        assert bench.only.state is DeliveryState.SENT
        bench.close()
