"""A hub that stops, or hardly moves (N2): what hangs is ended, the rest comes, and a reader who gives up goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.faults.conftest import COUNT, EACH, FIRST, PAIR, SECOND, RealHub, without_index
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Reply
from tests.support.hub_clients import inspect, sleep_not
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from tests.workstation.store.samples import HUB
from viewers.identifiers import SeriesUID
from workstation.domain.hub import HubSettings
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.hub.door import DoorLimits
from workstation.hub.errors import TransferCut
from workstation.hub.protocol import HubClient
from workstation.hub.registry import open_hub
from workstation.retrieval.errors import RetrievalCancelled
from workstation.retrieval.interest import Interest

WHOLE, SINGLE = rf"/series/{SERIES}$", r"/instances/[\d.]+$"
# Beyond what any test takes: only a reader who gives up ends what hangs.
ENDLESS = DoorLimits(read_timeout_s=120, header_deadline_s=120, deadline_s=120, floor_window_s=120)
BRIEF = DoorLimits(read_timeout_s=0.2, header_deadline_s=0.2, deadline_s=2, floor_window_s=0.2)
# The reader is promised a second; a busy machine gets another.
PROMISED_S = 2.0


@contextmanager
def client_at(url: str, limits: DoorLimits) -> Iterator[HubClient]:
    client = open_hub(HubSettings(HUB, url), inspect, sleep=sleep_not, limits=limits)
    try:
        yield client
    finally:
        client.close()


@dataclass
class Reader:
    """One who gives up once the hub hangs; ``gave_up`` is when."""

    proxy: FaultProxy
    hangs: str
    gave_up: float = 0.0

    def gives_up(self) -> bool:
        if not self.gave_up and any(one.fault == self.hangs for one in self.proxy.seen):
            self.gave_up = time.monotonic()
        return bool(self.gave_up)


HANGING = {
    "whose study it is": Spoil([faults.silence], path=r"/studies\?"),
    "the list of series": Spoil([faults.silence], path=r"/series\?"),
    "the list of objects": Spoil([faults.silence], path=r"/instances\?"),
    "the answer to a transfer": Spoil([faults.silence], path=WHOLE),
    "the middle of a transfer": Spoil([faults.stall], path=WHOLE, seed=5),
}


@pytest.mark.parametrize("spoil", HANGING.values(), ids=HANGING)
def test_n2_a_reader_who_gives_up_goes_within_a_second_wherever_the_hub_hangs(
    desk: Desk, real_hub: RealHub, spoil: Spoil
) -> None:
    with FaultProxy(real_hub.url, [spoil, without_index()]) as proxy, client_at(proxy.url, ENDLESS) as client:
        reader = Reader(proxy, spoil.faults[0].__name__)
        with pytest.raises(RetrievalCancelled):
            desk.retrieval.pull(client, STUDY, cancelled=reader.gives_up)
        assert time.monotonic() - reader.gave_up < PROMISED_S
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete


@pytest.mark.parametrize("fault", [faults.stall, faults.trickle], ids=lambda fault: fault.__name__)
def test_n2_what_hangs_is_ended_by_itself_and_only_what_is_missing_is_asked_for_again(
    desk: Desk, real_hub: RealHub, fault: faults.Fault
) -> None:
    spoils = [Spoil([fault], path=WHOLE, seed=5, most=1)]
    with FaultProxy(real_hub.url, spoils) as proxy, client_at(proxy.url, BRIEF) as client:
        result = desk.retrieval.pull(client, STUDY)
        again = proxy.asked("GET", SINGLE)
    assert result.is_complete
    assert proxy.faults == {fault.__name__: 1}
    assert len(again) < COUNT
    held = desk.catalogue.instances(STUDY, SERIES)
    assert {desk.objects.get(one.reference.instance) for one in held} == set(real_hub.part10s)


def test_n2_a_series_that_hangs_for_ever_takes_no_try_from_another(desk: Desk, real_hub: RealHub) -> None:
    """The other one brings nothing at first either."""
    spoils = [
        Spoil([faults.barren], path=rf"/series/{FIRST}$"),
        Spoil([faults.instead(Reply(502))], path=rf"/series/{SECOND}$", most=1),
    ]
    with (
        FaultProxy(real_hub.url, spoils) as proxy,
        client_at(proxy.url, BRIEF) as client,
        pytest.raises(TransferCut),
    ):
        desk.retrieval.pull(client, PAIR, interest=Interest([FIRST]))
    assert not desk.catalogue.instances(PAIR, FIRST)
    assert len(desk.catalogue.instances(PAIR, SECOND)) == EACH


@pytest.mark.parametrize(("fault", "strategy"), [(faults.barren, WHOLE_SERIES), (faults.silence, ONE_BY_ONE)])
def test_n2_while_one_series_hangs_the_other_comes(
    desk: Desk, real_hub: RealHub, fault: faults.Fault, strategy: Strategy
) -> None:
    spoils = [Spoil([fault], path=rf"/series/{FIRST}(/instances/[\d.]+)?$")]
    came: list[SeriesUID] = []
    with FaultProxy(real_hub.url, spoils) as proxy, client_at(proxy.url, BRIEF) as client:
        with pytest.raises(RetrievalCancelled):
            desk.retrieval.pull(
                client, PAIR, strategy=strategy, interest=Interest([FIRST]), cancelled=lambda: len(came) == EACH,
                on_received=lambda received, _part10: came.append(received.series),
            )  # fmt: skip
        assert set(came) == {SECOND}
        proxy.spoils = []
        assert desk.retrieval.pull(client, PAIR, strategy=strategy).is_complete
