"""One hub of each kind for the whole run, filled as requesters and modalities would fill it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.answered import Answered, answer_request
from tests.support.command_line import served_hub
from tests.support.hub_clients import client_of
from tests.support.orthanc import RunningOrthanc
from tests.support.placed_requests import place_like, store_study
from workstation.demonstration.filling import fill
from workstation.domain.clock import system_clock


@pytest.fixture(scope="session")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded hub as a process, with the demonstration in it."""
    with served_hub(tmp_path_factory.mktemp("embedded-hub")) as url:
        with client_of(url) as client:
            assert fill(client, system_clock) == 5
        yield url


@pytest.fixture(scope="session")
def orthanc_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Orthanc with one study of the demonstration in it."""
    with RunningOrthanc(tmp_path_factory.mktemp("orthanc")) as orthanc:
        with client_of(orthanc.dicomweb_url) as client:
            store_study(client, "head-stroke")
        yield orthanc.dicomweb_url


@pytest.fixture(scope="session", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def answered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """A request that was answered on each kind of hub."""
    url = str(request.getfixturevalue("hub_url" if request.param == "embedded" else "orthanc_url"))
    with client_of(url) as client:
        placed = place_like(client, "head-stroke", "Infarctus récent ?")
    return answer_request(tmp_path_factory.mktemp("reader"), url, placed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the test's own, with spaces and accents in its name as real ones have."""
    own = tmp_path / "dossier d’été"
    own.mkdir()
    return own
