"""Reads that move to a mirror: between transfers, never within one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.errors import HubUnreachable
from workstation.hub.health import Health
from workstation.hub.mirrored import MirroredHub, Site
from workstation.hub.protocol import HubClient

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")


@dataclass
class Giver:
    """A hub that gives some objects of a series, and then breaks or ends."""

    name: str
    given: tuple[bytes, ...]
    breaks: bool = False
    asked: list[SeriesUID] = field(default_factory=list)

    @property
    def settings(self) -> HubSettings:
        return HubSettings(HubName(self.name), f"http://{self.name}")

    def retrieve_series(self, _study: StudyUID, series: SeriesUID, _cancelled: object) -> Iterator[bytes]:
        self.asked.append(series)
        yield from self.given
        if self.breaks:
            raise HubUnreachable("gone", hub=self.name)


def site(giver: Giver) -> Site:
    def ask() -> object:
        raise HubUnreachable("still gone", hub=giver.name)

    return Site(cast("HubClient", giver), Health(ask))


def test_a_transfer_that_has_begun_ends_with_its_hub_and_the_next_one_moves() -> None:
    hub, mirror = Giver("hub", (b"1", b"2"), breaks=True), Giver("mirror", (b"1", b"2", b"3"))
    mirrored = MirroredHub(site(hub), [site(mirror)])
    with pytest.raises(HubUnreachable):
        list(mirrored.retrieve_series(STUDY, SERIES))
    assert mirror.asked == []
    assert list(mirrored.retrieve_series(STUDY, SERIES)) == [b"1", b"2", b"3"]
    assert mirrored.served_by == ("hub", "mirror")


def test_a_transfer_that_has_not_begun_moves_at_once() -> None:
    hub, mirror = Giver("hub", (), breaks=True), Giver("mirror", (b"1",))
    assert list(MirroredHub(site(hub), [site(mirror)]).retrieve_series(STUDY, SERIES)) == [b"1"]
