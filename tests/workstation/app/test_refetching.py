"""A study that was admitted is fetched anew while a transfer of it runs."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pytestqt.qtbot import QtBot

from tests.support.hub_clients import client_of
from tests.support.patience import PATIENCE_MS
from tests.support.placed_requests import demonstration_case, place_like, store_study
from tests.support.reports import READER
from tests.support.slow_link import SlowLink
from tests.workstation.app.bench import Bench, window_over
from tests.workstation.retrieval.test_cancelled_pull import BOUND_S, falling_silent
from viewers.identifiers import StudyUID
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.demonstration.cases import study_files
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, new_uid
from workstation.embedded_hub.running import RunningHub
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.translations import translator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.qt

CODE, HUB, WORDS = "head-stroke", HubName("hub"), translator("en")
IMAGES, REPORTS = 28, 1
BYTES_PER_S = 1_500_000.0


@dataclass
class Transfer:
    """A case whose study comes over a slow line, and is held in part as of before a correction."""

    bench: Bench
    study: StudyUID
    link: SlowLink

    def ask(self) -> None:
        self.bench.parts.reading_page.acts.act("fetch_anew")
        self.bench.qtbot.waitUntil(lambda: self.bench.parts.refetch.dialog is not None, timeout=PATIENCE_MS)
        assert self.bench.parts.refetch.dialog is not None
        assert self.bench.parts.case.arrivals.is_loading
        self.bench.parts.refetch.dialog.confirm.click()

    def wait_told(self, sentence: str) -> None:
        self.bench.qtbot.waitUntil(lambda: self.bench.parts.window.notices.text == sentence, timeout=PATIENCE_MS)

    def wait_whole(self, count: int) -> None:
        """Let the rest come at once."""
        self.link.hasten()
        held, arrivals = self.bench.core.store.holdings, self.bench.parts.case.arrivals
        self.bench.qtbot.waitUntil(
            lambda: len(held.instances(self.study)) == count and not arrivals.is_loading, timeout=PATIENCE_MS
        )


def admit_some_of_before(core: Core, folder: Path, study: StudyUID, besides: int) -> None:
    """Hold one image whose patient the hub names otherwise now, and some that it does not have; admit them."""
    files = [part10 for images in demonstration_case(CODE).folders for part10 in study_files(images)]
    dataset = pydicom.dcmread(BytesIO(files[-1]))
    dataset.PatientID = "BEFORE"
    dataset.save_as(folder / "0.dcm")
    for number in range(besides):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = new_uid()
        dataset.save_as(folder / f"{number + 1}.dcm")
    assert not core.importer.import_paths(sorted(folder.glob("*.dcm"))).refused
    with pytest.raises(SomeoneElsesImages):
        core.retrieval.pull(core.hubs.client(HUB), study)
    core.store.bars.admit(study, core.store.bars.contradictions(study))


@pytest.fixture
def besides() -> int:
    return 0


@pytest.fixture
def transfer(qtbot: QtBot, tmp_path: Path, besides: int) -> Iterator[Transfer]:
    with ExitStack() as stack:
        hub = stack.enter_context(RunningHub(tmp_path / "hub"))
        with client_of(hub.url) as client:
            store_study(client, CODE)
            request = place_like(client, CODE)
        study = request.studies[0].study
        core = stack.enter_context(
            open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody guesses")
        )
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HUB, hub.url))
        admit_some_of_before(core, tmp_path, study, besides)
        link = stack.enter_context(SlowLink(hub.url, BYTES_PER_S))
        core.store.settings.add_hub(HubSettings(HUB, link.url))
        bench = window_over(core, qtbot)
        stack.callback(bench.close)
        bench.parts.case.open(core.worklist.find(request.id))
        qtbot.waitUntil(lambda: bench.parts.case.session is not None and link.begun > 1, timeout=PATIENCE_MS)
        yield Transfer(bench, study, link)


def test_a_transfer_ends_before_its_study_is_fetched_anew_and_takes_nothing_for_a_conflict(transfer: Transfer) -> None:
    transfer.ask()
    transfer.wait_told(WORDS.text("refetch.done"))
    transfer.wait_whole(IMAGES + REPORTS)
    core, study = transfer.bench.core, transfer.study
    held = core.store.holdings.instances(study)
    assert all(core.store.objects.is_sound(one.reference.instance, one.digest.text, whole=True) for one in held)
    # What came while the former copy was still here is no other content of the same image.
    assert (core.store.holdings.quarantined(study), core.store.holdings.admitted(study)) == ({}, frozenset())
    assert sum(core.store.holdings.expected(study).values()) == IMAGES + REPORTS
    patient = core.store.holdings.study(study)
    assert patient is not None
    assert patient.patient.patient_id != "BEFORE"


@pytest.mark.parametrize("besides", [1])
def test_a_transfer_goes_on_where_its_study_cannot_be_fetched_anew(transfer: Transfer, besides: int) -> None:
    transfer.ask()
    transfer.wait_told(WORDS.text("errors.acts.not_all_on_hub", hub=HUB, count=besides))
    transfer.wait_whole(IMAGES + REPORTS + besides)
    assert transfer.bench.core.store.holdings.admitted(transfer.study)


def test_closing_does_not_wait_for_a_hub_that_is_silent_about_what_would_come_again(transfer: Transfer) -> None:
    with falling_silent(lambda _path: True) as (hub, is_asked):
        transfer.bench.core.store.settings.add_hub(HubSettings(HUB, hub.stub.url), is_same=True)
        transfer.ask()
        transfer.bench.qtbot.waitUntil(is_asked.is_set, timeout=PATIENCE_MS)
        assert transfer.bench.parts.window.close()
        closing = threading.Thread(target=transfer.bench.executor.close, daemon=True)
        closing.start()
        closing.join(BOUND_S)
        assert not closing.is_alive()
