"""Hubs of each kind, filled as requesters and modalities would fill them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.answered import Answered, answer_request
from tests.support.command_line import served_hub
from tests.support.hub_clients import client_of
from tests.support.orthanc import RunningOrthanc
from tests.support.placed_requests import place_like, store_study
from workstation.demonstration.filling import fill
from workstation.domain.clock import system_clock


@contextmanager
def filled_hub(folder: Path) -> Iterator[str]:
    """Run the embedded hub as a process, with the demonstration in it."""
    with served_hub(folder) as url:
        with client_of(url) as client:
            assert fill(client, system_clock) == 5
        yield url


@contextmanager
def hub_of_one_study(folder: Path) -> Iterator[str]:
    """Run the embedded hub as a process, with one study of the demonstration in it."""
    with served_hub(folder) as url:
        with client_of(url) as client:
            store_study(client, "head-stroke")
        yield url


@contextmanager
def orthanc_of_one_study(folder: Path) -> Iterator[str]:
    """Run a real Orthanc with one study of the demonstration in it."""
    with RunningOrthanc(folder) as orthanc:
        with client_of(orthanc.dicomweb_url) as client:
            store_study(client, "head-stroke")
        yield orthanc.dicomweb_url


@pytest.fixture(scope="session")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded hub that tests share."""
    with filled_hub(tmp_path_factory.mktemp("embedded-hub")) as url:
        yield url


HUBS = {"embedded": hub_of_one_study, "orthanc": orthanc_of_one_study}


@pytest.fixture(scope="session", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def answered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answered]:
    """A request that was answered, on a hub of each kind where nobody else has signed anything."""
    with HUBS[request.param](tmp_path_factory.mktemp("hub")) as url:
        with client_of(url) as client:
            placed = place_like(client, "head-stroke", "Infarctus récent ?")
        yield answer_request(tmp_path_factory.mktemp("reader"), url, placed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the test's own, with spaces and accents in its name as real ones have."""
    own = tmp_path / "dossier d’été"
    own.mkdir()
    return own
