"""A case opened over a slow line: shown while the rest still comes, and gone at once if it is not ours."""

import itertools
import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pytestqt.qtbot import QtBot

from tests.support.command_line import command_line
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Reply, status
from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import place_like, store_study
from tests.support.reports import READER
from tests.support.slow_link import SlowLink
from tests.workstation.app.bench import Bench, window_over
from viewers.identifiers import SeriesUID, ViewportId
from viewers.image.volume import Volume
from viewers.state.resolved import Mark
from viewers.state.view_state import VolumeReference
from viewers.tools.registry import measure
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.domain.request import Request
from workstation.hub.errors import AlreadyClaimed
from workstation.reading.arriving import Arriving
from workstation.reading.opening import OpenedCase, Opening

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt

CODE, FIRST = "head-stroke", ViewportId("v1")
SLOWLY = 400_000.0
IMAGES = 28


@pytest.fixture(scope="module")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded hub, a process of its own, with one study."""
    command = command_line(tmp_path_factory.mktemp("growing"))
    process = command.start("hub", "serve", "--port", "0", "--data", command.folder / "hub")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    with client_of(url) as client:
        store_study(client, CODE)
    yield url
    process.kill()
    process.communicate()


def opened(stack: ExitStack, qtbot: QtBot, folder: Path, hub_url: str, link: str) -> Bench:
    """Open a case on a new profile whose hub is at the end of ``link``."""
    core = stack.enter_context(open_core(Profile(folder / "profile"), None, passphrase="five words nobody will guess"))
    core.store.settings.set_reader(READER)
    core.store.settings.add_hub(HubSettings(HubName("hub"), link))
    with client_of(hub_url) as client:
        request = place_like(client, CODE)
    bench = window_over(core, qtbot)
    stack.callback(bench.close)
    bench.parts.case.open(core.worklist.find(request.id))
    return bench


def shown(bench: Bench) -> Volume | None:
    content = bench.parts.reading_page.board.contents.get(FIRST)
    return content.volume if content is not None else None


def test_images_are_shown_before_the_series_is_whole_and_stay_where_they_are(
    qtbot: QtBot, tmp_path: Path, hub_url: str
) -> None:
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        qtbot.waitUntil(lambda: shown(bench) is not None, timeout=PATIENCE_MS)
        early = shown(bench)
        assert early is not None
        assert not early.is_complete
        content = bench.parts.reading_page.board.contents[FIRST]
        assert Mark.INCOMPLETE in content.resolved.marks
        assert content.resolved.slice_index is not None
        seen = early.sources[content.resolved.slice_index].instance
        link.hasten()

        def is_whole() -> bool:
            volume = shown(bench)
            return volume is not None and volume.is_complete

        qtbot.waitUntil(is_whole, timeout=PATIENCE_MS)
        content = bench.parts.reading_page.board.contents[FIRST]
        assert content.resolved.slice_index is not None
        assert content.volume.sources[content.resolved.slice_index].instance == seen
        assert Mark.INCOMPLETE not in content.resolved.marks
        row = bench.parts.reading_page.series.row(content.volume.series)
        assert row is not None
        assert "missing" not in " ".join(row.warnings)


def last_is_of_another_patient(reply: Reply, chance: np.random.Generator) -> Reply:
    parts = list(reply.parts())
    dataset = pydicom.dcmread(BytesIO(parts[-1].body))
    dataset.PatientID, dataset.PatientBirthDate = "SOMEONE-ELSE", "19010101"
    stream = BytesIO()
    dataset.save_as(stream)
    return reply.with_parts([*parts[:-1], replace(parts[-1], body=stream.getvalue())])


def test_images_that_were_shown_go_at_once_when_one_is_of_another_patient(
    qtbot: QtBot, tmp_path: Path, hub_url: str
) -> None:
    with ExitStack() as stack:
        path = r"/series/[0-9.]+(/instances/[0-9.]+)?$"
        proxy = stack.enter_context(FaultProxy(hub_url, [Spoil([last_is_of_another_patient], path=path)]))
        link = stack.enter_context(SlowLink(proxy.url, SLOWLY))
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        qtbot.waitUntil(lambda: shown(bench) is not None, timeout=PATIENCE_MS)
        early = shown(bench)
        assert early is not None
        link.hasten()
        qtbot.waitUntil(lambda: shown(bench) is None, timeout=PATIENCE_MS)
        views = bench.parts.case.views
        assert views is not None
        assert not any(views.holds(one.instance, one.frame_index) for one in early.sources)
        assert bench.core.store.catalogue.instance_uids() == ()
        row = bench.parts.reading_page.series.row(early.series)
        assert row is not None
        assert "not those of the study" in " ".join((row.facts, *row.warnings))


def test_what_was_being_built_when_a_stranger_came_is_not_shown_and_not_asked_for_again(
    qtbot: QtBot, tmp_path: Path, hub_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, is_built, is_gone, late = Arriving.volumes, threading.Event(), threading.Event(), threading.Event()
    calls = itertools.count()

    def slow_build(arriving: Arriving, series: SeriesUID) -> tuple[Volume, ...]:
        volumes = build(arriving, series)
        if next(calls):
            is_built.set()
            assert is_gone.wait(30.0), "the stranger did not come"
            late.set()
        return volumes

    monkeypatch.setattr(Arriving, "volumes", slow_build)
    with ExitStack() as stack:
        path = r"/series/[0-9.]+(/instances/[0-9.]+)?$"
        proxy = stack.enter_context(FaultProxy(hub_url, [Spoil([last_is_of_another_patient], path=path)]))
        link = stack.enter_context(SlowLink(proxy.url, SLOWLY))
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        stack.callback(is_gone.set)
        qtbot.waitUntil(lambda: shown(bench) is not None, timeout=PATIENCE_MS)
        early = shown(bench)
        assert early is not None
        # Sent any faster before, the stranger comes before a second building begins.
        qtbot.waitUntil(is_built.is_set, timeout=PATIENCE_MS)
        link.hasten()
        qtbot.waitUntil(lambda: shown(bench) is None, timeout=PATIENCE_MS)
        is_gone.set()
        assert late.wait(30.0)
        page, status = bench.parts.reading_page, bench.parts.window.status
        qtbot.waitUntil(lambda: status.words[0] == "Not all images were received", timeout=PATIENCE_MS)
        asked = len(proxy.seen)
        page.images.ask_for(VolumeReference(early.series))
        qtbot.wait(500)
        assert shown(bench) is None
        assert page.series.row(early.series) is not None
        assert bench.core.images.lend(early.series, ()) is False
        assert len(proxy.seen) == asked, "a stranger's study was asked for again"


def test_an_image_that_the_hub_does_not_list_leaves_the_screen_and_the_series_stays_incomplete(
    qtbot: QtBot, tmp_path: Path, hub_url: str
) -> None:
    unlisted, have_come, is_seen = list[str](), threading.Event(), threading.Event()

    def last_under_another_identifier(reply: Reply, chance: np.random.Generator) -> Reply:
        assert have_come.wait(30.0)
        items = json.loads(reply.body or b"[]")
        for item in items[-1:]:
            unlisted.append(item["00080018"]["Value"][0])
            item["00080018"]["Value"] = ["2.25.99"]
        return replace(reply, body=json.dumps(items).encode())

    def not_before_it_was_seen(reply: Reply, chance: np.random.Generator) -> Reply:
        assert is_seen.wait(30.0)
        return reply

    with ExitStack() as stack:
        spoils = [
            Spoil([last_under_another_identifier], path=r"/instances\?"),
            Spoil([not_before_it_was_seen], path=r"/series/2\.25\.[0-9]+$"),
        ]
        proxy = stack.enter_context(FaultProxy(hub_url, spoils))
        bench = opened(stack, qtbot, tmp_path, hub_url, proxy.url)
        stack.callback(is_seen.set)
        stack.callback(have_come.set)

        def sources() -> set[str]:
            volume = shown(bench)
            return set() if volume is None else {str(one.instance) for one in volume.sources}

        qtbot.waitUntil(lambda: len(sources()) == IMAGES, timeout=PATIENCE_MS)
        have_come.set()
        qtbot.waitUntil(lambda: 0 < len(sources()) < IMAGES, timeout=PATIENCE_MS)
        before = sources()
        assert not before & set(unlisted)
        is_seen.set()
        bar = bench.parts.window.status
        qtbot.waitUntil(lambda: bar.words[0] == "Not all images were received", timeout=PATIENCE_MS)
        heading = bench.parts.reading_page.series.tree.topLevelItem(0)
        assert heading is not None
        assert "Images were sent that the hub does not list (2)" in heading.text(0)
        volume = shown(bench)
        assert volume is not None
        held = bench.core.store.catalogue.instances(bench.session.draft.study, volume.series)
        assert sources() == before == {str(one.reference.instance) for one in held}
        assert not volume.is_complete


def test_a_series_that_a_hub_did_not_send_says_so_and_comes_when_it_is_asked_for_again(
    qtbot: QtBot, tmp_path: Path, hub_url: str
) -> None:
    with ExitStack() as stack:
        path = r"/series/[0-9.]+(/instances/[0-9.]+)?$"
        proxy = stack.enter_context(FaultProxy(hub_url, [Spoil([status], path=path)]))
        bench = opened(stack, qtbot, tmp_path, hub_url, proxy.url)
        page, bar = bench.parts.reading_page, bench.parts.window.status
        qtbot.waitUntil(lambda: bar.words[0] == "Not all images were received", timeout=PATIENCE_MS)
        assert shown(bench) is None
        views = bench.parts.case.views
        assert views is not None
        (series,) = views.awaited()
        row = page.series.row(series)
        assert row is not None
        assert row.warnings
        proxy.spoils = ()
        page.images.ask_for(VolumeReference(series))
        qtbot.waitUntil(lambda: bar.words[0] == "All images received", timeout=PATIENCE_MS)
        whole = shown(bench)
        assert whole is not None
        assert whole.is_complete


def test_what_came_before_a_stop_stays_in_sight_when_the_rest_comes(qtbot: QtBot, tmp_path: Path, hub_url: str) -> None:
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)

        def count() -> int:
            volume = shown(bench)
            return len(volume.sources) if volume is not None else 0

        qtbot.waitUntil(lambda: count() > 4, timeout=PATIENCE_MS)
        bench.parts.window.status.cancel.click()
        study = bench.session.draft.study
        held = bench.core.store.catalogue.instance_uids
        qtbot.waitUntil(lambda: len(held()) > 3, timeout=PATIENCE_MS)
        qtbot.wait(1500)
        assert bench.parts.window.status.words[0].startswith("Loading was stopped")
        seen: list[int] = []
        bench.parts.reading_page.volumes_changed.connect(lambda: seen.append(count()))
        volume = shown(bench)
        assert volume is not None
        bench.parts.reading_page.images.ask_for(VolumeReference(volume.series))
        qtbot.waitUntil(lambda: bench.parts.window.status.words[0] == "All images received", timeout=PATIENCE_MS)
        assert study == bench.session.draft.study
        assert seen[-1] == max(seen)
        assert min(seen) >= 4, seen


def test_a_value_measured_on_the_first_images_is_final_when_all_are_here(
    qtbot: QtBot, tmp_path: Path, hub_url: str
) -> None:
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        qtbot.waitUntil(lambda: shown(bench) is not None, timeout=PATIENCE_MS)
        page = bench.parts.reading_page
        bench.draw(page.board.grid.viewports[FIRST])
        (mark,) = bench.session.annotations

        def said() -> tuple[bool, bool, bool]:
            """Return whether list, picture and report call the value one of incomplete images."""
            content = page.board.contents[FIRST]
            in_picture = any(
                value.on_partial for one in content.annotations for value in measure(one, content.volume).values
            )
            taken = bench.core.images.measure(bench.session.draft.study, mark)
            in_report = any(value.on_partial for value in taken.values)
            in_list = "on incomplete images" in page.measurements.line(mark).warning
            return in_list, in_picture, in_report

        qtbot.waitUntil(lambda: bool(page.board.contents[FIRST].annotations), timeout=PATIENCE_MS)
        assert said() == (True, True, True)
        item = page.measurements.table.item(0, 2)
        assert item is not None
        assert "on incomplete images" in item.text()
        link.hasten()
        qtbot.waitUntil(lambda: bench.parts.window.status.words[0] == "All images received", timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: said() == (False, False, False), timeout=PATIENCE_MS)
        item = page.measurements.table.item(0, 2)
        assert item is not None
        assert "incomplete" not in item.text()
        checks = bench.core.finishing.checks(bench.session.draft, READER, demonstration=True)
        assert "measured-on-partial" not in {check.id for check in checks}


def test_images_come_while_the_request_is_being_claimed(
    qtbot: QtBot, tmp_path: Path, hub_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Opening.open
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))

        def slow_claim(opening: Opening, request: Request, reader: Reader, *more: Any) -> OpenedCase:
            assert link.wait_until(3, 30.0), "no image came before the claim"
            return claim(opening, request, reader, *more)

        monkeypatch.setattr(Opening, "open", slow_claim)
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        qtbot.waitUntil(lambda: shown(bench) is not None, timeout=PATIENCE_MS)
        early = shown(bench)
        assert early is not None
        assert not early.is_complete
        link.hasten()
        qtbot.waitUntil(lambda: bench.parts.window.status.words[0] == "All images received", timeout=PATIENCE_MS)
        final = shown(bench)
        assert final is not None
        assert final.is_complete


def test_a_case_whose_opening_was_stopped_is_not_opened(
    qtbot: QtBot, tmp_path: Path, hub_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, is_stopped, is_claimed = Opening.open, threading.Event(), threading.Event()

    def slow_claim(opening: Opening, request: Request, reader: Reader, *more: Any) -> OpenedCase:
        assert is_stopped.wait(30.0)
        try:
            return claim(opening, request, reader, *more)
        finally:
            is_claimed.set()

    monkeypatch.setattr(Opening, "open", slow_claim)
    with ExitStack() as stack:
        bench = opened(stack, qtbot, tmp_path, hub_url, hub_url)
        stack.callback(is_stopped.set)
        bench.parts.window.status.cancel.click()
        is_stopped.set()
        assert is_claimed.wait(30.0)
        qtbot.wait(500)
        assert bench.parts.case.session is None
        assert bench.parts.window.status.words[0].startswith("Loading was stopped")


def test_a_claim_that_is_refused_shows_nothing_and_stops_the_transfer(
    qtbot: QtBot, tmp_path: Path, hub_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))

        def refused(*_opening: object) -> OpenedCase:
            assert link.wait_until(1, 30.0)
            raise AlreadyClaimed("held elsewhere", "Somebody", hub="hub")

        monkeypatch.setattr(Opening, "open", refused)
        bench = opened(stack, qtbot, tmp_path, hub_url, link.url)
        bench.core.store.settings.set_fetches_ahead(wanted=False)
        qtbot.waitUntil(lambda: not bench.parts.window.status.cancel.isVisible(), timeout=PATIENCE_MS)
        qtbot.wait(500)
        assert bench.parts.case.session is None
        assert bench.parts.reading_page.board.contents == {}
        catalogue = bench.core.store.catalogue

        def held() -> int:
            return sum(len(catalogue.instances(one.uid)) for one in catalogue.studies())

        before = held()
        link.hasten()
        qtbot.wait(1500)
        # The queue asks the hub for other things meanwhile, and keeps nothing of them.
        assert held() <= before + 1, "the transfer went on"
