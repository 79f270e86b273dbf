"""A study that is held in part when images of someone else come for it: closed until it has come whole (N6)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import COUNT, RealHub
from tests.faults.test_identity import WADO, altered
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.reports import READER
from tests.workstation.retrieval.desk import SERIES, STUDY
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.study import StudyReference
from workstation.errors import WorkstationError
from workstation.reading.opening import Opening
from workstation.retrieval.errors import NothingThere, SomeoneElsesImages
from workstation.retrieval.result import PullResult
from workstation.store.errors import StudyBarred

HUB = HubName("hub")
HELD = 4


@pytest.fixture
def proxy(real_hub: RealHub) -> Iterator[FaultProxy]:
    with FaultProxy(real_hub.url) as proxy:
        yield proxy


@pytest.fixture
def core(tmp_path: Path, real_hub: RealHub, proxy: FaultProxy) -> Iterator[Core]:
    """A profile that holds some of the study, and was then sent a stranger's image for it."""
    for number, part10 in enumerate(real_hub.part10s[:HELD]):
        (tmp_path / f"{number}.dcm").write_bytes(part10)
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HUB, proxy.url))
        core.importer.import_paths(sorted(tmp_path.glob("*.dcm")))
        assert core.images.volumes(STUDY, SERIES)
        core.images.forget()
        proxy.spoils = [Spoil([faults.altered(altered("PatientID"))], path=WADO)]
        with pytest.raises(SomeoneElsesImages):
            pull(core)
        yield core


def pull(core: Core) -> PullResult:
    return core.retrieval.pull(core.hubs.reading(HUB), STUDY)


def opening(core: Core) -> Opening:
    store = core.store
    return Opening(
        core.worklist, core.hubs, core.retrieval, core.lossy_previews, store.catalogue, core.drafting, store.audit,
        store.library,
    )  # fmt: skip


WAYS: dict[str, Callable[[Core], object]] = {
    "case": lambda core: opening(core).study(STUDY),
    "volumes": lambda core: core.images.volumes(STUDY, SERIES),
    "template": lambda core: core.case_file.modalities(STUDY),
}


def refused(core: Core) -> dict[str, type[WorkstationError]]:
    """Return the ways to the images and how each is refused."""
    found: dict[str, type[WorkstationError]] = {}
    for name, way in WAYS.items():
        try:
            way(core)
        except WorkstationError as error:
            found[name] = type(error)
    return found


def test_n6_nothing_of_it_opens_without_the_hub_and_what_was_held_stays(core: Core, proxy: FaultProxy) -> None:
    proxy.cut_off()
    closed = {"case": StudyBarred, "volumes": NothingThere, "template": StudyBarred}
    assert refused(core) == closed
    assert opening(core).held(STUDY) == ()
    assert core.objects.of_study(STUDY) == ()
    assert core.store.catalogue.studies() == ()
    assert len(core.store.holdings.instances(STUDY)) == HELD
    assert core.store.bars.studies() == {STUDY}
    core.store.bars.admit(STUDY)
    assert refused(core) == {}


def test_n6_it_opens_when_it_has_come_whole_and_no_image_is_shown_before(core: Core, proxy: FaultProxy) -> None:
    proxy.spoils = [Spoil([faults.hiding(f"{SERIES}.9")])]
    shown: list[object] = []

    def receive() -> PullResult:
        reference = StudyReference(STUDY, HUB)
        return opening(core).receive(
            reference, lambda _progress: None, lambda: False, lambda *received: shown.append(received)
        )

    assert not receive().is_complete
    assert "case" in refused(core)
    proxy.spoils = []
    assert receive().is_complete
    assert refused(core) == {}
    assert shown == []
    assert len(core.store.catalogue.instances(STUDY)) == COUNT
