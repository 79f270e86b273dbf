"""Reads that move to a mirror: between transfers, never within one; and what counts as a hub that hangs."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest

from tests.workstation.store.samples import make_request
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubUnreachable,
    RequestsOfMirror,
    SignInNeeded,
    TransferCancelled,
    UntrustedHub,
)
from workstation.hub.health import Health
from workstation.hub.mirrored import MirroredHub, Site
from workstation.hub.protocol import HubClient

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")
IMAGE = InstanceReference(STUDY, SERIES, InstanceUID("1.2.3.4"), "1.2.840.10008.5.1.4.1.1.2")


@dataclass
class Giver:
    """A hub that gives some objects of a series, and then breaks or ends."""

    name: str
    given: tuple[bytes, ...]
    breaks: bool = False
    hangs: bool = False
    refuses: bool = False
    thinks_s: float = 0.0
    asked: list[SeriesUID] = field(default_factory=list)
    heard_at: float = 0.0
    listed: tuple[Request, ...] = ()

    @property
    def settings(self) -> HubSettings:
        return HubSettings(HubName(self.name), f"http://{self.name}")

    def retrieve_series(self, _study: StudyUID, series: SeriesUID, cancelled: Cancelled) -> Iterator[bytes]:
        self.asked.append(series)
        yield from self.given
        if self.hangs:
            while not cancelled():
                time.sleep(0.02)
            raise TransferCancelled("cancelled", hub=self.name)
        if self.breaks:
            raise HubUnreachable("gone", hub=self.name)

    def retrieve_instance(self, _reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        until = time.monotonic() + self.thinks_s
        while time.monotonic() < until:
            time.sleep(0.01)
            if cancelled():
                raise TransferCancelled("cancelled", hub=self.name)
        if self.breaks:
            raise HubUnreachable("gone", hub=self.name)
        if self.refuses:
            raise SignInNeeded("status 401", hub=self.name)
        self.heard_at = time.monotonic()
        return self.name.encode()

    def requests(self) -> tuple[Request, ...]:
        if self.hangs:
            time.sleep(0.4)
        if self.breaks:
            raise UntrustedHub("not its certificate", hub=self.name)
        return self.listed


def site(giver: Giver) -> Site:
    def ask() -> object:
        raise HubUnreachable("still gone", hub=giver.name)

    return Site(cast("HubClient", giver), Health(ask))


def honest(giver: Giver) -> Site:
    """A site whose small question is answered as everything else is."""
    return Site(cast("HubClient", giver), Health(lambda: giver.retrieve_instance(IMAGE)))


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


def test_a_hub_that_fails_in_one_thing_and_answers_else_is_not_left() -> None:
    hub, mirror = Giver("hub", ()), Giver("mirror", (b"1",))

    def fail(*_asked: object) -> bytes:
        raise HubAnsweredWrongly("status 500", 500, hub="hub")

    asked: list[str] = []
    at_hub = Site(
        cast("HubClient", SimpleNamespace(settings=hub.settings, retrieve_instance=fail, heard_at=0.0)),
        Health(lambda: asked.append("hub")),
    )
    mirrored = MirroredHub(at_hub, [site(mirror)])
    with pytest.raises(HubAnsweredWrongly):
        mirrored.retrieve_instance(IMAGE)
    assert (asked, at_hub.health.is_well) == (["hub"], True)


@pytest.fixture
def short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workstation.hub.health.QUIET_S", 0.05)
    monkeypatch.setattr("workstation.hub.health.ANSWER_S", 0.05)


@pytest.mark.usefixtures("short_silence")
def test_a_transfer_that_hangs_midway_ends_as_one_whose_hub_is_gone() -> None:
    hub, mirror = Giver("hub", (b"1",), hangs=True), Giver("mirror", (b"1", b"2"))
    mirrored = MirroredHub(site(hub), [site(mirror)])
    with pytest.raises(HubUnreachable):
        list(mirrored.retrieve_series(STUDY, SERIES))
    assert list(mirrored.retrieve_series(STUDY, SERIES)) == [b"1", b"2"]
    assert hub.asked == [SERIES]


@pytest.mark.usefixtures("short_silence")
def test_a_reader_who_stops_a_transfer_says_nothing_against_its_hub() -> None:
    hub, mirror = Giver("hub", (b"1",), hangs=True), Giver("mirror", ())
    mirrored = MirroredHub(site(hub), [site(mirror)])
    for _ in range(2):
        with pytest.raises(TransferCancelled):
            list(mirrored.retrieve_series(STUDY, SERIES, lambda: True))
    assert hub.asked == [SERIES, SERIES]


@pytest.mark.usefixtures("short_silence")
def test_where_no_mirror_is_well_the_hub_is_waited_for() -> None:
    hub, mirror = Giver("hub", (), hangs=True), Giver("mirror", ())
    beside = site(mirror)
    beside.health.failed(HubUnreachable("gone", hub="mirror"))
    until = time.monotonic() + 0.4
    with pytest.raises(TransferCancelled):
        list(MirroredHub(site(hub), [beside]).retrieve_series(STUDY, SERIES, lambda: time.monotonic() > until))


@pytest.mark.usefixtures("short_silence")
def test_a_hub_that_says_anything_meanwhile_is_not_silent() -> None:
    until, heard = time.monotonic() + 0.4, Giver("hub", ())
    silence = site(heard).health.silence(time.monotonic, never)
    while time.monotonic() < until:
        assert not silence()
        time.sleep(0.02)


@pytest.mark.usefixtures("short_silence")
def test_the_requests_of_a_hub_that_hangs_are_those_of_its_mirror_which_stays_well() -> None:
    beside = site(Giver("mirror", (), listed=(make_request(),)))
    with pytest.raises(RequestsOfMirror) as told:
        MirroredHub(site(Giver("hub", (), hangs=True)), [beside]).requests()
    assert [request.hub for request in told.value.listed] == ["hub"]
    assert beside.health.is_well


@pytest.mark.usefixtures("short_silence")
def test_a_mirror_that_lists_no_requests_leaves_the_last_word_to_the_hub() -> None:
    beside, slow = site(Giver("mirror", ())), site(Giver("hub", (), hangs=True, listed=(make_request(),)))
    assert MirroredHub(slow, [beside]).requests() == (make_request(),)
    assert slow.health.is_well
    broken = MirroredHub(site(Giver("hub", (), breaks=True)), [beside])
    for _ in range(2):
        with pytest.raises(UntrustedHub):
            broken.requests()
    assert beside.health.is_well


@pytest.mark.usefixtures("short_silence")
def test_a_hub_that_is_slow_in_everything_is_read_once_it_is_known_how_slow_it_is() -> None:
    hub, mirror = honest(Giver("hub", (), thinks_s=0.2)), honest(Giver("mirror", ()))
    assert MirroredHub(hub, [mirror]).retrieve_instance(IMAGE) == b"mirror"
    assert comes_true(lambda: hub.health.is_well)
    for _ in range(2):
        assert MirroredHub(hub, [mirror]).retrieve_instance(IMAGE) == b"hub"


@pytest.mark.usefixtures("short_silence")
def test_a_hub_that_hung_and_is_well_again_is_left_as_soon_as_before() -> None:
    giver, mirror = Giver("hub", (), thinks_s=0.3), honest(Giver("mirror", ()))
    hub = honest(giver)
    assert MirroredHub(hub, [mirror]).retrieve_instance(IMAGE) == b"mirror"
    giver.thinks_s = 0.0
    assert comes_true(lambda: hub.health.is_well)
    giver.thinks_s = 0.2
    assert MirroredHub(hub, [mirror]).retrieve_instance(IMAGE) == b"mirror"


@pytest.mark.usefixtures("short_silence")
def test_a_hub_whose_small_answer_takes_for_ever_is_not_taken_for_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workstation.hub.health.SLOWEST_S", 0.1)
    hub, mirror = honest(Giver("hub", (), thinks_s=0.2)), honest(Giver("mirror", ()))
    assert MirroredHub(hub, [mirror]).retrieve_instance(IMAGE) == b"mirror"
    assert not comes_true(lambda: hub.health.is_well, 0.6)


@pytest.mark.usefixtures("short_silence")
@pytest.mark.parametrize("mirror", [Giver("mirror", (), breaks=True), Giver("mirror", (), refuses=True)])
def test_a_slow_hub_is_waited_for_where_its_mirror_turns_out_to_be_of_no_use(mirror: Giver) -> None:
    hub = honest(Giver("hub", (), thinks_s=0.2))
    assert MirroredHub(hub, [honest(mirror)]).retrieve_instance(IMAGE) == b"hub"


def test_a_small_question_that_fails_as_nobody_foresaw_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    unforeseen: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: unforeseen.append(told.exc_value))
    monkeypatch.setattr("workstation.hub.health.ASK_AGAIN_S", 0.0)
    answers = iter((RecursionError("nested too deep"), None))

    def ask() -> None:
        if (answer := next(answers)) is not None:
            raise answer

    health = Health(ask)
    health.failed(HubUnreachable("gone", hub="hub"))
    health.ask_again()
    assert comes_true(lambda: bool(unforeseen))
    health.ask_again()
    assert comes_true(lambda: health.is_well)


def comes_true(is_so: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait for something, and return whether it came."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()
