"""When the names that Orthanc gives are asked for, and when they are left alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.stub_hub import Exchange, StubHub, running_stub
from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.door import Door
from workstation.hub.orthanc_index import OrthancIndex

STUDY, SERIES = StudyUID("1.2.3"), SeriesUID("1.2.3.4")
LEFT_ALONE_S = 600.0


@dataclass
class Hub:
    """A hub that has the names or not, and the hour."""

    has_names: bool = False
    hour_s: float = 0.0
    stub: StubHub = field(default_factory=lambda: StubHub(""))

    def __call__(self, exchange: Exchange) -> None:
        exchange.reply(200 if self.has_names else 404, json.dumps({"Instances": ["a"]}).encode())


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    with running_stub(hub) as hub.stub:
        yield hub


def index_of(hub: Hub, url: str) -> OrthancIndex:
    return OrthancIndex(Door(HubSettings(HubName("hub"), url)), lambda: hub.hour_s)


def test_a_hub_that_did_not_give_them_is_asked_again_after_ten_minutes(hub: Hub) -> None:
    index = index_of(hub, hub.stub.url)
    answers = []
    for hub.hour_s in (1.0, 2.0, LEFT_ALONE_S, LEFT_ALONE_S + 2.0):
        answers.append(index.names_of(STUDY, SERIES, "A0"))
        hub.has_names = True
    assert [answer and answer.names for answer in answers] == [None, None, None, {"a"}]
    assert len(hub.stub.seen) == 2


def test_a_hub_that_gives_them_is_asked_each_time(hub: Hub) -> None:
    hub.has_names = True
    index = index_of(hub, hub.stub.url)
    assert all(index.names_of(STUDY, SERIES, "A0") for _ in range(3))
    assert len({seen.path for seen in hub.stub.seen}) == 1
    assert hub.stub.seen[0].path.startswith("/series/")
    assert len(hub.stub.seen) == 3


def test_a_hub_whose_service_lies_elsewhere_than_that_of_orthanc_is_never_asked(hub: Hub) -> None:
    hub.has_names = True
    assert index_of(hub, hub.stub.url.replace("/dicom-web", "/rs")).names_of(STUDY, SERIES, "A0") is None
    assert hub.stub.seen == []
