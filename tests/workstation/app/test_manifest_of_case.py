"""The window over a study that holds a manifest: what that lists elsewhere comes as a prior by itself."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.hub_clients import client_of
from tests.support.imitated_hub import imitated
from tests.support.manifests import manifest_of
from tests.support.patience import PATIENCE_MS
from tests.support.reports import READER
from tests.support.two_hubs import CURRENT, NORTH, OLD, PATIENT, SOUTH, study
from tests.workstation.app.bench import window_over
from tests.workstation.hub.test_ups import REQUEST
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import RequestId, new_uid
from workstation.domain.study import StudyReference
from workstation.embedded_hub.running import RunningHub

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt


def unlisted(path: str) -> int:
    """Give studies and list none."""
    return 204 if path == "/studies" else 404 if path.endswith("/series") else 200


def test_what_a_manifest_of_the_study_lists_beside_it_is_a_prior_also_where_its_hub_lists_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    asked = replace(
        REQUEST, id=RequestId(new_uid()), hub=NORTH, patient=PATIENT, first_reports=(),
        studies=(StudyReference(CURRENT, NORTH),), priors=(),
    )  # fmt: skip
    current, old = study(CURRENT, "20260110"), study(OLD, "20200110")
    with (
        RunningHub(tmp_path / "north") as north,
        imitated([old], status_of=unlisted) as south,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        core.store.settings.set_reader(READER)
        for name, url in ((NORTH, north.url), (SOUTH, south.stub.url)):
            core.store.settings.add_hub(HubSettings(name, url))
        addresses = {f"{OLD}.1": f"{south.stub.url}/studies/{OLD}/series/{OLD}.1"}
        with client_of(north.url) as client:
            assert not client.store([current, manifest_of([current, old], addresses, StudyInstanceUID=CURRENT)]).failed
            client.place(asked)
        assert core.priors.of(asked).priors == ()
        bench = window_over(core, qtbot)
        try:
            bench.parts.case.open(core.worklist.find(asked.id))
            qtbot.waitUntil(lambda: len(core.store.catalogue.series(OLD)) == 1, timeout=PATIENCE_MS)
            qtbot.waitUntil(lambda: bench.parts.case.studies == (CURRENT, OLD), timeout=PATIENCE_MS)
        finally:
            bench.close()
