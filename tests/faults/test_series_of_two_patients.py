"""A series that gets images under a second patient is two series on the hub: neither is taken for all (N6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import INDEX
from tests.support.fault_proxy import FaultProxy
from tests.support.hub_clients import client_of
from tests.support.instances import store
from tests.support.running_hubs import running_hub
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, slice_of
from workstation.hub.protocol import HubClient
from workstation.retrieval.errors import SomeoneElsesImages

FIRST, SECOND = 8, 4
pytestmark = pytest.mark.orthanc


@contextmanager
def grown(desk: Desk, folder: Path, second: str) -> Iterator[tuple[HubClient, FaultProxy]]:
    """Give a hub that had the images of one patient when they were pulled, and those of a second one since."""
    with running_hub("orthanc", folder) as url, FaultProxy(url) as proxy, client_of(proxy.url) as client:
        store(url, *(slice_of(n) for n in range(1, FIRST + 1))).raise_for_status()
        assert desk.retrieval.pull(client, STUDY).is_complete
        others = (slice_of(n, PatientID=second) for n in range(FIRST + 1, FIRST + SECOND + 1))
        store(url, *others).raise_for_status()
        yield client, proxy


@pytest.mark.parametrize("second", ["OTHER", "A0"])
def test_what_is_here_is_not_taken_for_all_when_another_patient_comes_to_the_series(
    desk: Desk, tmp_path: Path, second: str
) -> None:
    with grown(desk, tmp_path, second) as (client, _proxy), pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(client, STUDY)
    assert desk.strangers == [STUDY]


def test_its_names_are_those_of_one_patient_and_tell_nothing(desk: Desk, tmp_path: Path) -> None:
    with grown(desk, tmp_path, "OTHER") as (client, proxy):
        patient = client.patient_of(STUDY)
        assert patient is not None
        assert client.names_of(STUDY, SERIES, patient.patient_id) is not None
        client.search_series(STUDY)
        assert client.names_of(STUDY, SERIES, patient.patient_id) is None
        assert len(client.search_instances(STUDY, SERIES)) == FIRST + SECOND
        assert len(proxy.asked("GET", INDEX)) == 2
