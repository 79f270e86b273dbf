"""Studies of waiting requests come before anybody opens them, and make way for the case that is opened."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.command_line import served_hub
from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import demonstration_case, place_like, store_study
from tests.support.reports import READER
from tests.support.slow_link import SlowLink
from tests.workstation.app.bench import Bench, window_over
from viewers.identifiers import ViewportId
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.request import Request, Severity, Urgency
from workstation.shell.prefetcher import Pause, Prefetcher
from workstation.shell.queue_model import COLUMNS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt
LATE = "incomplete-chest"


@pytest.fixture(scope="module")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_hub(tmp_path_factory.mktemp("ahead")) as url:
        with client_of(url) as client:
            store_study(client, "head-stroke")
        yield url


@pytest.fixture
def placed(hub_url: str) -> Request:
    with client_of(hub_url) as client:
        return place_like(client, "head-stroke")


@pytest.fixture
def speed() -> float:
    """How fast the line is."""
    return 1_500_000.0


@pytest.fixture
def bench(
    qtbot: QtBot, tmp_path: Path, hub_url: str, placed: Request, monkeypatch: pytest.MonkeyPatch, speed: float
) -> Iterator[Bench]:
    """A window on a hub behind a line of some megabits, at its queue."""
    monkeypatch.setattr(Prefetcher.__init__, "__kwdefaults__", {"wait_ms": 50, "again_s": 0.5})
    with (
        SlowLink(hub_url, speed) as link,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HubName("hub"), link.url))
        bench = window_over(core, qtbot)
        bench.parts.queue.refresh()
        yield bench
        bench.close()


def test_the_study_of_a_waiting_request_comes_by_itself(bench: Bench, placed: Request) -> None:
    catalogue, study = bench.core.store.catalogue, placed.studies[0].study
    bench.qtbot.waitUntil(lambda: catalogue.study(study) is not None, timeout=PATIENCE_MS)
    assert bench.parts.case.session is None


def test_a_case_that_is_opened_meanwhile_is_shown_whole(bench: Bench, placed: Request) -> None:
    bench.qtbot.waitUntil(lambda: bench.parts.prefetcher.is_fetching, timeout=PATIENCE_MS)
    bench.parts.case.open(bench.core.worklist.find(placed.id))
    assert not bench.parts.prefetcher.is_fetching

    def is_whole() -> bool:
        content = bench.parts.reading_page.board.contents.get(ViewportId("v1"))
        return content is not None and content.volume.is_complete

    bench.qtbot.waitUntil(is_whole, timeout=PATIENCE_MS)


def test_who_pays_by_volume_turns_it_off(bench: Bench, placed: Request) -> None:
    bench.parts.settings_page.link.ahead_chosen.emit(False)
    bench.parts.queue.refresh()
    bench.qtbot.wait(1500)
    assert not bench.parts.prefetcher.is_fetching
    assert bench.core.store.catalogue.study(placed.studies[0].study) is None
    bench.parts.settings_page.link.ahead_chosen.emit(True)
    bench.qtbot.waitUntil(lambda: bench.parts.prefetcher.is_fetching, timeout=PATIENCE_MS)
    bench.qtbot.waitUntil(bench.core.store.settings.fetches_ahead, timeout=PATIENCE_MS)


def test_a_window_that_is_unlocked_leaves_the_line_to_the_case_that_still_comes(bench: Bench) -> None:
    parts = bench.parts
    bench.qtbot.waitUntil(lambda: parts.prefetcher.is_fetching, timeout=PATIENCE_MS)
    parts.case.arrivals.line_wanted.emit()
    parts.prefetcher.pause(Pause.LOCK)
    parts.prefetcher.resume(Pause.LOCK)
    bench.qtbot.wait(300)
    assert not parts.prefetcher.is_fetching
    parts.prefetcher.pause(Pause.LOCK)
    parts.case.arrivals.line_free.emit()
    bench.qtbot.wait(300)
    assert not parts.prefetcher.is_fetching
    parts.prefetcher.resume(Pause.LOCK)
    bench.qtbot.waitUntil(lambda: parts.prefetcher.is_fetching, timeout=PATIENCE_MS)


def test_a_case_that_is_put_away_while_it_loads_frees_the_line(bench: Bench, placed: Request) -> None:
    bench.qtbot.waitUntil(lambda: bench.parts.prefetcher.is_fetching, timeout=PATIENCE_MS)
    bench.parts.case.open(bench.core.worklist.find(placed.id))
    bench.qtbot.waitUntil(lambda: bench.parts.case.session is not None, timeout=PATIENCE_MS)
    bench.parts.case.finish()
    bench.qtbot.waitUntil(lambda: bench.parts.prefetcher.is_fetching, timeout=PATIENCE_MS)


@pytest.mark.parametrize("speed", [1e9])
def test_images_that_come_late_are_fetched_and_their_request_waits_in_the_queue(
    bench: Bench, placed: Request, hub_url: str
) -> None:
    with client_of(hub_url) as client:
        # Only the most pressing of those that nobody has taken are fetched ahead.
        late = replace(
            demonstration_case(LATE).request,
            id=RequestId(new_uid()),
            severity=Severity.IMMEDIATE,
            urgency=Urgency.HIGH,
            deadline=placed.arrival,
        )
        client.place(late)
        page, study = bench.parts.queue_page, late.studies[0].study
        images = COLUMNS.index("images")

        def says_not_given() -> bool:
            bench.parts.queue.refresh()
            row = page.model.row_of(replace(late, hub=HubName("hub")).key)
            return row is not None and page.model.data(page.model.index(row, images)) == bench.core.words.text(
                "shell.queue.images_not_given"
            )

        bench.qtbot.waitUntil(says_not_given, timeout=PATIENCE_MS)
        store_study(client, LATE)
    bench.qtbot.waitUntil(lambda: not says_not_given(), timeout=PATIENCE_MS)
    assert bench.core.store.catalogue.study(study) is not None
