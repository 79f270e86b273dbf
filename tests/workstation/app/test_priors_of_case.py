"""The window over two hubs: what is found on the other one is told, listed behind the current study, and loaded."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.reports import READER
from tests.support.two_hubs import CURRENT, NAMED, NORTH, OLD, PATIENT, STRANGER, two_hubs
from tests.workstation.app.bench import Bench, window_over
from tests.workstation.hub.test_ups import REQUEST
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.identifiers import RequestId, new_uid
from workstation.domain.study import StudyReference
from workstation.shell.queue_model import COLUMNS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt


def headings(bench: Bench) -> list[str]:
    tree = bench.parts.reading_page.series.tree
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def panel(bench: Bench) -> str:
    return "\n".join(label.text() for label in bench.parts.queue_page.details.findChildren(QLabel))


def priors_column(bench: Bench) -> object:
    model = bench.parts.queue_page.model
    return model.data(model.index(0, COLUMNS.index("priors"))) if model.rowCount() else None


def test_priors_of_another_hub_are_counted_in_the_queue_and_come_behind_the_study_that_is_read(
    qtbot: QtBot, tmp_path: Path
) -> None:
    asked = replace(
        REQUEST, id=RequestId(new_uid()), hub=NORTH, patient=PATIENT, first_reports=(),
        studies=(StudyReference(CURRENT, NORTH),), priors=(StudyReference(NAMED, NORTH),),
    )  # fmt: skip
    with (
        two_hubs(tmp_path) as (north, south),
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        core.store.settings.set_reader(READER)
        for one in (north, south):
            core.store.settings.add_hub(one.settings)
        with client_of(north.url) as client:
            client.place(asked)
        bench = window_over(core, qtbot)
        try:
            bench.parts.queue.refresh()
            qtbot.waitUntil(lambda: priors_column(bench) == "2", timeout=PATIENCE_MS)
            qtbot.waitUntil(lambda: "Priors found: 2" in panel(bench), timeout=PATIENCE_MS)
            assert "south" in panel(bench)
            assert "contradict under the same identifier: 1" in panel(bench)
            bench.parts.case.open(core.worklist.find(asked.id))
            qtbot.waitUntil(lambda: len(core.store.catalogue.series(OLD)) == 1, timeout=PATIENCE_MS)
            qtbot.waitUntil(lambda: len(headings(bench)) == 3, timeout=PATIENCE_MS)
            assert bench.parts.case.studies == (CURRENT, NAMED, OLD)
            assert core.store.catalogue.study(STRANGER) is None
            south.kill()
            other = replace(asked, id=RequestId(new_uid()))
            with client_of(north.url) as client:
                client.place(other)
            bench.parts.queue.refresh()
            qtbot.waitUntil(lambda: bench.parts.queue_page.model.row_of(other.key) is not None, timeout=PATIENCE_MS)
            bench.parts.queue_page.table.selectRow(bench.parts.queue_page.model.row_of(other.key))
            qtbot.waitUntil(lambda: "could not be searched on: south" in panel(bench), timeout=PATIENCE_MS)
        finally:
            bench.close()
