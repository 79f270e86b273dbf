"""What was found of a hub is used while it holds, and looked at again by itself when it does not."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import AS_STORED, BYTES_OF_A_CT_IMAGE, Asking, HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.link import LinkSpeed, megabits_per_s
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES
from workstation.hub.errors import HubUnreachable
from workstation.retrieval.strategies import Strategies

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
HUB = HubSettings(HubName("hub"), "https://hub.example/dicom-web")
FOUND = HubFindings(
    NOW - timedelta(hours=1),
    HUB.url,
    "home",
    bytes_per_s=2_500_000.0,
    strategy=ONE_BY_ONE,
    asking=Asking("1.2.840.10008.1.2.4.80"),
)
MUCH = 20 << 20


@dataclass
class Kept:
    """Findings in memory."""

    by_hub: dict[HubName, HubFindings] = field(default_factory=dict)

    def of(self, hub: HubName) -> HubFindings | None:
        return self.by_hub.get(hub)

    def remember(self, hub: HubName, findings: HubFindings) -> None:
        self.by_hub[hub] = findings


@dataclass
class Hub:
    """A hub that counts how often it was looked at."""

    found: HubFindings | None = FOUND
    looks: int = 0
    settings: HubSettings = HUB

    def check(self) -> HubFindings:
        self.looks += 1
        if self.found is None:
            raise HubUnreachable("played", hub="hub")
        return self.found


@dataclass
class Scene:
    """Strategies at a time and on a link that a test sets."""

    kept: Kept = field(default_factory=Kept)
    now: datetime = NOW
    link: str = "home"

    @property
    def strategies(self) -> Strategies:
        return Strategies(self.kept, lambda _url: self.link, lambda: self.now, lambda look: look())


def test_a_hub_that_was_never_looked_at_is_asked_for_whole_series_as_stored() -> None:
    strategies = Scene().strategies
    assert (strategies.strategy(HUB), strategies.asking(HUB).transfer_syntax) == (WHOLE_SERIES, AS_STORED)


def test_what_was_found_is_used_until_it_is_old_or_the_link_is_another() -> None:
    scene = Scene()
    scene.strategies.check(Hub())
    assert scene.strategies.strategy(HUB) == ONE_BY_ONE
    assert scene.strategies.asking(HUB) == FOUND.asking
    assert Scene(scene.kept, NOW + timedelta(days=2)).strategies.strategy(HUB) == WHOLE_SERIES
    assert Scene(scene.kept, link="hotel").strategies.asking(HUB) == Asking()
    moved = replace(HUB, url="https://elsewhere.example")
    assert scene.strategies.strategy(moved) == WHOLE_SERIES


def test_the_slowest_link_that_is_known_is_told_and_what_no_longer_holds_is_not() -> None:
    scene, other, third = Scene(), replace(HUB, name=HubName("other")), replace(HUB, name=HubName("third"))
    assert scene.strategies.slowest((HUB, other)) is None
    scene.kept.remember(HUB.name, FOUND)
    scene.kept.remember(other.name, replace(FOUND, bytes_per_s=1_250_000.0))
    scene.kept.remember(third.name, replace(FOUND, bytes_per_s=0.0))
    assert scene.strategies.slowest((HUB, third)) == LinkSpeed(HUB.name, 2_500_000.0)
    slowest = scene.strategies.slowest((HUB, other, third))
    assert slowest == LinkSpeed(other.name, 1_250_000.0, is_of_several=True)
    assert megabits_per_s(slowest.bytes_per_s) == 10.0
    assert Scene(scene.kept, link="hotel").strategies.slowest((HUB, other)) is None


@pytest.mark.parametrize(
    ("known", "size", "seconds", "looks"),
    [
        (FOUND, MUCH, MUCH / 2.5e6, 0),
        (FOUND, MUCH, MUCH / 2.5e7, 1),
        (FOUND, MUCH, MUCH / 5e5, 1),
        (FOUND, 1000, 10.0, 0),
        (FOUND, MUCH, 0.0, 0),
        (replace(FOUND, found=NOW - timedelta(minutes=5)), MUCH, MUCH / 5e5, 0),
        (replace(FOUND, bytes_per_s=6e8), MUCH, MUCH / 1e8, 0),
        (None, MUCH, MUCH / 2e8, 0),
        (None, MUCH, MUCH / 2e6, 1),
    ],
)
def test_a_transfer_unlike_what_was_found_has_the_hub_looked_at_again(
    known: HubFindings | None, size: int, seconds: float, looks: int
) -> None:
    scene, hub = Scene(), Hub()
    if known is not None:
        scene.kept.remember(HUB.name, known)
    scene.strategies.measured(hub, size, seconds)
    assert hub.looks == looks


def test_a_hub_that_cannot_be_looked_at_again_does_not_end_the_transfer() -> None:
    scene, hub = Scene(), Hub(found=None)
    scene.strategies.measured(hub, MUCH, MUCH / 1e6)
    assert (hub.looks, scene.kept.by_hub) == (1, {})


def test_the_time_to_read_is_known_once_the_hub_was_looked_at() -> None:
    scene, hub = Scene(), Hub()
    strategies = scene.strategies
    assert strategies.estimate(hub, 400) is None
    assert hub.looks == 1
    assert strategies.estimate(hub, 400) == pytest.approx(400 * BYTES_OF_A_CT_IMAGE / 2.5e6)
    assert hub.looks == 1


def test_a_hub_asked_about_many_times_is_looked_at_once() -> None:
    scene, hub, waiting = Scene(), Hub(replace(FOUND, found=NOW)), list[Callable[[], None]]()
    strategies = Strategies(scene.kept, lambda _url: "home", lambda: NOW, waiting.append)
    for _ in range(5):
        strategies.estimate(hub, 10)
    for look in waiting:
        look()
    assert (len(waiting), hub.looks) == (5, 1)
