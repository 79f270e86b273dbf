"""A case opened while the images of another patient still come over a slow line: nothing of one in the other."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.command_line import command_line
from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import demonstration_case, place_like, store_study
from tests.support.reports import READER
from tests.support.slow_link import SlowLink
from tests.workstation.app.bench import window_over
from viewers.identifiers import SeriesUID, ViewportId
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt

FIRST, SECOND = "head-stroke", "incomplete-chest"
SLOWLY = 1_000_000.0


@pytest.fixture(scope="module")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded hub, a process of its own, with the studies of two patients."""
    command = command_line(tmp_path_factory.mktemp("two_patients"))
    process = command.start("hub", "serve", "--port", "0", "--data", command.folder / "hub")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    with client_of(url) as client:
        for code in (FIRST, SECOND):
            store_study(client, code)
    yield url
    process.kill()
    process.communicate()


def test_nothing_of_a_patient_comes_into_the_case_of_the_next(qtbot: QtBot, tmp_path: Path, hub_url: str) -> None:
    with ExitStack() as stack:
        link = stack.enter_context(SlowLink(hub_url, SLOWLY))
        profile = Profile(tmp_path / "profile")
        core = stack.enter_context(open_core(profile, None, passphrase="five words nobody will guess"))
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HubName("hub"), link.url))
        with client_of(hub_url) as client:
            first, second = (place_like(client, code) for code in (FIRST, SECOND))
        bench = window_over(core, qtbot)
        stack.callback(bench.close)
        case, board = bench.parts.case, bench.parts.reading_page.board
        case.open(core.worklist.find(first.id))
        qtbot.waitUntil(lambda: ViewportId("v1") in board.contents, timeout=PATIENCE_MS)
        strangers = {content.volume.series for content in board.contents.values()}
        assert not board.contents[ViewportId("v1")].volume.is_complete
        seen: set[SeriesUID] = set()

        def look() -> None:
            if case.request is not None and case.request.id == second.id:
                assert case.views is not None
                seen.update(content.volume.series for content in board.contents.values())
                seen.update(case.views.open_series())
                seen.update(case.views.shown.by_series())

        def is_whole() -> bool:
            look()
            pictures = board.contents.values()
            return bool(seen) and bool(pictures) and all(picture.volume.is_complete for picture in pictures)

        case.open(core.worklist.find(second.id))
        qtbot.waitUntil(is_whole, timeout=PATIENCE_MS)
        qtbot.wait(300)
        look()
        assert seen
        assert not seen & strangers
        patient = demonstration_case(SECOND).request.patient
        identity = {content.identity[0] for content in board.contents.values()}
        assert identity == {patient.name.display}
