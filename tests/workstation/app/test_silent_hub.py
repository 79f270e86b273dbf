"""A hub that falls silent while a case is open: said, and gone on with by itself once it answers again."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import trickle
from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import store_study
from tests.workstation.app.test_growing_case import CODE, opened, shown
from workstation.embedded_hub.running import RunningHub

pytestmark = pytest.mark.qt


def test_what_a_silent_hub_did_not_send_comes_by_itself_when_it_answers_again(qtbot: QtBot, tmp_path: Path) -> None:
    with ExitStack() as stack:
        hub_url = stack.enter_context(RunningHub(tmp_path / "hub")).url
        with client_of(hub_url) as client:
            store_study(client, CODE)
        path = r"/series/[0-9.]+(/instances/[0-9.]+)?$"
        proxy = stack.enter_context(FaultProxy(hub_url, [Spoil([trickle], path=path)]))
        bench = opened(stack, qtbot, tmp_path, hub_url, proxy.url)
        page, window = bench.parts.reading_page, bench.parts.window
        qtbot.waitUntil(lambda: bench.parts.case.views is not None, timeout=PATIENCE_MS)
        proxy.cut_off()
        qtbot.waitUntil(lambda: window.status.words[0] == "Not all images were received", timeout=PATIENCE_MS)
        heading = page.series.tree.topLevelItem(0)
        assert heading is not None
        assert "cannot be reached" in heading.text(0)
        assert page.series.tree.visualItemRect(heading).height() > 60, "the whole sentence is to be read"
        proxy.spoils = ()
        proxy.come_back()
        bench.parts.queue.refresh()
        qtbot.waitUntil(lambda: window.status.words[0] == "All images received", timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: (volume := shown(bench)) is not None and volume.is_complete, timeout=PATIENCE_MS)
        again = page.series.tree.topLevelItem(0)
        assert again is not None
        assert "cannot be reached" not in again.text(0)
