"""Two hubs (N16, R15): reads move to a mirror and come back, writes wait for the hub itself, and all of it is said."""

import itertools
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, RealHub
from tests.support import faults
from tests.support.called_commands import CalledCommands
from tests.support.command_line import command_line
from tests.support.fault_proxy import FaultProxy, Spoil, gone_after
from tests.support.hub_clients import inspect, sleep_not
from tests.support.imitated_hub import imitated
from tests.support.instances import store
from tests.support.ports import free_port
from tests.support.running_hubs import running_hub
from tests.workstation.outbox.outbox_bench import OutboxBench, real_object
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, series_of, slice_of
from tests.workstation.store.samples import HUB
from viewers.identifiers import SeriesUID
from workstation.domain.delivery import DeliveryState
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.embedded_hub.running import RunningHub
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import DoorLimits
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, NotOnMirror
from workstation.hub.health import ANSWER_S, ASK_AGAIN_S, FAILURES, QUIET_S, Health, Silence
from workstation.hub.registry import open_hub
from workstation.retrieval.ledger_words import doubtful_words, warning_words
from workstation.retrieval.result import CountSource
from workstation.translations import translator
from workstation.worklist.wording import left_out

MIRROR = HubName("mirror")
LATER = SeriesUID("1.2.3.5")
LIMITS = DoorLimits(connect_timeout_s=5, read_timeout_s=5, deadline_s=10)


def directory(*settings: HubSettings, limits: DoorLimits = LIMITS) -> HubDirectory:
    return HubDirectory(lambda: settings, lambda one: open_hub(one, inspect, sleep=sleep_not, limits=limits))


def two(primary: str, mirror: str, *, writes: bool = False, limits: DoorLimits = LIMITS) -> HubDirectory:
    beside = HubSettings(MIRROR, mirror, mirror_of=HUB, accepts_writes=writes)
    return directory(HubSettings(HUB, primary), beside, limits=limits)


@pytest.mark.parametrize("kind", ["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
@pytest.mark.parametrize("strategy", [WHOLE_SERIES, ONE_BY_ONE], ids=lambda strategy: strategy.way)
def test_n16_a_pull_whose_hub_is_killed_goes_on_from_the_mirror(
    desk: Desk, tmp_path: Path, kind: str, strategy: Strategy
) -> None:
    part10s, command, counted = series_of(COUNT), command_line(tmp_path), itertools.count(1)
    process = command.start("hub", "serve", "--port", str(free_port()), "--data", tmp_path / "primary")
    assert process.stdout is not None
    primary = process.stdout.readline().strip()

    def kill_at_the_third(*_: object) -> None:
        if next(counted) == 3:
            process.kill()
            process.communicate()

    # The stream breaks first, so that the death of the hub falls into the middle of the transfer.
    cut = Spoil([faults.cut], seed=5, path=rf"/series/{SERIES}$")
    with running_hub(kind, tmp_path / "mirror") as mirror, FaultProxy(primary, [cut]) as proxy:
        store(primary, *part10s).raise_for_status()
        store(mirror, *part10s).raise_for_status()
        hubs = two(proxy.url if strategy is WHOLE_SERIES else primary, mirror)
        hub = hubs.reading(HUB)
        result = desk.retrieval.pull(hub, STUDY, on_received=kill_at_the_third, strategy=strategy)
        hubs.close()
    assert process.returncode
    assert result.is_complete
    assert hub.served_by == (HUB, MIRROR)
    assert {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY)} == set(part10s)


def test_n16_a_pull_whose_hub_goes_away_goes_on_from_the_mirror(desk: Desk, real_hub: RealHub, tmp_path: Path) -> None:
    # A stream that breaks is followed by what is missing, one by one.
    with FaultProxy(real_hub.url, [Spoil([faults.cut], seed=5, path=rf"/series/{SERIES}$")]) as proxy:
        proxy.gate = gone_after(proxy, 2, r"/instances/[\d.]+$")
        with RunningHub(tmp_path / "mirror") as mirror:
            store(mirror.url, *real_hub.part10s).raise_for_status()
            hubs = two(proxy.url, mirror.url)
            hub = hubs.reading(HUB)
            result = desk.retrieval.pull(hub, STUDY)
            hubs.close()
        assert len(proxy.asked("GET", r"/instances/[\d.]+$")) > 2
    assert result.is_complete
    assert hub.served_by == (HUB, MIRROR)
    held = {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY)}
    assert held == set(real_hub.part10s)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped there")
def test_n16_a_pull_whose_hub_hangs_goes_on_from_the_mirror_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    part10s, counted = series_of(COUNT), itertools.count(1)
    process = command_line(tmp_path).start("hub", "serve", "--port", str(free_port()), "--data", tmp_path / "primary")
    assert process.stdout is not None
    primary = process.stdout.readline().strip()

    def stop_at_the_third(*_: object) -> None:
        if next(counted) == 3:
            process.send_signal(signal.SIGSTOP)

    try:
        with RunningHub(tmp_path / "mirror") as mirror:
            store(primary, *part10s).raise_for_status()
            store(mirror.url, *part10s).raise_for_status()
            hubs = two(primary, mirror.url, limits=DoorLimits())
            hub, began = hubs.reading(HUB), time.monotonic()
            result = desk.retrieval.pull(hub, STUDY, on_received=stop_at_the_third, strategy=ONE_BY_ONE)
            took_s = time.monotonic() - began
            remembered = _served(hubs)
            process.send_signal(signal.SIGCONT)
            back = _served_after_a_while(hubs)
            hubs.close()
    finally:
        process.kill()
        process.communicate()
    assert result.is_complete
    assert hub.served_by == (HUB, MIRROR)
    assert took_s < DoorLimits().read_timeout_s / 2
    assert (remembered, back) == (MIRROR, HUB)
    assert QUIET_S + ANSWER_S < 5


def test_n16_a_hub_that_is_slow_and_answers_a_small_question_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workstation.hub.health.QUIET_S", 0.1)
    monkeypatch.setattr("workstation.hub.health.ANSWER_S", 0.5)

    asked = itertools.count()

    def thinking(path: str) -> int:
        """Take long at first; the small question is answered all the same."""
        if path.endswith("/series") and next(asked) == 0:
            time.sleep(0.9)
        return 200

    with imitated(series_of(2), status_of=thinking) as primary, RunningHub(tmp_path / "b") as mirror:
        store(mirror.url, *series_of(2)).raise_for_status()
        hubs = two(primary.stub.url, mirror.url)
        assert _served(hubs) == HUB
        hubs.close()


def test_who_awaits_a_hub_and_who_looks_at_the_exchange_may_ask_at_once_whether_it_is_silent() -> None:
    """The other one hears the hub between two steps of this one."""
    now, heard = [100.0], [0.0]

    def hear_in_between() -> None:
        if not heard[0]:
            heard[0] = now[0]
            assert not silence()

    silence = Silence(hear_in_between, lambda: heard[0], lambda: False, lambda: now[0], 0.5)
    now[0] += 60.0
    assert not silence()
    now[0] += 60.0
    assert not silence()
    now[0] += 1.0
    assert silence()


def _served(hubs: HubDirectory) -> HubName:
    """Return who answers at present."""
    hub = hubs.reading(HUB)
    assert hub.search_series(STUDY)
    (name,) = hub.served_by
    return name


def test_n16_a_dead_hub_is_not_asked_three_times_and_one_that_answers_with_errors_is() -> None:
    health = Health(lambda: None)
    health.failed(HubUnreachable("refused", hub="hub"))
    assert not health.is_well
    other = Health(lambda: None)
    for _ in range(FAILURES - 1):
        other.failed(HubAnsweredWrongly("status 502", 502, hub="hub"))
    assert other.is_well
    other.failed(HubAnsweredWrongly("status 502", 502, hub="hub"))
    assert not other.is_well
    other.worked()
    assert other.is_well


def test_n16_a_read_moves_from_a_hub_that_fails_in_everything_and_comes_back_when_it_is_well(tmp_path: Path) -> None:
    with RunningHub(tmp_path / "a") as primary, RunningHub(tmp_path / "b") as mirror:
        for hub in (primary, mirror):
            store(hub.url, *series_of(2)).raise_for_status()
        with FaultProxy(primary.url, [Spoil([faults.bad_gateway])]) as proxy:
            hubs = two(proxy.url, mirror.url)
            moved = hubs.reading(HUB)
            assert moved.search_series(STUDY)
            assert moved.served_by == (MIRROR,)
            assert len(proxy.seen) == FAILURES
            proxy.spoils = []
            back = _served_after_a_while(hubs)
            hubs.close()
    assert back == HUB


def _served_after_a_while(hubs: HubDirectory) -> HubName:
    """Read until the hub itself serves, for as many times as its health is looked at."""
    for _ in range(4):
        if _served(hubs) == HUB:
            return HUB
        threading.Event().wait(ASK_AGAIN_S / 2)
    return MIRROR


def test_n16_a_mirror_that_does_not_have_a_study_says_so(tmp_path: Path) -> None:
    with RunningHub(tmp_path / "b") as mirror:
        hubs = two(f"http://127.0.0.1:{free_port()}/dicom-web", mirror.url)
        with pytest.raises(NotOnMirror) as raised:
            hubs.reading(HUB).search_series(STUDY)
        hubs.close()
    for language in ("en", "fr"):
        sentence = translator(language).error(raised.value)
        assert HUB in sentence
        assert MIRROR in sentence


def test_n16_a_mirror_that_cannot_be_used_is_left_out_and_named_and_keeps_nobody_from_its_hub(tmp_path: Path) -> None:
    broken = HubSettings(HubName("broken"), "https://localhost/rs", ca_file="/nowhere/ca.pem", mirror_of=HUB)
    with RunningHub(tmp_path) as running:
        store(running.url, *series_of(2)).raise_for_status()
        mirror = HubSettings(MIRROR, running.url, mirror_of=HUB)
        for primary, served in ((running.url, HUB), (f"http://127.0.0.1:{free_port()}/rs", MIRROR)):
            hubs = directory(HubSettings(HUB, primary), broken, mirror)
            assert _served(hubs) == served
            assert (hubs.answers(broken.name), hubs.answers(MIRROR)) == (False, True)
            ((name, why),) = hubs.unusable_mirrors()
            hubs.close()
    for language in ("en", "fr"):
        words = translator(language)
        assert words.error(why) in left_out(name, why, words)
        assert name in left_out(name, why, words)


def test_n16_a_mirror_that_lags_behind_makes_no_study_complete_that_was_longer(desk: Desk, tmp_path: Path) -> None:
    with RunningHub(tmp_path / "a") as primary, RunningHub(tmp_path / "b") as mirror, FaultProxy(primary.url) as proxy:
        store(primary.url, *series_of(10), slice_of(1, series=LATER)).raise_for_status()
        store(mirror.url, *series_of(6)).raise_for_status()
        hubs = two(proxy.url, mirror.url)
        proxy.spoils = [Spoil([faults.bad_gateway], path=r"/(instances|series)/[^?]*$")]
        with pytest.raises(WorkstationError):
            desk.retrieval.pull(hubs.client(HUB), STUDY)
        assert desk.catalogue.expected(STUDY) == {SERIES: 10, LATER: 1}
        proxy.cut_off()
        results = [desk.retrieval.pull(hubs.reading(HUB), STUDY) for _ in range(2)]
        assert desk.catalogue.expected(STUDY) == {SERIES: 10, LATER: 1}
        proxy.spoils = []
        proxy.come_back()
        store(primary.url, *series_of(10)).raise_for_status()
        last = desk.retrieval.pull(hubs.client(HUB), STUDY)
        hubs.close()
    for result in results:
        lagging, later = result.series
        assert (lagging.received, lagging.missing, lagging.is_complete) == (6, 4, False)
        assert (later.uid, later.missing) == (LATER, 1)
        assert lagging.stated == {CountSource.COUNT: 6, CountSource.LIST: 6, CountSource.EARLIER: 10}
        assert result.stand_ins == (MIRROR,)
        told = doubtful_words(result, translator("en"))
        assert MIRROR in told[0]
        assert "10 were expected before" in told[1]
    assert (last.is_complete, last.stand_ins, doubtful_words(last, translator("en"))) == (True, (), ())


def test_n16_a_hub_that_lists_fewer_than_before_is_believed_and_it_is_said(desk: Desk, tmp_path: Path) -> None:
    with RunningHub(tmp_path / "a") as before, RunningHub(tmp_path / "b") as after:
        store(before.url, *series_of(10)).raise_for_status()
        store(after.url, *series_of(9)).raise_for_status()
        hubs = two(before.url, after.url)
        desk.retrieval.pull(hubs.client(HUB), STUDY)
        result = desk.retrieval.pull(hubs.client(MIRROR), STUDY)
        hubs.close()
    (series,) = result.series
    assert (series.received, series.expected, series.is_complete, len(series.besides)) == (9, 9, True, 1)
    assert len(desk.catalogue.instances(STUDY)) == 10
    besides, told = doubtful_words(result, translator("en"))
    assert "not in the hub’s list (1)" in besides
    assert warning_words(result, translator("en")) == (told,)
    assert told.startswith("CT: the hub now lists 9 images, and 10 were expected before.")


@pytest.mark.parametrize("writes", [False, True])
def test_n16_a_report_waits_for_the_hub_itself_and_only_a_declared_mirror_takes_it(
    tmp_path: Path, *, writes: bool
) -> None:
    report = real_object(1)
    with RunningHub(tmp_path / "a") as primary, RunningHub(tmp_path / "b") as mirror, FaultProxy(primary.url) as proxy:
        bench = OutboxBench(tmp_path, {HUB: proxy.url})
        bench.hubs = two(proxy.url, mirror.url, writes=writes)
        courier = bench.new_courier()
        bench.sign((report,))
        proxy.cut_off()
        assert courier.deliver() == 0
        assert bench.only.state is DeliveryState.PENDING
        assert (MIRROR in bench.only.reason) == writes
        on_mirror = bench.hubs.client(MIRROR).search_instances(report.study, report.series)
        assert [one.instance for one in on_mirror] == ([report.instance] if writes else [])
        proxy.come_back()
        bench.clock.pass_by(minutes=2)
        assert courier.deliver(force=True) == 1
        assert bench.only.state is DeliveryState.SENT
        on_hub = bench.hubs.client(HUB).search_instances(report.study, report.series)
        assert [one.instance for one in on_hub] == [report.instance]
        bench.close()


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CalledCommands:
    return CalledCommands(tmp_path / "profile", monkeypatch, capsys)


def test_n16_the_command_line_adds_a_mirror_says_who_answers_and_who_served(
    command: CalledCommands, tmp_path: Path
) -> None:
    with RunningHub(tmp_path / "a") as primary, RunningHub(tmp_path / "b") as mirror, FaultProxy(primary.url) as proxy:
        for hub in (primary, mirror):
            store(hub.url, *series_of(3)).raise_for_status()
        command.json("hub", "add", "hub", proxy.url)
        added = command.json("hub", "add", "mirror", mirror.url, "--mirror-of", "hub", "--writes")
        assert (added["mirror_of"], added["writes"]) == ("hub", True)
        (told,) = command.json("hub", "check", "hub")["mirrors"]
        assert (told["name"], told["answers"]) == ("mirror", True)
        proxy.cut_off()
        assert command.json("pull", STUDY)["served_by"] == ["mirror"]
