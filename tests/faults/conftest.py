"""A real encrypted store, real workers, and two kinds of real hub that hold one series."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.support.instances import store
from tests.support.orthanc import RunningOrthanc, orthanc_binary
from tests.workstation.retrieval.conftest import desk, pool
from tests.workstation.retrieval.desk import series_of
from workstation.embedded_hub.running import RunningHub

__all__ = ["desk", "pool"]
COUNT = 12


@dataclass(frozen=True, slots=True)
class RealHub:
    """A running hub and the objects that it holds, as they were stored."""

    url: str
    part10s: tuple[bytes, ...]


@pytest.fixture(scope="session", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def real_hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    """One series of a dozen slices, read only: a test that stores takes a hub of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as opened:
        if request.param == "orthanc":
            if orthanc_binary() is None:
                pytest.skip("Orthanc or its DICOMweb plugin is not installed")
            url = opened.enter_context(RunningOrthanc(folder)).dicomweb_url
        else:
            url = opened.enter_context(RunningHub(folder)).url
        part10s = series_of(COUNT)
        store(url, *part10s).raise_for_status()
        yield RealHub(url, tuple(part10s))
