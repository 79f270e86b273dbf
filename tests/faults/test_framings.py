"""The same parts in other frames (N20): whatever a proxy or a server makes of them, the same objects arrive."""

import pytest

from tests.faults.conftest import RealHub
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Fault
from tests.support.framings import FRAMINGS, marked
from tests.support.hub_clients import client_of
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk

WHOLE = rf"/series/{SERIES}$"


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
def test_n20_the_same_parts_in_another_frame_are_the_same_study(desk: Desk, real_hub: RealHub, framing: Fault) -> None:
    spoils = [Spoil([framing], path=WHOLE), Spoil([marked], path=r"\?")]
    with FaultProxy(real_hub.url, spoils) as proxy, client_of(proxy.url) as client:
        result = desk.retrieval.pull(client, STUDY)
        # The series came once, and no object was asked for again.
        assert [one.fault for one in proxy.seen if one.path.endswith(SERIES)] != [""]
        assert not proxy.asked("GET", r"/instances/[\d.]+$")
    assert result.is_complete
    held = desk.catalogue.instances(STUDY, SERIES)
    assert {desk.objects.get(one.reference.instance) for one in held} == set(real_hub.part10s)
